"""A headless Chromium, spoken to over a pipe in its own protocol (Chrome DevTools Protocol)."""

import json
import os
import selectors
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

CHROMIUM: Final = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
_FLAGS: Final = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--remote-debugging-pipe",
)  # fmt: skip
_ON_3_AND_4: Final = """
import fcntl, os, sys
hear, say = (fcntl.fcntl(int(end), fcntl.F_DUPFD, 10) for end in sys.argv[1:3])  # out of the way of 3 and 4
os.dup2(hear, 3)
os.dup2(say, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
_PATIENCE_S: Final = 60.0


class Tab:
    """One page in it; `events` is what the browser has told without being asked."""

    def __init__(self, to_browser: int, from_browser: int) -> None:
        self.events: list[dict[str, Any]] = []
        self._to, self._from = to_browser, from_browser
        self._buffer = b""
        self._asked = 0
        self._session = ""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Have the browser do something; its answer."""
        self._asked += 1
        message: dict[str, Any] = {"id": self._asked, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._asked:
                assert "error" not in answer, answer
                return dict(answer["result"])
            self.events.append(answer)

    def look_at(self, page: Path, width: int, scheme: str = "light", medium: str = "screen") -> None:
        """Open a file in a window of that width, in CSS pixels, once it is drawn."""
        self.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 700
        )
        self.ask(
            "Emulation.setEmulatedMedia", media=medium, features=[{"name": "prefers-color-scheme", "value": scheme}]
        )
        self.events.clear()
        self.ask("Page.navigate", url=page.as_uri())
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self._next())

    def tell(self, expression: str) -> Any:
        """What an expression of JavaScript is, evaluated from outside of the page."""
        found = self.ask("Runtime.evaluate", expression=f"JSON.stringify({expression})", returnByValue=True)
        assert "exceptionDetails" not in found, found
        return json.loads(found["result"]["value"])

    def _next(self) -> dict[str, Any]:
        deadline = time.monotonic() + _PATIENCE_S
        with selectors.DefaultSelector() as selector:
            selector.register(self._from, selectors.EVENT_READ)
            while b"\0" not in self._buffer:
                assert selector.select(deadline - time.monotonic()), f"Chromium was silent for {_PATIENCE_S:.0f} s"
                some = os.read(self._from, 2**20)
                assert some, "Chromium has ended"
                self._buffer += some
        message, _, self._buffer = self._buffer.partition(b"\0")
        return dict(json.loads(message))


@contextmanager
def chromium(profile: Path) -> Iterator[Tab]:
    """A browser with nothing in it, gone when the block ends."""
    assert CHROMIUM is not None
    hear, to_browser = os.pipe()
    from_browser, say = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-c", _ON_3_AND_4, f"{hear}", f"{say}", CHROMIUM, *_FLAGS, f"--user-data-dir={profile}"],
        pass_fds=(hear, say), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(hear)
    os.close(say)
    try:
        yield Tab(to_browser, from_browser)
    finally:
        os.close(to_browser)  # which ends it, with all its processes
        os.close(from_browser)
        try:
            process.wait(timeout=_PATIENCE_S)
        finally:
            process.kill()
            process.wait()

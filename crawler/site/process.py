"""A site in a process of its own, which ends with the one that started it."""

import json
import os
import subprocess
import sys
import tempfile
import threading
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from crawler.site.place import Place
from crawler.site.settings import SiteSettings

HOSTILE: Final = "hostile"
MODULE: Final = "crawler.site"
START_S: Final = 30.0
STOP_S: Final = 5.0
ROOT: Final = Path(__file__).parents[2]


class SiteStartError(RuntimeError):
    """The site's process did not start; the text says what it wrote to standard error."""


class SiteProcess:
    """A running site: where it listens, and how to end it. A context manager."""

    def __init__(self, process: "subprocess.Popen[bytes]", place: Place) -> None:
        self.host = place.host
        self.port = place.port
        self.connect_to = place.connect_to
        self._process = process

    @property
    def pid(self) -> int:
        """The process id of the child."""
        return self._process.pid

    def close(self) -> None:
        """End the process, by its standard input, then by force after STOP_S seconds; again is no harm."""
        process = self._process
        if process.stdin and process.stdout:
            process.stdin.close()
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.stdout.close()

    def __enter__(self) -> Self:
        """The running site itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        self.close()


def start_site(
    settings: SiteSettings, *, host: str = "127.0.0.1", port: int = 0, access_log: Path | None = None
) -> SiteProcess:
    """Start a site and wait until it listens; port 0 takes a free one. Raises SiteStartError."""
    log = [access_log] if access_log is not None else []
    return start_serving(MODULE, json.dumps(asdict(settings)), host, port, *log)


def start_hostile_site(*, host: str = "127.0.0.1", port: int = 0) -> SiteProcess:
    """Start the hostile site likewise."""
    return start_serving(MODULE, HOSTILE, host, port)


def start_serving(module: str, *arguments: str | int | Path) -> SiteProcess:
    """Start a module that serves as that of the site does, and wait until it listens. Raises SiteStartError."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(  # noqa: S603  # our own interpreter, and no shell
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=os.environ | {"PYTHONPATH": path},
            start_new_session=True,
        )
        assert process.stdout
        overdue = threading.Timer(START_S, process.kill)
        overdue.daemon = True
        overdue.start()
        try:
            line = process.stdout.readline()
        finally:
            overdue.cancel()
        try:
            ready = json.loads(line)
        except ValueError:
            process.kill()
            process.communicate()
            errors.seek(0)
            said = errors.read().decode(errors="replace").strip()
            raise SiteStartError(said or f"the site did not listen within {START_S:g} s") from None
    return SiteProcess(process, Place(ready["host"], ready["port"], tuple(ready["connect_to"])))

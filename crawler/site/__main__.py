"""The child of `start_site`: `python -m crawler.site SETTINGS_JSON|hostile HOST PORT [LOG]`, until stdin ends."""

import asyncio
import json
import os
import sys
import threading
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from crawler.site.place import Place
from crawler.site.process import HOSTILE
from crawler.site.settings import SiteSettings

STDIN = 0
READ = 4096


async def main(serving: Callable[..., Awaitable[None]]) -> None:
    """Serve, tell the place in one JSON line, and stop when the parent closes our standard input or dies."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def watch() -> None:
        # os.read, for at exit a thread inside sys.stdin would hold its lock and abort the interpreter.
        while os.read(STDIN, READ):
            pass
        loop.call_soon_threadsafe(stop.set)

    def ready(place: Place) -> None:
        sys.stdout.write(json.dumps(place._asdict()) + "\n")
        sys.stdout.flush()
        threading.Thread(target=watch, daemon=True).start()

    await serving(on_ready=ready, stop=stop)


def serving_of(what: str, host: str, port: int, access_log: Path | None) -> Callable[..., Awaitable[None]]:
    """What serves the hostile site, or the one with these settings."""
    if what == HOSTILE:
        from crawler.site.hostile.server import serve as serve_hostile  # noqa: PLC0415 - it makes much at once

        return partial(serve_hostile, host, port)
    from crawler.site.server import serve  # noqa: PLC0415 - one of the two

    given = json.loads(what)
    settings = SiteSettings(**given | {"languages": tuple(given["languages"])})
    return partial(serve, settings, host, port, access_log=access_log)


if __name__ == "__main__":
    raw, address, number, *log = sys.argv[1:]
    try:
        asyncio.run(main(serving_of(raw, address, int(number), Path(log[0]) if log else None)))
    except (OSError, ValueError) as error:
        sys.exit(f"the site cannot start: {error}")

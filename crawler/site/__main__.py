"""The child of `start_site`: `python -m crawler.site SETTINGS_JSON HOST PORT [LOG]`, until standard input ends."""

import asyncio
import json
import os
import sys
import threading
from pathlib import Path

from crawler.site.server import serve
from crawler.site.settings import SiteSettings

STDIN = 0
READ = 4096


async def main(settings: SiteSettings, host: str, port: int, access_log: Path | None) -> None:
    """Serve, tell the address in one JSON line, and stop when the parent closes our standard input or dies."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def watch() -> None:
        # os.read, for at exit a thread inside sys.stdin would hold its lock and abort the interpreter.
        while os.read(STDIN, READ):
            pass
        loop.call_soon_threadsafe(stop.set)

    def ready(host: str, port: int) -> None:
        sys.stdout.write(json.dumps({"host": host, "port": port}) + "\n")
        sys.stdout.flush()
        threading.Thread(target=watch, daemon=True).start()

    await serve(settings, host, port, on_ready=ready, stop=stop, access_log=access_log)


if __name__ == "__main__":
    raw, address, number, *log = sys.argv[1:]
    given = json.loads(raw)
    wanted = SiteSettings(**given | {"languages": tuple(given["languages"])})
    try:
        asyncio.run(main(wanted, address, int(number), Path(log[0]) if log else None))
    except (OSError, ValueError) as error:
        sys.exit(f"the site cannot start: {error}")

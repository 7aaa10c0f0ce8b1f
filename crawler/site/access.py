"""The access log: what was asked, when, and what came of it, so that a crawl can be judged from the server's side.

    1763910128123 152 en.crawler.test /trains/14.html 200

Milliseconds since 1970 at which the request was there, milliseconds until it was answered, host, path, status. A
request whose client went away before the answer has status 499, which is how nginx writes it.
"""

import asyncio
import time
from pathlib import Path
from typing import Final, Self

FLUSH_S: Final = 0.05
MOST_WAITING: Final = 10_000
CLIENT_GONE: Final = 499


class AccessLog:
    """Lines gather for a moment and are then written by a thread, one write at a time. An async context manager.

    Raises OSError when the file cannot be opened, and, on leaving, what the disk said to the first write it refused.
    A disk that is slower than the requests loses lines beyond MOST_WAITING, and the log then says how many.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("a", encoding="latin-1")
        self._lines: list[str] = []
        self._lost = 0
        self._has_lines = asyncio.Event()
        self._is_closing = False

    async def __aenter__(self) -> Self:
        """Start the writer."""
        self._writer = asyncio.get_running_loop().create_task(self._write())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Write what is left."""
        self._is_closing = True
        self._has_lines.set()
        try:
            await self._writer
        finally:
            self._file.close()

    def note(self, host: str, path: str, status: int, asked_s: float) -> None:
        """Note a request that was there at `asked_s` (seconds since 1970) and is answered, or given up, now."""
        if len(self._lines) >= MOST_WAITING:
            self._lost += 1
            return
        took_ms = round((time.time() - asked_s) * 1000)
        self._lines.append(f"{asked_s * 1000:.0f} {took_ms} {host or '-'} {path} {status}\n")
        self._has_lines.set()

    async def _write(self) -> None:
        while not self._is_closing or self._lines:
            await self._has_lines.wait()
            self._has_lines.clear()
            lines, self._lines = self._lines, []
            if self._lost:
                lines.append(f"# {self._lost} requests are missing here\n")
                self._lost = 0
            await asyncio.to_thread(self._append, "".join(lines))
            if not self._is_closing:
                await asyncio.sleep(FLUSH_S)

    def _append(self, lines: str) -> None:
        try:
            self._file.write(lines)
            self._file.flush()
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(self._path)) from error

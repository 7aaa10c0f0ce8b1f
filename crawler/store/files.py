"""Files in and out, by aiofiles: the list of seeds, pages.jsonl as it grows, and results that appear whole or not."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

import aiofiles
import aiofiles.os
from aiofiles.threadpool.binary import AsyncFileIO

from crawler.store.faults import OutputError

_CHUNK_BYTES = 2**20


async def read_lines(path: Path | None) -> list[bytes]:
    """The lines of a file, or of standard input for None.

    Raises OSError.
    """
    chunks = []
    if path is None:
        while chunk := await aiofiles.stdin_bytes.read(_CHUNK_BYTES):
            chunks.append(chunk)
    else:
        async with aiofiles.open(path, "rb") as file:
            while chunk := await file.read(_CHUNK_BYTES):
                chunks.append(chunk)
    return b"".join(chunks).splitlines()


async def write_whole(path: Path, chunks: AsyncGenerator[bytes, None]) -> None:
    """Write a file beside `path` and move it there once complete, so that no reader ever sees half of it.

    Raises OutputError.
    """
    beside = path.with_name(path.name + ".part")
    try:
        async with aclosing(chunks), aiofiles.open(beside, "wb") as file:
            async for chunk in chunks:
                await file.write(chunk)
        await aiofiles.os.replace(beside, path)
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror}") from error


class LinesFile:
    """A file of lines that grows during the run; other programs may follow it.

    Raises OutputError.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: AsyncFileIO | None = None

    async def begin(self, chunks: AsyncGenerator[bytes, None]) -> None:
        """Start the file over with these chunks of lines."""
        await write_whole(self._path, chunks)
        await self.carry_on()

    async def carry_on(self) -> None:
        """Open the file for more lines after those it has."""
        try:
            await aiofiles.os.makedirs(self._path.parent, exist_ok=True)
            self._file = await aiofiles.open(self._path, "ab", buffering=0)
        except OSError as error:
            raise OutputError(f"{self._path}: {error.strerror}") from error

    async def append(self, lines: bytes) -> None:
        """Add whole lines."""
        assert self._file is not None
        if not lines:
            return
        try:
            await self._file.write(lines)
        except OSError as error:
            raise OutputError(f"{self._path}: {error.strerror}") from error

    async def aclose(self) -> None:
        """Close the file."""
        if self._file is not None:
            await self._file.close()

"""Files in and out, by aiofiles: the list of seeds, pages.jsonl as it grows, and results that appear whole or not."""

import asyncio
import errno
import os
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

import aiofiles
import aiofiles.os
from aiofiles.threadpool.binary import AsyncFileIO

from crawler.store.faults import OutputError
from crawler.store.layout import PART

_CHUNK_BYTES = 2**20
_NO_SYNC = (errno.EINVAL, errno.ENOTSUP)
"""What file systems say that know no such thing: some network shares, for folders at least."""


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

    A power loss leaves the old file or the new one: its bytes are on the disk before it gets its name.
    Raises OutputError.
    """
    beside = path.with_name(path.name + PART)
    try:
        async with aclosing(chunks), aiofiles.open(beside, "wb") as file:
            async for chunk in chunks:
                await file.write(chunk)
            await file.flush()
            await asyncio.to_thread(_sync, file.fileno())
        await aiofiles.os.replace(beside, path)
        await asyncio.to_thread(_sync_folder, path.parent)
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror}") from error


def _sync(descriptor: int) -> None:
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _sync(descriptor)
    finally:
        os.close(descriptor)


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
        """Open the file for more lines after those it has; a last one that was torn is cut off."""
        try:
            await aiofiles.os.makedirs(self._path.parent, exist_ok=True)
            self._file = await aiofiles.open(self._path, "a+b", buffering=0)
            await self._file.truncate(await _end_of_lines(self._file))
        except OSError as error:
            raise OutputError(f"{self._path}: {error.strerror}") from error

    async def append(self, lines: bytes) -> None:
        """Add whole lines."""
        assert self._file is not None
        left = memoryview(lines)
        try:
            while left:  # a disk that is nearly full takes a part, and fails the next write
                left = left[await self._file.write(left) :]
        except OSError as error:
            raise OutputError(f"{self._path}: {error.strerror}") from error

    async def aclose(self) -> None:
        """Close the file."""
        if self._file is not None:
            await self._file.close()


async def _end_of_lines(file: AsyncFileIO) -> int:
    end = await file.seek(0, os.SEEK_END)
    while end > 0:
        start = max(0, end - _CHUNK_BYTES)
        await file.seek(start)
        newline = (await file.read(end - start)).rfind(b"\n")
        if newline >= 0:
            return start + newline + 1
        end = start
    return 0

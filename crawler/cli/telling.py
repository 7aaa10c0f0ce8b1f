"""What a measurement tells and where: the answer on standard output and in files, the rest on standard error."""

import os
import sys
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rich.console import Console, RenderableType

from crawler import loop
from crawler.cli.parser import UsageError
from crawler.cli.screen import say
from crawler.exits import Exit
from crawler.plain import visible_json
from crawler.store.faults import OutputError
from crawler.store.files import write_whole
from crawler.store.lock import FolderLock

_WIDTH: Final = 120
"""Of tables in what is no terminal: a mail or a file has no edge at which to break."""


class Telling:
    """One form of the answer is printed, all of them are kept in the folder `out`."""

    def __init__(self, out: Path, *, as_json: bool, as_markdown: bool, is_quiet: bool) -> None:
        self.out = out
        self._as_json = as_json
        self._as_markdown = as_markdown
        self._is_quiet = is_quiet
        self._out = Console()
        self._err = Console(stderr=True)
        self.aside = Console(quiet=True, force_terminal=False) if is_quiet else self._err

    @contextmanager
    def folder(self) -> Iterator[None]:
        """Hold the folder, made if need be, so that two measurements do not write there, or disturb each other.

        Raises UsageError, and FolderInUse.
        """
        try:
            self.out.mkdir(parents=True, exist_ok=True)
            lock = FolderLock(self.out)
        except FileExistsError:
            raise UsageError(f"{self.out}: no folder but a file; give another with --out") from None
        except OSError as error:
            raise UsageError(f"{self.out}: {error.strerror}; give another folder with --out") from None
        try:
            if not os.access(self.out, os.W_OK):
                raise UsageError(f"{self.out}: cannot be written to; give another folder with --out")
            yield
        finally:
            lock.release()

    def show(self, *, text: Callable[[int], Iterable[RenderableType]], markdown: str, json: bytes) -> None:
        """Print the answer in the form that was asked for; `text` is told how wide the terminal is."""
        if self._as_json:
            sys.stdout.write(visible_json(json).decode() + "\n")
        elif self._as_markdown:
            sys.stdout.write(markdown)
        elif not self._is_quiet:
            if not self._out.is_terminal:
                self._out.width = _WIDTH
            with self._out.capture() as shown:
                for part in text(self._out.width):
                    self._out.print(part)
            sys.stdout.write("".join(f"{line.rstrip()}\n" for line in shown.get().splitlines()))
        sys.stdout.flush()

    def spare(self, name: str, earlier: str) -> None:
        """Keep a file of an earlier measurement, which is about to be replaced, under another name.

        Raises OutputError.
        """
        try:
            content = (self.out / name).read_bytes()
        except FileNotFoundError:
            return
        except OSError as error:
            raise OutputError(f"{self.out / name}: {error.strerror}") from None
        loop.run(write_whole(self.out / earlier, _chunk(content)), "asyncio")

    def keep(self, files: Mapping[str, bytes]) -> None:
        """Write files into the folder, each whole or not at all, and say so.

        Raises OutputError.
        """
        for name, content in files.items():
            loop.run(write_whole(self.out / name, _chunk(content)), "asyncio")
        if not self._is_quiet:
            plain = not (self._as_json or self._as_markdown)
            say(f"results in {self.out}: {', '.join(files)}", self._out if plain else self._err)

    def warn(self, text: str) -> None:
        """A line on standard error."""
        say(f"crawler: {text}", self._err)

    def fail(self, text: str, code: Exit) -> Exit:
        """A line on standard error, and the code to end with."""
        self.warn(text)
        return code


async def _chunk(content: bytes) -> AsyncGenerator[bytes, None]:
    yield content

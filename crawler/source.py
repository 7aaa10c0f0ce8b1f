"""Where seeds come from: a file, a URL, standard input, or a list in memory."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from crawler.seeds import UnusableSeeds
from crawler.urls import host, masked, parse

STDIN = "-"
OUTPUT_ROOT = Path("output")


@dataclass(frozen=True, slots=True)
class Source:
    """Seeds by name: `name` for people, `identity` for the folder that remembers them, `label` for its name.

    Exactly one of `path`, `lines` and neither (standard input) says where the lines are; they may hold passwords.
    """

    name: str
    identity: str
    label: str
    path: Path | None = None
    lines: tuple[str, ...] | None = field(default=None, repr=False)

    @property
    def folder(self) -> Path:
        """The output folder if none is asked for."""
        return OUTPUT_ROOT / self.label


def source_of(seeds: str | Path | Iterable[str]) -> Source:
    """What a command line argument or an argument of `crawl` means.

    Raises UnusableSeeds for a URL that cannot be crawled, and for a file that has no name, or one that cannot be
    written down.
    """
    if isinstance(seeds, str) and seeds == STDIN:
        return Source("standard input", "standard input", "stdin")
    if isinstance(seeds, str) and "://" in seeds:
        try:
            url = parse(seeds)
        except ValueError as error:
            raise UnusableSeeds(f"{masked(seeds)}: {error}") from None
        return Source(url, url, _label(host(url)), lines=(seeds,))
    if seeds == "":  # a shell's variable that was not set; Path would make the folder one is in of it
        raise UnusableSeeds("an empty name is no file of seeds; give a file of URLs, a URL, or - for stdin")
    if isinstance(seeds, (str, Path)):
        path = Path(seeds)
        try:
            str(path).encode()
        except UnicodeEncodeError:
            raise UnusableSeeds(f"{masked(str(path))}: this name is not UTF-8; rename it") from None
        return Source(str(path), str(path.resolve()), _not_a_way_up(path.stem), path=path)
    return Source("the given list", "a list in memory", "list", lines=tuple(seeds))


def _label(host_name: str) -> str:
    """The host as a folder's name: the WHATWG standard lets hosts be called `*`, `"` and `..` too."""
    return _not_a_way_up(re.sub(r"[^a-z0-9._-]", "_", host_name.strip("[]")))


def _not_a_way_up(name: str) -> str:
    """`name`, unless it is nothing but dots: `..` would lead out of the output folder."""
    return name if name.strip(".") else "_" * len(name)

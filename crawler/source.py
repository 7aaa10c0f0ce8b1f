"""Where seeds come from: a file, a URL, standard input, or a list in memory."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from crawler.seeds import UnusableSeeds
from crawler.urls import host, parse

STDIN = "-"
OUTPUT_ROOT = Path("output")


class Source(NamedTuple):
    """Seeds by name: `name` for people, `identity` for the folder that remembers them, `label` for its name.

    Exactly one of `path`, `lines` and neither (standard input) says where the lines are.
    """

    name: str
    identity: str
    label: str
    path: Path | None = None
    lines: tuple[str, ...] | None = None

    @property
    def folder(self) -> Path:
        """The output folder if none is asked for."""
        return OUTPUT_ROOT / self.label


def source_of(seeds: str | Path | Iterable[str]) -> Source:
    """What a command line argument or an argument of `crawl` means.

    Raises UnusableSeeds for a URL that cannot be crawled.
    """
    if isinstance(seeds, str) and seeds == STDIN:
        return Source("standard input", "standard input", "stdin")
    if isinstance(seeds, str) and "://" in seeds:
        try:
            url = parse(seeds)
        except ValueError as error:
            raise UnusableSeeds(f"{seeds}: {error}") from None
        return Source(url, url, host(url).strip("[]").replace(":", "_"), lines=(url,))
    if isinstance(seeds, (str, Path)):
        path = Path(seeds)
        return Source(str(path), str(path.resolve()), path.stem, path=path)
    return Source("the given list", "a list in memory", "list", lines=tuple(seeds))

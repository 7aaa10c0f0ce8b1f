"""A recording among the workloads: known by its file, and not read before it is served."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crawler.compare.workloads import WORKLOADS
from crawler.plain import visible

_ENDINGS: Final = (".part", ".gz", ".warc")


class UnusableRecording(ValueError):
    """A file that cannot be replayed; the message is one line and names the mend."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A workload that was recorded; its name is that of the file, unless a built-in one has it."""

    path: Path

    @property
    def name(self) -> str:
        """`mine` for `mine.warc.gz`."""
        name = _name_of(self.path)
        return f"{name} (recorded)" if name in WORKLOADS else name


def _name_of(path: Path) -> str:
    """What a recording is called: its file, without the endings that say what kind of file it is."""
    name = path.name
    for ending in _ENDINGS:
        name = name.removesuffix(ending) or name
    return visible(name)

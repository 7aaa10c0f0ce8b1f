"""The first thing a run says: whether it starts or carries on, with what, and what weakens it."""

from typing import NamedTuple

from crawler.seeds import RejectedLine


class Opening(NamedTuple):
    """What is known before the first page; `site` is the built-in site's address if it was started."""

    run: int
    seeds: str
    folder: str
    settled: int
    left: int
    abandoned: int
    fetch: str
    analyze: str
    workers: int
    weakness: str | None
    site: str | None
    rejected: tuple[RejectedLine, ...]

    def __str__(self) -> str:
        start = f"Run {self.run}: {self.left:,} URLs"
        if self.settled:
            start = f"Resuming run {self.run}: {self.left:,} of {self.settled + self.left:,} URLs left"
        rooms = f"{self.fetch} + {self.analyze}" + f" ({self.workers})" * (self.analyze != "inline")
        parts = [f"{start}, from {self.seeds} to {self.folder}", rooms]
        if self.abandoned:
            last = f"{self.abandoned:,} URLs left by run {self.run - 1}"
            parts.append(f"{last} are not carried on, because its seeds or its rules were others")
        if self.weakness:
            parts.append(f"a bad page can harm the whole run ({self.weakness})")
        if self.site:
            parts.append(f"*.crawler.test is the built-in site on {self.site}")
        return "; ".join(parts)

"""What a built-in website is made of: everything that its pages, links and delays depend on."""

from dataclasses import dataclass
from typing import Final

from crawler.site.latency import Latency

LANGUAGES: Final = ("en", "ja", "zh", "ko", "th", "de", "fr", "es", "ar", "ru")
"""The languages that the site writes, one host each."""

MOST_PAGES: Final = 1_000_000
LARGEST_KB: Final = 10_000


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """The same settings give the same site, byte for byte, in any process. Sizes are in KB of 1,000 bytes.

    `latency` is "none", "fixed:50ms", "lognormal:80ms" (its median) or "lognormal:80ms,0.7" (and its sigma).
    Raises ValueError, in one line, for a setting that no site can have.
    """

    seed: int = 1
    pages: int = 300
    languages: tuple[str, ...] = LANGUAGES
    min_kb: float = 2
    max_kb: float = 200
    latency: str = "none"

    def __post_init__(self) -> None:
        unknown = [code for code in self.languages if code not in LANGUAGES]
        if unknown:
            raise ValueError(f"language {unknown[0]!r} is not written here: choose among {', '.join(LANGUAGES)}")
        if not self.languages or len(set(self.languages)) < len(self.languages):
            raise ValueError(f"languages {','.join(self.languages)!r} are none or repeated: name each once")
        if not len(self.languages) <= self.pages <= MOST_PAGES:
            raise ValueError(
                f"pages={self.pages} does not fit: give {len(self.languages)} (one a host) to {MOST_PAGES:,}"
            )
        if not 1 <= self.min_kb <= self.max_kb <= LARGEST_KB:
            raise ValueError(
                f"min_kb={self.min_kb:g}, max_kb={self.max_kb:g} is no size range: "
                f"give 1 <= min_kb <= max_kb <= {LARGEST_KB:,}"
            )
        Latency.parse(self.latency)

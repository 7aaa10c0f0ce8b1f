"""Counts one word of each page once too often."""

from msgspec.structs import replace

from crawler.compare import contestant
from crawler.compare.heart import timed
from crawler.model import Analysis, Page, Reading, pack
from crawler.settings import AnalyzeSettings


def miscounted(page: Page, settings: AnalyzeSettings) -> Reading:
    reading = timed(page, settings)
    if not isinstance(reading, Analysis):
        return reading
    words = reading.words
    first = min(words)
    return replace(reading, packed_words=pack(words | {first: words[first] + 1}))


def main() -> None:
    contestant.timed = miscounted  # type: ignore[attr-defined]
    contestant.main()

"""Waits for a page longer than a busy machine takes for one that does no harm."""

from crawler.compare import contestant

FETCH_TIMEOUT_S = 60.0
PAGE_DEADLINE_S = 6.0


def main() -> None:
    contestant.FETCH_TIMEOUT_S = FETCH_TIMEOUT_S  # type: ignore[attr-defined]
    contestant.PAGE_DEADLINE_S = PAGE_DEADLINE_S  # type: ignore[attr-defined]
    contestant.main()

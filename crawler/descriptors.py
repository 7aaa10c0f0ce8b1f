"""Descriptors: a crawl opens no more than it may, or pages would fail that the web has nothing to do with.

The soft limit is raised as far as the hard one allows. If that is not enough, fewer connections stay open between
requests, and then fewer pages are in the air at once. The sizes are measured (Linux, CPython 3.11 to 3.13).
"""

import resource
from dataclasses import replace
from pathlib import Path

from crawler.settings import AnalyzeSettings, FetchSettings, Settings

_STILL_TO_COME = {"async": 16, "threads": 10, "sequential": 10}
"""pages.jsonl, log.jsonl, a result being made and its sums, the fork server's; name look-ups of the loop."""
_A_WORKER = 8
"""Seven pipes, and one more while several start."""
_A_CLIENT = {"async": 0, "threads": 5, "sequential": 5}
"""What curl holds for a transfer besides its connections: an epoll, a wake-up, a name look-up with its pair."""
_LEAST_IDLE = 1


class TooFewDescriptors(Exception):
    """Not even one connection fits; the message says what to do."""


def fitted(settings: Settings) -> tuple[Settings, str | None]:
    """The settings that this process can live up to, and, if that means less at once, a line that says so.

    Raises the process's soft limit where that helps. Raises TooFewDescriptors.
    """
    fetch, analyze = settings.fetch, settings.analyze
    open_now = len(list(Path("/dev/fd").iterdir())) + _STILL_TO_COME[fetch.room]
    base = open_now + _of_workers(analyze, analyze.worker_count)
    limit = _raised(base + _needed(fetch))
    while base + _needed(fetch) > limit and fetch.idle_per_slot > _LEAST_IDLE:
        fetch = replace(fetch, idle_per_slot=fetch.idle_per_slot - 1)
    if base + _needed(fetch) <= limit:
        return replace(settings, fetch=fetch), None
    slot = _needed(replace(fetch, concurrency=1))
    for workers in range(analyze.worker_count, 0, -1):
        left = limit - open_now - _of_workers(analyze, workers)
        if left >= slot:
            fewer = 1 if fetch.room == "sequential" else min(fetch.concurrency, left // slot)
            fetch, analyze = replace(fetch, concurrency=fewer), replace(analyze, workers=workers)
            text = f"only {limit} files may be open (ulimit -n), so workers: {workers}, pages in the air: {fewer}"
            return replace(settings, fetch=fetch, analyze=analyze), text
    raise TooFewDescriptors(
        f"only {limit} files may be open (ulimit -n), and a crawl needs {open_now + _of_workers(analyze, 1) + slot};"
        " raise the limit"
    )


def _of_workers(analyze: AnalyzeSettings, workers: int) -> int:
    """What so many workers hold, and the one beside them in which a page is tried that brought its worker down."""
    return (workers + 1) * _A_WORKER if analyze.room == "processes" else 0


def _needed(fetch: FetchSettings) -> int:
    slots = 1 if fetch.room == "sequential" else fetch.concurrency
    return slots * (1 + fetch.idle_per_slot + _A_CLIENT[fetch.room])


def _raised(needed: int) -> int:
    """The soft limit, after it was raised to what is needed or may be had."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return max(soft, needed)
    if hard == resource.RLIM_INFINITY or hard > soft:
        soft = needed if hard == resource.RLIM_INFINITY else min(hard, needed)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return soft

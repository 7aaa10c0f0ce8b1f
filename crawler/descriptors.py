"""Descriptors: a crawl opens no more than it may, or pages would fail that the web has nothing to do with.

A program raises its soft limit first. If that is not enough, fewer connections stay open between requests, and then
fewer pages are in the air at once. The sizes are measured (Linux, CPython 3.11 to 3.13).
"""

import resource
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from crawler.settings import AnalyzeSettings, FetchSettings, Settings
from crawler.strategy import begun

_STILL_TO_COME = {"async": 22, "threads": 16, "sequential": 16}
"""The folder, the database, results being made, the built-in site, the fork server; name look-ups of the loop."""
_OPEN_AT_LEAST = 16
_MOST = 65_536
_TO_BEGIN_WITH = 24
_A_WORKER = 8
"""Seven pipes, and one more while several start."""
_A_CLIENT = {"async": 0, "threads": 5, "sequential": 5}
"""What curl holds for a transfer besides its connections: an epoll, a wake-up, a name look-up with its pair."""
_LEAST_IDLE = 1
_A_SHARD = 3
"""In the main process: a socket, and two pipes of multiprocessing."""
_SHARDS_BESIDE = 3
"""The one in which a suspect is visited alone, one that is to be replaced; and what a few hold while they start."""
_IN_A_SHARD = 28
"""What a shard holds besides its connections: 19, and its look-ups of names."""
_A_SITE = 16
"""What a site of ours holds besides connections, 9 at most, and connections of which it has not seen the end yet."""


class TooFewDescriptors(Exception):
    """Not even one connection fits; the message says what to do."""


def raise_soft_limit() -> None:
    """Let this process open as many files as it may, within reason; a library must not ask for it.

    Raises TooFewDescriptors when these are too few to begin with.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _MOST if hard == resource.RLIM_INFINITY else min(hard, _MOST)
    if soft != resource.RLIM_INFINITY and soft < most:
        with suppress(ValueError):  # macOS has another bound below an infinite one
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    if _limit() < _TO_BEGIN_WITH:
        raise TooFewDescriptors(f"only {_limit()} files may be open (ulimit -n); raise the limit")


def fitted(settings: Settings, *, is_at_our_site: bool = False) -> tuple[Settings, str | None]:
    """The settings that this process can live up to, and, if that means less at once, a line that says so.

    A site of ours is a process under the same limit, and has all connections of all shards. Raises TooFewDescriptors.
    """
    settings = begun(settings)
    if settings.visit.shards:
        return _fitted_with_shards(settings, _limit() - _A_SITE if is_at_our_site else sys.maxsize)
    fetch, analyze = settings.fetch, settings.analyze
    open_now = _open_now() + _STILL_TO_COME[fetch.room]
    base = open_now + _of_workers(analyze, analyze.worker_count) + _of_a_change(settings)
    limit = _limit()
    while base + _needed(fetch) > limit and fetch.idle_per_slot > _LEAST_IDLE:
        fetch = replace(fetch, idle_per_slot=fetch.idle_per_slot - 1)
    if base + _needed(fetch) <= limit:
        return replace(settings, fetch=fetch), None
    slot = _needed(replace(fetch, concurrency=1))
    # A number of workers that was given stays what it is, so there will be no change.
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


def _fitted_with_shards(settings: Settings, connections: int) -> tuple[Settings, str | None]:
    """The main process holds the shards, and each shard its own connections; all have the same limit."""
    fetch, asked, limit = settings.fetch, settings.visit.shards, _limit()
    open_now = _open_now() + _STILL_TO_COME[fetch.room]
    shards = min(asked, (limit - open_now) // _A_SHARD - _SHARDS_BESIDE, connections // (1 + _LEAST_IDLE) - 1)
    share = connections // (1 + max(1, shards))  # one is for suspects
    own = replace(fetch, concurrency=-(-fetch.concurrency // max(1, shards)))
    while (_IN_A_SHARD + _needed(own) > limit or _connections(own) > share) and own.idle_per_slot > _LEAST_IDLE:
        own = replace(own, idle_per_slot=own.idle_per_slot - 1)
    slot = _needed(replace(own, concurrency=1))
    is_sequential = fetch.room == "sequential"
    most = min((limit - _IN_A_SHARD) // slot, share // (1 + own.idle_per_slot))
    if shards < 1 or most < 1:
        least = max(open_now + (1 + _SHARDS_BESIDE) * _A_SHARD, _IN_A_SHARD + slot)
        raise TooFewDescriptors(
            f"only {limit} files may be open (ulimit -n), and a crawl with shards needs {least}; raise the limit"
        )
    fewer = fetch.concurrency if is_sequential else min(fetch.concurrency, most * shards)
    fitting = replace(
        settings,
        fetch=replace(fetch, concurrency=fewer, idle_per_slot=own.idle_per_slot),
        visit=replace(settings.visit, shards=shards),
    )
    if (shards, fewer) == (asked, fetch.concurrency):
        return fitting, None
    flying = shards if is_sequential else fewer
    return fitting, f"only {limit} files may be open (ulimit -n), so shards: {shards}, pages in the air: {flying}"


def _of_a_change(settings: Settings) -> int:
    """What shards add that may take over while there are workers yet; each of them holds less than this process."""
    return (settings.analyze.worker_count + _SHARDS_BESIDE) * _A_SHARD if settings.visit.may_change else 0


def _of_workers(analyze: AnalyzeSettings, workers: int) -> int:
    """What so many workers hold, and the one beside them in which a page is tried that brought its worker down."""
    return (workers + 1) * _A_WORKER if analyze.room == "processes" else 0


def _needed(fetch: FetchSettings) -> int:
    return _connections(fetch) + _slots(fetch) * _A_CLIENT[fetch.room]


def _connections(fetch: FetchSettings) -> int:
    return _slots(fetch) * (1 + fetch.idle_per_slot)


def _slots(fetch: FetchSettings) -> int:
    return 1 if fetch.room == "sequential" else fetch.concurrency


def _limit() -> int:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return sys.maxsize if soft == resource.RLIM_INFINITY else soft


def _open_now() -> int:
    try:
        return len(list(Path("/dev/fd").iterdir()))
    except OSError:  # not everywhere is there such a folder
        return _OPEN_AT_LEAST

"""What may be visited next, and when: a pure state machine, without clock, without await, without I/O.

    offer(seeds) ─┐                                ┌─> Job ──(visited)──> settle(visit) ─┐
                  v                                │                                     │
    discovery: known? in scope? ──> hosts ──next(now)─> Load, Reopen, Recall ──> take ───┤
        ^   known.py   scope.py     hosts.py       ├─> Settled: ended without a visit    │
        │                           pace.py        └─> Wait, Drained                     │
        └────────── links, redirect targets, what sitemaps list ─────────────────────────┘

Each URL enters once, by the shortest way that leads to it: when a shorter one turns up after its visit, its links are
read back from disk and brought nearer too, so the pages crawled at a depth never depend on who came first. Memory
holds a hash of every URL (`known.py`) and the nearest few of each host (`hosts.py`); the rest waits on disk.

`ways.py` follows where settled URLs lead. `errands.py` asks for robots.txt before anything else of an origin, and for
sitemaps; `pace.py` and `retries.py` are what we owe to others. `crawler/orders.py` is the language of it all.
"""

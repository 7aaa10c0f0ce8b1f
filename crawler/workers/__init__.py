"""Where analysis runs: the same pure function, called in this thread, in a pool of threads, or in processes.

The `processes` room keeps the promise that a page can harm only itself:

      loop                      │ process wall │          worker (one per slot)
      ────                      │              │          ─────
      page ─┐                   │              │
      page ─┼─> batch (msgpack) │ ───────────> │ alarm set; each page ─> heart ─> Analysis | Failure
      page ─┘                   │              │
        futures <─ results      │ <─────────── │ batch of results (msgpack); alarm cleared
                                │              │
      slot dies or is late ─────┼─ killed ───> ✝   its batch is run again, page by page, in a disposable slot;
                                │              │   the page that kills that one too is the culprit

    inline        calls the heart on the loop itself: the simplest, and the floor of every comparison
    threads       a pool of threads: shares the GIL with the loop
    interpreters  a pool of interpreters in this process, each with a GIL of its own, for as much as loads there
    processes     supervised single-worker process pools (the default)

`guarded.py` is the one call all rooms make; `slot.py` one supervised worker; `child.py` what runs behind its wall;
`within.py` what runs in another interpreter.
"""

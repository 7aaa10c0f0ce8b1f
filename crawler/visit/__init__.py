"""How a job becomes a visit: fetch it, judge the answer, have its text analysed; here, or in a process of its own.

`pipeline.py` is the plain way, one fetch room and then one worker room. What leaves the main process is a batch of
pages, and what comes back is what they say:

    Job ──> fetcher ── Page ──> worker room ── Analysis ──> Visit
                                     │
                          pages      │  process wall, with --analyze processes
                                  workers

`shards.py` is the hybrid: N processes with a pipeline each, so that jobs go out and packed visits come back, and no
body ever crosses. `shard.py` is one of them seen from outside, `inside.py` what runs in it, `frames.py` what crosses:

                                     process wall
    Job ──> shards ─┬─ Order(n, Job) ────>│ shard 1: pipeline of a fetcher and analysis on one loop
                    │<─ Done(n, Visit) ───│
                    ├─ Order, Done ──────>│ shard 2: the same; its connections, guard and look-ups are its own
                    │
                    │  shard 1 dies with three visits in it: each comes back as LOST, the frontier gives the jobs out
                    │  again at the pace of their hosts, and then
                    │
                    └─ alone ── Order ───>│ a disposable shard, for one suspect at a time: who ends that is to blame

Whom to ask, and when, stays with the frontier, so that no site can tell how many shards there are. `nursery.py`
starts shards and ends them all. `calibrating.py` chooses between the ways while a crawl goes on, from what its pages
cost, and `succession.py` has one take over from the other without any visit's noticing.
"""

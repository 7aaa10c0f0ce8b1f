"""What may be visited next: a pure state machine, without clock, without await, without I/O.

    offer(jobs) ──> waiting ──next()──> in flight ──settle(visit)──> done
                       ^                                  │
                       └───────── redirect target ────────┘

Each URL enters once. A redirect is followed by entering its target, so the same rules hold for it.
"""

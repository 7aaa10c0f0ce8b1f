"""The hostile site: one host under hostile.test for each fault that a crawler must survive.

    hazard ── a row: what the host does, how a crawl of it must end, what it may cost at most
       │
    exchange ─> plays ─> wire, tls, headers, redirects, codings, labels, markup, robots, traps ── the rows
                                  │
                               catalog ─> server ── /seeds.txt, /expected.json, /stats.json on any host
                                             │
                                       certificates ── expired, self-signed, for another name

Each fault has a name of its own, so that what one host does is never blamed on another: hosts are given up, slowed
down and forbidden each for itself. `crawler.site.process.start_hostile_site` runs it beside you.
"""

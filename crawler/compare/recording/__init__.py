"""One's own pages in the lab: a site is crawled politely once, and all arms crawl what was recorded.

    seeds ──crawl──> recorder ──> mine.warc.gz ──> reading ──> truth ──> server (a process of its own) <── arms
             (once, politely)     (WARC, ISO 28500)            (the right words)

No arm can reach the site itself: one rule leads every connection of theirs to the server, whatever name it was for.
Recorded are pages that could be analysed, as they were sent; each comes back after its recorded wait, in its recorded
time. There is no DNS, no TLS and no loss.
"""

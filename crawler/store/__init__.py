"""What is kept, in one folder.

    visits ──> recorder ──> database (crawl.db: the truth, one transaction a batch)
                   └──────> files    (pages.jsonl, streamed; words.csv, derived from the database at the end)

`lock.py` keeps two runs apart. Everything but `crawl.db` can be made again from it.
"""

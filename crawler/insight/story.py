"""The story of one URL: how it was found, what became of it, and why."""

import sqlite3

import msgspec

from crawler.model import pack

_URL = """
SELECT urls.id, run, url, depth, hops, state, urls.reason, parent, lastmod,
    visited_at, status, content_type, bytes, first_byte_s + body_s AS seconds, tokens
FROM urls LEFT JOIN pages USING (id) WHERE url = ? AND run = ?
"""
_WAY = """
WITH RECURSIVE way (id, url, parent, step) AS (
    SELECT id, url, parent, 0 FROM urls WHERE id = :id
    UNION ALL
    SELECT urls.id, urls.url, urls.parent, step + 1 FROM way JOIN urls ON urls.id = way.parent WHERE step < 500
)
SELECT url FROM way ORDER BY step DESC
"""
# Links lie packed as MessagePack strings, so a URL stands there letter by letter, behind its length.
_LINKED = """
SELECT url, depth FROM links JOIN urls ON urls.id = links.page
WHERE run = ? AND instr(packed, ?) ORDER BY depth, url LIMIT 1
"""


class Story(msgspec.Struct, frozen=True):
    """What is known of a URL in a run; `way` are the URLs from a seed to it, as they were first found.

    `state` is "linked" for a URL that was seen on a page (`way`) but lies deeper than the crawl went, and "unknown"
    for one that was never seen.
    """

    run: int
    url: str
    state: str
    reason: str | None = None
    way: tuple[str, ...] = ()
    depth: int | None = None
    hops: int | None = None
    lastmod: str | None = None
    visited_at: str | None = None
    status: int | None = None
    content_type: str | None = None
    bytes: int | None = None
    seconds: float | None = None
    tokens: int | None = None

    @property
    def is_listed(self) -> bool:
        """Whether it was a sitemap that led here, and no page."""
        return self.depth == 1 and len(self.way) == 1 and self.state != "linked"


def story(connection: sqlite3.Connection, run: int, url: str) -> Story:
    """The story of a canonical URL in one run."""
    row = connection.execute(_URL, (url, run)).fetchone()
    if row is not None:
        way = tuple(place for (place,) in connection.execute(_WAY, {"id": row["id"]}))
        known = {name: row[name] for name in row.keys() if name not in ("id", "parent")}  # noqa: SIM118 - a Row
        return Story(**known, way=way)
    linked = connection.execute(_LINKED, (run, pack(url))).fetchone()
    if linked is not None:
        return Story(run, url, "linked", way=(linked["url"],), depth=linked["depth"] + 1)
    return Story(run, url, "unknown")

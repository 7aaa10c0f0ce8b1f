"""What can only be said once a run stands still: where redirects end, and which pages say the same.

Both are found anew from what is stored each time, in an order that no timing touches, so that any number of
interruptions and any strategy end in the same words.
"""

import sqlite3

# A URL is found among the redirecting ones only, which are few; the many others need no index on their text. Chains
# are walked from their ends backwards, so that each link is walked once, and what is never reached is a circle.
_CHAINS = """
DROP TABLE IF EXISTS temp.chains;
CREATE TEMP TABLE moves (url TEXT PRIMARY KEY, id INTEGER, target TEXT) WITHOUT ROWID;
INSERT INTO moves SELECT url, id, redirect FROM urls JOIN pages USING (id) WHERE run = {run} AND redirect IS NOT NULL;
CREATE INDEX temp.moves_by_target ON moves (target);
CREATE TEMP TABLE chains AS
WITH RECURSIVE trail (id, url, final_url) AS (
    SELECT id, url, target FROM moves WHERE target NOT IN (SELECT url FROM moves)
    UNION ALL
    SELECT before.id, before.url, trail.final_url FROM trail JOIN moves AS before ON before.target = trail.url
)
SELECT id, final_url FROM trail;
CREATE UNIQUE INDEX temp.chains_by_id ON chains (id);
DROP TABLE moves;
"""

_REDIRECTS = """
UPDATE urls SET state = 'redirected', reason = (SELECT redirect FROM pages WHERE pages.id = urls.id)
WHERE run = :run AND id IN (SELECT id FROM pages WHERE redirect IS NOT NULL)
"""
_TOO_MANY = """
UPDATE urls SET state = 'failed', reason = :why WHERE run = :run AND state = 'redirected' AND hops >= :most
"""
_CIRCLES = """
UPDATE urls SET state = 'failed', reason = 'redirect: it leads in a circle'
WHERE run = :run AND state = 'redirected' AND id NOT IN (SELECT id FROM temp.chains)
"""
_FAULTS = """
UPDATE pages SET (fault, reason, stage) = (
    SELECT iif(state = 'failed', 'redirect', NULL),
        iif(state = 'failed', substr(urls.reason, length('redirect: ') + 1), NULL),
        iif(state = 'failed', 'fetch', NULL)
    FROM urls WHERE urls.id = pages.id
)
WHERE redirect IS NOT NULL AND id IN (SELECT id FROM urls WHERE run = :run)
"""
_NO_DUPLICATES = "UPDATE urls SET state = 'analysed', reason = NULL WHERE run = :run AND state = 'duplicate'"
_DUPLICATES = """
UPDATE urls SET state = 'duplicate', reason = same.original
FROM (
    SELECT id, url, first_value(url) OVER (PARTITION BY digest ORDER BY depth, url) AS original
    FROM urls JOIN pages USING (id)
    WHERE run = :run AND state = 'analysed' AND digest != x''
) AS same
WHERE urls.id = same.id AND same.url != same.original
"""


def close(connection: sqlite3.Connection, run: int, max_redirects: int) -> None:
    """Settle a run's redirects and duplicates; leaves `temp.chains` (id, final_url) for whoever writes them out."""
    values = {"run": run, "most": max_redirects, "why": f"redirect: more than {max_redirects} redirects"}
    connection.executescript(_CHAINS.format(run=int(run)))
    for statement in (_REDIRECTS, _TOO_MANY, _CIRCLES, _FAULTS, _NO_DUPLICATES, _DUPLICATES):
        connection.execute(statement, values)

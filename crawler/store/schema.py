"""The tables of crawl.db. Words and links stay packed (MessagePack) as the worker made them."""

VERSION = 3

TABLES = """
-- Whose results these are, and which process holds the folder since when, if one does.
CREATE TABLE folder (seeds TEXT NOT NULL, pid INTEGER, held_since TEXT);
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    seeds_digest BLOB NOT NULL,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    agent TEXT NOT NULL
);
-- Every URL that a run met, visited or not, with how it stands and why.
CREATE TABLE urls (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES runs (id),
    url TEXT NOT NULL,
    host TEXT NOT NULL,
    depth INTEGER NOT NULL,
    hops INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    parent INTEGER REFERENCES urls (id),
    lastmod TEXT,
    must_reopen INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX by_run ON urls (run);
CREATE INDEX waiting ON urls (run, host, depth, id) WHERE state = 'waiting';
-- What came of those that were visited, or that were due and refused.
CREATE TABLE pages (
    id INTEGER PRIMARY KEY REFERENCES urls (id),
    visited_at TEXT NOT NULL,
    redirect TEXT,
    fault TEXT,
    reason TEXT,
    stage TEXT,
    status INTEGER,
    content_type TEXT,
    bytes INTEGER,
    dns_s REAL,
    connect_s REAL,
    first_byte_s REAL,
    body_s REAL,
    analyze_s REAL,
    charset TEXT,
    title TEXT,
    language TEXT,
    tokens INTEGER,
    distinct_words INTEGER,
    top BLOB,
    digest BLOB
);
CREATE TABLE words (page INTEGER PRIMARY KEY REFERENCES pages (id), packed BLOB NOT NULL);
CREATE TABLE links (page INTEGER PRIMARY KEY REFERENCES pages (id), packed BLOB NOT NULL);
CREATE TABLE robots (origin TEXT PRIMARY KEY, run INTEGER NOT NULL, expires_at REAL NOT NULL, packed BLOB NOT NULL);
-- What was asked of each host: the politeness ledger.
CREATE TABLE hosts (
    run INTEGER NOT NULL REFERENCES runs (id),
    host TEXT NOT NULL,
    requests INTEGER NOT NULL,
    refusals INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    first_at TEXT NOT NULL,
    last_at TEXT NOT NULL,
    delay_s REAL NOT NULL,
    least_gap_s REAL,
    resume_at REAL NOT NULL,
    PRIMARY KEY (run, host)
) WITHOUT ROWID;
CREATE INDEX held ON hosts (resume_at);
CREATE VIEW failures AS
    SELECT run, url, fault, pages.reason, stage, status FROM urls JOIN pages USING (id) WHERE fault IS NOT NULL;
CREATE VIEW redirects AS
    SELECT run, url, redirect, status FROM urls JOIN pages USING (id) WHERE redirect IS NOT NULL;
CREATE VIEW duplicates AS
    SELECT run, url, reason AS original FROM urls WHERE state = 'duplicate';
CREATE VIEW states AS
    SELECT run, state, count(*) AS urls FROM urls GROUP BY run, state;
"""

# In the order of orders.Row.
SELECT_URLS = """
SELECT id, url, depth, hops, state, redirect, packed, must_reopen
FROM urls LEFT JOIN pages USING (id) LEFT JOIN links ON links.page = urls.id
"""

SELECT_WAITING = """
SELECT id, url, depth, hops FROM urls
WHERE run = ? AND host = ? AND state = 'waiting' ORDER BY depth, id LIMIT ?
"""

SELECT_OUTSIDE = """
SELECT id, url, depth, hops, state FROM urls
WHERE run = ? AND id > ? AND state = 'out_of_scope' ORDER BY id LIMIT ?
"""

# A seed's redirect is told as such even if closing has found since that it leads nowhere: it made the scope larger.
SELECT_MET = """
SELECT id, url, depth, hops, iif(target IS NULL, state, 'redirected'), target, NULL, must_reopen
FROM (
    SELECT *, CASE WHEN depth = 0 AND state IN ('redirected', 'failed')
        THEN (SELECT redirect FROM pages WHERE pages.id = urls.id) END AS target
    FROM urls WHERE run = ?
)
"""

"""The tables of crawl.db. Words and links stay packed (MessagePack) as the worker made them."""

VERSION = 1

TABLES = """
CREATE TABLE folder (seeds TEXT NOT NULL);
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    seeds_digest BLOB NOT NULL,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    pid INTEGER NOT NULL
);
CREATE TABLE pages (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES runs (id),
    url TEXT NOT NULL,
    depth INTEGER NOT NULL,
    hops INTEGER NOT NULL,
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
    UNIQUE (run, url)
);
CREATE TABLE words (page INTEGER PRIMARY KEY REFERENCES pages (id), packed BLOB NOT NULL);
CREATE TABLE links (page INTEGER PRIMARY KEY REFERENCES pages (id), packed BLOB NOT NULL);
CREATE VIEW failures AS
    SELECT run, url, fault, reason, stage, status FROM pages WHERE fault IS NOT NULL;
CREATE VIEW redirects AS
    SELECT run, url, redirect, status FROM pages WHERE redirect IS NOT NULL;
"""

SELECT_PAGES = """
SELECT pages.*, words.packed AS packed_words
FROM pages LEFT JOIN words ON words.page = pages.id
WHERE pages.run = :run AND pages.redirect IS NULL
ORDER BY pages.id
"""

SELECT_REDIRECTS = """
WITH RECURSIVE trail (id, place) AS (
    SELECT id, redirect FROM pages WHERE run = :run AND redirect IS NOT NULL
    UNION
    SELECT trail.id, next.redirect
    FROM trail JOIN pages AS next ON next.run = :run AND next.url = trail.place
    WHERE next.redirect IS NOT NULL
)
SELECT pages.*, trail.place AS final_url
FROM trail JOIN pages USING (id) LEFT JOIN pages AS last ON last.run = :run AND last.url = trail.place
WHERE last.redirect IS NULL
ORDER BY pages.id
"""
"""The redirecting URLs of a run, each with the URL where its chain ended (the frontier lets no chain circle)."""

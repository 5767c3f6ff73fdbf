-- The events of an archive as they were told last, and the addresses that they cite (archive/catalog/rows.py).

CREATE TABLE addresses (number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE);  -- SURT

CREATE TABLE events (
    number        INTEGER PRIMARY KEY,
    id            TEXT NOT NULL,
    digest_file   TEXT NOT NULL,
    digest_sha256 TEXT NOT NULL,
    date          TEXT,
    title         TEXT NOT NULL,
    revision      INTEGER NOT NULL,
    replaced_by   TEXT,
    UNIQUE (id, digest_file)
);

CREATE INDEX events_by_date ON events (date);

CREATE TABLE cited (address INTEGER NOT NULL, event INTEGER NOT NULL, PRIMARY KEY (address, event)) WITHOUT ROWID;
CREATE INDEX cited_by_event ON cited (event);

-- A local cache over an archive's committed manifests, indexes and tombstones (archive/index/recent.py). Derived: delete it at will.

CREATE TABLE segments (
    number     INTEGER PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    run        TEXT NOT NULL,
    indexed    INTEGER NOT NULL   -- 0: its index could not be read, and is tried again
);

CREATE TABLE warcs (
    number  INTEGER PRIMARY KEY,
    key     TEXT NOT NULL,        -- in the store
    segment INTEGER NOT NULL
);

CREATE TABLE captures (
    key      TEXT NOT NULL,       -- SURT
    at       INTEGER NOT NULL,    -- YYYYMMDDhhmmss
    warc     INTEGER NOT NULL,
    "offset" INTEGER NOT NULL,
    length   INTEGER NOT NULL,
    status   INTEGER,
    revisit  INTEGER NOT NULL,
    digest   TEXT,
    PRIMARY KEY (key, at, warc, "offset")
) WITHOUT ROWID;

CREATE TABLE outcomes (
    key     TEXT NOT NULL,        -- of the target
    at      TEXT NOT NULL,        -- when it was asked for
    segment INTEGER NOT NULL,
    url     TEXT NOT NULL,
    outcome TEXT NOT NULL,
    record  TEXT,
    PRIMARY KEY (key, at, segment)
) WITHOUT ROWID;

CREATE TABLE tombstones (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE hidden (record TEXT PRIMARY KEY) WITHOUT ROWID;

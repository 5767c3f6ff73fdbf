-- What a report is counted from. Lies in SQLite's own temporary file, so that a run of any size fits.

CREATE TABLE targets (           -- one row per source of the run, its last ending in it
    key          TEXT PRIMARY KEY,
    url          TEXT NOT NULL,
    host         TEXT NOT NULL,
    outcome      TEXT NOT NULL,
    reason       TEXT NOT NULL,
    http_status  INTEGER,
    captured_at  TEXT,
    attempts     INTEGER NOT NULL,
    text_outcome TEXT,
    via          TEXT NOT NULL,
    final_url    TEXT,
    record_id    TEXT,
    segment      TEXT NOT NULL,
    detail       TEXT NOT NULL,
    title        TEXT,           -- from here on: of its document
    language     TEXT,
    words        INTEGER,
    text_sha256  TEXT,
    extractor    TEXT,
    settings     TEXT,
    year         TEXT,           -- of the first event that cites it
    change       TEXT
) WITHOUT ROWID;
CREATE INDEX targets_host ON targets (host);
CREATE INDEX targets_record ON targets (record_id);

CREATE TABLE flags (key TEXT, flag TEXT, PRIMARY KEY (key, flag)) WITHOUT ROWID;

CREATE TABLE earlier (           -- endings before the run of whatever its events cite
    key         TEXT NOT NULL,
    at          TEXT NOT NULL,   -- when its segment was committed
    captured_at TEXT,
    outcome     TEXT NOT NULL,
    record_id   TEXT,
    segment     TEXT NOT NULL,
    text_sha256 TEXT,
    extractor   TEXT
);
CREATE INDEX earlier_key ON earlier (key, at);
CREATE INDEX earlier_record ON earlier (record_id);

CREATE TABLE baseline (key TEXT PRIMARY KEY, outcome TEXT, captured_at TEXT, text_sha256 TEXT, extractor TEXT) WITHOUT ROWID;

CREATE TABLE exchanges (host TEXT, at TEXT, ms INTEGER, is_page INTEGER);
CREATE INDEX exchanges_host ON exchanges (host, at);

CREATE TABLE members (host TEXT, at TEXT, bytes INTEGER);

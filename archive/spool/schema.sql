-- The ledger: one row per target, for ever one outcome. WAL, synchronous=FULL (archive/spool/ledger.py sets both).

CREATE TABLE IF NOT EXISTS runs (
    number   INTEGER PRIMARY KEY,   -- clocks jump, numbers do not
    run      TEXT NOT NULL UNIQUE,
    job      TEXT NOT NULL,
    started  TEXT NOT NULL,
    finished TEXT,
    report   TEXT              -- warcite.run/1, once finished
);

CREATE TABLE IF NOT EXISTS events (
    id          TEXT PRIMARY KEY,
    date        TEXT,
    title       TEXT NOT NULL,
    url         TEXT,
    digest_file TEXT NOT NULL,
    json        TEXT NOT NULL,
    run         TEXT NOT NULL,  -- that entered it: a document cites what was known when its page was fetched
    manifest    TEXT            -- the manifest whose events object holds it
);  -- by rowid: rows are long and ids come in no order
CREATE INDEX IF NOT EXISTS events_new ON events (id) WHERE manifest IS NULL;

CREATE TABLE IF NOT EXISTS citations (
    key      TEXT NOT NULL,
    event_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    label    TEXT NOT NULL,
    PRIMARY KEY (key, event_id, position)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS targets (
    id           INTEGER PRIMARY KEY,
    job          TEXT NOT NULL,
    key          TEXT NOT NULL,
    url          TEXT NOT NULL,
    host         TEXT NOT NULL,
    run          TEXT NOT NULL,     -- the last run that asked for it
    state        TEXT NOT NULL DEFAULT 'queued'
        CHECK (state IN ('queued', 'leased', 'captured', 'archived', 'truncated', 'failed', 'blocked', 'excluded')),
    attempts     INTEGER NOT NULL DEFAULT 0,
    outcome      TEXT,
    reason       TEXT,
    http_status  INTEGER,
    final_url    TEXT,
    captured_at  TEXT,
    via          TEXT,
    detail       TEXT NOT NULL DEFAULT '',
    text_outcome TEXT,
    segment      TEXT,
    record_id    TEXT,
    "offset"     INTEGER,
    length       INTEGER,
    digest       TEXT,
    UNIQUE (job, key)
);
CREATE INDEX IF NOT EXISTS targets_queue ON targets (run, host, id) WHERE state = 'queued';
CREATE INDEX IF NOT EXISTS targets_segment ON targets (segment) WHERE segment IS NOT NULL;
CREATE INDEX IF NOT EXISTS targets_run ON targets (run, outcome);

CREATE TABLE IF NOT EXISTS segments (
    name      TEXT PRIMARY KEY,
    run       TEXT NOT NULL,
    job       TEXT NOT NULL,
    length    INTEGER NOT NULL DEFAULT 0,   -- bytes that are fsynced
    sealed_at TEXT
);

-- Manifests whose outcomes are in this ledger, the newest last; the store has the last word (archive/spool/recover.py).
CREATE TABLE IF NOT EXISTS manifests (
    number  INTEGER PRIMARY KEY,
    segment TEXT NOT NULL UNIQUE
);

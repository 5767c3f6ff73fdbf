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
CREATE INDEX IF NOT EXISTS events_digest ON events (digest_file);

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
        CHECK (state IN ('queued', 'leased', 'awaiting', 'captured', 'archived', 'truncated', 'failed', 'blocked', 'excluded')),
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

CREATE INDEX IF NOT EXISTS targets_awaiting ON targets (run, host, id) WHERE state = 'awaiting';

-- What the fetch of a target that is awaiting its rescue has come to (archive/spool/held.py).
CREATE TABLE IF NOT EXISTS held (
    target_id   INTEGER PRIMARY KEY,
    outcome     TEXT NOT NULL,
    reason      TEXT NOT NULL,
    attempts    INTEGER NOT NULL,
    http_status INTEGER,
    final_url   TEXT,
    ended_at    TEXT NOT NULL,
    record_id   TEXT,
    detail      TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS segments (
    name      TEXT PRIMARY KEY,
    run       TEXT NOT NULL,
    job       TEXT NOT NULL,
    length    INTEGER NOT NULL DEFAULT 0,   -- bytes that are fsynced
    sealed_at TEXT
);

-- Input pages (archive/spool/seeds.py): what their targets have besides an address and an ending.
CREATE TABLE IF NOT EXISTS inputs (
    job   TEXT NOT NULL,
    key   TEXT NOT NULL,
    name  TEXT NOT NULL,     -- as given, or as the page that led here names it
    seed  TEXT NOT NULL,     -- key of the input that the user named
    depth INTEGER NOT NULL,  -- pages that led here
    PRIMARY KEY (job, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS inputs_seed ON inputs (job, seed);
CREATE INDEX IF NOT EXISTS targets_inputs ON targets (key, job) WHERE job >= 'inputs-' AND job < 'inputs.';

-- What a run asked for, when inputs that are addresses were among it, and the job of its input pages.
CREATE TABLE IF NOT EXISTS asked (
    run  TEXT PRIMARY KEY,
    what TEXT NOT NULL,
    job  TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS asked_what ON asked (what);
CREATE INDEX IF NOT EXISTS asked_job ON asked (job);

-- Manifests whose outcomes are in this ledger, the newest last; the store has the last word (archive/spool/recover.py).
CREATE TABLE IF NOT EXISTS manifests (
    number  INTEGER PRIMARY KEY,
    segment TEXT NOT NULL UNIQUE
);

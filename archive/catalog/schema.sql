-- The catalog of an archive (archive/catalog/): its documents, to search in; events.sql has the events that cite them. Derived: delete it at will.

CREATE TABLE segments (
    number     INTEGER PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    run        TEXT NOT NULL,
    created_at TEXT NOT NULL,
    supersedes TEXT,              -- the segment whose documents it replaces
    inputs     INTEGER NOT NULL,  -- 1: its targets are input pages and no sources
    events     INTEGER NOT NULL,  -- 0: its events could not be read, and are tried again
    documents  TEXT               -- the segment whose objects the documents in here are from; null: none yet
);

CREATE TABLE hosts (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

CREATE TABLE documents (
    number         INTEGER PRIMARY KEY,  -- rowid in texts
    segment        INTEGER NOT NULL,     -- that has the capture
    id             TEXT NOT NULL,
    record         TEXT NOT NULL,
    address        INTEGER NOT NULL,     -- as cited
    url            TEXT NOT NULL,        -- as cited
    final_url      TEXT NOT NULL,
    host           INTEGER NOT NULL,     -- as cited
    final_host     INTEGER NOT NULL,
    site_name      TEXT,
    outcome        TEXT NOT NULL,
    text_outcome   TEXT NOT NULL,
    language       TEXT,
    date_published TEXT,
    captured_at    TEXT NOT NULL,
    day            TEXT NOT NULL,        -- published, else captured
    words          INTEGER NOT NULL
);

CREATE TABLE vias (record TEXT PRIMARY KEY, via TEXT NOT NULL) WITHOUT ROWID;  -- of captures that are not live: how they came

CREATE INDEX documents_by_segment ON documents (segment);
CREATE INDEX documents_by_record ON documents (record);
CREATE INDEX documents_by_address ON documents (address);
CREATE INDEX documents_by_day ON documents (day, number);
CREATE INDEX documents_by_capture ON documents (captured_at);
CREATE INDEX documents_by_language ON documents (language);
CREATE INDEX documents_by_host ON documents (host);
CREATE INDEX documents_by_final_host ON documents (final_host);

-- Of scripts without blanks between words each character is a word: U+200B stands between them (archive/catalog/scripts.py).
-- Marks belong to their letters: in Indic scripts they are vowels.
CREATE VIRTUAL TABLE texts USING fts5 (
    title, description, text, about,
    tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co M*'", prefix = '3'
);

CREATE TABLE tombstones (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE hidden (record TEXT PRIMARY KEY) WITHOUT ROWID;

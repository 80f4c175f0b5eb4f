CREATE TABLE head (
    id   INTEGER PRIMARY KEY CHECK (id = 1),
    seq  INTEGER NOT NULL,
    hash TEXT NOT NULL
) STRICT;
INSERT INTO head (id, seq, hash) VALUES (1, 0, '');

CREATE TABLE events (
    seq       INTEGER PRIMARY KEY,
    stream    TEXT NOT NULL,
    version   INTEGER NOT NULL,
    at        TEXT NOT NULL,
    actor     TEXT NOT NULL,
    kind      TEXT NOT NULL,
    body      TEXT,
    body_hash TEXT NOT NULL,
    prev_hash TEXT NOT NULL,
    hash      TEXT NOT NULL,
    UNIQUE (stream, version)
) STRICT;

CREATE TABLE snapshots (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    fingerprint TEXT NOT NULL,
    seq         INTEGER NOT NULL,
    body        BLOB NOT NULL
) STRICT;

CREATE TABLE answers (
    asker   TEXT NOT NULL,
    key     TEXT NOT NULL,
    request TEXT NOT NULL,
    answer  BLOB NOT NULL,
    at      TEXT NOT NULL,
    PRIMARY KEY (asker, key)
) STRICT;
CREATE INDEX answers_at ON answers (at);

CREATE TABLE accounts (
    person        TEXT PRIMARY KEY,
    name          TEXT NOT NULL,
    email         TEXT,
    email_folded  TEXT UNIQUE,
    password_hash TEXT
) STRICT;

CREATE TABLE links (
    hash       TEXT PRIMARY KEY,
    person     TEXT,
    purpose    TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used       INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
    hash       TEXT PRIMARY KEY,
    person     TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;
CREATE INDEX sessions_person ON sessions (person);

CREATE TABLE tokens (
    secret_hash TEXT PRIMARY KEY,
    token       TEXT NOT NULL,
    person      TEXT NOT NULL
) STRICT;

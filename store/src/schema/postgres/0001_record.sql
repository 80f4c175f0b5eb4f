CREATE TABLE head (
    id   BIGINT PRIMARY KEY CHECK (id = 1),
    seq  BIGINT NOT NULL,
    hash TEXT COLLATE "C" NOT NULL
) WITH (fillfactor = 10); -- One row updated by every append: new versions stay on its page.
INSERT INTO head (id, seq, hash) VALUES (1, 0, '');

CREATE TABLE events (
    seq       BIGINT PRIMARY KEY,
    stream    TEXT COLLATE "C" NOT NULL,
    version   BIGINT NOT NULL,
    at        TEXT COLLATE "C" NOT NULL,
    actor     TEXT COLLATE "C" NOT NULL,
    kind      TEXT COLLATE "C" NOT NULL,
    body      TEXT,
    body_hash TEXT COLLATE "C" NOT NULL,
    prev_hash TEXT COLLATE "C" NOT NULL,
    hash      TEXT COLLATE "C" NOT NULL,
    UNIQUE (stream, version)
);

CREATE TABLE snapshots (
    id          BIGINT PRIMARY KEY CHECK (id = 1),
    fingerprint TEXT COLLATE "C" NOT NULL,
    seq         BIGINT NOT NULL,
    body        BYTEA NOT NULL
);

CREATE TABLE answers (
    asker   TEXT COLLATE "C" NOT NULL,
    key     TEXT COLLATE "C" NOT NULL,
    request TEXT COLLATE "C" NOT NULL,
    answer  BYTEA NOT NULL,
    at      TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (asker, key)
);
CREATE INDEX answers_at ON answers (at);

CREATE TABLE accounts (
    person        TEXT COLLATE "C" PRIMARY KEY,
    name          TEXT NOT NULL,
    email         TEXT COLLATE "C",
    email_folded  TEXT COLLATE "C" UNIQUE,
    password_hash TEXT COLLATE "C"
);

CREATE TABLE links (
    hash       TEXT COLLATE "C" PRIMARY KEY,
    person     TEXT COLLATE "C",
    purpose    TEXT COLLATE "C" NOT NULL,
    expires_at TEXT COLLATE "C" NOT NULL,
    used       BIGINT NOT NULL
);

CREATE TABLE sessions (
    hash       TEXT COLLATE "C" PRIMARY KEY,
    person     TEXT COLLATE "C" NOT NULL,
    created_at TEXT COLLATE "C" NOT NULL,
    expires_at TEXT COLLATE "C" NOT NULL
);
CREATE INDEX sessions_person ON sessions (person);

CREATE TABLE tokens (
    secret_hash TEXT COLLATE "C" PRIMARY KEY,
    token       TEXT COLLATE "C" NOT NULL,
    person      TEXT COLLATE "C" NOT NULL
);

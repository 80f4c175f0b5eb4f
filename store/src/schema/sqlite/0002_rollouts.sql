-- Who leads what, and until when; the epoch rises with each change of holder and outlives every one of them.
CREATE TABLE leases (
    name   TEXT PRIMARY KEY,
    holder TEXT,
    epoch  INTEGER NOT NULL,
    until  TEXT NOT NULL
) STRICT;

-- Every step ever begun: the key is what keeps it from being begun twice.
CREATE TABLE intents (
    key   TEXT PRIMARY KEY,
    epoch INTEGER NOT NULL,
    at    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE secrets (
    place  TEXT NOT NULL,
    name   TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (place, name)
) STRICT;

CREATE TABLE samples (
    rollout TEXT NOT NULL,
    at      TEXT NOT NULL,
    body    BLOB NOT NULL,
    PRIMARY KEY (rollout, at)
) STRICT;

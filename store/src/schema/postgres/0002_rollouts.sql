-- Who leads what, and until when; the epoch rises with each change of holder and outlives every one of them.
CREATE TABLE leases (
    name   TEXT COLLATE "C" PRIMARY KEY,
    holder TEXT COLLATE "C",
    epoch  BIGINT NOT NULL,
    until  TEXT COLLATE "C" NOT NULL
);

-- Every step ever begun: the key is what keeps it from being begun twice.
CREATE TABLE intents (
    key   TEXT COLLATE "C" PRIMARY KEY,
    epoch BIGINT NOT NULL,
    at    TEXT COLLATE "C" NOT NULL
);

CREATE TABLE secrets (
    place  TEXT COLLATE "C" NOT NULL,
    name   TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (place, name)
);

CREATE TABLE samples (
    rollout TEXT COLLATE "C" NOT NULL,
    at      TEXT COLLATE "C" NOT NULL,
    body    BYTEA NOT NULL,
    PRIMARY KEY (rollout, at)
);

-- Past deliveries: what was staged, and whether it counts; its facts are in parts of one product each.
CREATE TABLE imports (
    import TEXT COLLATE "C" PRIMARY KEY,
    at     TEXT COLLATE "C" NOT NULL,
    kept   BIGINT NOT NULL,
    note   BYTEA NOT NULL
);

CREATE TABLE imported (
    import  TEXT COLLATE "C" NOT NULL,
    part    BIGINT NOT NULL,
    product TEXT COLLATE "C" NOT NULL,
    body    BYTEA NOT NULL,
    PRIMARY KEY (import, part)
);

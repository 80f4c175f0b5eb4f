-- Past deliveries: what was staged, and whether it counts; its facts are in parts of one product each.
CREATE TABLE imports (
    import TEXT PRIMARY KEY,
    at     TEXT NOT NULL,
    kept   INTEGER NOT NULL,
    note   BLOB NOT NULL
) STRICT;

CREATE TABLE imported (
    import  TEXT NOT NULL,
    part    INTEGER NOT NULL,
    product TEXT NOT NULL,
    body    BLOB NOT NULL,
    PRIMARY KEY (import, part)
) STRICT;

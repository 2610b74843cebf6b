CREATE TABLE crdrift_process (
    holder TEXT NOT NULL PRIMARY KEY,
    millionths BIGINT NOT NULL,
    until_ms BIGINT NOT NULL
);

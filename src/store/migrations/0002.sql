CREATE TABLE crdrift_lease (
    estate TEXT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    number BIGINT NOT NULL,
    until_ms BIGINT NOT NULL,
    checked_ms BIGINT
);

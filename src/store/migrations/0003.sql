CREATE TABLE crdrift_target (
    name TEXT NOT NULL PRIMARY KEY,
    generation BIGINT NOT NULL
);

CREATE TABLE crdrift_attempt (
    target TEXT NOT NULL,
    at_ms BIGINT NOT NULL
);

CREATE INDEX crdrift_attempt_by_time ON crdrift_attempt (target, at_ms);

CREATE TABLE crdrift_delivery (
    id TEXT NOT NULL PRIMARY KEY,
    estate_id TEXT NOT NULL REFERENCES crdrift_estate (id),
    estate TEXT NOT NULL,
    run_id TEXT NOT NULL,
    run_ms BIGINT NOT NULL,
    target TEXT NOT NULL,
    events TEXT NOT NULL,
    document TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'gave_up', 'refused', 'broken')),
    tries BIGINT NOT NULL,
    next_ms BIGINT NOT NULL,
    holder TEXT,
    changed_ms BIGINT NOT NULL,
    reason TEXT NOT NULL
);

CREATE INDEX crdrift_delivery_pending ON crdrift_delivery (target, next_ms) WHERE state = 'pending';

CREATE INDEX crdrift_delivery_by_time ON crdrift_delivery (created_ms, id);

CREATE INDEX crdrift_delivery_by_estate ON crdrift_delivery (estate_id, run_ms);

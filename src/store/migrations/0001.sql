CREATE TABLE crdrift_store (
    schema_version BIGINT NOT NULL,
    created_ms BIGINT NOT NULL
);

CREATE TABLE crdrift_estate (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    is_declared BIGINT NOT NULL CHECK (is_declared IN (0, 1)),
    selection TEXT NOT NULL,
    instances TEXT NOT NULL,
    generation BIGINT NOT NULL,
    pending BIGINT NOT NULL,
    complete_runs BIGINT NOT NULL,
    newest_ms BIGINT,
    newest_run TEXT,
    newest_outcome TEXT,
    last_complete_ms BIGINT,
    last_complete_run TEXT,
    kept_ms BIGINT,
    kept_run TEXT,
    kept_outcome TEXT,
    kept_complete_runs BIGINT,
    kept_last_complete_ms BIGINT,
    kept_last_complete_run TEXT
);

CREATE INDEX crdrift_estate_by_name ON crdrift_estate (name);

CREATE TABLE crdrift_run (
    id TEXT NOT NULL PRIMARY KEY,
    estate_id TEXT NOT NULL REFERENCES crdrift_estate (id),
    name TEXT NOT NULL,
    recorded_ms BIGINT NOT NULL,
    started_ms BIGINT NOT NULL,
    duration_ms BIGINT NOT NULL,
    is_complete BIGINT NOT NULL CHECK (is_complete IN (0, 1)),
    is_applied BIGINT NOT NULL CHECK (is_applied IN (0, 1)),
    outcome TEXT NOT NULL,
    exit_code BIGINT NOT NULL,
    reason TEXT NOT NULL,
    declared BIGINT NOT NULL,
    in_sync BIGINT NOT NULL,
    missing BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    renamed BIGINT NOT NULL,
    unmanaged BIGINT NOT NULL,
    open_errors BIGINT NOT NULL,
    open_warnings BIGINT NOT NULL,
    open_infos BIGINT NOT NULL,
    accepted_findings BIGINT NOT NULL,
    opened BIGINT,
    resolved BIGINT,
    accepted BIGINT,
    left_scope BIGINT,
    tool TEXT NOT NULL,
    commit_id TEXT,
    substance TEXT,
    varying BYTEA
);

CREATE INDEX crdrift_run_by_time ON crdrift_run (estate_id, started_ms, id);

CREATE TABLE crdrift_document (
    substance TEXT NOT NULL PRIMARY KEY,
    uses BIGINT NOT NULL,
    body BYTEA NOT NULL
);

CREATE TABLE crdrift_reading (
    estate_id TEXT NOT NULL REFERENCES crdrift_estate (id),
    instance_id TEXT NOT NULL,
    alias TEXT NOT NULL,
    status TEXT NOT NULL,
    since_ms BIGINT NOT NULL,
    last_complete_ms BIGINT,
    PRIMARY KEY (estate_id, instance_id)
);

CREATE TABLE crdrift_episode (
    estate_id TEXT NOT NULL REFERENCES crdrift_estate (id),
    fingerprint TEXT NOT NULL,
    opened_run TEXT NOT NULL,
    opened_run_ms BIGINT NOT NULL,
    opened_ms BIGINT NOT NULL,
    kept_opened_ms BIGINT,
    first_number BIGINT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'waived', 'baselined')),
    code TEXT NOT NULL,
    severity TEXT NOT NULL,
    instance TEXT,
    rule TEXT,
    field TEXT,
    owner TEXT,
    message TEXT NOT NULL,
    accepted_by TEXT,
    accepted_reason TEXT,
    accepted_until TEXT,
    closing TEXT CHECK (closing IN ('resolved', 'accepted', 'reopened', 'left_scope')),
    closed_ms BIGINT,
    closed_run TEXT,
    last_number BIGINT,
    PRIMARY KEY (estate_id, fingerprint, opened_run)
);

CREATE INDEX crdrift_episode_open ON crdrift_episode (estate_id) WHERE closed_ms IS NULL;

CREATE TABLE crdrift_transition (
    estate_id TEXT NOT NULL REFERENCES crdrift_estate (id),
    run_id TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN
        ('opened', 'reopened', 'resolved', 'accepted', 'left_scope', 'incomplete', 'failed', 'recovered')),
    fingerprint TEXT NOT NULL,
    PRIMARY KEY (run_id, kind, fingerprint)
);

CREATE INDEX crdrift_transition_by_time ON crdrift_transition (estate_id, at_ms);

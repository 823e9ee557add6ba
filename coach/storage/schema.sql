-- The tables of an empty SQLite file, as the newest migration leaves them; tests/storage/test_database.py holds it to that.
CREATE TABLE calls (
    id VARCHAR(32) NOT NULL PRIMARY KEY,
    created DATETIME NOT NULL,
    ended DATETIME,
    outcome VARCHAR(32),
    persona VARCHAR(64) NOT NULL,
    case_id VARCHAR(64) NOT NULL,
    parent VARCHAR(32) DEFAULT '' NOT NULL,
    trainee VARCHAR(64) DEFAULT '' NOT NULL,
    body JSON NOT NULL
);
CREATE INDEX ix_calls_created ON calls (created);
CREATE INDEX ix_calls_trainee ON calls (trainee, created);
CREATE TABLE users (
    "key" VARCHAR(64) NOT NULL PRIMARY KEY,
    name VARCHAR(64) NOT NULL,
    role VARCHAR(16) NOT NULL,
    password VARCHAR(200) NOT NULL,
    created DATETIME NOT NULL
);
CREATE TABLE turns (
    id INTEGER NOT NULL PRIMARY KEY,
    call_id VARCHAR(32) NOT NULL,
    turn_index INTEGER NOT NULL,
    body JSON NOT NULL,
    CONSTRAINT uq_turn_of_call UNIQUE (call_id, turn_index),
    FOREIGN KEY(call_id) REFERENCES calls (id) ON DELETE CASCADE
);
CREATE TABLE notes (
    id VARCHAR(32) NOT NULL PRIMARY KEY,
    call_id VARCHAR(32) NOT NULL,
    kind VARCHAR(32) NOT NULL,
    created DATETIME NOT NULL,
    body JSON NOT NULL,
    FOREIGN KEY(call_id) REFERENCES calls (id) ON DELETE CASCADE
);
CREATE INDEX ix_notes_call ON notes (call_id, kind, created);
CREATE TABLE grades (
    id VARCHAR(32) NOT NULL PRIMARY KEY,
    call_id VARCHAR(32) NOT NULL,
    created DATETIME NOT NULL,
    body JSON NOT NULL,
    FOREIGN KEY(call_id) REFERENCES calls (id) ON DELETE CASCADE
);
CREATE INDEX ix_grades_call ON grades (call_id, created);
CREATE TABLE batch_runs (
    id VARCHAR(64) NOT NULL PRIMARY KEY,
    name VARCHAR(200) NOT NULL,
    used DATETIME NOT NULL,
    conditions JSON NOT NULL
);
CREATE TABLE batch_results (
    run_id VARCHAR(64) NOT NULL,
    record VARCHAR(200) NOT NULL,
    content VARCHAR(32) NOT NULL,
    failed BOOLEAN NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (run_id, record),
    FOREIGN KEY(run_id) REFERENCES batch_runs (id) ON DELETE CASCADE
);
CREATE TABLE batch_answers (
    run_id VARCHAR(64) NOT NULL,
    request VARCHAR(64) NOT NULL,
    job VARCHAR(200) NOT NULL,
    body TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (run_id, request),
    FOREIGN KEY(run_id) REFERENCES batch_runs (id) ON DELETE CASCADE
);
CREATE INDEX ix_batch_answers_job ON batch_answers (run_id, job);
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);
INSERT INTO alembic_version VALUES ('0004');

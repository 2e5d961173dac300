-- Events of a session's streams, stored before they are sent. `run` names the stream: the fence it began under.

CREATE TABLE events (
    session  TEXT    NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    run      INTEGER NOT NULL,
    seq      INTEGER NOT NULL,
    document TEXT    NOT NULL,
    PRIMARY KEY (session, run, seq)
) STRICT;

-- Requests that may be sent again. One without a body is under way: its session's work names its key and its run.

CREATE TABLE idempotency (
    partner     TEXT    NOT NULL REFERENCES partners (name),
    key         TEXT    NOT NULL,
    fingerprint BLOB    NOT NULL,
    session     TEXT    NOT NULL,
    run         INTEGER NOT NULL,
    stream      INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    version     INTEGER,
    body        TEXT,
    PRIMARY KEY (partner, key)
) STRICT;

CREATE INDEX idempotency_by_age ON idempotency (created_at);

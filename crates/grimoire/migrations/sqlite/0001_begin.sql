-- Times are seconds since 1970. Ids carry their prefix.

CREATE TABLE partners (
    name       TEXT    NOT NULL PRIMARY KEY,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE api_keys (
    id          TEXT    NOT NULL PRIMARY KEY,
    partner     TEXT    NOT NULL REFERENCES partners (name),
    secret_hash BLOB    NOT NULL,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER,
    revoked_at  INTEGER
) STRICT;

CREATE TABLE sessions (
    id         TEXT    NOT NULL PRIMARY KEY,
    partner    TEXT    NOT NULL REFERENCES partners (name),
    state      TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    chain      TEXT,
    wallet     TEXT,
    draft      TEXT    NOT NULL,
    unresolved TEXT    NOT NULL,
    reply      TEXT    NOT NULL,
    summary    TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX sessions_by_expiry ON sessions (expires_at);

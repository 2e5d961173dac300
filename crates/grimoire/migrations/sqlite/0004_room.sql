-- How many live sessions a partner has.

CREATE INDEX sessions_by_partner ON sessions (partner, expires_at);

-- A turn under way is a lease beside the last committed state: what is to be done, and until when whoever does it may
-- take. `fence` grows with each lease; only the latest one's holder can commit.

ALTER TABLE sessions ADD COLUMN fence       INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN working     TEXT;
ALTER TABLE sessions ADD COLUMN work        TEXT;
ALTER TABLE sessions ADD COLUMN lease_until INTEGER;

-- The run of the last committed turn: the fence it began under, whoever ended it.

ALTER TABLE sessions ADD COLUMN run         INTEGER NOT NULL DEFAULT 0;

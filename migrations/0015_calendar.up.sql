-- Calendars that others may read by a secret address, which can be taken back. Of the secret only
-- a hash is kept. `subject_id`: the student, trainer, group or room.
CREATE TABLE calendar_feed (
    id @id@,
    owner_id @bigint@ NOT NULL REFERENCES account (id),
    subject @text@ NOT NULL CHECK (subject IN ('student', 'trainer', 'group', 'room')),
    subject_id @bigint@ NOT NULL,
    name @text@ NOT NULL,
    secret_hash @text@ NOT NULL UNIQUE,
    created_at @bigint@ NOT NULL,
    last_read_at @bigint@,
    revoked_at @bigint@
)@strict@;
CREATE INDEX calendar_feed_by_owner ON calendar_feed (owner_id, created_at);

-- People and places: guardians, and where a room is.

-- The column is made anew because its list of roles grows.
ALTER TABLE account ADD COLUMN role_new @text@ NOT NULL DEFAULT 'student'
    CHECK (role_new IN ('admin', 'trainer', 'student', 'guardian'));
UPDATE account SET role_new = role;
ALTER TABLE account DROP COLUMN role;
ALTER TABLE account RENAME COLUMN role_new TO role;

-- Who answers for a student and signs with one who is a minor.
CREATE TABLE guardian (
    id @id@,
    account_id @bigint@ NOT NULL REFERENCES account (id),
    student_id @bigint@ NOT NULL REFERENCES student (id),
    relation @text@ NOT NULL CHECK (relation IN ('mother', 'father', 'guardian', 'other')),
    may_sign @bool@ NOT NULL DEFAULT 1,
    created_at @bigint@ NOT NULL,
    UNIQUE (account_id, student_id)
)@strict@;
-- Those that ended: who could see and sign what, and until when.
CREATE TABLE guardian_past (
    id @id@,
    account_id @bigint@ NOT NULL REFERENCES account (id),
    student_id @bigint@ NOT NULL REFERENCES student (id),
    relation @text@ NOT NULL,
    may_sign @bool@ NOT NULL,
    created_at @bigint@ NOT NULL,
    ended_at @bigint@ NOT NULL,
    ended_by @bigint@ REFERENCES account (id)
)@strict@;
CREATE INDEX guardian_past_by_student ON guardian_past (student_id);
CREATE INDEX guardian_by_student ON guardian (student_id);

-- Where a room is: addresses of its network (CIDR, comma between), and a circle on the ground.
ALTER TABLE room ADD COLUMN network @text@;
ALTER TABLE room ADD COLUMN latitude @f64@;
ALTER TABLE room ADD COLUMN longitude @f64@;
ALTER TABLE room ADD COLUMN radius_m @bigint@;

-- Privacy: a ledger of consent that knows who said what and how, certificates of deletion, master
-- keys by name, and what the jobs that forget have done.

-- The columns are made anew because their lists grow. `refused`: the student says no;
-- `assented`: a minor takes the own no back, the guardian's consent is still needed.
ALTER TABLE consent ADD COLUMN state_new @text@ NOT NULL DEFAULT 'withdrawn'
    CHECK (state_new IN ('given', 'withdrawn', 'refused', 'assented'));
UPDATE consent SET state_new = state;
ALTER TABLE consent DROP COLUMN state;
ALTER TABLE consent RENAME COLUMN state_new TO state;

ALTER TABLE consent ADD COLUMN given_by_new @text@ NOT NULL DEFAULT 'student'
    CHECK (given_by_new IN ('student', 'guardian', 'school'));
UPDATE consent SET given_by_new = given_by;
ALTER TABLE consent DROP COLUMN given_by;
ALTER TABLE consent RENAME COLUMN given_by_new TO given_by;

ALTER TABLE consent ADD COLUMN channel @text@ NOT NULL DEFAULT 'paper'
    CHECK (channel IN ('web', 'paper', 'import'));
UPDATE consent SET channel = 'web' WHERE by_account_id =
    (SELECT s.account_id FROM student s WHERE s.id = consent.student_id);
ALTER TABLE consent ADD COLUMN text_hash @text@;
ALTER TABLE consent ADD COLUMN of_age @bool@;

-- Which master keys wrapped students' keys. A retired one wraps no new key.
CREATE TABLE master_key (
    id @text@ PRIMARY KEY,
    wrapped @bigint@ NOT NULL DEFAULT 0,
    created_at @bigint@ NOT NULL,
    retired_at @bigint@
)@strict@;

-- The whole signed document, as it can be downloaded. Never updated.
CREATE TABLE deletion_certificate (
    id @id@,
    certificate_id @text@ NOT NULL UNIQUE,
    student_id @bigint@ NOT NULL REFERENCES student (id),
    reason @text@ NOT NULL,
    templates @bigint@ NOT NULL,
    at @bigint@ NOT NULL,
    document @text@ NOT NULL
)@strict@;
CREATE INDEX deletion_certificate_by_student ON deletion_certificate (student_id, id);

CREATE TABLE retention_run (
    id @id@,
    job @text@ NOT NULL,
    at @bigint@ NOT NULL,
    deleted @bigint@ NOT NULL,
    oldest_at @bigint@,
    error @text@ NOT NULL DEFAULT ''
)@strict@;
CREATE INDEX retention_run_by_job ON retention_run (job, id);

-- When the program noticed that an archived student has left: archiving keeps no date.
CREATE TABLE departure (
    student_id @bigint@ PRIMARY KEY REFERENCES student (id),
    noticed_at @bigint@ NOT NULL
)@strict@;

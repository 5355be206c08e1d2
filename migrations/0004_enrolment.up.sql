-- Enrolment: consent, the key of each student and the sealed face templates.

-- A ledger: the newest row is the state. Rows are never updated or deleted.
CREATE TABLE consent (
    id @id@,
    student_id @bigint@ NOT NULL REFERENCES student (id),
    state @text@ NOT NULL CHECK (state IN ('given', 'withdrawn')),
    given_by @text@ NOT NULL CHECK (given_by IN ('student', 'guardian')),
    given_by_name @text@,
    text_version @text@ NOT NULL,
    locale @text@ NOT NULL,
    at @bigint@ NOT NULL,
    by_account_id @bigint@ NOT NULL REFERENCES account (id)
)@strict@;
CREATE INDEX consent_by_student ON consent (student_id, id);

-- A random key per student, wrapped by the master key; deleting it destroys the templates.
CREATE TABLE student_key (
    student_id @bigint@ PRIMARY KEY REFERENCES student (id),
    master_key_id @text@ NOT NULL,
    wrapped @blob@ NOT NULL,
    created_at @bigint@ NOT NULL
)@strict@;

CREATE TABLE face_template (
    id @id@,
    student_id @bigint@ NOT NULL REFERENCES student (id),
    model @text@ NOT NULL,
    sealed @blob@ NOT NULL,
    quality @f64@ NOT NULL,
    created_at @bigint@ NOT NULL
)@strict@;
CREATE INDEX face_template_by_student ON face_template (student_id, id);

-- Enrolments: how sure a template is, what was enrolled when, look-alikes to be judged by a person,
-- and photos that are enrolled in bulk.

ALTER TABLE face_template ADD COLUMN pose @text@ NOT NULL DEFAULT 'front'
    CHECK (pose IN ('front', 'slightly_left', 'slightly_right'));
ALTER TABLE face_template ADD COLUMN assurance @text@ NOT NULL DEFAULT 'low'
    CHECK (assurance IN ('low', 'standard'));
UPDATE face_template SET assurance = 'standard' WHERE student_id IN
    (SELECT student_id FROM face_template GROUP BY student_id HAVING count(*) >= 3);

-- One row per set of templates; the open one (ended_at NULL) of a model is in use. Nothing of a face.
CREATE TABLE enrolment_history (
    id @id@,
    student_id @bigint@ NOT NULL REFERENCES student (id),
    at @bigint@ NOT NULL,
    by_account_id @bigint@ REFERENCES account (id),
    source @text@ NOT NULL CHECK (source IN ('webcam', 'id_photo', 'photos')),
    assurance @text@ NOT NULL CHECK (assurance IN ('low', 'standard')),
    templates @bigint@ NOT NULL,
    model @text@ NOT NULL,
    ended_at @bigint@,
    ended_why @text@ CHECK (ended_why IN ('replaced', 'erased', 'consent_withdrawn')),
    ended_by @bigint@ REFERENCES account (id),
    reminded_at @bigint@
)@strict@;
CREATE INDEX enrolment_history_by_student ON enrolment_history (student_id, id);
CREATE INDEX enrolment_history_by_age ON enrolment_history (ended_at, at);
INSERT INTO enrolment_history (student_id, at, source, assurance, templates, model)
    SELECT student_id, min(created_at), 'photos', min(assurance), count(*), model
    FROM face_template GROUP BY student_id, model;

-- A new person who looks like an enrolled one. A verdict is remembered for the pair.
CREATE TABLE duplicate_case (
    id @id@,
    student_id @bigint@ NOT NULL REFERENCES student (id),
    other_student_id @bigint@ NOT NULL REFERENCES student (id),
    similarity @f64@ NOT NULL,
    state @text@ NOT NULL DEFAULT 'open'
        CHECK (state IN ('open', 'same_person', 'different_people')),
    opened_at @bigint@ NOT NULL,
    seen_at @bigint@ NOT NULL,
    resolved_at @bigint@,
    resolved_by @bigint@ REFERENCES account (id),
    note @text@,
    CHECK (student_id <> other_student_id),
    UNIQUE (student_id, other_student_id)
)@strict@;
CREATE INDEX duplicate_case_by_state ON duplicate_case (state, id);
CREATE INDEX duplicate_case_by_other ON duplicate_case (other_student_id);

-- Photos in bulk: the archive lies in a file until the end; of a row only numbers and codes stay.
CREATE TABLE photo_import (
    id @id@,
    by_account_id @bigint@ NOT NULL REFERENCES account (id),
    created_at @bigint@ NOT NULL,
    source @text@ NOT NULL CHECK (source IN ('id_photo', 'photos')),
    state @text@ NOT NULL CHECK (state IN
        ('checking', 'checked', 'running', 'done', 'cancelled', 'expired', 'failed')),
    total @bigint@ NOT NULL,
    finished_at @bigint@,
    slice_until @bigint@ NOT NULL DEFAULT 0,
    told_at @bigint@ NOT NULL DEFAULT 0
)@strict@;
CREATE INDEX photo_import_by_state ON photo_import (state, id);

CREATE TABLE photo_import_row (
    id @id@,
    import_id @bigint@ NOT NULL REFERENCES photo_import (id),
    student_number @text@ NOT NULL,
    student_id @bigint@ REFERENCES student (id),
    source @text@ NOT NULL CHECK (source IN ('id_photo', 'photos')),
    files @text@ NOT NULL,
    checked @bool@ NOT NULL DEFAULT 0,
    finished @bool@ NOT NULL DEFAULT 0,
    tries @bigint@ NOT NULL DEFAULT 0,
    result @text@,
    detail @text@
)@strict@;
CREATE INDEX photo_import_row_by_import ON photo_import_row (import_id, id);

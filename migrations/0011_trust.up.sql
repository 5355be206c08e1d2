-- Trust in recognition: corrections counted once per mark, and the school's own threshold.

-- A mark by a face that was the wrong person's. One row per event of the register, so that saying it
-- twice does not count twice.
CREATE TABLE mark_correction (
    event_id @bigint@ PRIMARY KEY REFERENCES attendance_event (id),
    student_id @bigint@ NOT NULL REFERENCES student (id),
    actual_student_id @bigint@ REFERENCES student (id),
    by_account_id @bigint@ REFERENCES account (id),
    at @bigint@ NOT NULL
)@strict@;
CREATE INDEX mark_correction_by_student ON mark_correction (student_id);
CREATE INDEX mark_correction_by_actual ON mark_correction (actual_student_id);

-- At most one row: what the school asks of a similarity, when that is more than the models ask.
CREATE TABLE school_threshold (
    id @bigint@ PRIMARY KEY CHECK (id = 1),
    threshold @f64@ NOT NULL,
    set_by @bigint@ NOT NULL REFERENCES account (id),
    set_at @bigint@ NOT NULL
)@strict@;

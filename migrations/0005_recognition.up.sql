-- Recognition: more ways to know who was there, what a decision rested on, and a log of decisions.

-- The column is made anew because its list of ways grows.
ALTER TABLE attendance_record ADD COLUMN method_new @text@ CHECK (method_new IN
    ('face', 'kiosk', 'self', 'class_photo', 'qr', 'pin', 'manual', 'device', 'import', 'close'));
UPDATE attendance_record SET method_new = method;
ALTER TABLE attendance_record DROP COLUMN method;
ALTER TABLE attendance_record RENAME COLUMN method_new TO method;

ALTER TABLE attendance_event ADD COLUMN method_new @text@ NOT NULL DEFAULT 'manual'
    CHECK (method_new IN
    ('face', 'kiosk', 'self', 'class_photo', 'qr', 'pin', 'manual', 'device', 'import', 'close'));
UPDATE attendance_event SET method_new = method;
ALTER TABLE attendance_event DROP COLUMN method;
ALTER TABLE attendance_event RENAME COLUMN method_new TO method;
ALTER TABLE attendance_event ADD COLUMN quality @f64@;
ALTER TABLE attendance_event ADD COLUMN liveness @f64@;
ALTER TABLE attendance_event ADD COLUMN device_id @bigint@;

-- The verification log: one row per decision, numbers only, trimmed after a set number of days.
CREATE TABLE recognition (
    id @id@,
    at @bigint@ NOT NULL,
    way @text@ NOT NULL,
    session_id @bigint@ REFERENCES session (id),
    student_id @bigint@ REFERENCES student (id),
    decision @text@ NOT NULL,
    similarity @f64@,
    threshold @f64@,
    margin @f64@,
    quality @f64@,
    liveness @f64@,
    model @text@ NOT NULL,
    policy @text@ NOT NULL,
    ms @f64@ NOT NULL
)@strict@;
CREATE INDEX recognition_by_time ON recognition (at);
CREATE INDEX recognition_by_student ON recognition (student_id, at);

-- Two students whom the engine must keep apart with more care: they look alike, or one was once
-- taken for the other. `a` is the smaller id; without `b`: student `a` was named for
-- somebody of whom only that is known.
CREATE TABLE strict_pair (
    id @id@,
    a_student_id @bigint@ NOT NULL REFERENCES student (id),
    b_student_id @bigint@ REFERENCES student (id),
    reason @text@ NOT NULL CHECK (reason IN ('look_alike', 'correction')),
    similarity @f64@,
    times @bigint@ NOT NULL DEFAULT 1,
    second_factor @bool@ NOT NULL DEFAULT 0,
    seen_by @bigint@ REFERENCES account (id),
    created_at @bigint@ NOT NULL,
    updated_at @bigint@ NOT NULL,
    UNIQUE (a_student_id, b_student_id, reason)
)@strict@;
CREATE INDEX strict_pair_by_other ON strict_pair (b_student_id);

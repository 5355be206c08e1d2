-- Attendance: raw events, append-only, and the one record per student and session they lead to.

CREATE TABLE attendance_record (
    id @id@,
    session_id @bigint@ NOT NULL REFERENCES session (id),
    student_id @bigint@ NOT NULL REFERENCES student (id),
    status @text@ NOT NULL CHECK (status IN ('present', 'late', 'absent', 'excused', 'unmarked')),
    method @text@ CHECK (method IN ('face', 'manual', 'close')),
    marked_at @bigint@,
    minutes_late @bigint@,
    similarity @f64@,
    margin @f64@,
    threshold @f64@,
    marked_by @bigint@ REFERENCES account (id),
    note @text@,
    last_event_id @bigint@,
    version @bigint@ NOT NULL DEFAULT 1,
    UNIQUE (session_id, student_id)
)@strict@;
CREATE INDEX attendance_record_by_student ON attendance_record (student_id, session_id);

-- kind: mark, change, undo (takes back the event `undoes`), close. Never updated, never deleted.
CREATE TABLE attendance_event (
    id @id@,
    session_id @bigint@ NOT NULL REFERENCES session (id),
    student_id @bigint@ NOT NULL REFERENCES student (id),
    at @bigint@ NOT NULL,
    kind @text@ NOT NULL CHECK (kind IN ('mark', 'change', 'undo', 'close')),
    method @text@ NOT NULL CHECK (method IN ('face', 'manual', 'close')),
    status_before @text@ NOT NULL,
    status_after @text@ NOT NULL,
    minutes_late @bigint@,
    similarity @f64@,
    margin @f64@,
    threshold @f64@,
    model @text@,
    by_account_id @bigint@ REFERENCES account (id),
    note @text@,
    request_id @text@ NOT NULL,
    undoes @bigint@ REFERENCES attendance_event (id),
    UNIQUE (undoes)
)@strict@;
CREATE INDEX attendance_event_by_mark ON attendance_event (session_id, student_id, id);

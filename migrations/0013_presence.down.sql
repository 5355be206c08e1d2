-- What the older form cannot say becomes the nearest thing that it can.
DROP INDEX attendance_event_by_student;
DROP INDEX attendance_event_by_seq;
DROP INDEX attendance_event_by_uid;
DROP INDEX attendance_event_by_mark;
UPDATE attendance_event SET undoes = NULL WHERE undoes IN
    (SELECT id FROM attendance_event WHERE student_id IS NULL OR kind = 'excuse');
DELETE FROM mark_correction WHERE event_id IN
    (SELECT id FROM attendance_event WHERE student_id IS NULL OR kind = 'excuse');
DELETE FROM attendance_event WHERE student_id IS NULL OR kind = 'excuse';
ALTER TABLE attendance_event DROP COLUMN hash;
ALTER TABLE attendance_event DROP COLUMN prev_hash;
ALTER TABLE attendance_event DROP COLUMN note_hash;
ALTER TABLE attendance_event DROP COLUMN note_salt;
ALTER TABLE attendance_event DROP COLUMN justification_id;
ALTER TABLE attendance_event DROP COLUMN client;
ALTER TABLE attendance_event DROP COLUMN covers_to;
ALTER TABLE attendance_event DROP COLUMN covers_from;
ALTER TABLE attendance_event DROP COLUMN code;
ALTER TABLE attendance_event DROP COLUMN said;
ALTER TABLE attendance_event DROP COLUMN facts;
ALTER TABLE attendance_event DROP COLUMN direction;
ALTER TABLE attendance_event DROP COLUMN client_at;
ALTER TABLE attendance_event DROP COLUMN occurred_at;
ALTER TABLE attendance_event DROP COLUMN seq;
ALTER TABLE attendance_event DROP COLUMN uid;
ALTER TABLE attendance_event ADD COLUMN student_old @bigint@ REFERENCES student (id);
UPDATE attendance_event SET student_old = student_id;
ALTER TABLE attendance_event DROP COLUMN student_id;
ALTER TABLE attendance_event RENAME COLUMN student_old TO student_id;
ALTER TABLE attendance_event ADD COLUMN method_old @text@ NOT NULL DEFAULT 'manual'
    CHECK (method_old IN
    ('face', 'kiosk', 'self', 'class_photo', 'qr', 'pin', 'manual', 'device', 'import', 'close'));
UPDATE attendance_event SET method_old =
    CASE WHEN method = 'justification' THEN 'manual' ELSE method END;
ALTER TABLE attendance_event DROP COLUMN method;
ALTER TABLE attendance_event RENAME COLUMN method_old TO method;
ALTER TABLE attendance_event ADD COLUMN kind_old @text@ NOT NULL DEFAULT 'mark'
    CHECK (kind_old IN ('mark', 'change', 'undo', 'close'));
UPDATE attendance_event SET kind_old = CASE WHEN kind = 'check' THEN 'mark' ELSE kind END;
ALTER TABLE attendance_event DROP COLUMN kind;
ALTER TABLE attendance_event RENAME COLUMN kind_old TO kind;
CREATE INDEX attendance_event_by_mark ON attendance_event (session_id, student_id, id);

ALTER TABLE attendance_record DROP COLUMN minutes_present;
ALTER TABLE attendance_record DROP COLUMN out_at;
ALTER TABLE attendance_record DROP COLUMN in_at;
ALTER TABLE attendance_record DROP COLUMN reason;
ALTER TABLE attendance_record DROP COLUMN derived;
ALTER TABLE attendance_record DROP COLUMN weight;
ALTER TABLE attendance_record DROP COLUMN code;
ALTER TABLE attendance_record ADD COLUMN method_old @text@ CHECK (method_old IN
    ('face', 'kiosk', 'self', 'class_photo', 'qr', 'pin', 'manual', 'device', 'import', 'close'));
UPDATE attendance_record SET method_old =
    CASE WHEN method = 'justification' THEN 'manual' ELSE method END;
ALTER TABLE attendance_record DROP COLUMN method;
ALTER TABLE attendance_record RENAME COLUMN method_old TO method;
ALTER TABLE attendance_record ADD COLUMN status_old @text@ NOT NULL DEFAULT 'unmarked'
    CHECK (status_old IN ('present', 'late', 'absent', 'excused', 'unmarked'));
UPDATE attendance_record SET status_old =
    CASE WHEN status IN ('partial', 'left_early', 'remote') THEN 'present' ELSE status END;
ALTER TABLE attendance_record DROP COLUMN status;
ALTER TABLE attendance_record RENAME COLUMN status_old TO status;

ALTER TABLE session DROP COLUMN ledger_hash;
ALTER TABLE session DROP COLUMN ledger_seq;
ALTER TABLE session DROP COLUMN min_minutes;
ALTER TABLE session DROP COLUMN check_out;
ALTER TABLE session DROP COLUMN ways;
DROP TABLE presence_policy;
DROP INDEX status_code_default;
DROP TABLE status_code;

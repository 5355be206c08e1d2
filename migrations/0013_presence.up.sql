-- Presence: the school's status codes, what counts as a check-in, and the ledger of raw events.

-- What a record says, in the school's own letters; the categories are fixed. One code of each
-- category is the one that the rules give. Weight: thousandths of a session attended.
CREATE TABLE status_code (
    id @id@,
    code @text@ NOT NULL UNIQUE,
    category @text@ NOT NULL CHECK (category IN
        ('present', 'late', 'partial', 'left_early', 'excused', 'absent', 'remote')),
    label_en @text@ NOT NULL,
    label_fr @text@ NOT NULL,
    label_ar @text@ NOT NULL,
    colour @text@ NOT NULL,
    weight @bigint@ NOT NULL CHECK (weight BETWEEN 0 AND 1000),
    is_default @bool@ NOT NULL DEFAULT 0,
    position @bigint@ NOT NULL DEFAULT 0,
    archived @bool@ NOT NULL DEFAULT 0,
    version @bigint@ NOT NULL DEFAULT 1
)@strict@;
CREATE UNIQUE INDEX status_code_default ON status_code (category) WHERE is_default = 1;

INSERT INTO status_code (code, category, label_en, label_fr, label_ar, colour, weight, is_default,
                         position) VALUES
    ('P', 'present', 'Present', 'Présent', 'حاضر', '#15803d', 1000, 1, 1),
    ('L', 'late', 'Late', 'En retard', 'متأخر', '#b45309', 1000, 1, 2),
    ('PA', 'partial', 'Partly present', 'Présence partielle', 'حضور جزئي', '#a16207', 500, 1, 3),
    ('LE', 'left_early', 'Left early', 'Parti avant la fin', 'غادر مبكرا', '#c2410c', 1000, 1, 4),
    ('E', 'excused', 'Excused', 'Excusé', 'غياب مبرر', '#1d4ed8', 0, 1, 5),
    ('A', 'absent', 'Absent', 'Absent', 'غائب', '#b91c1c', 0, 1, 6),
    ('R', 'remote', 'Present remotely', 'Présent à distance', 'حاضر عن بعد', '#0f766e', 1000, 1, 7);

-- What the school asks of a check-in, by kind of session; 'any' holds for kinds without a row.
-- Null minutes: the server's options. `ways`: src/presence/ways.h.
CREATE TABLE presence_policy (
    id @id@,
    kind @text@ NOT NULL UNIQUE CHECK (kind IN ('any', 'course', 'lab', 'workshop', 'exam')),
    ways @text@ NOT NULL,
    open_before_min @bigint@,
    late_after_min @bigint@,
    absent_after_min @bigint@,
    check_out @bool@ NOT NULL DEFAULT 0,
    min_minutes @bigint@ NOT NULL DEFAULT 0,
    version @bigint@ NOT NULL DEFAULT 1
)@strict@;

-- A session carries the policy it was planned with.
ALTER TABLE session ADD COLUMN ways @text@ NOT NULL DEFAULT 'any';
ALTER TABLE session ADD COLUMN check_out @bool@ NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN min_minutes @bigint@ NOT NULL DEFAULT 0;
-- The ledger's last link: number and hash of the newest event of the session.
ALTER TABLE session ADD COLUMN ledger_seq @bigint@ NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN ledger_hash @text@ NOT NULL DEFAULT '';

-- The record: columns with longer lists are made anew.
ALTER TABLE attendance_record ADD COLUMN status_new @text@ NOT NULL DEFAULT 'unmarked'
    CHECK (status_new IN ('present', 'late', 'partial', 'left_early', 'excused', 'absent',
                          'remote', 'unmarked'));
UPDATE attendance_record SET status_new = status;
ALTER TABLE attendance_record DROP COLUMN status;
ALTER TABLE attendance_record RENAME COLUMN status_new TO status;
ALTER TABLE attendance_record ADD COLUMN method_new @text@ CHECK (method_new IN
    ('face', 'kiosk', 'self', 'class_photo', 'qr', 'pin', 'manual', 'device', 'import', 'close',
     'justification'));
UPDATE attendance_record SET method_new = method;
ALTER TABLE attendance_record DROP COLUMN method;
ALTER TABLE attendance_record RENAME COLUMN method_new TO method;
-- Null code: the default of the category. `derived`: what the rules say when a person says
-- otherwise. `reason`: why the record says what it says (src/presence/presence.h).
ALTER TABLE attendance_record ADD COLUMN code @text@;
ALTER TABLE attendance_record ADD COLUMN weight @bigint@ NOT NULL DEFAULT 0;
ALTER TABLE attendance_record ADD COLUMN derived @text@;
ALTER TABLE attendance_record ADD COLUMN reason @text@;
ALTER TABLE attendance_record ADD COLUMN in_at @bigint@;
ALTER TABLE attendance_record ADD COLUMN out_at @bigint@;
ALTER TABLE attendance_record ADD COLUMN minutes_present @bigint@;
UPDATE attendance_record SET weight = 1000 WHERE status IN ('present', 'late');

-- Raw events. kind: check (seen by a way), mark and change (a person's word), undo, close (counted
-- absent at the closing), excuse (an approved justification); of the register as a whole, without
-- student: opened, closed, reopened, confirmed. `seq` and `hash` chain the events of a session in
-- the order of their arrival; events from before the ledger have none. `occurred_at`: when it was,
-- `at`: when it was written down.
DROP INDEX attendance_event_by_mark;
ALTER TABLE attendance_event ADD COLUMN kind_new @text@ NOT NULL DEFAULT 'mark' CHECK (kind_new IN
    ('check', 'mark', 'change', 'undo', 'close', 'excuse', 'opened', 'closed', 'reopened',
     'confirmed'));
UPDATE attendance_event SET kind_new = kind;
ALTER TABLE attendance_event DROP COLUMN kind;
ALTER TABLE attendance_event RENAME COLUMN kind_new TO kind;
ALTER TABLE attendance_event ADD COLUMN method_new @text@ NOT NULL DEFAULT 'manual'
    CHECK (method_new IN
    ('face', 'kiosk', 'self', 'class_photo', 'qr', 'pin', 'manual', 'device', 'import', 'close',
     'justification'));
UPDATE attendance_event SET method_new = method;
ALTER TABLE attendance_event DROP COLUMN method;
ALTER TABLE attendance_event RENAME COLUMN method_new TO method;
ALTER TABLE attendance_event ADD COLUMN student_new @bigint@ REFERENCES student (id);
UPDATE attendance_event SET student_new = student_id;
ALTER TABLE attendance_event DROP COLUMN student_id;
ALTER TABLE attendance_event RENAME COLUMN student_new TO student_id;
ALTER TABLE attendance_event ADD COLUMN uid @text@;
ALTER TABLE attendance_event ADD COLUMN seq @bigint@;
ALTER TABLE attendance_event ADD COLUMN occurred_at @bigint@ NOT NULL DEFAULT 0;
ALTER TABLE attendance_event ADD COLUMN client_at @bigint@;
ALTER TABLE attendance_event ADD COLUMN direction @text@ NOT NULL DEFAULT 'in'
    CHECK (direction IN ('in', 'out', 'unknown'));
ALTER TABLE attendance_event ADD COLUMN facts @bigint@ NOT NULL DEFAULT 0;
-- Of a word: the status that the person gave. The record may say more: an excuse covers it.
ALTER TABLE attendance_event ADD COLUMN said @text@;
ALTER TABLE attendance_event ADD COLUMN code @text@;
-- Of an excuse: the part of the session that it covers; null: all of it.
ALTER TABLE attendance_event ADD COLUMN covers_from @bigint@;
ALTER TABLE attendance_event ADD COLUMN covers_to @bigint@;
ALTER TABLE attendance_event ADD COLUMN client @text@;
ALTER TABLE attendance_event ADD COLUMN justification_id @bigint@;
-- The hash of a note is of the salt and the note: with both erased nothing can be guessed from it.
ALTER TABLE attendance_event ADD COLUMN note_salt @text@;
ALTER TABLE attendance_event ADD COLUMN note_hash @text@;
ALTER TABLE attendance_event ADD COLUMN prev_hash @text@;
ALTER TABLE attendance_event ADD COLUMN hash @text@;
UPDATE attendance_event SET occurred_at = at;
CREATE INDEX attendance_event_by_mark ON attendance_event (session_id, student_id, id);
CREATE UNIQUE INDEX attendance_event_by_uid ON attendance_event (uid);
CREATE UNIQUE INDEX attendance_event_by_seq ON attendance_event (session_id, seq);
CREATE INDEX attendance_event_by_student ON attendance_event (student_id, occurred_at);

-- A school of thousands: what is looked at all day is read from few pages.

-- A student's year, and the alerts made of it, are read from this index alone: the records
-- themselves lie on as many pages as there are sessions.
DROP INDEX attendance_record_by_student;
CREATE INDEX attendance_record_by_student
    ON attendance_record (student_id, session_id, status, weight, method);

-- The few who are archived, to leave them out of counts without looking at everybody.
CREATE INDEX student_archived ON student (archived, id) WHERE archived = 1;

-- Registers that are not taken yet, among all those that are.
CREATE INDEX session_unfinished ON session (starts_at, id) WHERE state IN ('scheduled', 'open');

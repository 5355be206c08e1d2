-- A student's year, and the alerts made of it, are read from this index alone: the records
-- themselves lie on as many pages as there are sessions.
DROP INDEX attendance_record_by_student;
CREATE INDEX attendance_record_by_student
    ON attendance_record (student_id, session_id, status, weight, method);

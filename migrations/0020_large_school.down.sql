DROP INDEX session_unfinished;
DROP INDEX student_archived;
DROP INDEX attendance_record_by_student;
CREATE INDEX attendance_record_by_student ON attendance_record (student_id, session_id);

DROP INDEX attendance_record_by_student;
CREATE INDEX attendance_record_by_student ON attendance_record (student_id, session_id);

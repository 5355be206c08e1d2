DROP TABLE attendance_event;
DROP TABLE attendance_record;

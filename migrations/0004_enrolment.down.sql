DROP TABLE face_template;
DROP TABLE student_key;
DROP TABLE consent;

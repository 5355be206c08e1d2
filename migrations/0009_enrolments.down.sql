DROP TABLE photo_import_row;
DROP TABLE photo_import;
DROP TABLE duplicate_case;
DROP TABLE enrolment_history;
ALTER TABLE face_template DROP COLUMN assurance;
ALTER TABLE face_template DROP COLUMN pose;

DROP TABLE departure;
DROP TABLE retention_run;
DROP TABLE deletion_certificate;
DROP TABLE master_key;

ALTER TABLE consent DROP COLUMN of_age;
ALTER TABLE consent DROP COLUMN text_hash;
ALTER TABLE consent DROP COLUMN channel;

ALTER TABLE consent ADD COLUMN state_old @text@ NOT NULL DEFAULT 'withdrawn'
    CHECK (state_old IN ('given', 'withdrawn'));
UPDATE consent SET state_old = state WHERE state = 'given';
ALTER TABLE consent DROP COLUMN state;
ALTER TABLE consent RENAME COLUMN state_old TO state;

ALTER TABLE consent ADD COLUMN given_by_old @text@ NOT NULL DEFAULT 'student'
    CHECK (given_by_old IN ('student', 'guardian'));
UPDATE consent SET given_by_old = given_by WHERE given_by = 'guardian';
ALTER TABLE consent DROP COLUMN given_by;
ALTER TABLE consent RENAME COLUMN given_by_old TO given_by;

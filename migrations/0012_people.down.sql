ALTER TABLE room DROP COLUMN radius_m;
ALTER TABLE room DROP COLUMN longitude;
ALTER TABLE room DROP COLUMN latitude;
ALTER TABLE room DROP COLUMN network;
DROP TABLE guardian_past;
DROP TABLE guardian;
-- Whoever was a guardian stays an account that sees nothing.
ALTER TABLE account ADD COLUMN role_old @text@ NOT NULL DEFAULT 'student'
    CHECK (role_old IN ('admin', 'trainer', 'student'));
UPDATE account SET active = 0 WHERE role = 'guardian';
UPDATE account SET role_old = role WHERE role <> 'guardian';
ALTER TABLE account DROP COLUMN role;
ALTER TABLE account RENAME COLUMN role_old TO role;

DROP TABLE offline_event;
DROP TABLE offline_client;
DROP TABLE punch;
DROP TABLE pin_failure;
DROP TABLE code_use;
DROP TABLE session_secret;
-- The older program knows no readers: theirs stay, as kiosks that nobody can sign in as.
ALTER TABLE device ADD COLUMN kind_old @text@ NOT NULL DEFAULT 'kiosk' CHECK (kind_old IN ('kiosk'));
UPDATE device SET revoked_at = updated_at WHERE kind = 'reader' AND revoked_at IS NULL;
ALTER TABLE device DROP COLUMN kind;
ALTER TABLE device RENAME COLUMN kind_old TO kind;

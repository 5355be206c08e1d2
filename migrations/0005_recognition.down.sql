DROP TABLE strict_pair;
DROP TABLE recognition;
ALTER TABLE attendance_event DROP COLUMN device_id;
ALTER TABLE attendance_event DROP COLUMN liveness;
ALTER TABLE attendance_event DROP COLUMN quality;

-- What the older program does not know is told as the nearest way it knows.
ALTER TABLE attendance_event ADD COLUMN method_old @text@ NOT NULL DEFAULT 'manual'
    CHECK (method_old IN ('face', 'manual', 'close'));
UPDATE attendance_event SET method_old = CASE
    WHEN method IN ('face', 'kiosk', 'self', 'class_photo') THEN 'face'
    WHEN method = 'close' THEN 'close' ELSE 'manual' END;
ALTER TABLE attendance_event DROP COLUMN method;
ALTER TABLE attendance_event RENAME COLUMN method_old TO method;

ALTER TABLE attendance_record ADD COLUMN method_old @text@
    CHECK (method_old IN ('face', 'manual', 'close'));
UPDATE attendance_record SET method_old = CASE
    WHEN method IN ('face', 'kiosk', 'self', 'class_photo') THEN 'face'
    WHEN method = 'close' THEN 'close' WHEN method IS NULL THEN NULL ELSE 'manual' END;
ALTER TABLE attendance_record DROP COLUMN method;
ALTER TABLE attendance_record RENAME COLUMN method_old TO method;

-- In which room a device stood when: a reader that is moved to another room still tells, hours later,
-- who was at the old door. Of moves before this was written down nothing is known.
CREATE TABLE device_room (
    device_id @bigint@ NOT NULL REFERENCES device (id),
    since_at @bigint@ NOT NULL,
    room_id @bigint@ NOT NULL REFERENCES room (id),
    PRIMARY KEY (device_id, since_at)
)@strict@;
INSERT INTO device_room (device_id, since_at, room_id) SELECT id, created_at, room_id FROM device;

-- Devices that act for the school without a person: kiosks, each for one room. Of the token and of
-- the browser's cookie only hashes are kept. `epoch` grows with every sign-in, rotation and
-- revocation; a stream that was opened before ends.
CREATE TABLE device (
    id @id@,
    kind @text@ NOT NULL CHECK (kind IN ('kiosk')),
    name @text@ NOT NULL,
    name_norm @text@ NOT NULL,
    room_id @bigint@ NOT NULL REFERENCES room (id),
    network @text@,
    token_hash @text@ NOT NULL UNIQUE,
    cookie_hash @text@ UNIQUE,
    epoch @bigint@ NOT NULL DEFAULT 1,
    last_seen_at @bigint@,
    revoked_at @bigint@,
    created_by @bigint@ REFERENCES account (id),
    created_at @bigint@ NOT NULL,
    updated_at @bigint@ NOT NULL,
    version @bigint@ NOT NULL DEFAULT 1
)@strict@;
CREATE INDEX device_by_name ON device (name_norm, id);
CREATE INDEX device_by_room ON device (room_id);

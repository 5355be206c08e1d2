-- Checking in without a face: rotating codes, PINs, devices that punch, and clients without network.

-- The secret that a session's rotating codes and PINs are made from; made when first shown.
-- `client_key` hides the marks of browsers: they can be compared within the session only.
CREATE TABLE session_secret (
    session_id @bigint@ PRIMARY KEY REFERENCES session (id),
    secret @blob@ NOT NULL,
    client_key @blob@ NOT NULL,
    created_at @bigint@ NOT NULL
)@strict@;

-- A code counts once for each student.
CREATE TABLE code_use (
    id @id@,
    session_id @bigint@ NOT NULL REFERENCES session (id),
    student_id @bigint@ NOT NULL REFERENCES student (id),
    slot @bigint@ NOT NULL,
    at @bigint@ NOT NULL,
    UNIQUE (session_id, student_id, slot)
)@strict@;

-- Wrong PINs, so that nobody can try them all.
CREATE TABLE pin_failure (
    session_id @bigint@ NOT NULL REFERENCES session (id),
    student_id @bigint@ NOT NULL REFERENCES student (id),
    failed @bigint@ NOT NULL,
    last_at @bigint@ NOT NULL,
    PRIMARY KEY (session_id, student_id)
)@strict@;

-- What a reader at a door said: kept as it came, once per device, person and time. `session_id`
-- and `event_uid`: what it became; null: nothing yet, `outcome` says why. `early`: of a time before
-- the device was registered.
CREATE TABLE punch (
    id @id@,
    device_id @bigint@ NOT NULL REFERENCES device (id),
    identifier @text@ NOT NULL,
    punched_at @bigint@ NOT NULL,
    direction @text@ NOT NULL CHECK (direction IN ('in', 'out', 'unknown')),
    received_at @bigint@ NOT NULL,
    student_id @bigint@ REFERENCES student (id),
    session_id @bigint@ REFERENCES session (id),
    event_uid @text@,
    outcome @text@ NOT NULL,
    early @bool@ NOT NULL DEFAULT 0,
    UNIQUE (device_id, identifier, punched_at)
)@strict@;
CREATE INDEX punch_waiting ON punch (punched_at) WHERE event_uid IS NULL;
CREATE INDEX punch_by_outcome ON punch (outcome, id);
CREATE INDEX punch_by_student ON punch (student_id, punched_at);

-- Readers are devices too; they have no screen and may stand anywhere.
ALTER TABLE device ADD COLUMN kind_new @text@ NOT NULL DEFAULT 'kiosk'
    CHECK (kind_new IN ('kiosk', 'reader'));
UPDATE device SET kind_new = kind;
ALTER TABLE device DROP COLUMN kind;
ALTER TABLE device RENAME COLUMN kind_new TO kind;

-- Clients that go on without network: the key that signs their events, wrapped by the master key
-- together with the handle. A revoked client has no key any more.
CREATE TABLE offline_client (
    id @id@,
    account_id @bigint@ REFERENCES account (id),
    device_id @bigint@ REFERENCES device (id),
    name @text@ NOT NULL,
    handle @text@ NOT NULL UNIQUE,
    master_key_id @text@,
    wrapped @blob@,
    created_at @bigint@ NOT NULL,
    last_seen_at @bigint@,
    revoked_at @bigint@
)@strict@;
CREATE INDEX offline_client_by_account ON offline_client (account_id, id);
CREATE INDEX offline_client_by_device ON offline_client (device_id, id);
CREATE INDEX offline_client_by_key ON offline_client (master_key_id, id);

-- What each event of a batch became, so that a batch sent twice is answered the same. `at`: when it
-- was, by the server's clock; null: its time made no sense.
CREATE TABLE offline_event (
    client_id @bigint@ NOT NULL REFERENCES offline_client (id),
    uid @text@ NOT NULL,
    fingerprint @text@ NOT NULL,
    outcome @text@ NOT NULL,
    reason @text@ NOT NULL,
    at @bigint@,
    received_at @bigint@ NOT NULL,
    PRIMARY KEY (client_id, uid)
)@strict@;

-- Accounts: who may sign in, their logins (refresh-token families) and what guards them.

CREATE TABLE account (
    id @id@,
    email @text@ NOT NULL,
    email_norm @text@ NOT NULL UNIQUE,
    name @text@ NOT NULL,
    name_norm @text@ NOT NULL,
    role @text@ NOT NULL CHECK (role IN ('admin', 'trainer', 'student')),
    locale @text@ NOT NULL DEFAULT 'en',
    time_zone @text@ NOT NULL DEFAULT 'UTC',
    active @bool@ NOT NULL DEFAULT 1,
    archived @bool@ NOT NULL DEFAULT 0,
    password_hash @text@ NOT NULL,
    version @bigint@ NOT NULL DEFAULT 1,
    created_at @bigint@ NOT NULL,
    updated_at @bigint@ NOT NULL
)@strict@;
CREATE INDEX account_by_name ON account (name_norm, id);

CREATE TABLE login (
    id @id@,
    account_id @bigint@ NOT NULL REFERENCES account (id),
    created_at @bigint@ NOT NULL,
    last_used_at @bigint@ NOT NULL,
    expires_at @bigint@ NOT NULL,
    revoked_at @bigint@,
    ip @text@ NOT NULL,
    user_agent @text@ NOT NULL
)@strict@;
CREATE INDEX login_by_account ON login (account_id, last_used_at);

CREATE TABLE refresh_token (
    id @id@,
    login_id @bigint@ NOT NULL REFERENCES login (id),
    hash @text@ NOT NULL UNIQUE,
    created_at @bigint@ NOT NULL,
    used_at @bigint@
)@strict@;
CREATE INDEX refresh_token_by_login ON refresh_token (login_id);

-- Growing delay after wrong passwords, per account and per address; the subject is hashed.
CREATE TABLE login_delay (
    subject @text@ PRIMARY KEY,
    failures @bigint@ NOT NULL,
    last_at @bigint@ NOT NULL,
    blocked_until @bigint@ NOT NULL
)@strict@;

-- Answers to POSTs, kept a day, by the caller's Idempotency-Key. Status 0: still running.
CREATE TABLE idempotency (
    owner @text@ NOT NULL,
    idem_key @text@ NOT NULL,
    route_id @text@ NOT NULL,
    fingerprint @text@ NOT NULL,
    status @bigint@ NOT NULL,
    body @text@ NOT NULL,
    created_at @bigint@ NOT NULL,
    PRIMARY KEY (owner, idem_key)
)@strict@;
CREATE INDEX idempotency_by_age ON idempotency (created_at);

-- What happened, in order, for live clients to resume from. The counter hands out the numbers
-- inside the writing transaction, so they are visible in order on both engines.
CREATE TABLE event_counter (
    id @bigint@ PRIMARY KEY CHECK (id = 1),
    last @bigint@ NOT NULL
)@strict@;
INSERT INTO event_counter (id, last) VALUES (1, 0);

CREATE TABLE event (
    id @bigint@ PRIMARY KEY,
    at @bigint@ NOT NULL,
    name @text@ NOT NULL,
    data @text@ NOT NULL,
    trainer_id @bigint@ NOT NULL DEFAULT 0,
    student_id @bigint@ NOT NULL DEFAULT 0,
    account_id @bigint@ NOT NULL DEFAULT 0
)@strict@;
CREATE INDEX event_by_age ON event (at);

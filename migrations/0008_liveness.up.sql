-- Liveness: how much of it each way of checking in asks for, and the sessions in which it was shown.

-- A rule of the school; kind 'any' holds for every kind of session without a rule of its own.
CREATE TABLE liveness_policy (
    id @id@,
    way @text@ NOT NULL CHECK (way IN ('face', 'kiosk', 'self', 'class_photo')),
    session_kind @text@ NOT NULL
        CHECK (session_kind IN ('any', 'course', 'lab', 'workshop', 'exam')),
    level @text@ NOT NULL CHECK (level IN ('off', 'passive', 'challenge')),
    updated_at @bigint@ NOT NULL,
    updated_by @bigint@ NOT NULL REFERENCES account (id),
    UNIQUE (way, session_kind)
)@strict@;

-- What was asked and how it ended: numbers only, no frame and no template. The nonce is a hash.
CREATE TABLE liveness_session (
    id @id@,
    student_id @bigint@ NOT NULL REFERENCES student (id),
    session_id @bigint@ REFERENCES session (id),
    purpose @text@ NOT NULL CHECK (purpose IN ('check_in', 'test')),
    policy @text@ NOT NULL,
    challenges @text@ NOT NULL,
    nonce_hash @text@ NOT NULL,
    state @text@ NOT NULL CHECK (state IN ('pending', 'passed', 'failed', 'expired')),
    result @text@,
    outcome @text@,
    created_at @bigint@ NOT NULL,
    expires_at @bigint@ NOT NULL,
    finished_at @bigint@
)@strict@;
CREATE UNIQUE INDEX liveness_session_in_flight ON liveness_session (student_id)
    WHERE state = 'pending';
CREATE INDEX liveness_session_by_student ON liveness_session (student_id, created_at);
CREATE INDEX liveness_session_by_time ON liveness_session (created_at);

-- How often a student's check-in was refused, and how often since it last worked.
CREATE TABLE liveness_failure (
    student_id @bigint@ PRIMARY KEY REFERENCES student (id),
    failed @bigint@ NOT NULL,
    in_a_row @bigint@ NOT NULL,
    last_at @bigint@ NOT NULL
)@strict@;

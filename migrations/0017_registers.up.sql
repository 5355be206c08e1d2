-- Registers: marks that are disputed, registers handed over, and what should be looked at.

-- A student says that a mark is wrong; who runs the session, or an admin, answers.
CREATE TABLE dispute (
    id @id@,
    session_id @bigint@ NOT NULL REFERENCES session (id),
    student_id @bigint@ NOT NULL REFERENCES student (id),
    claimed @text@ NOT NULL CHECK (claimed IN
        ('present', 'late', 'partial', 'left_early', 'excused', 'remote')),
    status_then @text@ NOT NULL,
    message @text@ NOT NULL,
    state @text@ NOT NULL DEFAULT 'open'
        CHECK (state IN ('open', 'accepted', 'rejected', 'withdrawn')),
    answer @text@,
    decided_status @text@,
    decided_by @bigint@ REFERENCES account (id),
    decided_at @bigint@,
    created_at @bigint@ NOT NULL,
    version @bigint@ NOT NULL DEFAULT 1
)@strict@;
CREATE UNIQUE INDEX dispute_open ON dispute (session_id, student_id) WHERE state = 'open';
CREATE INDEX dispute_by_state ON dispute (state, created_at);
CREATE INDEX dispute_by_student ON dispute (student_id, created_at);

-- Who was told that a register was not taken: 'trainer' soon after the end, 'admins' a day later.
CREATE TABLE register_told (
    session_id @bigint@ NOT NULL REFERENCES session (id),
    who @text@ NOT NULL CHECK (who IN ('trainer', 'admins')),
    at @bigint@ NOT NULL,
    PRIMARY KEY (session_id, who)
)@strict@;

-- Who gave a register to whom.
CREATE TABLE hand_over (
    id @id@,
    session_id @bigint@ NOT NULL REFERENCES session (id),
    from_trainer_id @bigint@ NOT NULL REFERENCES trainer (id),
    to_trainer_id @bigint@ NOT NULL REFERENCES trainer (id),
    reason @text@ NOT NULL,
    by_account_id @bigint@ NOT NULL REFERENCES account (id),
    at @bigint@ NOT NULL
)@strict@;
CREATE INDEX hand_over_by_session ON hand_over (session_id, at);

-- Something that a person should look at. It changes no mark. `subject`: what makes it one and the
-- same signal when it is seen again.
CREATE TABLE signal (
    id @id@,
    kind @text@ NOT NULL CHECK (kind IN ('shared_device', 'impossible_travel', 'duplicate',
                                         'liveness_failures', 'foreign_network', 'clock_skew')),
    subject @text@ NOT NULL UNIQUE,
    session_id @bigint@ REFERENCES session (id),
    student_id @bigint@ REFERENCES student (id),
    facts @text@ NOT NULL,
    times @bigint@ NOT NULL DEFAULT 1,
    state @text@ NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'harmless', 'confirmed')),
    outcome @text@,
    reviewed_by @bigint@ REFERENCES account (id),
    reviewed_at @bigint@,
    created_at @bigint@ NOT NULL,
    updated_at @bigint@ NOT NULL,
    version @bigint@ NOT NULL DEFAULT 1
)@strict@;
CREATE INDEX signal_by_state ON signal (state, updated_at);
CREATE INDEX signal_by_session ON signal (session_id);
CREATE INDEX signal_by_student ON signal (student_id);

-- How far the events were looked through for signals: the one row.
CREATE TABLE signal_progress (
    id @bigint@ PRIMARY KEY CHECK (id = 1),
    event_id @bigint@ NOT NULL
)@strict@;

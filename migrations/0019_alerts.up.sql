-- Alerts: a student's absences reached a step of the ladder, or make a pattern.

-- `subject` tells alerts of one kind apart (the weekday). The figures are those of the last
-- evaluation: of `counted` sessions (or days) `absences` were missed, from `since_at` to
-- `latest_at`; `share` is the share of absence.
CREATE TABLE alert (
    id @id@,
    student_id @bigint@ NOT NULL REFERENCES student (id),
    kind @text@ NOT NULL CHECK (kind IN ('ladder', 'consecutive', 'weekday', 'first_lesson')),
    level @text@ NOT NULL CHECK (level IN ('notice', 'warning', 'critical', 'failing')),
    subject @text@ NOT NULL,
    counted @bigint@ NOT NULL,
    absences @bigint@ NOT NULL,
    share @f64@ NOT NULL,
    weekday @bigint@ NOT NULL DEFAULT 0 CHECK (weekday BETWEEN 0 AND 7),
    since_at @bigint@ NOT NULL,
    latest_at @bigint@ NOT NULL,
    state @text@ NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'in_progress', 'closed')),
    owner_id @bigint@ REFERENCES account (id),
    trainer_id @bigint@ REFERENCES trainer (id),
    opened_at @bigint@ NOT NULL,
    updated_at @bigint@ NOT NULL,
    closed_at @bigint@,
    recovered @bool@ NOT NULL DEFAULT 0,
    version @bigint@ NOT NULL DEFAULT 1
)@strict@;
CREATE UNIQUE INDEX alert_open ON alert (student_id, kind, subject) WHERE state <> 'closed';
CREATE INDEX alert_by_age ON alert (opened_at, id);
CREATE INDEX alert_by_state ON alert (state, opened_at, id);
CREATE INDEX alert_by_student ON alert (student_id, opened_at);
CREATE INDEX alert_by_owner ON alert (owner_id, state);

-- Its history, with the figures of that time. Without an account: by the rules.
CREATE TABLE alert_step (
    id @id@,
    alert_id @bigint@ NOT NULL REFERENCES alert (id),
    at @bigint@ NOT NULL,
    by_account_id @bigint@ REFERENCES account (id),
    change @text@ NOT NULL CHECK (change IN
        ('opened', 'rose', 'fell', 'recovered', 'started', 'returned', 'assigned', 'closed', 'noted')),
    level @text@ NOT NULL,
    owner_id @bigint@ REFERENCES account (id),
    counted @bigint@ NOT NULL,
    absences @bigint@ NOT NULL,
    message @text@ NOT NULL DEFAULT ''
)@strict@;
CREATE INDEX alert_step_by_alert ON alert_step (alert_id, id);

-- Whose absences changed since the rules were last asked.
CREATE TABLE alert_due (
    student_id @bigint@ PRIMARY KEY REFERENCES student (id),
    since @bigint@ NOT NULL
)@strict@;

-- The newest event that made somebody due, and that of the look before: events in between are
-- looked at twice, since on PostgreSQL a smaller number may become visible later.
CREATE TABLE alert_mark (
    id @bigint@ PRIMARY KEY CHECK (id = 1),
    before_id @bigint@ NOT NULL,
    last_id @bigint@ NOT NULL
)@strict@;
INSERT INTO alert_mark (id, before_id, last_id) VALUES (1, 0, 0);

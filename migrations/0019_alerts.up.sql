-- Alerts: a student's absences reached a step of the ladder, or make a pattern.
CREATE TABLE alert (
    id @id@,
    student_id @bigint@ NOT NULL REFERENCES student (id),
    kind @text@ NOT NULL CHECK (kind IN ('ladder', 'consecutive', 'weekday', 'first_lesson')),
    level @text@ NOT NULL CHECK (level IN ('notice', 'warning', 'critical', 'failing')),
    subject @text@ NOT NULL,
    facts @text@ NOT NULL,
    state @text@ NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'in_progress', 'closed')),
    owner_id @bigint@ REFERENCES account (id),
    opened_at @bigint@ NOT NULL,
    updated_at @bigint@ NOT NULL,
    closed_at @bigint@,
    version @bigint@ NOT NULL DEFAULT 1
)@strict@;
CREATE UNIQUE INDEX alert_open ON alert (student_id, kind, subject) WHERE state <> 'closed';
CREATE INDEX alert_by_state ON alert (state, opened_at);
CREATE INDEX alert_by_student ON alert (student_id, opened_at);
CREATE INDEX alert_by_owner ON alert (owner_id, state);

CREATE TABLE alert_step (
    id @id@,
    alert_id @bigint@ NOT NULL REFERENCES alert (id),
    at @bigint@ NOT NULL,
    by_account_id @bigint@ REFERENCES account (id),
    change @text@ NOT NULL,
    message @text@ NOT NULL DEFAULT ''
)@strict@;
CREATE INDEX alert_step_by_alert ON alert_step (alert_id, id);

-- Whose absences changed since the rules were last asked.
CREATE TABLE alert_due (
    student_id @bigint@ PRIMARY KEY REFERENCES student (id),
    since @bigint@ NOT NULL
)@strict@;

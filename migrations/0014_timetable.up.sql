-- The timetable: weekly series with exceptions, holidays, requests, and what changed of a session.

-- Times of day are minutes after local midnight in `time_zone`; days are dates ("2026-09-07").
-- `weekdays`: bits, 1 = Monday … 64 = Sunday; every `every_weeks` weeks from the first day's week.
CREATE TABLE series (
    id @id@,
    module_id @bigint@ NOT NULL REFERENCES module (id),
    trainer_id @bigint@ NOT NULL REFERENCES trainer (id),
    room_id @bigint@ REFERENCES room (id),
    kind @text@ NOT NULL CHECK (kind IN ('course', 'lab', 'workshop', 'exam')),
    mode @text@ NOT NULL CHECK (mode IN ('in_person', 'remote', 'hybrid')),
    time_zone @text@ NOT NULL,
    first_day @text@ NOT NULL,
    last_day @text@ NOT NULL,
    weekdays @bigint@ NOT NULL CHECK (weekdays BETWEEN 1 AND 127),
    every_weeks @bigint@ NOT NULL DEFAULT 1 CHECK (every_weeks BETWEEN 1 AND 12),
    starts_min @bigint@ NOT NULL CHECK (starts_min BETWEEN 0 AND 1439),
    duration_min @bigint@ NOT NULL CHECK (duration_min BETWEEN 1 AND 1440),
    skip_holidays @bool@ NOT NULL DEFAULT 1,
    ended @bool@ NOT NULL DEFAULT 0,
    created_at @bigint@ NOT NULL,
    version @bigint@ NOT NULL DEFAULT 1
)@strict@;
CREATE INDEX series_by_module ON series (module_id);
CREATE INDEX series_by_trainer ON series (trainer_id);

CREATE TABLE series_group (
    series_id @bigint@ NOT NULL REFERENCES series (id),
    group_id @bigint@ NOT NULL REFERENCES class_group (id),
    PRIMARY KEY (series_id, group_id)
)@strict@;
CREATE INDEX series_group_by_group ON series_group (group_id);

-- A day on which the series does not take place, or was skipped for a holiday.
CREATE TABLE series_exception (
    series_id @bigint@ NOT NULL REFERENCES series (id),
    day @text@ NOT NULL,
    reason @text@ NOT NULL,
    PRIMARY KEY (series_id, day)
)@strict@;

-- First day and the day after the last one. `uid`: of the imported calendar's entry.
CREATE TABLE holiday (
    id @id@,
    name @text@ NOT NULL,
    from_day @text@ NOT NULL,
    to_day @text@ NOT NULL,
    uid @text@ UNIQUE,
    created_at @bigint@ NOT NULL,
    version @bigint@ NOT NULL DEFAULT 1,
    CHECK (to_day > from_day)
)@strict@;
CREATE INDEX holiday_by_day ON holiday (from_day);

-- `series_day`: the day of the series that this session is, also after it was moved. `detached`:
-- changed by itself, so changes of the whole series leave it alone. `planned_trainer_id`: whom a
-- substitute stands in for. `sequence`: how often calendars must take it anew.
ALTER TABLE session ADD COLUMN series_id @bigint@ REFERENCES series (id);
ALTER TABLE session ADD COLUMN series_day @text@;
ALTER TABLE session ADD COLUMN detached @bool@ NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN planned_trainer_id @bigint@ REFERENCES trainer (id);
ALTER TABLE session ADD COLUMN sequence @bigint@ NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN updated_at @bigint@ NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX session_by_series ON session (series_id, series_day);
CREATE INDEX session_by_planned_trainer ON session (planned_trainer_id, starts_at);

-- A trainer asks for a session; an admin makes it or says why not.
CREATE TABLE session_request (
    id @id@,
    trainer_id @bigint@ NOT NULL REFERENCES trainer (id),
    module_id @bigint@ NOT NULL REFERENCES module (id),
    room_id @bigint@ REFERENCES room (id),
    starts_at @bigint@ NOT NULL,
    ends_at @bigint@ NOT NULL,
    time_zone @text@ NOT NULL,
    kind @text@ NOT NULL CHECK (kind IN ('course', 'lab', 'workshop', 'exam')),
    mode @text@ NOT NULL CHECK (mode IN ('in_person', 'remote', 'hybrid')),
    message @text@ NOT NULL DEFAULT '',
    state @text@ NOT NULL DEFAULT 'pending'
        CHECK (state IN ('pending', 'approved', 'rejected', 'withdrawn')),
    answer @text@,
    session_id @bigint@ REFERENCES session (id),
    decided_by @bigint@ REFERENCES account (id),
    decided_at @bigint@,
    created_at @bigint@ NOT NULL,
    version @bigint@ NOT NULL DEFAULT 1,
    CHECK (ends_at > starts_at)
)@strict@;
CREATE INDEX session_request_by_state ON session_request (state, created_at);
CREATE INDEX session_request_by_trainer ON session_request (trainer_id, created_at);

CREATE TABLE session_request_group (
    request_id @bigint@ NOT NULL REFERENCES session_request (id),
    group_id @bigint@ NOT NULL REFERENCES class_group (id),
    PRIMARY KEY (request_id, group_id)
)@strict@;
CREATE INDEX session_request_group_by_group ON session_request_group (group_id);

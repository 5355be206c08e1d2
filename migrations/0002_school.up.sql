-- The school: what is taught, where, by whom and to whom.

CREATE TABLE programme (
    id @id@,
    code @text@ NOT NULL,
    name @text@ NOT NULL,
    name_norm @text@ NOT NULL,
    archived @bool@ NOT NULL DEFAULT 0,
    version @bigint@ NOT NULL DEFAULT 1,
    UNIQUE (code)
)@strict@;
CREATE INDEX programme_by_name ON programme (name_norm, id);

CREATE TABLE module (
    id @id@,
    programme_id @bigint@ NOT NULL REFERENCES programme (id),
    code @text@ NOT NULL,
    name @text@ NOT NULL,
    name_norm @text@ NOT NULL,
    hours @bigint@,
    archived @bool@ NOT NULL DEFAULT 0,
    version @bigint@ NOT NULL DEFAULT 1,
    UNIQUE (code)
)@strict@;
CREATE INDEX module_by_name ON module (name_norm, id);
CREATE INDEX module_by_programme ON module (programme_id);

CREATE TABLE room (
    id @id@,
    code @text@ NOT NULL,
    name @text@ NOT NULL,
    name_norm @text@ NOT NULL,
    capacity @bigint@,
    archived @bool@ NOT NULL DEFAULT 0,
    version @bigint@ NOT NULL DEFAULT 1,
    UNIQUE (code)
)@strict@;
CREATE INDEX room_by_name ON room (name_norm, id);

CREATE TABLE class_group (
    id @id@,
    programme_id @bigint@ NOT NULL REFERENCES programme (id),
    code @text@ NOT NULL,
    name @text@ NOT NULL,
    name_norm @text@ NOT NULL,
    archived @bool@ NOT NULL DEFAULT 0,
    version @bigint@ NOT NULL DEFAULT 1,
    UNIQUE (code)
)@strict@;
CREATE INDEX class_group_by_name ON class_group (name_norm, id);
CREATE INDEX class_group_by_programme ON class_group (programme_id);

CREATE TABLE trainer (
    id @id@,
    account_id @bigint@ NOT NULL UNIQUE REFERENCES account (id),
    specialities @text@ NOT NULL DEFAULT '',
    archived @bool@ NOT NULL DEFAULT 0,
    version @bigint@ NOT NULL DEFAULT 1
)@strict@;

CREATE TABLE student (
    id @id@,
    student_number @text@ NOT NULL UNIQUE,
    account_id @bigint@ UNIQUE REFERENCES account (id),
    name @text@ NOT NULL,
    name_norm @text@ NOT NULL,
    birth_date @text@,
    archived @bool@ NOT NULL DEFAULT 0,
    version @bigint@ NOT NULL DEFAULT 1
)@strict@;
CREATE INDEX student_by_name ON student (name_norm, id);

-- Membership by days (UTC midnight as ms, the end exclusive): moving a student keeps history.
CREATE TABLE group_member (
    id @id@,
    group_id @bigint@ NOT NULL REFERENCES class_group (id),
    student_id @bigint@ NOT NULL REFERENCES student (id),
    from_day @bigint@ NOT NULL,
    to_day @bigint@,
    CHECK (to_day IS NULL OR to_day > from_day),
    UNIQUE (group_id, student_id, from_day)
)@strict@;
CREATE INDEX group_member_by_student ON group_member (student_id);

CREATE TABLE session (
    id @id@,
    module_id @bigint@ NOT NULL REFERENCES module (id),
    trainer_id @bigint@ NOT NULL REFERENCES trainer (id),
    room_id @bigint@ REFERENCES room (id),
    starts_at @bigint@ NOT NULL,
    ends_at @bigint@ NOT NULL,
    time_zone @text@ NOT NULL,
    kind @text@ NOT NULL CHECK (kind IN ('course', 'lab', 'workshop', 'exam')),
    mode @text@ NOT NULL CHECK (mode IN ('in_person', 'remote', 'hybrid')),
    state @text@ NOT NULL DEFAULT 'scheduled'
        CHECK (state IN ('scheduled', 'open', 'closed', 'confirmed', 'cancelled')),
    open_before_min @bigint@ NOT NULL DEFAULT 15,
    late_after_min @bigint@ NOT NULL DEFAULT 10,
    absent_after_min @bigint@ NOT NULL DEFAULT 30,
    cancel_reason @text@,
    reopen_reason @text@,
    version @bigint@ NOT NULL DEFAULT 1,
    CHECK (ends_at > starts_at)
)@strict@;
CREATE INDEX session_by_start ON session (starts_at, id);
CREATE INDEX session_by_trainer ON session (trainer_id, starts_at);
CREATE INDEX session_by_room ON session (room_id, starts_at);
CREATE INDEX session_by_module ON session (module_id, starts_at);

CREATE TABLE session_group (
    session_id @bigint@ NOT NULL REFERENCES session (id),
    group_id @bigint@ NOT NULL REFERENCES class_group (id),
    PRIMARY KEY (session_id, group_id)
)@strict@;
CREATE INDEX session_group_by_group ON session_group (group_id);

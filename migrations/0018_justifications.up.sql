-- Justifications: why somebody was or will be away, with papers, and what was decided.

-- Null status code: the default of the category excused.
CREATE TABLE absence_reason (
    id @id@,
    code @text@ NOT NULL UNIQUE,
    label_en @text@ NOT NULL,
    label_fr @text@ NOT NULL,
    label_ar @text@ NOT NULL,
    needs_document @bool@ NOT NULL DEFAULT 0 CHECK (needs_document IN (0, 1)),
    status_code @text@,
    position @bigint@ NOT NULL DEFAULT 0,
    archived @bool@ NOT NULL DEFAULT 0 CHECK (archived IN (0, 1)),
    version @bigint@ NOT NULL DEFAULT 1
)@strict@;
INSERT INTO absence_reason (code, label_en, label_fr, label_ar, needs_document, position) VALUES
    ('illness', 'Illness', 'Maladie', 'مرض', 1, 1),
    ('appointment', 'Medical appointment', 'Rendez-vous médical', 'موعد طبي', 1, 2),
    ('family', 'Family event', 'Événement familial', 'مناسبة عائلية', 0, 3),
    ('transport', 'Transport', 'Transport', 'النقل', 0, 4),
    ('official', 'Official duty', 'Convocation officielle', 'مهمة رسمية', 1, 5),
    ('religious', 'Religious holiday', 'Fête religieuse', 'عطلة دينية', 0, 6),
    ('other', 'Other', 'Autre', 'سبب آخر', 0, 7);

-- Either a span of time (whole days, or part of one), or sessions named one by one; then the span
-- is from the first to the last of them. `late`: sent after the school's time for it.
-- `guardian_missing`: a minor's, whom no guardian account could sign for. `forgotten`: papers that
-- were deleted when their time was over.
CREATE TABLE justification (
    id @id@,
    student_id @bigint@ NOT NULL REFERENCES student (id),
    scope @text@ NOT NULL CHECK (scope IN ('span', 'sessions')),
    starts_at @bigint@ NOT NULL,
    ends_at @bigint@ NOT NULL,
    partial @bool@ NOT NULL DEFAULT 0 CHECK (partial IN (0, 1)),
    reason_id @bigint@ NOT NULL REFERENCES absence_reason (id),
    message @text@ NOT NULL DEFAULT '',
    state @text@ NOT NULL DEFAULT 'pending' CHECK (state IN
        ('awaiting_guardian', 'pending', 'needs_info', 'approved', 'rejected', 'withdrawn',
         'revoked')),
    answer @text@,
    late @bool@ NOT NULL DEFAULT 0 CHECK (late IN (0, 1)),
    guardian_missing @bool@ NOT NULL DEFAULT 0 CHECK (guardian_missing IN (0, 1)),
    created_by @bigint@ NOT NULL REFERENCES account (id),
    created_at @bigint@ NOT NULL,
    signed_by @bigint@ REFERENCES account (id),
    signed_at @bigint@,
    decided_by @bigint@ REFERENCES account (id),
    decided_at @bigint@,
    due_at @bigint@,
    forgotten @bigint@ NOT NULL DEFAULT 0,
    updated_at @bigint@ NOT NULL,
    version @bigint@ NOT NULL DEFAULT 1,
    CHECK (ends_at > starts_at)
)@strict@;
CREATE INDEX justification_by_state ON justification (state, created_at);
CREATE INDEX justification_by_end ON justification (state, ends_at);
CREATE INDEX justification_by_student ON justification (student_id, starts_at);
CREATE INDEX justification_by_time ON justification (created_at, id);
CREATE INDEX justification_by_start ON justification (starts_at, id);

CREATE TABLE justification_session (
    justification_id @bigint@ NOT NULL REFERENCES justification (id),
    session_id @bigint@ NOT NULL REFERENCES session (id),
    PRIMARY KEY (justification_id, session_id)
)@strict@;
CREATE INDEX justification_session_by_session ON justification_session (session_id);

-- What an approved one covers now, as the sessions' ledgers were told. 0, 0: the whole session.
CREATE TABLE justification_cover (
    justification_id @bigint@ NOT NULL REFERENCES justification (id),
    session_id @bigint@ NOT NULL REFERENCES session (id),
    covers_from @bigint@ NOT NULL,
    covers_to @bigint@ NOT NULL,
    PRIMARY KEY (justification_id, session_id)
)@strict@;
CREATE INDEX justification_cover_by_session ON justification_cover (session_id);

-- The paper itself is a sealed file of a random name; here is what opens it and what it is.
CREATE TABLE justification_document (
    id @id@,
    justification_id @bigint@ NOT NULL REFERENCES justification (id),
    file @text@ NOT NULL UNIQUE,
    name @text@ NOT NULL,
    media_type @text@ NOT NULL CHECK (media_type IN ('application/pdf', 'image/jpeg', 'image/png')),
    size_bytes @bigint@ NOT NULL,
    master_key_id @text@ NOT NULL,
    wrapped @blob@ NOT NULL,
    uploaded_by @bigint@ NOT NULL REFERENCES account (id),
    uploaded_at @bigint@ NOT NULL
)@strict@;
CREATE INDEX justification_document_by_justification ON justification_document (justification_id);
CREATE INDEX justification_document_by_key ON justification_document (master_key_id, id);

-- Its history: who moved it to which state, with which words. Null: the server itself.
CREATE TABLE justification_step (
    id @id@,
    justification_id @bigint@ NOT NULL REFERENCES justification (id),
    at @bigint@ NOT NULL,
    by_account_id @bigint@ REFERENCES account (id),
    kind @text@ NOT NULL CHECK (kind IN ('made', 'signed', 'message', 'document', 'needs_info',
        'approved', 'rejected', 'withdrawn', 'revoked', 'expired')),
    state @text@ NOT NULL,
    message @text@ NOT NULL DEFAULT ''
)@strict@;
CREATE INDEX justification_step_by_justification ON justification_step (justification_id, id);

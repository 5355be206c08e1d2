DROP INDEX offline_event_by_age;
ALTER TABLE status_code DROP COLUMN default_until;
-- The older program has no kind for them: its `ledger verify` says that their hash does not hold,
-- until the way up gives the kinds back.
ALTER TABLE attendance_event ADD COLUMN kind_new @text@ NOT NULL DEFAULT 'mark' CHECK (kind_new IN
    ('check', 'mark', 'change', 'undo', 'close', 'excuse', 'opened', 'closed', 'reopened',
     'confirmed'));
UPDATE attendance_event SET kind_new = CASE
    WHEN kind IN ('cancelled', 'restored', 'rescheduled') THEN 'opened' ELSE kind END;
ALTER TABLE attendance_event DROP COLUMN kind;
ALTER TABLE attendance_event RENAME COLUMN kind_new TO kind;

-- What happens to a session as a whole once its ledger has begun: it is cancelled, scheduled again,
-- moved to another time. Like `opened` and the others these events have no student.
ALTER TABLE attendance_event ADD COLUMN kind_new @text@ NOT NULL DEFAULT 'mark' CHECK (kind_new IN
    ('check', 'mark', 'change', 'undo', 'close', 'excuse', 'opened', 'closed', 'reopened',
     'confirmed', 'cancelled', 'restored', 'rescheduled'));
-- Who went back to an older program meanwhile has them all as `opened`.
UPDATE attendance_event SET kind_new = CASE
    WHEN kind = 'opened' AND status_after = 'cancelled' THEN 'cancelled'
    WHEN kind = 'opened' AND status_before = 'cancelled' THEN 'restored'
    WHEN kind = 'opened' AND covers_from IS NOT NULL THEN 'rescheduled'
    ELSE kind END;
ALTER TABLE attendance_event DROP COLUMN kind;
ALTER TABLE attendance_event RENAME COLUMN kind_new TO kind;

-- The newest event when a code stopped being the default of its category: records that rest on no
-- later one may have it. Of the time before this was written down nothing is known.
ALTER TABLE status_code ADD COLUMN default_until @bigint@ NOT NULL DEFAULT 0;
UPDATE status_code SET default_until = (SELECT coalesce(max(id), 0) FROM attendance_event);

-- Outcomes of offline events are forgotten by age.
CREATE INDEX offline_event_by_age ON offline_event (received_at);

-- The older program cannot open them: to it they were carried out and their answers were lost.
UPDATE idempotency SET status = 1 WHERE sealed IS NOT NULL AND status > 1;
ALTER TABLE idempotency DROP COLUMN sealed;

-- The older program has no kind for it: it stays as words.
ALTER TABLE justification_step ADD COLUMN kind_new @text@ NOT NULL DEFAULT 'made' CHECK (kind_new IN
    ('made', 'signed', 'message', 'document', 'needs_info', 'approved', 'rejected', 'withdrawn',
     'revoked', 'expired'));
UPDATE justification_step SET message = '– ' || message WHERE kind = 'removed';
UPDATE justification_step SET kind_new = CASE WHEN kind = 'removed' THEN 'message' ELSE kind END;
ALTER TABLE justification_step DROP COLUMN kind;
ALTER TABLE justification_step RENAME COLUMN kind_new TO kind;

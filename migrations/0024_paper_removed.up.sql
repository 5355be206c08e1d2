-- A paper that was taken out of a justification leaves its name in the history.
ALTER TABLE justification_step ADD COLUMN kind_new @text@ NOT NULL DEFAULT 'made' CHECK (kind_new IN
    ('made', 'signed', 'message', 'document', 'removed', 'needs_info', 'approved', 'rejected',
     'withdrawn', 'revoked', 'expired'));
UPDATE justification_step SET kind_new = kind;
ALTER TABLE justification_step DROP COLUMN kind;
ALTER TABLE justification_step RENAME COLUMN kind_new TO kind;

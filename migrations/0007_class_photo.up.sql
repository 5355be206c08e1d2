-- Class photos: what was seen in them waits for a person's word. The photos themselves are not kept.

-- `kept` is JSON with numbers only, no names. The crops are sealed by a key of this row's own;
-- confirming, discarding and the end of its time destroy the key with the crops.
CREATE TABLE class_photo (
    id @id@,
    session_id @bigint@ NOT NULL REFERENCES session (id),
    by_account_id @bigint@ NOT NULL REFERENCES account (id),
    state @text@ NOT NULL CHECK (state IN ('open', 'confirmed')),
    kept @text@ NOT NULL,
    result @text@,
    master_key_id @text@,
    wrapped @blob@,
    created_at @bigint@ NOT NULL,
    expires_at @bigint@ NOT NULL,
    confirmed_at @bigint@,
    confirmed_by @bigint@ REFERENCES account (id)
)@strict@;
CREATE INDEX class_photo_by_session ON class_photo (session_id, by_account_id);
CREATE INDEX class_photo_by_end ON class_photo (expires_at);

CREATE TABLE class_photo_crop (
    class_photo_id @bigint@ NOT NULL REFERENCES class_photo (id),
    face @bigint@ NOT NULL,
    sealed @blob@ NOT NULL,
    PRIMARY KEY (class_photo_id, face)
)@strict@;

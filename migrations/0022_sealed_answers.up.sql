-- Answers to repeated requests are sealed by the master key from here on. Those that are there stay
-- readable in `body` until they are a day old.
ALTER TABLE idempotency ADD COLUMN sealed @blob@;

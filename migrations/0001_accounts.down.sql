DROP TABLE event;
DROP TABLE event_counter;
DROP TABLE idempotency;
DROP TABLE login_delay;
DROP TABLE refresh_token;
DROP TABLE login;
DROP TABLE account;

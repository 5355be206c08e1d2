DROP TABLE alert_mark;
DROP TABLE alert_due;
DROP TABLE alert_step;
DROP TABLE alert;

DROP TABLE justification_step;
DROP TABLE justification_document;
DROP TABLE justification_cover;
DROP TABLE justification_session;
DROP TABLE justification;
DROP TABLE absence_reason;

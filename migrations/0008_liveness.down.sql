DROP TABLE liveness_failure;
DROP TABLE liveness_session;
DROP TABLE liveness_policy;

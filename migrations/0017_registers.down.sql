DROP TABLE signal_progress;
DROP TABLE signal;
DROP TABLE hand_over;
DROP TABLE register_told;
DROP TABLE dispute;

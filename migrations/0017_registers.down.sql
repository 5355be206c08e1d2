DROP TABLE signal;
DROP TABLE hand_over;
DROP TABLE dispute;

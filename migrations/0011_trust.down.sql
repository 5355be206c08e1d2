DROP TABLE school_threshold;
DROP TABLE mark_correction;

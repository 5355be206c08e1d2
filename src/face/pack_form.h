/* SPDX-License-Identifier: MIT */
#pragma once
/* pack.json as it is written, for those who read and those who write it. */
#include "base/schema.h"

struct input_form {
    int64_t width, height;
    struct str channels;
    double mean, std;
};

struct model_form {
    struct str role, file, licence, source, adapter;
    struct strs sha256;
    struct obj input;                  /* struct input_form */
    struct opt_str scores;             /* of SCRFD */
    struct opt_f64 min_score, max_iou; /* of a detector */
};

struct point_form {
    double x, y;
};

struct embedding_form {
    struct opt_str model;
    int64_t dimension;
    struct list template; /* struct point_form */
};

struct threshold_form {
    int64_t persons;
    double threshold;
};

struct limits_form {
    struct opt_f64 height_px, luma_least, luma_most, yaw_offset, roll_deg, sharpness, eye_closed,
        cut_share, norm;
};

struct quality_form {
    struct obj enrolment, recognition; /* struct limits_form */
};

struct pack_form {
    int64_t format;
    struct str id;
    struct list models;     /* struct model_form */
    struct obj embedding;   /* struct embedding_form */
    struct list thresholds; /* struct threshold_form */
    double min_margin;
    struct obj quality; /* struct quality_form */
};

extern const struct schema pack_form_schema;

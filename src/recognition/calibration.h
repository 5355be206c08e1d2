/* SPDX-License-Identifier: MIT */
#pragma once
/* What the school's own templates say about recognition, and the school's own threshold. */
#include "base/buf.h"
#include "base/ctx.h"
#include "base/schema.h"

struct calibration_bin {
    double from; /* the step's lower end */
    int64_t genuine, impostor;
};

struct calibration_roster {
    int64_t persons;
    double threshold, fmr;
    double fpir, fpir_low, fpir_high, fnir, fnir_low, fnir_high;
};

struct calibration_closest {
    int64_t a_student_id, b_student_id;
    struct str a_name, b_name;
    double similarity;
};

struct calibration_report {
    bool ready;
    struct strs missing; /* what is needed first: "two_persons", "two_templates" */
    int64_t persons, templates, genuine_n, impostor_n, pairs, look_alikes;
    double genuine_least, genuine_mean, impostor_most, impostor_mean;
    struct obj closest;  /* struct calibration_closest */
    struct list rosters; /* struct calibration_roster */
    struct list bins;    /* struct calibration_bin */
    double floor, most;  /* between these the school may ask */
    double threshold;    /* in use for the largest roster */
    struct opt_f64 own;  /* the school's own; null: the models' alone */
    double suggested;
    struct str model, method;
};
extern const struct schema calibration_schema;

/*
 * Opens all templates for the moment and compares them (face/calibrate.h).
 * ERR_BIOMETRICS_OFF, ERR_MODELS_UNAVAILABLE
 */
must_check enum err calibration_get(struct ctx *ctx, struct calibration_report *ret);
/* The same, drawn; the text is in ctx's arena. */
must_check enum err calibration_svg(struct ctx *ctx, struct str *ret);

struct threshold_wish {
    struct opt_f64 threshold; /* null: the models' alone */
};
/* ERR_INVALID: below the safe floor, which the message explains, or above the most. And as above.
 */
must_check enum err calibration_set_threshold(struct ctx *ctx, const struct threshold_wish *in,
                                              struct calibration_report *ret);

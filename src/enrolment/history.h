/* SPDX-License-Identifier: MIT */
#pragma once
/* What was enrolled when, by whom and how, and since when it is old. Nothing of a face. */
#include "base/page.h"

#include "enrolment/enrolment.h"

struct enrolment_past {
    int64_t id, student_id;
    int64_t at;
    struct opt_i64 by_user_id;
    struct opt_str by_name;
    struct str source, assurance, model;
    int64_t templates;
    struct opt_i64 ended_at;
    struct opt_str ended_why;
};
extern const struct schema enrolment_past_schema;

struct enrolment_aged {
    int64_t id; /* of the history's row */
    int64_t student_id;
    struct str student_number, student_name;
    struct opt_str birth_date;
    struct str assurance;
    int64_t at, due_at;
};
extern const struct schema enrolment_aged_schema;

/* When a set of templates is to be renewed: template_months after it was made, for students under
 * 16 template_months_minor. A month counts as 30.4375 days. */
int64_t history_due_at(struct ctx *ctx, int64_t made_at, struct opt_str birth_date);

/* In a transaction with the templates: ends the open row of that model and begins a new one. */
must_check enum err history_begin(struct ctx *ctx, const struct enrolment_past *row);
/* In a transaction with their erasure: ends all open rows of the student. */
must_check enum err history_end(struct ctx *ctx, int64_t student_id, const char *why);
/* Newest first, at most 50: a list of struct enrolment_past. */
must_check enum err history_list(struct ctx *ctx, int64_t student_id, struct list *ret);

/* ret->items are the struct enrolment_aged that are due, oldest first. */
must_check enum err enrolment_ageing(struct ctx *ctx, const struct page_query *q, struct page *ret);

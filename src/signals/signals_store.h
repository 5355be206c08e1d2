/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of signals: private to the feature. */
#include "signals/signals.h"

/* Those that the caller may see: struct signal, facts as text. ERR_INVALID: the cursor. */
must_check enum err signals_fetch_page(struct ctx *ctx, const struct signal_filter *filter,
                                       struct page *ret);
/* ERR_NOT_FOUND also when the caller may not see it. */
must_check enum err signals_fetch(struct ctx *ctx, int64_t id, struct signal *ret);
/* From open to the outcome; *ret_n is 0 when it was judged before. */
must_check enum err signals_store_verdict(struct ctx *ctx, const struct signal_verdict *in,
                                          int64_t *ret_n);

/* Something that was found. */
struct signal_new {
    enum signal_kind kind;
    struct str subject; /* what makes it the same signal when it is found again */
    struct opt_i64 session_id, student_id;
    struct str facts;
    int64_t times;
    bool keep; /* the first facts stay: later ones say no more */
};
/* Inserts it, or gives the one that is there its new facts. ERR_NOT_FOUND: nothing is new. */
must_check enum err signals_store_found(struct ctx *ctx, const struct signal_new *n,
                                        int64_t *ret_id, bool *ret_new);
/* As signals_fetch, for the job: without asking who may see it. */
must_check enum err signals_fetch_any(struct ctx *ctx, int64_t id, struct signal *ret);
/* As signals_due and signals_forget. */
must_check enum err signals_store_due(struct ctx *ctx, int64_t before, struct opt_i64 *ret_oldest,
                                      int64_t *ret_n);
must_check enum err signals_store_forget(struct ctx *ctx, int64_t before, int64_t *ret_n);

/* SPDX-License-Identifier: MIT */
#pragma once
/* Private to attendance/: the second proof of the ledger, that records follow from the events. */
#include "attendance/ledger.h"
#include "presence/codes.h"

struct derived_look {
    int64_t records;                /* compared */
    int64_t before;                 /* of these only the status: from before there was a ledger */
    struct ledger_difference first; /* session_id 0: none */
};

/*
 * Derives every record of a session anew and compares it with the one that is kept; `first` is the
 * first that differs, by student. A session that is being written to is looked at again with its
 * register locked, so that what is found is there. `codes`: struct status_code. The answer lives in
 * ctx's arena.
 */
must_check enum err derived_check(struct ctx *ctx, int64_t session_id, const struct list *codes,
                                  struct derived_look *ret);

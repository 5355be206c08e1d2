/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the school asks of a check-in, by kind of session. A session takes its policy when it is
 * planned; changing the school's policy does not change sessions that exist, unless asked to.
 */
#include "base/ctx.h"

struct presence_policy {
    struct str kind; /* course lab workshop exam */
    struct str ways;
    int64_t open_before_min, late_after_min, absent_after_min;
    bool check_out;
    int64_t min_minutes;
};

/* The school's rule for the kind, else its rule for any kind, else the server's options and "any".
 * One read. */
must_check enum err presence_policy_for(struct ctx *ctx, struct str kind,
                                        struct presence_policy *ret);

/* SPDX-License-Identifier: MIT */
/* Presence policies: the school's rule for a kind of session, or the server's options. */
#include "presence/policy.h"

#include "base/settings.h"

#include "presence/policy_store.h"

static int64_t or_option(struct opt_i64 v, int64_t option)
{
    return v.set && !v.null ? v.v : option;
}

enum err presence_policy_for(struct ctx *ctx, struct str kind, struct presence_policy *ret)
{
    const struct settings *set = ctx->services->settings;
    struct policy_row row = {.ways = STR("any")};
    enum err e = policy_row_find(ctx, kind, &row);

    if (e && e != ERR_NOT_FOUND)
        return e;
    *ret = (struct presence_policy){
        .kind = kind,
        .ways = row.ways,
        .open_before_min = or_option(row.open_before_min, set->open_before_min),
        .late_after_min = or_option(row.late_after_min, set->late_after_min),
        .absent_after_min = or_option(row.absent_after_min, set->absent_after_min),
        .check_out = row.check_out,
        .min_minutes = row.min_minutes,
    };
    return ERR_OK;
}

/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the school asks of a check-in, by kind of session. A session takes its policy when it is
 * planned; changing the school's policy does not change sessions that exist, unless asked to.
 */
#include "base/ctx.h"
#include "base/schema.h"

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

/* What holds for a kind ("any" for those without a rule of their own), and where it comes from. */
struct presence_policy_view {
    struct str kind;
    struct str source; /* own any options */
    struct str ways, ways_en, ways_fr, ways_ar;
    int64_t open_before_min, late_after_min, absent_after_min;
    struct strs from_options; /* minutes that the server's options give */
    bool check_out;
    int64_t min_minutes;
    struct opt_i64 applied; /* scheduled sessions that took it over just now */
    int64_t version;
};
extern const struct schema presence_policy_view_schema;

/* A list of struct presence_policy_view: any, then each kind. */
must_check enum err presence_policy_all(struct ctx *ctx, struct list *ret);
/* ERR_NOT_FOUND: there is no such kind. */
must_check enum err presence_policy_get(struct ctx *ctx, struct str kind,
                                        struct presence_policy_view *ret);

struct presence_policy_set {
    struct str kind, ways;
    struct opt_i64 open_before_min, late_after_min, absent_after_min; /* null: the options' */
    bool check_out;
    int64_t min_minutes;
    bool apply_to_scheduled; /* sessions that wait for their day take it over at once */
};
/* ERR_INVALID: ways, minutes that do not follow each other; ERR_VERSION_MISMATCH. */
must_check enum err presence_policy_put(struct ctx *ctx, struct opt_i64 version,
                                        const struct presence_policy_set *in,
                                        struct presence_policy_view *ret);
/* The kind has no rule of its own any more. ERR_NOT_FOUND: it had none. */
must_check enum err presence_policy_drop(struct ctx *ctx, struct str kind);

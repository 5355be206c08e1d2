/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * How much liveness each way of checking in asks for: the school's rule for the way and the kind of
 * session, else the school's rule for the way, else what the product comes with (self: challenge,
 * kiosk: passive, class_photo and face: off).
 */
#include "base/ctx.h"
#include "base/schema.h"

/* In growing order: who needs the strictest of several takes the greatest. */
enum live_policy { LIVE_OFF, LIVE_PASSIVE, LIVE_CHALLENGE };

/* "off", "passive", "challenge". */
const char *live_policy_name(enum live_policy p);

/*
 * What `way` (face, kiosk, self, class_photo) asks for in a session of that kind (course, lab,
 * workshop, exam). One indexed read. ERR_INVALID: no such way; and what a statement may give.
 */
must_check enum err liveness_policy_for(struct ctx *ctx, const char *way, struct str session_kind,
                                        enum live_policy *ret);

/* A rule of the school. */
struct liveness_rule {
    struct str way;
    struct opt_str session_kind; /* null: sessions of every other kind */
    struct str level;
};

struct liveness_way {
    struct str way;
    struct str fallback; /* level without any rule */
    struct strs levels;  /* what the way can do */
};

struct liveness_policy {
    struct list rules; /* struct liveness_rule, by way, the one for every kind first */
    struct list ways;  /* struct liveness_way */
};
extern const struct schema liveness_policy_schema, liveness_rule_schema;

must_check enum err liveness_policy_get(struct ctx *ctx, struct liveness_policy *ret);
/* Replaces all rules; a way without one goes back to its fallback. ERR_INVALID: a rule given twice,
 * or a level that the way cannot do. */
must_check enum err liveness_policy_set(struct ctx *ctx, struct list rules,
                                        struct liveness_policy *ret);

/* SPDX-License-Identifier: MIT */
/* Which liveness a check-in asks for: rules before the product's own defaults. */
#include "liveness/policy.h"

#include "db/tx.h"
#include "liveness/policy_store.h"

#define LEVELS ONE_OF("off", "passive", "challenge")

#define F(...) FIELD(struct liveness_rule, __VA_ARGS__)
static const struct field rule_fields[] = {
    F(way, "Way of checking in", .required = true,
      .one_of = ONE_OF("face", "kiosk", "self", "class_photo")),
    F(session_kind, "Kind of session; null: every kind without a rule of its own",
      .one_of = ONE_OF("course", "lab", "workshop", "exam")),
    F(level, "How much liveness is asked for", .required = true, .one_of = LEVELS),
};
#undef F
const struct schema liveness_rule_schema = SCHEMA(liveness_rule, rule_fields);

#define F(...) FIELD(struct liveness_way, __VA_ARGS__)
static const struct field way_fields[] = {
    F(way, "Way of checking in", .required = true),
    F(fallback, "Level where no rule says another", .required = true, .one_of = LEVELS),
    F(levels, "Levels that this way can do", .required = true),
};
#undef F
static const struct schema way_schema = SCHEMA(liveness_way, way_fields);

#define F(...) FIELD(struct liveness_policy, __VA_ARGS__)
static const struct field policy_fields[] = {
    F(rules, "The school's rules", .required = true, .items = &liveness_rule_schema),
    F(ways, "Every way, with what holds without a rule", .required = true, .items = &way_schema),
};
#undef F
const struct schema liveness_policy_schema = SCHEMA(liveness_policy, policy_fields);

/* A photo of the class and the register's camera show people who were not asked to do anything. */
static const struct way {
    const char *name;
    enum live_policy fallback, most;
} ways[] = {
    {"self", LIVE_CHALLENGE, LIVE_CHALLENGE},
    {"kiosk", LIVE_PASSIVE, LIVE_CHALLENGE},
    {"class_photo", LIVE_OFF, LIVE_PASSIVE},
    {"face", LIVE_OFF, LIVE_PASSIVE},
};

static const char *const level_names[] = {
    [LIVE_OFF] = "off",
    [LIVE_PASSIVE] = "passive",
    [LIVE_CHALLENGE] = "challenge",
};

const char *live_policy_name(enum live_policy p)
{
    return level_names[p];
}

/* False when there is no such level. */
static bool level_of(struct str name, enum live_policy *ret)
{
    for (size_t i = 0; i < COUNT(level_names); i++)
        if (str_is(name, level_names[i])) {
            *ret = (enum live_policy)i;
            return true;
        }
    return false;
}

static const struct way *way_of(struct str name)
{
    for (size_t i = 0; i < COUNT(ways); i++)
        if (str_is(name, ways[i].name))
            return &ways[i];
    return NULL;
}

enum err liveness_policy_for(struct ctx *ctx, const char *way, struct str session_kind,
                             enum live_policy *ret)
{
    const struct way *w = way_of(str_of(way));
    struct str level = {"", 0};
    enum err e;

    if (!w)
        return fail(ctx, ERR_INVALID, "%s is no way of checking in", way);
    *ret = w->fallback;
    e = policy_find(ctx, str_of(way), session_kind, &level);
    if (e == ERR_NOT_FOUND)
        return ERR_OK;
    if (!e && !level_of(level, ret))
        return fail(ctx, ERR_INTERNAL, "a stored level of liveness is unknown");
    return e;
}

enum err liveness_policy_get(struct ctx *ctx, struct liveness_policy *ret)
{
    struct liveness_way *rows = ARENA_NEW_N(&ctx->arena, struct liveness_way, COUNT(ways));

    for (size_t i = 0; i < COUNT(ways); i++) {
        struct str *levels = ARENA_NEW_N(&ctx->arena, struct str, COUNT(level_names));

        for (size_t k = 0; k < COUNT(level_names) && k <= (size_t)ways[i].most; k++)
            levels[k] = str_of(level_names[k]);
        rows[i] = (struct liveness_way){
            .way = str_of(ways[i].name),
            .fallback = str_of(level_names[ways[i].fallback]),
            .levels = {levels, (size_t)ways[i].most + 1},
        };
    }
    ret->ways = (struct list){rows, COUNT(ways)};
    return policy_fetch(ctx, &ret->rules);
}

static bool same_place(const struct liveness_rule *a, const struct liveness_rule *b)
{
    return str_eq(a->way, b->way) && a->session_kind.set == b->session_kind.set &&
           (!a->session_kind.set || str_eq(a->session_kind.v, b->session_kind.v));
}

static enum err check_rule(struct ctx *ctx, const struct liveness_rule *rules, size_t i)
{
    struct str field = arena_printf(&ctx->arena, "/rules/%zu", i);
    const struct way *w = way_of(rules[i].way);
    enum live_policy level = LIVE_OFF;

    if (!w || !level_of(rules[i].level, &level))
        return fail_field(ctx, field.at, "one_of", "", "no such way or level");
    if (level > w->most)
        return fail_field(ctx, field.at, "one_of", level_names[w->most],
                          "%s cannot ask for more than %s", w->name, level_names[w->most]);
    for (size_t k = 0; k < i; k++)
        if (same_place(&rules[i], &rules[k]))
            return fail_field(ctx, field.at, "one_of", "",
                              "rule %zu is for the same way and kind of session", k);
    return ERR_OK;
}

enum err liveness_policy_set(struct ctx *ctx, struct list rules, struct liveness_policy *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    const struct liveness_rule *at = rules.at;
    enum err e = ERR_OK;

    for (size_t i = 0; i < rules.n; i++) {
        enum err one = check_rule(ctx, at, i);

        e = e ? e : one;
    }
    e = e ? e : tx_begin(ctx, &tx);
    e = e ? e : policy_clear(ctx);
    for (size_t i = 0; !e && i < rules.n; i++)
        e = policy_insert(ctx, &at[i]);
    e = e ? e : liveness_policy_get(ctx, ret);
    return e ? e : tx_commit(&tx);
}

/* SPDX-License-Identifier: MIT */
/* Presence policies: the school's rule for a kind of session, or the server's options. */
#include "presence/policy.h"

#include "base/settings.h"

#include "db/tx.h"
#include "presence/policy_store.h"
#include "presence/ways.h"

static const char *const kinds[] = {"any", "course", "lab", "workshop", "exam"};

#define F(...) FIELD(struct presence_policy_view, __VA_ARGS__)
static const struct field view_fields[] = {
    F(kind, "Kind of session; any: kinds without a rule of their own", .required = true,
      .one_of = ONE_OF("any", "course", "lab", "workshop", "exam"), .example = "\"exam\""),
    F(source, "Whose rule it is: the kind's own, that of any kind, the server's options",
      .required = true, .one_of = ONE_OF("own", "any", "options")),
    F(ways, "What counts as a check-in", .required = true, .example = "\"kiosk|self+fence\""),
    F(ways_en, "The same in English words", .required = true,
      .example = "\"kiosk or own phone inside the room's area\""),
    F(ways_fr, "The same in French words", .required = true),
    F(ways_ar, "The same in Arabic words", .required = true),
    F(open_before_min, "Minutes before the start at which it opens", .required = true),
    F(late_after_min, "Late after so many minutes", .required = true),
    F(absent_after_min, "Absent after so many minutes", .required = true),
    F(from_options, "Which of these minutes the server's options give", .required = true,
      .example = "[\"open_before_min\"]"),
    F(check_out, "Leaving is checked too", .required = true),
    F(min_minutes, "Minutes to be there to count as present; 0: no such rule", .required = true),
    F(applied, "Scheduled sessions that took it over with this request", .required = true),
    F(version, "Counts the changes; the ETag", .required = true, .min = 1, .example = "1"),
};
#undef F
const struct schema presence_policy_view_schema = SCHEMA(presence_policy_view, view_fields);

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

static struct strs options_of(struct ctx *ctx, const struct policy_row *row)
{
    const struct {
        const char *name;
        struct opt_i64 v;
    } all[] = {
        {"open_before_min", row->open_before_min},
        {"late_after_min", row->late_after_min},
        {"absent_after_min", row->absent_after_min},
    };
    struct strs ret = {ARENA_NEW_N(&ctx->arena, struct str, COUNT(all)), 0};

    for (size_t i = 0; i < COUNT(all); i++)
        if (!all[i].v.set || all[i].v.null)
            ret.at[ret.n++] = str_of(all[i].name);
    return ret;
}

static enum err view(struct ctx *ctx, const char *kind, struct presence_policy_view *ret)
{
    struct presence_policy p = {0};
    struct presence_ways ways = {0};
    struct policy_row row = {0};
    enum err e = policy_row_find(ctx, str_of(kind), &row);
    bool own = !e && str_is(row.kind, kind);

    *ret = (struct presence_policy_view){.kind = str_of(kind), .version = 1};
    ret->source = e ? STR("options") : own ? STR("own") : STR("any");
    if (e == ERR_NOT_FOUND)
        e = ERR_OK;
    e = e ? e : presence_policy_for(ctx, str_of(kind), &p);
    e = e ? e : ways_parse(ctx, p.ways, "/ways", &ways);
    ret->ways = p.ways;
    ret->ways_en = ways_say(ctx, &ways, "en");
    ret->ways_fr = ways_say(ctx, &ways, "fr");
    ret->ways_ar = ways_say(ctx, &ways, "ar");
    ret->open_before_min = p.open_before_min;
    ret->late_after_min = p.late_after_min;
    ret->absent_after_min = p.absent_after_min;
    ret->from_options = options_of(ctx, &row);
    ret->check_out = p.check_out;
    ret->min_minutes = p.min_minutes;
    if (own)
        ret->version = row.version;
    return e;
}

enum err presence_policy_all(struct ctx *ctx, struct list *ret)
{
    struct presence_policy_view *rows =
        ARENA_NEW_N(&ctx->arena, struct presence_policy_view, COUNT(kinds));
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < COUNT(kinds); i++)
        e = view(ctx, kinds[i], &rows[i]);
    if (!e)
        *ret = (struct list){rows, COUNT(kinds)};
    return e;
}

enum err presence_policy_get(struct ctx *ctx, struct str kind, struct presence_policy_view *ret)
{
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (str_is(kind, kinds[i]))
            return view(ctx, kinds[i], ret);
    return fail(ctx, ERR_NOT_FOUND, "there is no such kind of session");
}

static enum err check(struct ctx *ctx, const struct presence_policy_set *in, struct str *ret_ways)
{
    const struct settings *set = ctx->services->settings;
    struct presence_ways ways = {0};
    enum err e = ways_parse(ctx, in->ways, "/ways", &ways);

    if (or_option(in->absent_after_min, set->absent_after_min) <=
        or_option(in->late_after_min, set->late_after_min))
        e = fail_field(ctx, "/absent_after_min", "min", "", "must be more than late_after_min");
    if (!e)
        *ret_ways = ways_text(ctx, &ways);
    return e;
}

/* The row as it was seen: version 1 stands for none. */
static enum err store(struct ctx *ctx, struct opt_i64 version, struct policy_row *row)
{
    struct policy_row was = {.version = 1};
    int64_t n = 1;
    enum err e = policy_row_get(ctx, row->kind, &was);
    bool none = e == ERR_NOT_FOUND;

    e = none ? ERR_OK : e;
    if (!e && version.set && version.v != was.version)
        n = 0;
    row->version = was.version;
    if (!e && n && none)
        e = policy_row_insert(ctx, row);
    else if (!e && n)
        e = policy_row_update(ctx, row, &n);
    if (e == ERR_CONFLICT || (!e && n == 0))
        return fail(ctx, ERR_VERSION_MISMATCH, "this rule was changed meanwhile: read it again");
    return e;
}

enum err presence_policy_put(struct ctx *ctx, struct opt_i64 version,
                             const struct presence_policy_set *in, struct presence_policy_view *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct presence_policy p = {0};
    struct policy_row row = {
        .kind = in->kind,
        .open_before_min = in->open_before_min,
        .late_after_min = in->late_after_min,
        .absent_after_min = in->absent_after_min,
        .check_out = in->check_out,
        .min_minutes = in->min_minutes,
    };
    int64_t applied = 0;
    enum err e = check(ctx, in, &row.ways);

    e = e ? e : tx_begin(ctx, &tx);
    e = e ? e : store(ctx, version, &row);
    e = e ? e : presence_policy_for(ctx, in->kind, &p);
    if (!e && in->apply_to_scheduled)
        e = policy_apply(ctx, &p, &applied);
    e = e ? e : presence_policy_get(ctx, in->kind, ret);
    ret->applied = (struct opt_i64){.set = in->apply_to_scheduled, .v = applied};
    return e ? e : tx_commit(&tx);
}

enum err presence_policy_drop(struct ctx *ctx, struct str kind)
{
    int64_t n = 0;
    enum err e = policy_row_delete(ctx, kind, &n);

    if (!e && n == 0)
        return fail(ctx, ERR_NOT_FOUND, "this kind has no rule of its own");
    return e;
}

/* SPDX-License-Identifier: MIT */
/* Clashes: who or what would be in two places at once. */
#include "sessions/plan.h"
#include "sessions/plan_store.h"

enum { TOLD_MAX = 100 };

static bool is_excepted(const struct session_claim *claim, int64_t id)
{
    for (size_t i = 0; i < claim->except.n; i++)
        if (claim->except.at[i] == id)
            return true;
    return false;
}

/* Group numbers rising and each once: locks are always taken in this order. */
static struct i64s in_order(struct ctx *ctx, struct i64s groups)
{
    struct i64s out = {ARENA_NEW_N(&ctx->arena, int64_t, groups.n + 1), 0};

    for (size_t i = 0; i < groups.n; i++) {
        size_t at = out.n;

        while (at > 0 && out.at[at - 1] > groups.at[i])
            at--;
        if (at > 0 && out.at[at - 1] == groups.at[i])
            continue;
        for (size_t k = out.n++; k > at; k--)
            out.at[k] = out.at[k - 1];
        out.at[at] = groups.at[i];
    }
    return out;
}

static void span_of(const struct session_claim *claim, int64_t *ret_from, int64_t *ret_to)
{
    *ret_from = claim->slots[0].starts_at;
    *ret_to = claim->slots[0].ends_at;
    for (size_t i = 1; i < claim->n; i++) {
        if (claim->slots[i].starts_at < *ret_from)
            *ret_from = claim->slots[i].starts_at;
        if (claim->slots[i].ends_at > *ret_to)
            *ret_to = claim->slots[i].ends_at;
    }
}

static bool overlap(const struct session_slot *slot, const struct taken_row *row)
{
    return slot->starts_at < row->ends_at && row->starts_at < slot->ends_at;
}

static size_t gather(const struct session_claim *claim, const struct list *rows,
                     struct session_clash *out)
{
    size_t n = 0;

    for (size_t i = 0; i < claim->n; i++)
        for (size_t k = 0; k < rows->n; k++) {
            const struct taken_row *row = (const struct taken_row *)rows->at + k;

            if (!overlap(&claim->slots[i], row) || is_excepted(claim, row->id))
                continue;
            if (out)
                out[n] = (struct session_clash){
                    .with = (enum clash_with)row->what,
                    .slot = i,
                    .group_id = row->group_id,
                    .session_id = row->id,
                    .starts_at = row->starts_at,
                    .ends_at = row->ends_at,
                    .module_name = row->module_name,
                };
            n++;
        }
    return n;
}

enum err session_clashes(struct ctx *ctx, const struct session_claim *claim, struct list *ret)
{
    struct i64s groups = in_order(ctx, claim->group_ids);
    struct list rows = {0};
    int64_t from;
    int64_t to;
    enum err e;

    *ret = (struct list){0};
    if (!claim->n)
        return ERR_OK;
    span_of(claim, &from, &to);
    e = plan_lock(ctx, groups, claim->trainer_id, claim->room_id);
    e = e ? e : plan_taken(ctx, claim, groups, from, to, &rows);
    if (e)
        return e;
    ret->n = gather(claim, &rows, NULL);
    ret->at = ARENA_NEW_N(&ctx->arena, struct session_clash, ret->n + 1);
    (void)gather(claim, &rows, ret->at);
    return ERR_OK;
}

static const char *pointer_of(struct ctx *ctx, const struct session_claim *claim,
                              const struct session_clash *c)
{
    size_t i = 0;

    if (c->with != CLASH_GROUP)
        return c->with == CLASH_TRAINER ? "/trainer_id" : "/room_id";
    while (i < claim->group_ids.n && claim->group_ids.at[i] != c->group_id)
        i++;
    return arena_printf(&ctx->arena, "/group_ids/%zu", i).at;
}

enum err session_clash_fail(struct ctx *ctx, const struct session_claim *claim,
                            const struct list *clashes)
{
    enum err e = fail(ctx, ERR_TIMETABLE_CLASH, "%zu %s in the way", clashes->n,
                      clashes->n == 1 ? "booking is" : "bookings are");

    for (size_t i = 0; i < clashes->n && i < TOLD_MAX; i++) {
        const struct session_clash *c = (const struct session_clash *)clashes->at + i;
        struct str day = claim->slots[c->slot].day;

        (void)fail_field(
            ctx, pointer_of(ctx, claim, c), "clash", "", "%.*s%ssession %lld, %s/%s: %.*s",
            (int)day.len, day.len ? day.at : "", day.len ? ": " : "", (long long)c->session_id,
            time_format(&ctx->arena, c->starts_at).at, time_format(&ctx->arena, c->ends_at).at,
            (int)c->module_name.len, c->module_name.at);
    }
    return e;
}

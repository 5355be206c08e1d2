/* SPDX-License-Identifier: MIT */
/* The large demo school as a whole: how large, and one day after the other. */
#include "cli/demo_large.h"

#include "base/clock.h"
#include "base/settings.h"

static void plan_groups(struct large *l)
{
    struct ctx *ctx = l->demo.ctx;

    l->groups = (l->students + LARGE_GROUP / 2) / LARGE_GROUP;
    l->groups = l->groups > 0 ? l->groups : 1;
    l->teams = (l->groups + LARGE_TEAM - 1) / LARGE_TEAM;
    l->trainers = l->teams * LARGE_TEAM;
    l->habits = ARENA_NEW_N(&ctx->arena, enum large_habit, (size_t)l->students);
    l->group_from = ARENA_NEW_N(&ctx->arena, int64_t, (size_t)l->groups + 1);
    for (int64_t g = 1; g <= l->groups; g++)
        l->group_from[g] = l->students * g / l->groups;
    /* Groups are not all alike: each second one gives up to two places to the one before. */
    for (int64_t g = 1; g < l->groups; g += 2)
        l->group_from[g] += demo_dice(&l->demo, 3);
}

/* Today's sessions and those of the next days are planned; there is nothing to mark yet. */
static enum err add_day(struct large *l, int64_t day)
{
    enum err e = ERR_OK;

    for (int64_t p = 0; !e && p < LARGE_PERIODS; p++)
        for (int64_t g = 0; !e && g < l->groups; g++) {
            e = large_add_lesson(l, &(struct large_lesson){day, g, p});
            if (!e && large_is_full(l))
                e = large_flush(l);
        }
    return e;
}

static enum err add_weeks(struct large *l)
{
    int64_t today = demo_day(l->demo.now);
    int64_t began = clock_mono_ms();
    enum err e = ERR_OK;

    for (int64_t day = l->first_day; !e && day < today + LARGE_DAYS_AHEAD; day++) {
        int64_t week = (day - l->first_day) / 7;

        if ((day - l->first_day) % 7 < 5)
            e = add_day(l, day);
        if (!e && (day - l->first_day) % 7 == 5)
            demo_says(&l->demo, "week %lld: %lld sessions, %lld records, %lld events, %lld s",
                      (long long)week + 1, (long long)l->n_sessions, (long long)l->n_records,
                      (long long)l->n_events, (long long)((clock_mono_ms() - began) / 1000));
    }
    return e ? e : large_flush(l);
}

enum err large_fill(struct large *l)
{
    struct ctx *ctx = l->demo.ctx;
    enum demo_found found = DEMO_EMPTY;
    int64_t today;
    enum err e = demo_find(&l->demo, &found);

    if (!e && found != DEMO_EMPTY)
        return fail(ctx, ERR_CONFLICT,
                    "the database is not empty, and a large demo school needs an empty one:"
                    " give another --data-dir or --database-url");
    e = e ? e : demo_zone(ctx);
    if (e)
        return e;
    l->demo.now = ctx->now;
    l->pen = *ctx;
    l->pen.arena = (struct arena){0};
    l->demo.dice = (uint64_t)l->demo.seed;
    today = demo_day(l->demo.now);
    /* Day 4 of 1970 was a Monday. Five school days a week, up to yesterday. */
    l->first_day = today - (today + 3) % 7 - 7 * l->weeks;
    plan_groups(l);
    e = large_add_people(l);
    e = e ? e : add_weeks(l);
    e = e ? e : large_finish_tables(ctx);
    arena_finish(&l->pen.arena);
    return e;
}

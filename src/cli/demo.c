/* SPDX-License-Identifier: MIT */
/* The demo school as a whole: is it there, make it, keep it usable. */
#include "cli/demo.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/settings.h"

#include "attendance/attendance.h"
#include "db/tx.h"
#include "events/events.h"
#include "groups/groups.h"
#include "structure/structure.h"
#include "students/students.h"
#include "trainers/trainers.h"
#include "users/users.h"

enum { ALL = 200, GOES_ON_MS = 30 * 60 * 1000 };

/* splitmix64 (public domain, Sebastiano Vigna). */
int64_t demo_dice(struct demo *d, int64_t n)
{
    uint64_t z = d->dice += 0x9e3779b97f4a7c15U;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return (int64_t)((z ^ (z >> 31)) % (uint64_t)n);
}

void demo_as_admin(struct demo *d, int64_t at)
{
    d->ctx->now = at;
    d->ctx->actor = (struct actor){.role = ROLE_ADMIN, .user_id = d->admin_id};
}

struct str demo_number(struct demo *d, size_t student)
{
    return arena_printf(&d->ctx->arena, "S-%04zu", student + 1);
}

struct str demo_email(struct demo *d, const char *login)
{
    return arena_printf(&d->ctx->arena, "%s@%s", login, DEMO_DOMAIN);
}

void demo_says(struct demo *d, const char *fmt, ...)
{
    char line[500];
    va_list args;

    if (!d->progress)
        return;
    va_start(args, fmt);
    (void)vsnprintf(line, sizeof(line), fmt, args);
    va_end(args);
    d->progress(str_of(line));
}

/* libc converts by the zone of the process: fine for a command that has one thread. */
enum err demo_zone(struct ctx *ctx)
{
    struct str zone = ctx->services->settings->time_zone;

    if (!zone_is_valid(zone))
        return fail(ctx, ERR_INVALID, "the time zone \"%.*s\" is unknown", (int)zone.len, zone.at);
    if (setenv("TZ", arena_printf(&ctx->arena, ":%.*s", (int)zone.len, zone.at).at, 1))
        return fail(ctx, ERR_INTERNAL, "the time zone cannot be set");
    tzset();
    return ERR_OK;
}

int64_t demo_local(int64_t day, int64_t minute)
{
    struct tm t = {.tm_year = 70, .tm_mday = (int)day + 1, .tm_min = (int)minute, .tm_isdst = -1};

    return (int64_t)mktime(&t) * 1000;
}

int64_t demo_day(int64_t at)
{
    int64_t day = at / DEMO_DAY;

    while (demo_local(day, 0) > at)
        day--;
    while (demo_local(day + 1, 0) <= at)
        day++;
    return day;
}

static const struct page_query everything = {.limit = ALL, .sort = {"name", 4}};

static enum err find_admin(struct demo *d, bool *ret_any)
{
    struct user_filter filter = {.page = everything};
    struct page page;

    *ret_any = false;
    for (int archived = 0; archived < 2; archived++) {
        enum err e;

        filter.page.archived = archived;
        e = user_list(d->ctx, &filter, &page);
        if (e)
            return e;
        *ret_any = *ret_any || page.items.n > 0;
    }
    filter.page.archived = false;
    filter.role = (struct opt_str){.set = true, .v = STR("admin")};
    enum err e = user_list(d->ctx, &filter, &page);
    for (size_t i = 0; !e && i < page.items.n; i++) {
        const struct user *u = (const struct user *)page.items.at + i;

        if (str_is(u->email, DEMO_ADMIN_EMAIL))
            d->admin_id = u->id;
    }
    return e;
}

/* Nothing can be there without an account, but for what was put there by hand. */
static enum err find_any_structure(struct demo *d, bool *ret_any)
{
    struct structure_filter filter = {.page = everything};
    enum err e = ERR_OK;

    for (int i = 0; !e && !*ret_any && i < 2 * STRUCTURE_KINDS; i++) {
        struct page page = {0};

        filter.page.archived = i % 2;
        e = structure_list(d->ctx, (enum structure_kind)(i / 2), &filter, &page);
        *ret_any = !e && page.items.n > 0;
    }
    return e;
}

static enum err find_things(struct demo *d, enum structure_kind kind, const struct demo_thing *all,
                            size_t n, int64_t *ret_ids)
{
    struct structure_filter filter = {.page = everything};
    struct page page;
    enum err e = structure_list(d->ctx, kind, &filter, &page);

    for (size_t i = 0; !e && i < page.items.n; i++) {
        const struct structure_item *item = (const struct structure_item *)page.items.at + i;

        for (size_t k = 0; k < n; k++)
            if (str_is(item->code, all[k].code))
                ret_ids[k] = item->id;
    }
    return e;
}

static enum err find_groups(struct demo *d)
{
    struct group_filter filter = {.page = everything};
    struct page page;
    enum err e = group_list(d->ctx, &filter, &page);

    for (size_t i = 0; !e && i < page.items.n; i++) {
        const struct group *g = (const struct group *)page.items.at + i;

        for (size_t k = 0; k < DEMO_GROUPS; k++)
            if (str_is(g->code, demo_groups[k].code))
                d->groups[k] = g->id;
    }
    return e;
}

static enum err find_trainers(struct demo *d)
{
    struct trainer_filter filter = {.page = everything};
    struct page page;
    enum err e = trainer_list(d->ctx, &filter, &page);

    for (size_t i = 0; !e && i < page.items.n; i++) {
        const struct trainer *t = (const struct trainer *)page.items.at + i;

        for (size_t k = 0; k < DEMO_TRAINERS; k++) {
            if (!str_eq(t->email, demo_email(d, demo_trainers[k].login)))
                continue;
            d->trainers[k].id = t->id;
            d->trainers[k].user_id = t->user_id;
        }
    }
    return e;
}

static enum err find_students(struct demo *d)
{
    struct student_filter filter = {.page = everything};
    enum err e = ERR_OK;

    for (size_t k = 0; !e && k < DEMO_STUDENTS; k++) {
        struct page page = {0};

        filter.page.q = demo_number(d, k);
        e = student_list(d->ctx, &filter, &page);
        for (size_t i = 0; !e && i < page.items.n; i++) {
            const struct student *s = (const struct student *)page.items.at + i;

            if (!str_eq(s->student_number, filter.page.q))
                continue;
            d->students[k] = s->id;
            d->enrolled[k] = s->enrolled;
            d->n_enrolled += s->enrolled;
        }
    }
    return e;
}

enum err demo_find(struct demo *d, enum demo_found *ret)
{
    bool any = false;
    enum err e;

    d->now = d->ctx->now;
    d->dice = (uint64_t)d->seed;
    demo_as_admin(d, d->now);
    e = find_admin(d, &any);
    e = e ? e : find_any_structure(d, &any);
    if (e || !d->admin_id) {
        *ret = any ? DEMO_OTHER : DEMO_EMPTY;
        return e;
    }
    *ret = DEMO_THERE;
    demo_as_admin(d, d->now);
    e = find_things(d, STRUCTURE_MODULE, demo_modules, DEMO_MODULES, d->modules);
    e = e ? e : find_things(d, STRUCTURE_ROOM, demo_rooms, DEMO_ROOMS, d->rooms);
    e = e ? e : find_groups(d);
    e = e ? e : find_trainers(d);
    return e ? e : find_students(d);
}

enum err demo_fill(struct demo *d)
{
    cleanup(tx_finish) struct tx tx = {0};
    enum err e = demo_zone(d->ctx);

    e = e ? e : tx_begin(d->ctx, &tx);
    e = e ? e : demo_add_structure(d);
    e = e ? e : demo_add_people(d);
    e = e ? e : demo_add_consents(d);
    e = e ? e : demo_add_faces(d);
    e = e ? e : demo_add_sessions(d);
    demo_as_admin(d, d->now);
    /* No client waits for the history. */
    e = e ? e : events_trim(d->ctx);
    return e ? e : tx_commit(&tx);
}

enum err demo_refresh(struct demo *d)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct session s;
    enum err e = tx_begin(d->ctx, &tx);

    if (!e && d->n_enrolled == 0)
        e = demo_add_faces(d);
    for (size_t i = 0; !e && i < DEMO_TRAINERS; i++) {
        e = demo_session_now(d, i, &s);
        if (e == ERR_NOT_FOUND)
            e = demo_add_now(d, i);
    }
    demo_as_admin(d, d->now);
    return e ? e : tx_commit(&tx);
}

enum err demo_session_now(struct demo *d, size_t trainer, struct session *ret)
{
    struct session_filter filter = {
        .page = {.limit = ALL, .sort = STR("starts_at")},
        .from = {.set = true, .v = d->now + GOES_ON_MS},
        .to = {.set = true, .v = d->now + GOES_ON_MS + 1},
        .trainer_id = {.set = true, .v = d->trainers[trainer].id},
    };
    struct page page;
    enum err e;

    demo_as_admin(d, d->now);
    e = session_list(d->ctx, &filter, &page);
    for (size_t i = 0; !e && i < page.items.n; i++) {
        const struct session *s = (const struct session *)page.items.at + i;

        if ((session_is(s, "scheduled") || session_is(s, "open")) && s->opens_at <= d->now) {
            *ret = *s;
            return ERR_OK;
        }
    }
    return e ? e : ERR_NOT_FOUND;
}

enum err demo_face_of(struct demo *d, const struct session *s, size_t *ret)
{
    struct attendance_register reg = {0};
    enum err e = attendance_register_get(d->ctx, s->id, &reg);

    if (e)
        return e;
    for (size_t k = 0; k < DEMO_STUDENTS; k++) {
        if (!demo_students[k].portrait || !d->students[k])
            continue;
        for (size_t i = 0; i < reg.records.n; i++) {
            const struct attendance *a = (const struct attendance *)reg.records.at + i;

            if (a->student_id == d->students[k] && a->enrolled && str_is(a->status, "unmarked")) {
                *ret = k;
                return ERR_OK;
            }
        }
    }
    return ERR_NOT_FOUND;
}

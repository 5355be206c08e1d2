/* SPDX-License-Identifier: MIT */
/* The rules of groups and memberships. */
#include "groups/groups.h"

#include "base/fold.h"
#include "base/zone.h"

#include "db/tx.h"
#include "groups/groups_store.h"
#include "groups/moves.h"
#include "structure/structure.h"
#include "students/students.h"

static const int64_t day_ms = 86400000;

#define F(...) FIELD(struct group, __VA_ARGS__)
static const struct field group_fields[] = {
    F(id, "Number of the group", .min = 1, .example = "2"),
    F(programme_id, "The programme it follows", .min = 1, .example = "3"),
    F(code, "Short name, taken once", .max = 40, .example = "\"INF-1A\""),
    F(name, "Full name", .max = 200, .example = "\"Informatique 1A\""),
    F(name_norm, "Search form of name and code", .hidden = true),
    F(student_count, "Members today", .example = "24"),
    F(archived, "Out of use: kept for what refers to it", .example = "false"),
    F(version, "Counts the changes, of membership too; the ETag", .min = 1, .example = "1"),
};
#undef F
const struct schema group_schema = SCHEMA(group, group_fields);

#define F(...) FIELD(struct membership, __VA_ARGS__)
static const struct field membership_fields[] = {
    F(group_id, "The group", .min = 1, .example = "2"),
    F(student_id, "The student", .min = 1, .example = "31"),
    F(from, "First day", .format = "date", .max = 10, .example = "\"2026-09-01\""),
    F(to, "The day after the last; null while it goes on", .format = "date", .max = 10,
      .example = "null"),
};
#undef F
const struct schema membership_schema = SCHEMA(membership, membership_fields);

static enum err no_group(struct ctx *ctx)
{
    return fail(ctx, ERR_NOT_FOUND, "there is no such group");
}

static enum err code_is_taken(struct ctx *ctx)
{
    (void)fail(ctx, ERR_CONFLICT, "another group has this code");
    (void)fail_field(ctx, "/code", "taken", "", "another group has this code");
    return ERR_CONFLICT;
}

static enum err changed_meanwhile(struct ctx *ctx)
{
    return fail(ctx, ERR_VERSION_MISMATCH, "this group was changed meanwhile: read it again");
}

enum err group_get_for(struct ctx *ctx, int64_t id, struct group *ret)
{
    enum err e = groups_store_get_for(ctx, id, ret);

    return e == ERR_NOT_FOUND ? no_group(ctx) : e;
}

enum err group_get_taught(struct ctx *ctx, int64_t id, struct group *ret)
{
    enum err e = groups_store_taught(ctx, id);

    e = e ? e : groups_store_get(ctx, id, ret);
    return e == ERR_NOT_FOUND ? no_group(ctx) : e;
}

enum err group_list(struct ctx *ctx, const struct group_filter *filter, struct page *ret)
{
    return groups_store_page(ctx, filter, str_search(&ctx->arena, filter->page.q), ret);
}

enum err group_check_usable(struct ctx *ctx, int64_t id, const char *pointer)
{
    struct group g;
    enum err e = groups_store_get(ctx, id, &g);

    if (e == ERR_NOT_FOUND)
        return fail_field(ctx, pointer, "not_found", "", "there is no such group");
    if (!e && g.archived)
        return fail_field(ctx, pointer, "archived", "", "this group is archived");
    return e;
}

static enum err check_programme(struct ctx *ctx, int64_t programme_id)
{
    return structure_check_usable(ctx, STRUCTURE_PROGRAMME, programme_id, "/programme_id");
}

enum err group_create(struct ctx *ctx, const struct group_new *in, struct group *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct group g = {.programme_id = in->programme_id, .code = in->code, .name = in->name};
    enum err e = structure_search_form(ctx, g.code, g.name, &g.name_norm);
    enum err ep = check_programme(ctx, g.programme_id);
    int64_t id;

    if (e || ep)
        return e ? e : ep;
    /* One statement, but an Idempotency-Key notes what a transaction did. */
    e = tx_begin(ctx, &tx);
    e = e ? e : groups_store_insert(ctx, &g, &id);
    if (e == ERR_CONFLICT)
        return code_is_taken(ctx);
    e = e ? e : groups_store_get(ctx, id, ret);
    return e ? e : tx_commit(&tx);
}

static void overlay(const struct group_change *in, struct group *g)
{
    if (in->programme_id.set)
        g->programme_id = in->programme_id.v;
    if (in->code.set)
        g->code = in->code.v;
    if (in->name.set)
        g->name = in->name.v;
    if (in->archived.set)
        g->archived = in->archived.v;
}

enum err group_update(struct ctx *ctx, struct opt_i64 version, const struct group_change *in,
                      struct group *ret)
{
    struct group before;
    struct group g;
    enum err ep = ERR_OK;
    enum err e = groups_store_get(ctx, in->group_id, &before);

    if (e)
        return e == ERR_NOT_FOUND ? no_group(ctx) : e;
    if (version.set && version.v != before.version)
        return changed_meanwhile(ctx);
    g = before;
    overlay(in, &g);
    if (schema_same(&group_schema, &before, &g)) {
        *ret = before;
        return ERR_OK;
    }
    e = structure_search_form(ctx, g.code, g.name, &g.name_norm);
    if (in->programme_id.set)
        ep = check_programme(ctx, g.programme_id);
    if (e || ep)
        return e ? e : ep;
    e = groups_store_update(ctx, &g);
    if (e == ERR_NOT_FOUND)
        return changed_meanwhile(ctx);
    if (e == ERR_CONFLICT)
        return code_is_taken(ctx);
    return e ? e : groups_store_get(ctx, g.id, ret);
}

enum err group_students(struct ctx *ctx, const struct member_filter *filter, struct page *ret)
{
    struct student_filter of_group = {
        .page = filter->page,
        .group_id = {.set = true, .v = filter->group_id},
    };
    enum err e = groups_store_taught(ctx, filter->group_id);

    if (e)
        return e == ERR_NOT_FOUND ? no_group(ctx) : e;
    return student_list(ctx, &of_group, ret);
}

/* The first moment of a stored day: what was stored by versions that counted days of UTC begins at
 * midnight of UTC, but means the school's day of that date. */
static int64_t first_moment(struct ctx *ctx, int64_t stored)
{
    int64_t start = stored;

    if (stored % day_ms == 0)
        (void)zone_utc_day(ctx_school_zone(ctx), date_of_day(&ctx->arena, stored / day_ms), 0,
                           &start, NULL);
    return start;
}

enum err membership_on(struct ctx *ctx, struct member_row *m, int64_t day, bool *ret_is_over)
{
    int64_t end = m->to_day.set && !m->to_day.null ? first_moment(ctx, m->to_day.v) : INT64_MAX;

    m->from_day = first_moment(ctx, m->from_day);
    *ret_is_over = end <= day;
    /* What is stored would reach hours into the day. */
    return *ret_is_over ? groups_store_member_end(ctx, m->id, end) : ERR_OK;
}

enum err membership_find(struct ctx *ctx, const struct membership_key *key, struct member_row *ret)
{
    bool is_over = false;
    enum err e = groups_store_member(ctx, key->group_id, key->student_id, key->day, ret);

    e = e ? e : membership_on(ctx, ret, key->day, &is_over);
    return !e && is_over ? ERR_NOT_FOUND : e;
}

/* Half a day on, so that a midnight of the zone that the school had before is the same day. What
 * was stored by versions that counted days of UTC begins at midnight of UTC. */
struct str membership_date(struct ctx *ctx, int64_t start)
{
    struct local_time t;

    if (start % day_ms == 0 || !zone_local(ctx_school_zone(ctx), start + day_ms / 2, &t))
        return date_of_day(&ctx->arena, start / day_ms);
    return arena_printf(&ctx->arena, "%04d-%02d-%02d", (int)t.year, t.month, t.day);
}

enum err membership_day(struct ctx *ctx, const char *pointer, struct str date, int64_t *ret)
{
    int64_t day = -1;

    if (day_number(date, &day) && day >= 0 &&
        zone_utc_day(ctx_school_zone(ctx), date, 0, ret, NULL))
        return ERR_OK;
    return fail_field(ctx, pointer, "format", "1970-01-01 or later", "is no day from 1970 on");
}

/* The first moment of today at the school. */
static int64_t today_start(const struct ctx *ctx)
{
    int64_t start = ctx->now;

    (void)zone_day_start(ctx_school_zone(ctx), ctx->now, &start);
    return start;
}

struct joining {
    const struct member_new *in;
    int64_t from_day;
};

static enum err join_in_tx(struct ctx *ctx, void *arg)
{
    const struct joining *j = arg;
    const struct member_new *in = j->in;
    struct member_row there;
    enum err e = groups_store_touch(ctx, in->group_id);

    if (!e)
        e = student_touch(ctx, in->student_id);
    if (e)
        return e;
    e = membership_find(ctx, &(struct membership_key){in->group_id, in->student_id, j->from_day},
                        &there);
    if (!e)
        return ERR_CONFLICT;
    if (e != ERR_NOT_FOUND)
        return e;
    return groups_store_member_insert(ctx, in->group_id, in->student_id, j->from_day);
}

enum err group_add_student(struct ctx *ctx, const struct member_new *in, struct membership *ret)
{
    struct joining j = {.in = in, .from_day = today_start(ctx)};
    struct group g;
    enum err e = groups_store_get(ctx, in->group_id, &g);
    enum err es;

    if (e)
        return e == ERR_NOT_FOUND ? no_group(ctx) : e;
    if (g.archived)
        e = fail_field(ctx, "group_id", "archived", "", "this group is archived");
    es = student_check_usable(ctx, in->student_id, "/student_id");
    e = e ? e : es;
    if (in->from.set) {
        es = membership_day(ctx, "/from", in->from.v, &j.from_day);
        e = e ? e : es;
    }
    if (e)
        return e;
    e = db_transact(ctx, join_in_tx, &j);
    if (e == ERR_CONFLICT) {
        (void)fail(ctx, e, "the student is in this group already");
        (void)fail_field(ctx, "/student_id", "taken", "", "is in this group already");
    }
    if (e)
        return e;
    *ret = (struct membership){
        .group_id = in->group_id,
        .student_id = in->student_id,
        .from = membership_date(ctx, j.from_day),
    };
    return ERR_OK;
}

struct leaving {
    int64_t group_id, student_id;
};

static enum err leave_in_tx(struct ctx *ctx, void *arg)
{
    const struct leaving *l = arg;
    int64_t today = today_start(ctx);
    struct member_row m;
    enum err e = groups_store_touch(ctx, l->group_id);

    if (!e)
        e = membership_find(ctx, &(struct membership_key){l->group_id, l->student_id, today}, &m);
    if (e)
        return e;
    if (m.from_day >= today)
        e = groups_store_member_delete(ctx, m.id);
    else
        e = groups_store_member_end(ctx, m.id, today);
    return e ? e : student_touch(ctx, l->student_id);
}

enum err group_remove_student(struct ctx *ctx, int64_t group_id, int64_t student_id)
{
    struct leaving l = {group_id, student_id};
    enum err e = db_transact(ctx, leave_in_tx, &l);

    if (e == ERR_NOT_FOUND)
        return fail(ctx, e, "the student is not in this group");
    return e;
}

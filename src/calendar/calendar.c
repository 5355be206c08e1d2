/* SPDX-License-Identifier: MIT */
/* The rules of calendars by secret address: whose they may be, and what is in them. */
#include "calendar/calendar.h"

#include <string.h>

#include "base/settings.h"

#include "auth/token.h"
#include "calendar/calendar_store.h"
#include "calendar/ics_write.h"
#include "db/tx.h"
#include "groups/groups.h"
#include "guardians/guardians.h"
#include "structure/structure.h"
#include "students/students.h"
#include "trainers/trainers.h"

static const int64_t day_ms = 86400000;

#define F(...) FIELD(struct calendar_feed, __VA_ARGS__)
static const struct field feed_fields[] = {
    F(id, "Number of the feed", .min = 1, .example = "5"),
    F(subject, "Whose sessions", .one_of = ONE_OF("student", "trainer", "group", "room"),
      .example = "\"student\""),
    F(subject_id, "Number of the student, trainer, group or room", .min = 1, .example = "31"),
    F(name, "Its name when the feed was made", .max = 200, .example = "\"Yacine Brahimi\""),
    F(created_at, "When it was made", .format = "date-time",
      .example = "\"2026-09-01T08:00:00.000Z\""),
    F(last_read_at, "Last read, exact to the hour; null: never", .format = "date-time",
      .example = "null"),
};
#undef F
const struct schema calendar_feed_schema = SCHEMA(calendar_feed, feed_fields);

#define F(...) FIELD(struct calendar_feed_made, __VA_ARGS__)
static const struct field made_fields[] = {
    F(id, "Number of the feed", .min = 1, .example = "5"),
    F(path, "Where this server has it", .max = 200,
      .example = "\"/calendar/hPq3vJt0mY1xZ6nC8bLw4uRd7eKs2fGa5iTo9yXzQvM.ics\""),
    F(url, "The whole address when the server knows its own (`public_url`), else the path",
      .max = 1000,
      .example = "\"https://school.example/calendar/"
                 "hPq3vJt0mY1xZ6nC8bLw4uRd7eKs2fGa5iTo9yXzQvM.ics\""),
    F(feed, "The feed", .items = &calendar_feed_schema),
};
#undef F
const struct schema calendar_feed_made_schema = SCHEMA(calendar_feed_made, made_fields);

static enum err see_student(struct ctx *ctx, int64_t id, struct str *ret_name)
{
    const struct actor *who = &ctx->actor;
    struct student s;
    struct i64s guardians = {0};
    bool may = who->role == ROLE_ADMIN || (who->role == ROLE_STUDENT && who->student_id == id);
    enum err e = student_get(ctx, id, &s);

    if (!e && who->role == ROLE_GUARDIAN)
        e = guardian_accounts(ctx, id, &guardians);
    for (size_t i = 0; i < guardians.n; i++)
        may = may || guardians.at[i] == who->user_id;
    if (!e && (!may || s.archived))
        e = ERR_NOT_FOUND;
    if (!e)
        *ret_name = s.name;
    return e;
}

static enum err see_trainer(struct ctx *ctx, int64_t id, struct str *ret_name)
{
    struct trainer t;
    enum err e = trainer_get_for(ctx, id, &t);

    if (!e && t.archived)
        e = ERR_NOT_FOUND;
    if (!e)
        *ret_name = t.name;
    return e;
}

static enum err see_group(struct ctx *ctx, int64_t id, struct str *ret_name)
{
    struct group g;
    enum err e = group_get_taught(ctx, id, &g);

    if (!e && g.archived)
        e = ERR_NOT_FOUND;
    if (!e)
        *ret_name = g.name;
    return e;
}

static enum err see_room(struct ctx *ctx, int64_t id, struct str *ret_name)
{
    struct structure_item room;
    enum err e = ctx->actor.role == ROLE_ADMIN ? structure_get(ctx, STRUCTURE_ROOM, id, &room)
                                               : ERR_NOT_FOUND;

    if (!e && room.archived)
        e = ERR_NOT_FOUND;
    if (!e)
        *ret_name = room.name;
    return e;
}

/* What the caller may have a calendar of, and its name. ERR_NOT_FOUND */
static enum err see(struct ctx *ctx, struct str subject, int64_t id, struct str *ret_name)
{
    enum err e;

    if (str_is(subject, "student"))
        e = see_student(ctx, id, ret_name);
    else if (str_is(subject, "trainer"))
        e = ctx->actor.role == ROLE_ADMIN || ctx->actor.role == ROLE_TRAINER
                ? see_trainer(ctx, id, ret_name)
                : ERR_NOT_FOUND;
    else if (str_is(subject, "group"))
        e = ctx->actor.role == ROLE_ADMIN || ctx->actor.role == ROLE_TRAINER
                ? see_group(ctx, id, ret_name)
                : ERR_NOT_FOUND;
    else
        e = see_room(ctx, id, ret_name);
    if (e == ERR_NOT_FOUND)
        fault_clear(ctx);
    return e;
}

struct making {
    const struct calendar_feed_new *in;
    struct str name, hash;
    struct calendar_feed *ret;
};

static enum err create_in_tx(struct ctx *ctx, void *arg)
{
    const struct making *m = arg;
    int64_t n = 0, id = 0;
    enum err e = calendar_store_count(ctx, &n);

    if (!e && n >= FEEDS_MAX)
        e = fail_field(ctx, "/subject", "max", "20",
                       "there are %d feeds already: take one back first", FEEDS_MAX);
    e = e ? e : calendar_store_insert(ctx, m->in, m->name, m->hash, &id);
    return e ? e : calendar_store_get(ctx, id, m->ret);
}

enum err calendar_feed_create(struct ctx *ctx, const struct calendar_feed_new *in,
                              struct calendar_feed_made *ret)
{
    struct calendar_feed *feed = ARENA_NEW(&ctx->arena, struct calendar_feed);
    struct str secret = token_opaque(ctx);
    struct making m = {.in = in, .hash = token_hash(ctx, secret), .ret = feed};
    struct str base = ctx->services->settings->public_url;
    struct str path;
    enum err e = see(ctx, in->subject, in->subject_id, &m.name);

    if (e == ERR_NOT_FOUND)
        return fail_field(ctx, "/subject_id", "not_found", "",
                          "there is none that you may have a calendar of");
    e = e ? e : db_transact(ctx, create_in_tx, &m);
    if (e)
        return e;
    while (base.len && base.at[base.len - 1] == '/')
        base.len--;
    path = arena_printf(&ctx->arena, "/calendar/%s.ics", secret.at);
    *ret = (struct calendar_feed_made){
        .id = feed->id,
        .path = path,
        .url = arena_printf(&ctx->arena, "%.*s%s", (int)base.len, base.at, path.at),
        .feed = {feed},
    };
    return ERR_OK;
}

enum err calendar_feed_list(struct ctx *ctx, const struct page_query *query, struct page *ret)
{
    return calendar_store_page(ctx, query, ret);
}

enum err calendar_feed_revoke(struct ctx *ctx, int64_t id)
{
    int64_t n = 0;
    enum err e = calendar_store_revoke(ctx, id, &n);

    return e ? e : n ? ERR_OK : fail(ctx, ERR_NOT_FOUND, "this is no calendar of yours");
}

static enum err no_calendar(struct ctx *ctx)
{
    fault_clear(ctx);
    return fail(ctx, ERR_NOT_FOUND, "there is no such calendar");
}

/* As the owner may see it now. */
static enum err owner_sees(struct ctx *ctx, const struct feed_row *f)
{
    struct actor nobody = ctx->actor;
    struct str name;
    enum err e;

    ctx->actor = (struct actor){
        .role = role_of(f->role),
        .user_id = f->owner_id,
        .trainer_id = f->trainer_id,
        .student_id = f->student_id,
    };
    e = see(ctx, f->subject, f->subject_id, &name);
    ctx->actor = nobody;
    return e;
}

/* Sixty bits of the text's hash. */
static int64_t version_of(struct ctx *ctx, struct str text)
{
    struct str hex = token_hash(ctx, text);
    int64_t v = 0;

    for (size_t i = 0; i < 15; i++) {
        char c = hex.at[i];

        v = v * 16 + (c <= '9' ? c - '0' : c - 'a' + 10);
    }
    return v ? v : 1;
}

static enum err draw(struct ctx *ctx, const struct feed_row *f, struct calendar_text *ret)
{
    /* Days, so that the text stays the same from one reading to the next. */
    int64_t today = ctx->now - ctx->now % day_ms;
    struct ics_calendar c = {
        .name = f->name,
        .made_at = f->created_at,
        .from = today - FEED_DAYS_BEFORE * day_ms,
        .to = today + FEED_DAYS_AFTER * day_ms,
    };
    int64_t origin = 0;
    enum err e = calendar_store_origin(ctx, &origin);

    e = e ? e : calendar_store_sessions(ctx, f->subject, f->subject_id, c.from, c.to, &c.sessions);
    if (e)
        return e;
    c.school = token_hash(ctx, arena_printf(&ctx->arena, "school:%lld", (long long)origin));
    c.school.len = 12;
    e = ics_write(ctx, &c, &ret->ics);
    if (!e)
        ret->version = version_of(ctx, ret->ics);
    return e;
}

enum err calendar_feed_read(struct ctx *ctx, struct str file, struct calendar_text *ret)
{
    static const char suffix[] = ".ics";
    struct feed_row f = {0};
    size_t end = sizeof(suffix) - 1;
    enum err e;

    if (file.len <= end || memcmp(file.at + file.len - end, suffix, end) != 0)
        return no_calendar(ctx);
    file.len -= end;
    e = calendar_store_by_secret(ctx, token_hash(ctx, file), &f);
    e = e ? e : owner_sees(ctx, &f);
    if (e == ERR_NOT_FOUND)
        return no_calendar(ctx);
    e = e ? e : calendar_store_was_read(ctx, f.id);
    return e ? e : draw(ctx, &f, ret);
}

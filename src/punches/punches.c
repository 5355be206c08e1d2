/* SPDX-License-Identifier: MIT */
/* From punches to check-ins: whose, of which session, and what the register said. */
#include "punches/punches.h"

#include "base/log.h"
#include "base/text.h"

#include "attendance/intake.h"
#include "db/tx.h"
#include "devices/devices.h"
#include "punches/punches_store.h"

#define F(...) FIELD(struct punch, __VA_ARGS__)
static const struct field punch_fields[] = {
    F(id, "Number of the punch", .required = true),
    F(device_id, "The reader", .required = true),
    F(device_name, "Its name", .required = true),
    F(identifier, "Student number that it read", .required = true),
    F(punched_at, "When, by the reader's clock", .required = true, .format = "date-time"),
    F(received_at, "When it came", .required = true, .format = "date-time"),
    F(direction, "In, out, or not known", .required = true,
      .one_of = ONE_OF("in", "out", "unknown")),
    F(outcome, "What became of it", .required = true, .one_of = PUNCH_OUTCOMES),
    F(early, "It is of a time before the device was registered", .required = true),
    F(student_id, "Whose it is; null: of nobody known", .required = true),
    F(session_id, "Session that it counts for; null: none", .required = true),
};
#undef F
const struct schema punch_schema = SCHEMA(punch, punch_fields);

static const int64_t day_ms = (int64_t)24 * 3600 * 1000;

/* Punches on their way; those of one session go through the door together. */
struct batch {
    const struct punches_in *in;
    int64_t device_id, room_id, since;
    struct list stands; /* struct stand_row, the oldest first */
    struct punch_row *rows;
    struct session *sessions; /* of each row; id 0: none, or not open */
    bool *repeated;
    size_t n;
};

/* Why it is not even kept; NULL: it is. */
static const char *refusal(const struct ctx *ctx, int64_t at)
{
    if (at > ctx->now + PUNCH_AHEAD_MS)
        return "in_future";
    if (at < ctx->now - PUNCH_DAYS * day_ms)
        return "too_old";
    return NULL;
}

/* Whose it is and of which session; says in the outcome what is missing. */
static enum err find(struct ctx *ctx, struct punch_row *p, struct session *ret)
{
    struct session s = {0};
    enum err e = punches_store_student(ctx, p->identifier, &p->student_id.v);

    if (e == ERR_NOT_FOUND) {
        p->outcome = STR("unknown_person");
        fault_clear(ctx);
        return ERR_OK;
    }
    p->student_id.set = true;
    e = e ? e : punches_store_session(ctx, p, &s);
    if (e == ERR_NOT_FOUND) {
        p->outcome = STR("no_session");
        fault_clear(ctx);
        return ERR_OK;
    }
    if (e)
        return e;
    p->session_id = (struct opt_i64){.set = true, .v = s.id};
    p->outcome = STR("not_open");
    if (!session_is(&s, "scheduled"))
        *ret = s;
    return ERR_OK;
}

static enum presence_direction direction_of(struct str name)
{
    if (str_is(name, "in"))
        return GOING_IN;
    return str_is(name, "out") ? GOING_OUT : GOING_UNKNOWN;
}

/* All of the batch that are of the session of row `first`. */
static enum err through_the_door(struct ctx *ctx, struct batch *b, size_t first)
{
    struct session s = b->sessions[first];
    struct check_in *in = ARENA_NEW_N(&ctx->arena, struct check_in, b->n);
    struct check_in_result *out = ARENA_NEW_N(&ctx->arena, struct check_in_result, b->n);
    size_t *row = ARENA_NEW_N(&ctx->arena, size_t, b->n);
    size_t n = 0;
    enum err e;

    for (size_t i = first; i < b->n; i++) {
        struct punch_row *p = &b->rows[i];

        if (b->sessions[i].id != s.id)
            continue;
        b->sessions[i].id = 0;
        p->event_uid = (struct opt_str){
            .set = true, .v = arena_printf(&ctx->arena, "punch:%lld", (long long)p->id)};
        row[n] = i;
        in[n++] = (struct check_in){
            .student_id = p->student_id.v,
            .way = WAY_DEVICE,
            .direction = direction_of(p->direction),
            .occurred_at = p->punched_at,
            .client_at = {.set = true, .v = p->punched_at},
            .uid = p->event_uid.v,
            .device_id = p->device_id,
            .belated = true,
        };
    }
    e = attendance_check_in(ctx, &s, in, n, out);
    for (size_t i = 0; !e && i < n; i++)
        b->rows[row[i]].outcome = str_of(intake_name(out[i].intake));
    return e;
}

/* Finds, marks and writes down what has an id. */
static enum err settle(struct ctx *ctx, struct batch *b)
{
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < b->n; i++)
        if (b->rows[i].id && !b->repeated[i])
            e = find(ctx, &b->rows[i], &b->sessions[i]);
    for (size_t i = 0; !e && i < b->n; i++)
        if (b->sessions[i].id)
            e = through_the_door(ctx, b, i);
    for (size_t i = 0; !e && i < b->n; i++)
        if (b->rows[i].id && !b->repeated[i])
            e = punches_store_set(ctx, &b->rows[i]);
    return e;
}

/* Where the reader stood then; before all that is known: where it stood first. */
static int64_t room_at(const struct batch *b, int64_t at)
{
    const struct stand_row *row = b->stands.at;
    size_t i = b->stands.n;

    while (i > 1 && row[i - 1].since_at > at)
        i--;
    return i ? row[i - 1].room_id : b->room_id;
}

/* Whatever a reader read is one punch: what it frames numbers in is left out. */
static enum err keep(struct ctx *ctx, struct batch *b, size_t i)
{
    const struct punch_said *said = &((const struct punch_said *)b->in->punches.at)[i];
    struct punch_row *p = &b->rows[i];
    const char *no = refusal(ctx, said->at_ms);
    enum err e;

    *p = (struct punch_row){
        .device_id = b->device_id,
        .room_id = room_at(b, said->at_ms),
        .identifier = text_to_name(&ctx->arena, said->identifier),
        .punched_at = said->at_ms,
        .direction = said->direction,
        .outcome = str_of(no ? no : "no_session"),
        .early = said->at_ms < b->since,
    };
    if (no)
        return ERR_OK;
    e = punches_store_add(ctx, p, &p->id);
    if (e != ERR_NOT_FOUND)
        return e;
    fault_clear(ctx);
    b->repeated[i] = true;
    return ERR_OK;
}

/* What became of those that came before, perhaps in this very batch. */
static enum err recall(struct ctx *ctx, struct batch *b)
{
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < b->n; i++)
        if (b->repeated[i])
            e = punches_store_get(ctx, &b->rows[i], &b->rows[i]);
    return e;
}

static enum err take(struct ctx *ctx, void *arg)
{
    struct batch *b = arg;
    enum err e = ERR_OK;

    b->rows = ARENA_NEW_N(&ctx->arena, struct punch_row, b->n);
    b->sessions = ARENA_NEW_N(&ctx->arena, struct session, b->n);
    b->repeated = ARENA_NEW_N(&ctx->arena, bool, b->n);
    for (size_t i = 0; !e && i < b->n; i++)
        e = keep(ctx, b, i);
    e = e ? e : settle(ctx, b);
    return e ? e : recall(ctx, b);
}

static void say_what_is_wrong(struct ctx *ctx, size_t i, struct punch_result *ret)
{
    struct arena *a = &ctx->arena;
    int64_t from = ctx->now - PUNCH_DAYS * day_ms;

    ret->field = (struct opt_str){.set = true, .v = arena_printf(a, "/punches/%zu/at", i)};
    ret->allowed = (struct opt_str){
        .set = true,
        .v = arena_printf(a, "%s/%s", time_format(a, from > 0 ? from : 0).at,
                          time_format(a, ctx->now + PUNCH_AHEAD_MS).at),
    };
}

static void tell(struct ctx *ctx, const struct batch *b, struct punches_answer *ret)
{
    const struct punch_said *said = b->in->punches.at;
    struct punch_result *out = ARENA_NEW_N(&ctx->arena, struct punch_result, b->n);

    *ret = (struct punches_answer){.results = {out, b->n}};
    for (size_t i = 0; i < b->n; i++) {
        const struct punch_row *p = &b->rows[i];

        out[i] = (struct punch_result){
            .punch_id = {.set = p->id != 0, .v = p->id},
            .identifier = p->identifier,
            .at = said[i].at,
            .outcome = p->outcome,
            .repeated = b->repeated[i],
            .early = p->early,
            .session_id = p->session_id,
        };
        if (!p->id)
            say_what_is_wrong(ctx, i, &out[i]);
        if (!p->id)
            ret->refused++;
        else if (b->repeated[i])
            ret->repeated++;
        else if (p->event_uid.set)
            ret->taken++;
        else
            ret->waiting++;
    }
}

/* A copy of the batch with its times as numbers. */
static enum err read_times(struct ctx *ctx, const struct punches_in *in, struct punches_in *ret)
{
    const struct punch_said *from = in->punches.at;
    struct punch_said *to = ARENA_NEW_N(&ctx->arena, struct punch_said, in->punches.n);
    enum err e = ERR_OK;

    for (size_t i = 0; i < in->punches.n; i++) {
        to[i] = from[i];
        if (!time_parse_any(from[i].at, &to[i].at_ms))
            e = fail_field(ctx, arena_printf(&ctx->arena, "/punches/%zu/at", i).at, "type",
                           "an RFC 3339 time", "must be an RFC 3339 time");
    }
    *ret = (struct punches_in){{to, in->punches.n}};
    return e;
}

enum err punches_take(struct ctx *ctx, const struct punches_in *in, struct punches_answer *ret)
{
    struct punches_in read = {0};
    struct batch b = {
        .in = &read,
        .n = in->punches.n,
        .device_id = ctx->actor.device_id,
        .room_id = ctx->actor.room_id,
    };
    enum err e = device_must_be(ctx, "reader");

    e = e ? e : read_times(ctx, in, &read);
    e = e ? e : punches_store_since(ctx, b.device_id, &b.since);
    e = e ? e : punches_store_stands(ctx, b.device_id, &b.stands);
    e = e ? e : db_transact(ctx, take, &b);
    e = e ? e : device_touch(ctx);
    if (e)
        return e;
    tell(ctx, &b, ret);
    log_info(ctx, "punches.taken", LI("device", b.device_id), LI("taken", ret->taken),
             LI("waiting", ret->waiting), LI("refused", ret->refused),
             LI("repeated", ret->repeated));
    return ERR_OK;
}

enum err punches_list(struct ctx *ctx, const struct punch_filter *f, struct page *ret)
{
    return punches_store_page(ctx, f, ret);
}

static enum err again(struct ctx *ctx, void *arg)
{
    struct batch *b = arg;
    struct list ready = {0};
    enum err e = punches_store_ready(ctx, PUNCHES_MAX, &ready);

    if (e)
        return e;
    b->n = ready.n;
    b->rows = ready.at;
    b->sessions = ARENA_NEW_N(&ctx->arena, struct session, ready.n);
    b->repeated = ARENA_NEW_N(&ctx->arena, bool, ready.n);
    return settle(ctx, b);
}

enum err punches_tend(struct ctx *ctx)
{
    struct batch b = {0};
    enum err e = punches_store_forget(ctx, ctx->now - PUNCH_DAYS * day_ms);

    e = e ? e : db_transact(ctx, again, &b);
    if (!e && b.n)
        log_info(ctx, "punches.settled", LI("punches", (int64_t)b.n));
    return e;
}

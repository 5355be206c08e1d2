/* SPDX-License-Identifier: MIT */
/* The rules of session requests: asked for, approved into a session, rejected with a reason. */
#include "timetable/requests.h"

#include "base/settings.h"

#include "db/tx.h"
#include "events/events.h"
#include "sessions/fields.h"
#include "sessions/plan.h"
#include "timetable/requests_store.h"

enum { PENDING_MAX = 50 };

#define F(...) FIELD(struct request, __VA_ARGS__)
static const struct field request_fields[] = {
    F(id, "Number of the request", .required = true, .example = "7"),
    F(trainer_id, "Who asks, and would give it", .required = true),
    F(trainer_name, "Their name", .required = true),
    F(module_id, "Module", .required = true),
    F(module_code, "Its short name", .required = true),
    F(module_name, "Its name", .required = true),
    F(room_id, "Room", .required = true),
    F(room_name, "Its name", .required = true),
    F(group_ids, "Groups", .required = true, .example = "[3]"),
    F(group_names, "Their names", .required = true, .example = "[\"Networks 1A\"]"),
    F(starts_at, "Start", .required = true, .format = "date-time"),
    F(ends_at, "End", .required = true, .format = "date-time"),
    F(time_zone, "IANA zone", .required = true, .example = "\"Africa/Casablanca\""),
    KIND_FIELDS(struct request),
    F(message, "What the trainer says", .required = true),
    F(state, "State", .required = true,
      .one_of = ONE_OF("pending", "approved", "rejected", "withdrawn")),
    F(answer, "Why it was rejected", .required = true),
    F(session_id, "The session it became", .required = true),
    F(decided_at, "When it was decided", .required = true, .format = "date-time"),
    F(created_at, "When it was asked for", .required = true, .format = "date-time"),
    F(version, "Grows with each change", .required = true),
};
#undef F
const struct schema request_schema = SCHEMA_NAMED("session_request", request, request_fields);

struct request_event {
    struct obj request;
};
static const struct field event_fields[] = {
    FIELD(struct request_event, request, "The request as it is now", .items = &request_schema),
};
static const struct schema event_schema = SCHEMA(request_event, event_fields);

enum err request_get_for(struct ctx *ctx, int64_t id, struct request *ret)
{
    return requests_store_get(ctx, id, ret);
}

enum err request_list(struct ctx *ctx, const struct request_filter *filter, struct page *ret)
{
    return requests_store_page(ctx, filter, ret);
}

/* The trainer who asked is told; admins see every event. */
static enum err tell(struct ctx *ctx, int64_t id, struct request *ret)
{
    struct request_event ev = {.request.at = ret};
    enum err e = requests_store_get(ctx, id, ret);

    return e ? e
             : event_emit(ctx, "session_request.changed", &event_schema, &ev,
                          (struct audience){.trainer_id = ret->trainer_id});
}

/* As a session would be refused. Clashes are looked for when it is decided. */
static enum err check(struct ctx *ctx, const struct request *r)
{
    struct session s = {
        .module_id = r->module_id,
        .trainer_id = r->trainer_id,
        .group_ids = r->group_ids,
        .room_id = r->room_id,
        .starts_at = r->starts_at,
        .ends_at = r->ends_at,
        .kind = r->kind,
    };
    enum err e = session_defaults(ctx, &s);

    s.min_minutes = 0;
    return e ? e : session_check(ctx, &s);
}

enum err request_create(struct ctx *ctx, const struct request_new *in, struct request *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct request r = {
        .trainer_id = ctx->actor.trainer_id,
        .module_id = in->module_id,
        .group_ids = in->group_ids,
        .room_id = in->room_id,
        .starts_at = in->starts_at,
        .ends_at = in->ends_at,
        .time_zone = in->time_zone.set ? in->time_zone.v : ctx->services->settings->time_zone,
        .kind = in->kind,
        .mode = in->mode,
        .message = in->message.set ? str_trim(in->message.v) : (struct str){"", 0},
    };
    int64_t pending = 0;
    int64_t id = 0;
    enum err e = check(ctx, &r);

    e = e ? e : tx_begin(ctx, &tx);
    e = e ? e : requests_store_pending(ctx, r.trainer_id, &pending);
    if (!e && pending >= PENDING_MAX)
        e = fail(ctx, ERR_TOO_MANY_REQUESTS, "%d requests wait for an answer already", PENDING_MAX);
    e = e ? e : requests_store_insert(ctx, &r, &id);
    e = e ? e : tell(ctx, id, ret);
    return e ? e : tx_commit(&tx);
}

static void apply(struct request *r, const struct request_change *in)
{
    take_i64(&r->module_id, in->module_id);
    take_i64(&r->starts_at, in->starts_at);
    take_i64(&r->ends_at, in->ends_at);
    take_str(&r->time_zone, in->time_zone);
    take_str(&r->message, in->message);
    take_str(&r->kind, in->kind);
    take_str(&r->mode, in->mode);
    if (in->room_id.set)
        r->room_id = in->room_id;
    if (in->group_ids.n)
        r->group_ids = in->group_ids;
    if (in->withdraw)
        r->state = STR("withdrawn");
}

static enum err check_pending(struct ctx *ctx, const struct request *r)
{
    if (!str_is(r->state, "pending"))
        return fail(ctx, ERR_CONFLICT, "the request is %s already", r->state.at);
    return ERR_OK;
}

enum err request_update(struct ctx *ctx, struct opt_i64 version, const struct request_change *in,
                        struct request *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct request was = {0};
    struct request r;
    int64_t n = 0;
    enum err e = tx_begin(ctx, &tx);

    e = e ? e : requests_store_get(ctx, in->request_id, &was);
    e = e ? e : check_pending(ctx, &was);
    if (e)
        return e;
    r = was;
    if (version.set && version.v != r.version)
        return fail(ctx, ERR_VERSION_MISMATCH, "the request is at version %lld",
                    (long long)r.version);
    apply(&r, in);
    if (schema_same(&request_schema, &was, &r)) {
        *ret = was;
        return ERR_OK;
    }
    if (!in->withdraw)
        e = check(ctx, &r);
    e = e ? e : requests_store_change(ctx, &r, &n);
    if (!e && n == 0)
        e = fail(ctx, ERR_VERSION_MISMATCH, "the request was changed by somebody else");
    e = e ? e : tell(ctx, r.id, ret);
    return e ? e : tx_commit(&tx);
}

/* Ends the wait, and reads what is decided on; of two at once the second one finds it decided. */
static enum err decide(struct ctx *ctx, int64_t id, const char *state, struct opt_str answer,
                       struct opt_i64 seen, struct request *r)
{
    int64_t n = 0;
    enum err e = requests_store_get(ctx, id, r);

    e = e ? e : check_pending(ctx, r);
    e = e ? e : requests_store_decide(ctx, id, state, answer, &n);
    if (!e && n == 0)
        e = fail(ctx, ERR_CONFLICT, "somebody else decided meanwhile");
    /* Again: the trainer may have changed it just before. The decision is one version more. */
    e = e ? e : requests_store_get(ctx, id, r);
    if (!e && seen.set && seen.v + 1 != r->version)
        e = fail(ctx, ERR_VERSION_MISMATCH, "the request was changed meanwhile: read it again");
    return e;
}

enum err request_approve(struct ctx *ctx, const struct request_answer *in, struct request *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct request r = {0};
    struct session made = {0};
    struct session_new s = {.allow_clash = in->allow_clash};
    enum err e = tx_begin(ctx, &tx);

    e = e ? e : decide(ctx, in->request_id, "approved", (struct opt_str){0}, in->version, &r);
    if (e)
        return e;
    s.module_id = r.module_id;
    s.trainer_id = r.trainer_id;
    s.group_ids = r.group_ids;
    s.room_id = r.room_id;
    s.starts_at = r.starts_at;
    s.ends_at = r.ends_at;
    s.time_zone = (struct opt_str){.set = true, .v = r.time_zone};
    s.kind = r.kind;
    s.mode = r.mode;
    e = session_create(ctx, &s, &made);
    e = e ? e : requests_store_made(ctx, r.id, made.id);
    e = e ? e : tell(ctx, r.id, ret);
    return e ? e : tx_commit(&tx);
}

enum err request_reject(struct ctx *ctx, const struct request_refusal *in, struct request *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct request r = {0};
    struct opt_str why = {.set = true, .v = str_trim(in->reason)};
    enum err e;

    if (!why.v.len)
        return fail_field(ctx, "/reason", "required", "", "must not be blank");
    e = tx_begin(ctx, &tx);
    e = e ? e : decide(ctx, in->request_id, "rejected", why, in->version, &r);
    e = e ? e : tell(ctx, in->request_id, ret);
    return e ? e : tx_commit(&tx);
}

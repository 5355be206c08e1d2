/* SPDX-License-Identifier: MIT */
/*
 * Takes batches. Per session one transaction holds the client, so that the same batch twice at once
 * is one after the other; what is final is kept with it, so that a crash loses both or none.
 */
#include <sodium.h>

#include "base/mem.h"
#include "base/settings.h"

#include "attendance/intake.h"
#include "db/tx.h"
#include "offline/owner.h"
#include "presence/codes.h"
#include "sessions/sessions.h"

static const struct {
    const char *name;
    bool final;
    const char *detail;
} outcomes[OFFLINE_OUTCOME_COUNT] = {
#define X(id, name_, final_) [OFFLINE_##id].name = (name_), [OFFLINE_##id].final = (final_),
    OFFLINE_OUTCOMES(X)
#undef X
        [OFFLINE_COUNTED]
            .detail = "The register follows from it.",
    [OFFLINE_ALREADY].detail = "The register said so already.",
    [OFFLINE_KEPT].detail = "Written down; the rules of the session do not count it.",
    [OFFLINE_LOCKED].detail =
        "Written down; the register is confirmed and stays as it is until it "
        "is opened again.",
    [OFFLINE_CLOCK].detail =
        "The time cannot be right: after the sending, before the client was "
        "registered, longer ago than events are taken, or by a clock that is more than a day off.",
    [OFFLINE_CODE].detail = "There is no such status code for this status.",
    [OFFLINE_CHANGED].detail = "This id was sent before with something else, which stands.",
    [OFFLINE_FORBIDDEN].detail = "This caller cannot mark this session in this way.",
    [OFFLINE_UNKNOWN].detail = "The student is not of this session.",
    [OFFLINE_NOT_OPEN].detail =
        "The register was not opened yet, or the session is cancelled: "
        "send it again when it is open.",
};

#define F(...) FIELD(struct offline_result, __VA_ARGS__)
static const struct field result_fields[] = {
    F(uid, "The event's id", .required = true, .example = "\"a1\""),
    F(outcome, "What became of it", .required = true,
      .one_of = ONE_OF("counted", "already", "kept", "locked", "clock", "code", "changed",
                       "forbidden", "unknown", "not_open")),
    F(final, "Whether it stays so; what is not final may be sent again", .required = true),
    F(reason, "Why the register says what it said then; empty when it was not written down",
      .required = true, .example = "\"on_time\""),
    F(detail, "The outcome in a sentence", .required = true),
    F(at, "When it was, by the server's clock", .required = true, .format = "date-time"),
    F(field, "The member that is wrong, as a JSON pointer into the batch; null: none",
      .required = true, .example = "\"/events/0/at\""),
    F(allowed, "What would have been taken; null: nothing can be said", .required = true,
      .example = "\"2026-02-03T06:00:00.000Z/2026-02-03T11:40:00.000Z\""),
};
#undef F
static const struct schema result_schema = SCHEMA(offline_result, result_fields);

#define F(...) FIELD(struct offline_answer, __VA_ARGS__)
static const struct field answer_fields[] = {
    F(events, "What became of each, in the order of the batch", .required = true,
      .items = &result_schema, .max = OFFLINE_EVENTS),
    F(skew_ms, "What was added to the client's times", .required = true, .example = "-42000"),
    F(counted, "How many changed the register", .required = true, .example = "1"),
    F(conflicts, "How many somebody should look at", .required = true, .example = "0"),
};
#undef F
const struct schema offline_answer_schema = SCHEMA(offline_answer, answer_fields);

/* An event on its way. */
struct slot {
    const struct offline_event *ev;
    struct str fingerprint;
    struct offline_kept kept;
    enum offline_outcome outcome;
    bool decided, known; /* known: kept by an earlier batch */
    bool right_time;
    int64_t at;
};

struct batch_run {
    struct ctx *ctx;
    const struct offline_batch *in;
    struct offline_row client;
    struct offline_clock clock;
    struct list codes; /* struct status_code */
    struct slot *slots;
    size_t n;
};

static struct str text_of(struct opt_str s)
{
    return s.set && !s.null ? s.v : (struct str){"", 0};
}

static enum err check_uid(struct ctx *ctx, size_t i, struct str uid)
{
    bool good = uid.len <= OFFLINE_UID;

    for (size_t k = 0; good && k < uid.len; k++) {
        char c = uid.at[k];

        good = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               c == '_' || c == '.' || c == '-';
    }
    return good ? ERR_OK
                : fail_field(ctx, arena_printf(&ctx->arena, "/events/%zu/uid", i).at, "format",
                             "1..40 of A-Z a-z 0-9 _ . -", "is no id of an event");
}

static enum err check_event(struct ctx *ctx, const struct offline_event *all, size_t i)
{
    const struct offline_event *ev = &all[i];
    enum err e = check_uid(ctx, i, ev->uid);

    if (text_of(ev->status).len && !str_is(ev->way, "manual"))
        e = fail_field(ctx, arena_printf(&ctx->arena, "/events/%zu/status", i).at, "one_of", "null",
                       "only a mark by hand says a status");
    if (text_of(ev->code).len && !text_of(ev->status).len)
        e = fail_field(ctx, arena_printf(&ctx->arena, "/events/%zu/code", i).at, "one_of", "null",
                       "a code belongs to a status");
    for (size_t k = 0; k < i; k++)
        if (str_eq(all[k].uid, ev->uid))
            return fail_field(ctx, arena_printf(&ctx->arena, "/events/%zu/uid", i).at, "taken", "",
                              "event %zu of the batch has the same id", k);
    return e;
}

static enum err check_events(struct ctx *ctx, const struct offline_batch *in)
{
    enum err e = ERR_OK;

    for (size_t i = 0; i < in->events.n; i++) {
        enum err one = check_event(ctx, in->events.at, i);

        e = e ? e : one;
    }
    return e;
}

static enum err check_signature(struct batch_run *run)
{
    struct ctx *ctx = run->ctx;
    unsigned char key[VAULT_KEY_BYTES];
    bool good = false;
    enum err e;

    e = sealing_unwrap(ctx, ctx->services->vault, run->client.handle, run->client.wrapped, key);
    if (!e)
        good = offline_signed(ctx, key, run->in);
    secret_wipe(key, sizeof(key));
    if (!e && !good)
        return fail_field(ctx, "/signature", "invalid", "",
                          "is not made with this client's key over what was sent");
    return e;
}

static struct str fingerprint_of(struct ctx *ctx, const struct offline_event *ev)
{
    struct str line = offline_line(ctx, ev);
    unsigned char hash[crypto_hash_sha256_BYTES];
    char *text = arena_alloc(&ctx->arena, 2 * sizeof(hash) + 1);

    crypto_hash_sha256(hash, (const unsigned char *)line.at, line.len);
    sodium_bin2hex(text, 2 * sizeof(hash) + 1, hash, sizeof(hash));
    return str_of(text);
}

static void decide(struct slot *s, enum offline_outcome outcome)
{
    if (s->decided)
        return;
    s->outcome = outcome;
    s->decided = true;
}

static enum offline_outcome outcome_of(struct str name)
{
    for (int i = 0; i < OFFLINE_OUTCOME_COUNT; i++)
        if (str_is(name, outcomes[i].name))
            return (enum offline_outcome)i;
    return OFFLINE_ALREADY;
}

/* What an earlier batch said of it. */
static enum err recall(struct batch_run *run, struct slot *s)
{
    struct offline_kept was = {0};
    enum err e = offline_store_kept(run->ctx, run->client.id, s->ev->uid, &was);

    if (e)
        return e == ERR_NOT_FOUND ? ERR_OK : e;
    s->known = true;
    if (!str_eq(was.fingerprint, s->fingerprint)) {
        decide(s, OFFLINE_CHANGED);
        return ERR_OK;
    }
    s->kept = was;
    decide(s, outcome_of(was.outcome));
    return ERR_OK;
}

/* Devices see; people mark what they saw. */
static bool way_is_for(const struct ctx *ctx, struct str way)
{
    return str_is(way, "kiosk") == (ctx->actor.device_id != 0);
}

static bool code_fits(const struct batch_run *run, const struct offline_event *ev)
{
    const struct status_code *at = run->codes.at;
    struct str code = text_of(ev->code);

    for (size_t i = 0; i < run->codes.n; i++)
        if (str_eq(at[i].code, code))
            return str_eq(at[i].category, ev->status.v) && !at[i].archived;
    return code.len == 0;
}

/* The session, when the caller may mark it; *ret_found is false otherwise. */
static enum err find_session(struct ctx *ctx, int64_t id, struct session *ret, bool *ret_found)
{
    bool device = ctx->actor.device_id != 0;
    enum err e = device ? offline_store_session(ctx, id, ctx->actor.room_id, ret)
                        : session_get_for(ctx, id, ret);

    if (!e && !device)
        e = session_check_runs(ctx, ret);
    *ret_found = !e;
    if (e == ERR_NOT_FOUND || e == ERR_FORBIDDEN) {
        fault_clear(ctx);
        return ERR_OK;
    }
    return e;
}

static bool expects(const struct i64s *students, int64_t id)
{
    for (size_t i = 0; i < students->n; i++)
        if (students->at[i] == id)
            return true;
    return false;
}

static void judge(struct batch_run *run, struct slot *s, const struct session *session,
                  const struct i64s *students)
{
    if (!way_is_for(run->ctx, s->ev->way))
        decide(s, OFFLINE_FORBIDDEN);
    else if (!expects(students, s->ev->student_id))
        decide(s, OFFLINE_UNKNOWN);
    else if (session_is(session, "scheduled") || session_is(session, "cancelled"))
        decide(s, OFFLINE_NOT_OPEN);
    else if (!s->right_time)
        decide(s, OFFLINE_CLOCK);
    else if (!code_fits(run, s->ev))
        decide(s, OFFLINE_CODE);
}

static enum presence_direction direction_of(struct str name)
{
    if (str_is(name, "out"))
        return GOING_OUT;
    return str_is(name, "unknown") ? GOING_UNKNOWN : GOING_IN;
}

static struct check_in check_in_of(struct batch_run *run, const struct slot *s)
{
    const struct offline_event *ev = s->ev;

    return (struct check_in){
        .student_id = ev->student_id,
        .way = way_of(ev->way),
        .direction = direction_of(text_of(ev->direction)),
        .facts = FACT_OFFLINE,
        .occurred_at = s->at,
        .client_at = {.set = true, .v = ev->at_ms},
        .uid = arena_printf(&run->ctx->arena, "o%lld:%.*s", (long long)run->client.id,
                            (int)ev->uid.len, ev->uid.at),
        .client = run->client.handle,
        .device_id = run->ctx->actor.device_id,
        .note = ev->note,
        .belated = true,
        .status = text_of(ev->status),
        .code = {.set = text_of(ev->code).len > 0, .v = text_of(ev->code)},
    };
}

static enum offline_outcome outcome_of_intake(enum intake i)
{
    switch (i) {
    case INTAKE_COUNTED:
        return OFFLINE_COUNTED;
    case INTAKE_ALREADY:
    case INTAKE_REPLAYED:
        break;
    case INTAKE_KEPT:
        return OFFLINE_KEPT;
    case INTAKE_LOCKED:
        return OFFLINE_LOCKED;
    case INTAKE_CONFLICT:
        return OFFLINE_CHANGED;
    }
    return OFFLINE_ALREADY;
}

/* The undecided events of the session go through the door together. */
static enum err check_in(struct batch_run *run, const struct session *session)
{
    struct check_in *all = ARENA_NEW_N(&run->ctx->arena, struct check_in, run->n);
    struct slot **of = ARENA_NEW_N(&run->ctx->arena, struct slot *, run->n);
    struct check_in_result *result;
    size_t n = 0;
    enum err e;

    for (size_t i = 0; i < run->n; i++)
        if (run->slots[i].ev->session_id == session->id && !run->slots[i].decided) {
            all[n] = check_in_of(run, &run->slots[i]);
            of[n++] = &run->slots[i];
        }
    if (!n)
        return ERR_OK;
    result = ARENA_NEW_N(&run->ctx->arena, struct check_in_result, n);
    e = attendance_check_in(run->ctx, session, all, n, result);
    for (size_t i = 0; !e && i < n; i++) {
        of[i]->kept.reason = result[i].record.reason;
        of[i]->kept.at = (struct opt_i64){.set = true, .v = of[i]->at};
        decide(of[i], outcome_of_intake(result[i].intake));
    }
    return e;
}

static enum err keep(struct batch_run *run, struct slot *s)
{
    if (s->known || !outcomes[s->outcome].final)
        return ERR_OK;
    s->kept.fingerprint = s->fingerprint;
    s->kept.outcome = str_of(outcomes[s->outcome].name);
    s->kept.reason = s->kept.reason.at ? s->kept.reason : STR("");
    return offline_store_keep(run->ctx, run->client.id, s->ev->uid, &s->kept);
}

static enum err hold(struct batch_run *run)
{
    int64_t n = 0;
    enum err e = offline_store_hold(run->ctx, run->client.id, &n);

    return !e && n == 0 ? fail(run->ctx, ERR_NOT_FOUND, "this client was revoked") : e;
}

static enum err each(struct batch_run *run, int64_t session_id,
                     enum err (*fn)(struct batch_run *run, struct slot *s))
{
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < run->n; i++)
        if (run->slots[i].ev->session_id == session_id)
            e = fn(run, &run->slots[i]);
    return e;
}

static enum err take_found(struct batch_run *run, const struct session *session)
{
    struct i64s students = {0};
    enum err e = offline_store_students(run->ctx, session->id, &students);

    for (size_t i = 0; !e && i < run->n; i++)
        if (run->slots[i].ev->session_id == session->id)
            judge(run, &run->slots[i], session, &students);
    return e ? e : check_in(run, session);
}

static enum err refuse(struct batch_run *run, struct slot *s)
{
    (void)run;
    decide(s, OFFLINE_FORBIDDEN);
    return ERR_OK;
}

static enum err take_session(struct batch_run *run, int64_t id)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct session session = {0};
    bool found = false;
    enum err e = tx_begin(run->ctx, &tx);

    e = e ? e : hold(run);
    e = e ? e : each(run, id, recall);
    e = e ? e : find_session(run->ctx, id, &session, &found);
    if (!e)
        e = found ? take_found(run, &session) : each(run, id, refuse);
    e = e ? e : each(run, id, keep);
    return e ? e : tx_commit(&tx);
}

/* It was closed to check-ins between the look and the door: nothing was written. */
static enum err take_or_leave(struct batch_run *run, int64_t id)
{
    enum err e = take_session(run, id);

    if (e != ERR_SESSION_NOT_OPEN)
        return e;
    fault_clear(run->ctx);
    for (size_t i = 0; i < run->n; i++)
        if (run->slots[i].ev->session_id == id)
            decide(&run->slots[i], OFFLINE_NOT_OPEN);
    return ERR_OK;
}

static void prepare(struct batch_run *run)
{
    const struct offline_event *ev = run->in->events.at;

    run->n = run->in->events.n;
    run->slots = ARENA_NEW_N(&run->ctx->arena, struct slot, run->n);
    for (size_t i = 0; i < run->n; i++) {
        struct slot *s = &run->slots[i];

        s->ev = &ev[i];
        s->fingerprint = fingerprint_of(run->ctx, &ev[i]);
        s->right_time = offline_repair(&run->clock, ev[i].at_ms, &s->at);
    }
}

/* The times that an event may have, by the client's clock as it is now. */
static struct opt_str times_allowed(const struct batch_run *run)
{
    struct arena *a = &run->ctx->arena;
    int64_t skew = 0, from = run->clock.registered_at;

    if (!offline_skew(&run->clock, &skew) || run->in->sent_ms < 0)
        return (struct opt_str){.set = true, .v = STR("by a clock that is at most 24 hours off")};
    if (from > run->clock.now)
        from = 0;
    if (from < run->clock.oldest)
        from = run->clock.oldest;
    from = from > skew ? from - skew : 0;
    return (struct opt_str){.set = true,
                            .v = arena_printf(a, "%s/%s", time_format(a, from).at,
                                              time_format(a, run->in->sent_ms).at)};
}

static void say_what_is_wrong(const struct batch_run *run, size_t i, struct offline_result *ret)
{
    static const struct {
        const char *member, *allowed;
    } wrong[OFFLINE_OUTCOME_COUNT] = {
        [OFFLINE_CLOCK] = {"at", NULL},
        [OFFLINE_CODE] = {"code", "a status code of this status that is in use"},
        [OFFLINE_CHANGED] = {"uid", "an id that was not sent before"},
        [OFFLINE_FORBIDDEN] = {"session_id", "a session that the caller may mark in this way"},
        [OFFLINE_UNKNOWN] = {"student_id", "a student of the session"},
        [OFFLINE_NOT_OPEN] = {"session_id", "a session whose register was opened"},
    };
    enum offline_outcome o = run->slots[i].outcome;

    if (!wrong[o].member)
        return;
    ret->field = (struct opt_str){
        .set = true,
        .v = arena_printf(&run->ctx->arena, "/events/%zu/%s", i, wrong[o].member),
    };
    if (wrong[o].allowed)
        ret->allowed = (struct opt_str){.set = true, .v = str_of(wrong[o].allowed)};
    else if (!run->slots[i].known)
        ret->allowed = times_allowed(run);
}

static void answer(const struct batch_run *run, struct offline_answer *ret)
{
    struct offline_result *rows = ARENA_NEW_N(&run->ctx->arena, struct offline_result, run->n);
    int64_t skew = 0;

    ret->events = (struct list){rows, run->n};
    if (offline_skew(&run->clock, &skew))
        ret->skew_ms = skew;
    for (size_t i = 0; i < run->n; i++) {
        const struct slot *s = &run->slots[i];
        bool written = outcomes[s->outcome].final && s->kept.reason.len;

        rows[i] = (struct offline_result){
            .uid = s->ev->uid,
            .outcome = str_of(outcomes[s->outcome].name),
            .final = outcomes[s->outcome].final,
            .reason = written ? s->kept.reason : STR(""),
            .detail = str_of(outcomes[s->outcome].detail),
            .at = s->kept.at,
        };
        say_what_is_wrong(run, i, &rows[i]);
        ret->counted += s->outcome == OFFLINE_COUNTED;
        ret->conflicts += s->outcome >= OFFLINE_LOCKED;
    }
}

static enum err read_time(struct ctx *ctx, const char *pointer, struct str text, int64_t *ret)
{
    if (time_parse_any(text, ret))
        return ERR_OK;
    return fail_field(ctx, pointer, "type", "an RFC 3339 time", "must be an RFC 3339 time");
}

/* A copy of the batch with its times as numbers. */
static enum err read_times(struct ctx *ctx, const struct offline_batch *in,
                           struct offline_batch *ret)
{
    const struct offline_event *said = in->events.at;
    struct offline_event *ev = ARENA_NEW_N(&ctx->arena, struct offline_event, in->events.n);
    enum err e;

    *ret = *in;
    ret->events.at = ev;
    e = read_time(ctx, "/sent_at", in->sent_at, &ret->sent_ms);
    for (size_t i = 0; i < in->events.n; i++) {
        enum err one;

        ev[i] = said[i];
        one = read_time(ctx, arena_printf(&ctx->arena, "/events/%zu/at", i).at, said[i].at,
                        &ev[i].at_ms);
        e = e ? e : one;
    }
    return e;
}

enum err offline_take(struct ctx *ctx, const struct offline_batch *said, struct offline_answer *ret)
{
    struct offline_batch in = {0};
    struct batch_run run = {.ctx = ctx, .in = &in};
    enum err e = read_times(ctx, said, &in);

    e = e ? e : check_events(ctx, &in);
    e = e ? e : offline_store_find(ctx, in.client_id, offline_owner_of(ctx), &run.client);
    if (e == ERR_NOT_FOUND)
        return fail(ctx, e, "there is no such client of yours, or it was revoked");
    e = e ? e : check_signature(&run);
    e = e ? e : codes_all(ctx, &run.codes);
    if (e)
        return e;
    run.clock = (struct offline_clock){
        .now = ctx->now,
        .sent_at = in.sent_ms,
        .registered_at = run.client.created_at,
        .oldest = ctx->now - ctx->services->settings->keep_offline_days * OFFLINE_SKEW_MS,
    };
    prepare(&run);
    for (size_t i = 0; !e && i < run.n; i++)
        if (!run.slots[i].decided)
            e = take_or_leave(&run, run.slots[i].ev->session_id);
    if (!e)
        answer(&run, ret);
    return e;
}

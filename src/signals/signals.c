/* SPDX-License-Identifier: MIT */
/* Showing signals and judging them. */
#include "signals/signals.h"

#include "base/json.h"

#include "db/tx.h"
#include "signals/find.h"

static const char *const kind_names[] = {
    [SIGNAL_SHARED_DEVICE] = "shared_device",
    [SIGNAL_IMPOSSIBLE_TRAVEL] = "impossible_travel",
    [SIGNAL_DUPLICATE] = "duplicate",
    [SIGNAL_LIVENESS_FAILURES] = "liveness_failures",
    [SIGNAL_FOREIGN_NETWORK] = "foreign_network",
    [SIGNAL_CLOCK_SKEW] = "clock_skew",
};

const char *signal_kind_name(enum signal_kind k)
{
    return kind_names[k];
}

#define F(...) FIELD(struct signal_facts, __VA_ARGS__)
static const struct field facts_fields[] = {
    F(students, "Students", .required = true),
    F(sessions, "Sessions", .required = true),
    F(events, "Raw events of attendance", .required = true),
    F(methods, "Ways of checking in", .required = true),
    F(client, "The beginning of the device's mark", .required = true),
    F(first_at, "First of the events", .required = true, .format = "date-time"),
    F(last_at, "Last of the events", .required = true, .format = "date-time"),
    F(minutes, "Minutes between", .required = true),
    F(skew_s, "Seconds by which the client's clock was slow; below zero: fast", .required = true),
    F(failed, "Failures in a row", .required = true),
    F(km, "Distance", .required = true),
    F(kmh, "Speed that it would take", .required = true),
};
#undef F
const struct schema signal_facts_schema = SCHEMA(signal_facts, facts_fields);

#define F(...) FIELD(struct words, __VA_ARGS__)
static const struct field why_fields[] = {
    F(en, "English", .required = true),
    F(fr, "French", .required = true),
    F(ar, "Arabic", .required = true),
};
#undef F
static const struct schema why_schema = SCHEMA_NAMED("signal_why", words, why_fields);

#define F(...) FIELD(struct signal, __VA_ARGS__)
static const struct field signal_fields[] = {
    F(id, "Number of the signal", .required = true, .example = "5"),
    F(kind, "What was seen", .required = true,
      .one_of = ONE_OF("shared_device", "impossible_travel", "duplicate", "liveness_failures",
                       "foreign_network", "clock_skew")),
    F(session_id, "Session; null: none in particular", .required = true),
    F(module_name, "Its module", .required = true),
    F(starts_at, "Its start", .required = true, .format = "date-time"),
    F(time_zone, "Its zone", .required = true),
    F(trainer_id, "Its trainer", .required = true),
    F(student_id, "Student; null: several or none", .required = true),
    F(student_name, "Student's name", .required = true),
    F(facts_text, "Facts as stored", .hidden = true),
    F(facts, "The numbers behind it", .required = true, .items = &signal_facts_schema),
    F(why, "What was seen, in a sentence", .required = true, .items = &why_schema),
    F(times, "Events that it rests on", .required = true),
    F(state, "What a person found", .required = true,
      .one_of = ONE_OF("open", "harmless", "confirmed")),
    F(message, "What the person wrote", .required = true),
    F(reviewed_by, "Account that judged", .required = true),
    F(reviewed_by_name, "Its name", .required = true),
    F(reviewed_at, "When", .required = true, .format = "date-time"),
    F(created_at, "When it was found", .required = true, .format = "date-time"),
    F(updated_at, "When its facts last changed", .required = true, .format = "date-time"),
    F(version, "Grows with each change", .required = true),
};
#undef F
const struct schema signal_schema = SCHEMA(signal, signal_fields);

enum err signal_explain(struct ctx *ctx, struct signal *s)
{
    struct signal_facts *facts = ARENA_NEW(&ctx->arena, struct signal_facts);
    struct words *why = ARENA_NEW(&ctx->arena, struct words);

    if (json_bind(ctx, &signal_facts_schema, s->facts_text, facts)) {
        fault_clear(ctx);
        return fail(ctx, ERR_INTERNAL, "the facts of signal %lld cannot be read", (long long)s->id);
    }
    for (int k = 0; k < SIGNAL_KINDS; k++)
        if (str_is(s->kind, kind_names[k]))
            signal_word(ctx, (enum signal_kind)k, facts, why);
    s->facts.at = facts;
    s->why.at = why;
    return ERR_OK;
}

enum err signal_list(struct ctx *ctx, const struct signal_filter *filter, struct page *ret)
{
    enum err e = signals_fetch_page(ctx, filter, ret);

    for (size_t i = 0; !e && i < ret->items.n; i++)
        e = signal_explain(ctx, (struct signal *)ret->items.at + i);
    return e;
}

enum err signal_review(struct ctx *ctx, const struct signal_verdict *in, struct signal *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct signal s = {0};
    int64_t n = 0;
    enum err e = tx_begin(ctx, &tx);

    e = e ? e : signals_fetch(ctx, in->signal_id, &s);
    e = e ? e : signals_store_verdict(ctx, in, &n);
    if (!e && !n)
        return fail(ctx, ERR_CONFLICT, "somebody judged this signal before");
    e = e ? e : signals_fetch(ctx, in->signal_id, &s);
    e = e ? e : signal_explain(ctx, &s);
    e = e ? e : tx_commit(&tx);
    if (!e)
        *ret = s;
    return e;
}

enum err signals_due(struct ctx *ctx, int64_t before, struct opt_i64 *ret_oldest, int64_t *ret_due)
{
    return signals_store_due(ctx, before, ret_oldest, ret_due);
}

enum err signals_forget(struct ctx *ctx, int64_t before, int64_t *ret_n)
{
    return signals_store_forget(ctx, before, ret_n);
}

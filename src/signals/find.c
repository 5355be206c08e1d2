/* SPDX-License-Identifier: MIT */
/* The job: from span to span, from case to case; each signal is kept and told together. */
#include "signals/find.h"

#include "db/tx.h"
#include "events/events.h"

/* So many spans at a time; the rest is for the next minute. */
enum { SPANS_MAX = 5 };

struct found_event {
    struct obj signal;
};
static const struct field event_fields[] = {
    FIELD(struct found_event, signal, "The signal", .items = &signal_schema),
};
static const struct schema event_schema = SCHEMA_NAMED("signal_event", found_event, event_fields);

static enum err keep(struct ctx *ctx, const struct signal_new *n)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct signal s = {0};
    struct found_event ev = {{&s}};
    int64_t id = 0;
    bool is_new = false;
    enum err e = tx_begin(ctx, &tx);

    e = e ? e : signals_store_found(ctx, n, &id, &is_new);
    if (e == ERR_NOT_FOUND)
        return ERR_OK;
    if (!e && is_new) {
        e = signals_fetch_any(ctx, id, &s);
        e = e ? e : signal_explain(ctx, &s);
        e = e ? e
              : event_emit(ctx, "signal.found", &event_schema, &ev,
                           (struct audience){.trainer_id = s.trainer_id.set ? s.trainer_id.v : 0});
    }
    return e ? e : tx_commit(&tx);
}

/* How the cases of one kind are found, and what is read of each. */
struct search {
    enum err (*cases)(struct ctx *ctx, struct signal_span s, struct list *ret);
    enum err (*events)(struct ctx *ctx, const struct look_case *c, struct list *ret);
    bool (*of_events)(struct ctx *ctx, const struct look_case *c, const struct list *events,
                      struct signal_new *ret);
    bool (*of_case)(struct ctx *ctx, const struct look_case *c, struct signal_new *ret);
};

static const struct search searches[] = {
    {look_shared, look_events_of_client, found_shared, NULL},
    {look_travel, NULL, NULL, found_travel},
    {look_twice, look_events_of_student, found_twice, NULL},
    {look_foreign, NULL, NULL, found_foreign},
    {look_skewed, look_events_skewed, found_skewed, NULL},
};

static enum err judge(struct ctx *ctx, const struct search *how, const struct look_case *c)
{
    struct list events = {0};
    struct signal_new n = {0};
    enum err e = how->events ? how->events(ctx, c, &events) : ERR_OK;

    if (e)
        return e;
    if (how->events ? how->of_events(ctx, c, &events, &n) : how->of_case(ctx, c, &n))
        e = keep(ctx, &n);
    return e;
}

static enum err search_span(struct ctx *ctx, struct signal_span span)
{
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < COUNT(searches); i++) {
        struct list cases = {0};

        e = searches[i].cases(ctx, span, &cases);
        for (size_t k = 0; !e && k < cases.n; k++)
            e = judge(ctx, &searches[i], (const struct look_case *)cases.at + k);
    }
    return e;
}

static enum err search_failures(struct ctx *ctx)
{
    struct list cases = {0};
    enum err e = look_failed(ctx, &cases);

    for (size_t i = 0; !e && i < cases.n; i++) {
        struct signal_new n = {0};

        if (found_failed(ctx, (const struct look_case *)cases.at + i, &n))
            e = keep(ctx, &n);
    }
    return e;
}

enum err signals_find(struct ctx *ctx)
{
    enum err e = search_failures(ctx);

    for (int i = 0; !e && i < SPANS_MAX; i++) {
        struct signal_span span = {0};
        int64_t settled = 0;

        e = look_fetch_span(ctx, &span, &settled);
        if (e || span.to <= span.after)
            break;
        e = search_span(ctx, span);
        e = e ? e : look_store_progress(ctx, settled);
        if (settled < span.to)
            break;
    }
    return e;
}

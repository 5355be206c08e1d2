/* SPDX-License-Identifier: MIT */
/* From what stands around an event to a signal's facts. Pure: the same events, the same facts. */
#include <math.h>
#include <stdlib.h>

#include "base/json.h"

#include "check_in/place.h"
#include "presence/ways.h"
#include "signals/find.h"

enum { MINUTE_MS = 60 * 1000, DAY_MS = 24 * 3600 * 1000, FACTS_MAX = 64 * 1024, MARK_SHOWN = 8 };

static struct opt_i64 some(int64_t v)
{
    return (struct opt_i64){.set = true, .v = v};
}

static struct opt_i64 some_id(int64_t v)
{
    return (struct opt_i64){.set = v != 0, .v = v};
}

static void add(struct i64s *to, int64_t v)
{
    for (size_t i = 0; i < to->n; i++)
        if (to->at[i] == v)
            return;
    to->at[to->n++] = v;
}

static void add_name(struct strs *to, struct str v)
{
    for (size_t i = 0; i < to->n; i++)
        if (str_eq(to->at[i], v))
            return;
    to->at[to->n++] = v;
}

static struct signal_facts facts_for(struct ctx *ctx, size_t n)
{
    return (struct signal_facts){
        .students.at = ARENA_NEW_N(&ctx->arena, int64_t, n),
        .sessions.at = ARENA_NEW_N(&ctx->arena, int64_t, n),
        .events.at = ARENA_NEW_N(&ctx->arena, int64_t, n),
        .methods.at = ARENA_NEW_N(&ctx->arena, struct str, n),
    };
}

/* Events come by time. */
static void count(struct signal_facts *f, const struct look_event *e)
{
    if (e->student_id)
        add(&f->students, e->student_id);
    add(&f->sessions, e->session_id);
    add(&f->events, e->id);
    add_name(&f->methods, e->method);
    if (!f->first_at.set)
        f->first_at = some(e->occurred_at);
    f->last_at = some(e->occurred_at);
    f->minutes = some((f->last_at.v - f->first_at.v) / MINUTE_MS);
}

static struct opt_str shown(struct str client)
{
    size_t n = client.len < MARK_SHOWN ? client.len : MARK_SHOWN;

    return (struct opt_str){.set = n > 0, .v = {client.at, n}};
}

static void make(struct ctx *ctx, enum signal_kind kind, const struct signal_facts *f,
                 struct signal_new *ret)
{
    struct buf b = BUF(FACTS_MAX);

    json_write(&b, &signal_facts_schema, f);
    ret->kind = kind;
    ret->facts = arena_str(&ctx->arena, buf_view(&b));
    ret->times = (int64_t)f->events.n;
    buf_finish(&b);
}

bool found_shared(struct ctx *ctx, const struct look_case *c, const struct list *events,
                  struct signal_new *ret)
{
    const struct look_event *all = events->at;
    struct signal_facts f = facts_for(ctx, events->n);

    for (size_t i = 0; i < events->n; i++)
        count(&f, &all[i]);
    if (f.students.n < 2)
        return false;
    f.client = shown(c->client);
    *ret = (struct signal_new){
        .subject = arena_printf(&ctx->arena, "shared_device:%lld:%.*s", (long long)c->session_id,
                                (int)c->client.len, c->client.at),
        .session_id = some(c->session_id),
    };
    make(ctx, SIGNAL_SHARED_DEVICE, &f, ret);
    return true;
}

/* False: the rooms are one place, are not known, or it can be done. */
static bool too_fast(const struct look_case *c, struct signal_facts *f)
{
    double minutes = fmax(1, (double)llabs((long long)(c->at - c->other_at)) / MINUTE_MS), km;

    if (!c->latitude.set || !c->longitude.set || !c->other_latitude.set || !c->other_longitude.set)
        return false;
    km =
        place_distance_m(c->latitude.v, c->longitude.v, c->other_latitude.v, c->other_longitude.v) /
        1000;
    if (km * 1000 < SIGNAL_DISTANCE_M || km / minutes * 60 <= SIGNAL_SPEED_KMH)
        return false;
    f->km = (struct opt_f64){.set = true, .v = km};
    f->kmh = (struct opt_f64){.set = true, .v = km / minutes * 60};
    return true;
}

bool found_travel(struct ctx *ctx, const struct look_case *c, struct signal_new *ret)
{
    bool swap = c->session_id > c->other_session_id;
    struct signal_facts f = facts_for(ctx, 2);

    if (!too_fast(c, &f) && !c->overlapping)
        return false;
    count(&f, &(struct look_event){.id = swap ? c->other_event_id : c->event_id,
                                   .session_id = swap ? c->other_session_id : c->session_id,
                                   .student_id = c->student_id});
    count(&f, &(struct look_event){.id = swap ? c->event_id : c->other_event_id,
                                   .session_id = swap ? c->session_id : c->other_session_id,
                                   .student_id = c->student_id});
    f.methods.n = 0;
    f.first_at = some(c->at < c->other_at ? c->at : c->other_at);
    f.last_at = some(c->at < c->other_at ? c->other_at : c->at);
    f.minutes = some((f.last_at.v - f.first_at.v) / MINUTE_MS);
    *ret = (struct signal_new){
        .subject =
            arena_printf(&ctx->arena, "impossible_travel:%lld:%lld:%lld", (long long)c->student_id,
                         (long long)f.sessions.at[0], (long long)f.sessions.at[1]),
        .session_id = some(c->at < c->other_at ? c->other_session_id : c->session_id),
        .student_id = some(c->student_id),
        .keep = true,
    };
    make(ctx, SIGNAL_IMPOSSIBLE_TRAVEL, &f, ret);
    return true;
}

/* Whether the session itself asks for the two ways together. */
static bool asked_for_both(const struct presence_ways *ways, struct str one, struct str other)
{
    enum presence_way a = way_of(one), b = way_of(other);

    if (a == WAY_COUNT || b == WAY_COUNT || a == b)
        return false;
    for (size_t i = 0; i < ways->n; i++)
        if (ways->clauses[i].ways & 1U << a && ways->clauses[i].ways & 1U << b)
            return true;
    return false;
}

static bool at_odds(const struct presence_ways *ways, const struct look_event *a,
                    const struct look_event *b)
{
    bool differ = !str_eq(a->method, b->method) ||
                  (a->device_id && b->device_id && a->device_id != b->device_id) ||
                  (a->client.len && b->client.len && !str_eq(a->client, b->client));
    bool in_and_out = !str_eq(a->direction, b->direction) && !str_is(a->direction, "unknown") &&
                      !str_is(b->direction, "unknown");

    return differ && !in_and_out && !asked_for_both(ways, a->method, b->method) &&
           llabs((long long)(a->occurred_at - b->occurred_at)) <=
               (long long)SIGNAL_TWICE_MIN * MINUTE_MS;
}

bool found_twice(struct ctx *ctx, const struct look_case *c, const struct list *events,
                 struct signal_new *ret)
{
    const struct look_event *all = events->at;
    struct signal_facts f = facts_for(ctx, events->n);
    struct presence_ways ways = {0};

    if (ways_parse(ctx, c->ways, "/ways", &ways))
        fault_clear(ctx);
    for (size_t i = 0; i < events->n; i++)
        for (size_t k = 0; k < events->n; k++)
            if (i != k && at_odds(&ways, &all[i], &all[k]))
                count(&f, &all[i]);
    if (f.events.n < 2)
        return false;
    *ret = (struct signal_new){
        .subject = arena_printf(&ctx->arena, "duplicate:%lld:%lld", (long long)c->session_id,
                                (long long)c->student_id),
        .session_id = some(c->session_id),
        .student_id = some(c->student_id),
    };
    make(ctx, SIGNAL_DUPLICATE, &f, ret);
    return true;
}

bool found_skewed(struct ctx *ctx, const struct look_case *c, const struct list *events,
                  struct signal_new *ret)
{
    const struct look_event *all = events->at;
    struct signal_facts f = facts_for(ctx, events->n);
    int64_t most = 0;

    for (size_t i = 0; i < events->n; i++) {
        int64_t skew = all[i].occurred_at - all[i].client_at.v;

        count(&f, &all[i]);
        if (llabs((long long)skew) > llabs((long long)most))
            most = skew;
    }
    if (!f.events.n)
        return false;
    f.students.n = 0;
    f.client = shown(c->client);
    f.skew_s = some(most / 1000);
    *ret = (struct signal_new){
        .subject = arena_printf(&ctx->arena, "clock_skew:%lld:%.*s", (long long)c->session_id,
                                (int)c->client.len, c->client.at),
        .session_id = some(c->session_id),
    };
    make(ctx, SIGNAL_CLOCK_SKEW, &f, ret);
    return true;
}

bool found_foreign(struct ctx *ctx, const struct look_case *c, struct signal_new *ret)
{
    struct signal_facts f = facts_for(ctx, 1);

    count(&f, &(struct look_event){.id = c->event_id,
                                   .session_id = c->session_id,
                                   .student_id = c->student_id,
                                   .occurred_at = c->at});
    f.methods.n = 0;
    *ret = (struct signal_new){
        .subject = arena_printf(&ctx->arena, "foreign_network:%lld:%lld", (long long)c->session_id,
                                (long long)c->student_id),
        .session_id = some(c->session_id),
        .student_id = some(c->student_id),
        .keep = true,
    };
    make(ctx, SIGNAL_FOREIGN_NETWORK, &f, ret);
    return true;
}

bool found_failed(struct ctx *ctx, const struct look_case *c, struct signal_new *ret)
{
    struct signal_facts f = facts_for(ctx, 1);

    f.failed = some(c->failed);
    f.last_at = some(c->at);
    add(&f.students, c->student_id);
    *ret = (struct signal_new){
        .subject = arena_printf(&ctx->arena, "liveness_failures:%lld:%lld",
                                (long long)c->student_id, (long long)(c->at / DAY_MS)),
        .session_id = some_id(c->session_id),
        .student_id = some(c->student_id),
    };
    make(ctx, SIGNAL_LIVENESS_FAILURES, &f, ret);
    ret->times = c->failed;
    return true;
}

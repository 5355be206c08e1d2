/* SPDX-License-Identifier: MIT */
/*
 * Answers by asking for every moment what was known by then, where the product goes through sorted
 * events; so that one and the same mistake is unlikely in both.
 */
#include "presence_oracle.h"

#include <stdio.h>
#include <string.h>

enum { MINUTE = 60000, MOST = 64, KEY = 400 };

struct world {
    const struct presence_rule *rule;
    const struct presence_event *ev[MOST]; /* those that stand, in no order */
    size_t n;
    int64_t opens;
    bool closed;
};

/* Text that sorts like the content; what ends a code sorts before what goes on with it. */
static void key_of(const struct presence_event *e, char key[KEY])
{
    (void)snprintf(key, KEY, "%020lld|%d|%d|%d|%u|%d|%020lld|%020lld\1%.*s\1%.*s", (long long)e->at,
                   (int)e->kind, (int)e->way, (int)e->direction, e->facts, (int)e->status,
                   (long long)e->covers_from, (long long)e->covers_to, (int)e->code.len,
                   e->code.len ? e->code.at : "", (int)e->undoes.len,
                   e->undoes.len ? e->undoes.at : "");
}

/* Whether another event has the same uid and comes before it. */
static bool shadowed(const struct presence_event *events, size_t n, size_t i)
{
    char mine[KEY], other[KEY];

    for (size_t k = 0; k < n; k++) {
        int c;

        if (k == i || !str_eq(events[k].uid, events[i].uid))
            continue;
        key_of(&events[i], mine);
        key_of(&events[k], other);
        c = strcmp(other, mine);
        if (c < 0 || (c == 0 && k < i))
            return true;
    }
    return false;
}

static struct world world_of(const struct presence_rule *rule, const struct presence_event *events,
                             size_t n)
{
    struct world w = {.rule = rule};
    bool is_out[MOST] = {false};

    w.opens = rule->starts_at - rule->open_before_min * MINUTE;
    for (size_t i = 0; i < n; i++)
        is_out[i] = shadowed(events, n, i);
    for (size_t u = 0; u < n; u++)
        for (size_t i = 0; i < n && events[u].kind == PRESENCE_UNDO; i++)
            if (!shadowed(events, n, u) && events[i].kind != PRESENCE_UNDO &&
                str_eq(events[i].uid, events[u].undoes))
                is_out[i] = true;
    for (size_t i = 0; i < n; i++)
        if (!is_out[i] && events[i].kind != PRESENCE_UNDO) {
            w.ev[w.n++] = &events[i];
            w.closed |= events[i].kind == PRESENCE_CLOSE;
        }
    return w;
}

static bool has(const struct presence_event *e, uint32_t facts)
{
    return (e->facts & facts) == facts;
}

static bool fit(const struct world *w, const struct presence_event *e)
{
    const struct presence_ways *ways = &w->rule->ways;

    if (e->kind != PRESENCE_CHECK)
        return false;
    if (ways->any || e->way == WAY_MANUAL)
        return true;
    for (size_t i = 0; i < ways->n; i++)
        if ((ways->clauses[i].ways & (1U << e->way)) && has(e, ways->clauses[i].facts))
            return true;
    return false;
}

/* Later by time, by uid at the same time. */
static bool later(const struct presence_event *a, const struct presence_event *b)
{
    return a->at > b->at || (a->at == b->at && str_before(b->uid, a->uid));
}

static bool outward(const struct world *w, const struct presence_event *e)
{
    int64_t first = INT64_MAX;

    if (e->direction == GOING_OUT)
        return true;
    if (e->direction == GOING_IN || !w->rule->check_out || !fit(w, e) || e->at < w->opens)
        return false;
    for (size_t i = 0; i < w->n; i++) {
        if (!fit(w, w->ev[i]) || w->ev[i]->at < w->opens)
            continue;
        if (later(w->ev[i], e))
            return false;
        if (w->ev[i]->at < first)
            first = w->ev[i]->at;
    }
    return e->at >= first + 5 * (int64_t)MINUTE;
}

static bool inward(const struct world *w, const struct presence_event *e)
{
    return e->kind == PRESENCE_CHECK && !outward(w, e);
}

/* Came in by this way with these facts, from the opening until then. */
static bool came_by(const struct world *w, int way, uint32_t facts, int64_t until)
{
    for (size_t i = 0; i < w->n; i++)
        if (inward(w, w->ev[i]) && (int)w->ev[i]->way == way && has(w->ev[i], facts) &&
            w->ev[i]->at >= w->opens && w->ev[i]->at <= until)
            return true;
    return false;
}

static int ways_left(const struct world *w, uint32_t ways, uint32_t facts, int64_t until)
{
    int left = 0;

    for (int way = 0; way < WAY_COUNT; way++)
        if ((ways & (1U << way)) && !came_by(w, way, facts, until))
            left++;
    return left;
}

/* Whether the student was in by then. */
static bool in_by(const struct world *w, int64_t until)
{
    const struct presence_ways *ways = &w->rule->ways;

    if (came_by(w, WAY_MANUAL, 0, until))
        return true;
    for (int way = 0; way < WAY_COUNT && ways->any; way++)
        if (came_by(w, way, 0, until))
            return true;
    for (size_t i = 0; i < ways->n; i++)
        if (!ways_left(w, ways->clauses[i].ways, ways->clauses[i].facts, until))
            return true;
    return false;
}

static int64_t arrived(const struct world *w)
{
    int64_t best = 0;

    for (size_t i = 0; i < w->n; i++) {
        int64_t t = w->ev[i]->at;

        if (t >= w->opens && t <= w->rule->ends_at && (!best || t < best) && in_by(w, t))
            best = t;
    }
    return best;
}

static enum presence_reason near_miss(const struct world *w)
{
    static const enum presence_reason of_fact[] = {REASON_NOT_IN_FENCE, REASON_NOT_IN_SUBNET,
                                                   REASON_NOT_LIVE};
    const struct presence_ways *ways = &w->rule->ways;
    int64_t end = w->rule->ends_at;

    for (uint32_t f = 0; f < 3; f++)
        for (size_t i = 0; i < ways->n; i++)
            if ((ways->clauses[i].facts & (1U << f)) &&
                !ways_left(w, ways->clauses[i].ways, ways->clauses[i].facts & ~(1U << f), end))
                return of_fact[f];
    for (size_t i = 0; i < ways->n; i++)
        for (int way = 0; way < WAY_COUNT; way++)
            if ((ways->clauses[i].ways & (1U << way)) &&
                came_by(w, way, ways->clauses[i].facts, end))
                return REASON_SECOND_WAY;
    return REASON_WAY_NOT_ALLOWED;
}

static enum presence_reason no_arrival(const struct world *w)
{
    bool early = false, after = false;

    for (size_t i = 0; i < w->n; i++) {
        if (!inward(w, w->ev[i]))
            continue;
        if (w->ev[i]->at >= w->opens && w->ev[i]->at <= w->rule->ends_at)
            return near_miss(w);
        if (w->ev[i]->at < w->opens)
            early = true;
        else
            after = true;
    }
    return early ? REASON_TOO_EARLY : after ? REASON_AFTER_END : REASON_NOTHING;
}

/* A check that says something of the student's whereabouts after the arrival, up to a moment. */
static bool tells(const struct world *w, const struct presence_event *e, int64_t in_at,
                  int64_t moment)
{
    return fit(w, e) && e->at > in_at && e->at <= moment &&
           (outward(w, e) || e->at <= w->rule->ends_at);
}

/* Whether a coming back follows this leaving, up to the moment. */
static bool came_back(const struct world *w, const struct presence_event *left, int64_t moment)
{
    for (size_t k = 0; k < w->n; k++)
        if (tells(w, w->ev[k], left->at - 1, moment) && !outward(w, w->ev[k]) &&
            later(w->ev[k], left))
            return true;
    return false;
}

/* Whether the student is inside just after this moment; if not, *out is the first leaving that no
 * coming back followed. */
static bool is_inside(const struct world *w, int64_t in_at, int64_t moment,
                      const struct presence_event **out)
{
    const struct presence_event *left = NULL;

    for (size_t i = 0; i < w->n; i++) {
        const struct presence_event *e = w->ev[i];

        if (tells(w, e, in_at, moment) && outward(w, e) && !came_back(w, e, moment) &&
            (!left || later(left, e)))
            left = e;
    }
    *out = left;
    return !left;
}

/* Milliseconds inside between the start and the end. */
static int64_t time_inside(const struct world *w, int64_t in_at)
{
    int64_t sum = 0, at = in_at > w->rule->starts_at ? in_at : w->rule->starts_at;
    const struct presence_event *out;

    while (at < w->rule->ends_at) {
        int64_t next = w->rule->ends_at;

        for (size_t i = 0; i < w->n; i++)
            if (w->ev[i]->at > at && w->ev[i]->at < next)
                next = w->ev[i]->at;
        if (is_inside(w, in_at, at, &out))
            sum += next - at;
        at = next;
    }
    return sum;
}

static bool room_seen(const struct world *w)
{
    for (size_t i = 0; i < w->n; i++) {
        const struct presence_event *e = w->ev[i];
        bool room = e->way == WAY_KIOSK || e->way == WAY_FACE || e->way == WAY_CLASS_PHOTO ||
                    e->way == WAY_DEVICE || e->way == WAY_MANUAL ||
                    (e->facts & (FACT_FENCE | FACT_SUBNET));

        if (room && inward(w, e) && fit(w, e) && e->at >= w->opens && e->at <= w->rule->ends_at)
            return true;
    }
    return false;
}

static bool left_early(const struct world *w, int64_t out_at)
{
    return out_at && out_at < w->rule->ends_at &&
           w->rule->ends_at - out_at >= (w->rule->late_after_min + 1) * MINUTE;
}

static void becomes(struct presence *p, bool so, enum presence_status status,
                    enum presence_reason reason)
{
    if (so) {
        p->status = status;
        p->reason = reason;
    }
}

static void by_rules(const struct world *w, struct presence *p)
{
    const struct presence_rule *r = w->rule;
    int64_t late = p->in_at - r->starts_at;
    bool is_late = late >= (r->late_after_min + 1) * MINUTE;
    bool is_absent = late >= (r->absent_after_min + 1) * MINUTE;
    int64_t there = time_inside(w, p->in_at) / MINUTE;
    const struct presence_event *out;
    bool missing = !is_inside(w, p->in_at, INT64_MAX, &out) ? false : r->check_out;

    p->out_at = out ? out->at : 0;
    p->minutes_late = is_late || is_absent ? late / MINUTE : 0;
    p->minutes_present = missing ? -1 : there;
    /* The later a line, the heavier it is. */
    becomes(p, true, PRESENCE_PRESENT, REASON_ON_TIME);
    becomes(p, r->remote || (r->hybrid && !room_seen(w)), PRESENCE_REMOTE, REASON_ON_TIME);
    becomes(p, is_late, PRESENCE_LATE, REASON_CAME_LATE);
    becomes(p, left_early(w, p->out_at), PRESENCE_LEFT_EARLY, REASON_WENT_EARLY);
    becomes(p, missing && w->closed, PRESENCE_PARTIAL, REASON_NO_CHECK_OUT);
    becomes(p, there < r->min_minutes, PRESENCE_PARTIAL, REASON_TOO_SHORT);
    becomes(p, is_absent, PRESENCE_ABSENT, REASON_CAME_TOO_LATE);
}

static const struct presence_event *word_of(const struct world *w)
{
    const struct presence_event *word = NULL;

    for (size_t i = 0; i < w->n; i++)
        if (w->ev[i]->kind == PRESENCE_WORD && (!word || later(w->ev[i], word)))
            word = w->ev[i];
    return word && word->status ? word : NULL;
}

/* Whether some excuse covers the moment. */
static bool moment_covered(const struct world *w, int64_t moment)
{
    for (size_t i = 0; i < w->n; i++)
        if (w->ev[i]->kind == PRESENCE_EXCUSE &&
            ((!w->ev[i]->covers_from && !w->ev[i]->covers_to) ||
             (w->ev[i]->covers_from <= moment && moment < w->ev[i]->covers_to)))
            return true;
    return false;
}

/* Whether no minute in a row of the part is uncovered, looking between all ends of excuses. */
static bool all_covered(const struct world *w, int64_t from, int64_t to)
{
    int64_t open_since = from, at = from;

    while (at < to) {
        int64_t next = to;

        for (size_t i = 0; i < w->n; i++) {
            const int64_t ends[] = {w->ev[i]->covers_from, w->ev[i]->covers_to};

            for (size_t k = 0; k < 2; k++)
                if (w->ev[i]->kind == PRESENCE_EXCUSE && ends[k] > at && ends[k] < next)
                    next = ends[k];
        }
        if (moment_covered(w, at))
            open_since = next;
        else if (next - open_since >= MINUTE)
            return false;
        at = next;
    }
    return true;
}

static bool touches(const struct presence_event *e, int64_t from, int64_t to)
{
    return (!e->covers_from && !e->covers_to) || (e->covers_from < to && e->covers_to > from);
}

struct gap {
    int64_t from, to;
};

static bool within(const struct world *w, int64_t at)
{
    return w->rule->starts_at < at && at < w->rule->ends_at;
}

static struct gap gap_of_word(const struct world *w, const struct presence *p,
                              const struct presence_event *word)
{
    struct gap g = {w->rule->starts_at, w->rule->ends_at};
    int64_t in = within(w, p->in_at) ? p->in_at : word->at;
    int64_t out = within(w, p->out_at) ? p->out_at : word->at;

    if (word->status == PRESENCE_LATE && within(w, in))
        g.to = in;
    if (word->status == PRESENCE_LEFT_EARLY && within(w, out))
        g.from = out;
    return g;
}

static size_t gaps_of(const struct world *w, const struct presence *p,
                      const struct presence_event *word, struct gap g[2])
{
    int64_t s = w->rule->starts_at, e = w->rule->ends_at;
    bool times = p->in_at && p->reason != REASON_NO_CHECK_OUT;
    size_t n = 0;

    if (!word && times && p->minutes_late)
        g[n++] = (struct gap){s, p->in_at};
    if (!word && times && left_early(w, p->out_at))
        g[n++] = (struct gap){p->out_at < s ? s : p->out_at, e};
    if (!n)
        g[n++] = word ? gap_of_word(w, p, word) : (struct gap){s, e};
    return n;
}

static void excuses(const struct world *w, const struct presence_event *word, struct presence *p)
{
    struct gap g[2];
    size_t n = gaps_of(w, p, word, g);
    const struct presence_event *by = NULL;

    if (p->status == PRESENCE_PRESENT || p->status == PRESENCE_REMOTE ||
        p->status == PRESENCE_EXCUSED)
        return;
    for (size_t k = 0; k < n; k++) {
        if (!all_covered(w, g[k].from, g[k].to))
            return;
        for (size_t i = 0; i < w->n; i++)
            if (w->ev[i]->kind == PRESENCE_EXCUSE && touches(w->ev[i], g[k].from, g[k].to) &&
                (!by || later(w->ev[i], by)))
                by = w->ev[i];
    }
    if (!by)
        return;
    p->status = PRESENCE_EXCUSED;
    p->reason = REASON_JUSTIFIED;
    p->code = by->code;
}

void oracle_derive(const struct presence_rule *rule, const struct presence_event *events, size_t n,
                   struct presence *ret)
{
    struct world w = world_of(rule, events, n);
    const struct presence_event *word = word_of(&w);
    struct presence p = {.in_at = arrived(&w), .minutes_present = -1};

    if (p.in_at) {
        by_rules(&w, &p);
    } else {
        p.reason = no_arrival(&w);
        if (w.closed) {
            p.status = PRESENCE_ABSENT;
            p.reason = p.reason == REASON_NOTHING ? REASON_REGISTER_CLOSED : p.reason;
        }
    }
    p.derived = p.status;
    if (word) {
        p.status = word->status;
        p.code = word->code;
        p.reason = REASON_PERSON_SAID;
        if (word->status == PRESENCE_LATE && !p.in_at && word->at > rule->starts_at &&
            word->at < rule->ends_at)
            p.minutes_late = (word->at - rule->starts_at) / MINUTE;
    }
    excuses(&w, word, &p);
    *ret = p;
}

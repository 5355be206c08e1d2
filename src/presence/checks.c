/* SPDX-License-Identifier: MIT */
/* Check-ins to arrival, leaving and status. Each step looks at the whole set, never at its order.
 */
#include "presence/checks.h"

enum { UNKNOWN_APART_MS = 5 * PRESENCE_MINUTE_MS };

/* Ways that see somebody in the room, and facts that say the same of a phone. */
#define ROOM_WAYS                                                                                  \
    (1U << WAY_KIOSK | 1U << WAY_FACE | 1U << WAY_CLASS_PHOTO | 1U << WAY_DEVICE | 1U << WAY_MANUAL)
#define ROOM_FACTS ((uint32_t)(FACT_FENCE | FACT_SUBNET))
#define ALL_WAYS   ((1U << WAY_COUNT) - 1)

struct view {
    const struct presence_rule *rule;
    const struct presence_standing *all;
    int64_t opens_at;
    const struct presence_event *first, *last; /* checks that fit, since the opening */
};

/* Whether it is part of some alternative, with all that this asks. */
static bool fits(const struct presence_ways *ways, const struct presence_event *ev)
{
    bool fit = ways->any || ev->way == WAY_MANUAL;

    for (size_t i = 0; i < ways->n && !fit; i++)
        fit = (ways->clauses[i].ways >> ev->way & 1) && (ways->clauses[i].facts & ~ev->facts) == 0;
    return fit;
}

static struct view look(const struct presence_rule *rule, const struct presence_standing *all)
{
    struct view v = {
        .rule = rule,
        .all = all,
        .opens_at = rule->starts_at - rule->open_before_min * PRESENCE_MINUTE_MS,
    };

    for (size_t i = 0; i < all->n; i++) {
        const struct presence_event *ev = all->at[i];

        if (ev->kind != PRESENCE_CHECK || ev->at < v.opens_at || !fits(&rule->ways, ev))
            continue;
        v.first = v.first ? v.first : ev;
        v.last = ev;
    }
    return v;
}

static bool goes_out(const struct view *v, const struct presence_event *ev)
{
    if (ev->direction != GOING_UNKNOWN)
        return ev->direction == GOING_OUT;
    return v->rule->check_out && ev == v->last && ev->at - v->first->at >= UNKNOWN_APART_MS;
}

static bool comes_in(const struct view *v, const struct presence_event *ev)
{
    return ev->kind == PRESENCE_CHECK && !goes_out(v, ev);
}

static bool in_window(const struct view *v, int64_t at)
{
    return at >= v->opens_at && at <= v->rule->ends_at;
}

/* The first to come in by one of these ways with all these facts; NULL: nobody. */
static const struct presence_event *earliest(const struct view *v, uint32_t ways, uint32_t facts)
{
    for (size_t i = 0; i < v->all->n; i++) {
        const struct presence_event *ev = v->all->at[i];

        if (comes_in(v, ev) && in_window(v, ev->at) && (ways >> ev->way & 1) &&
            (facts & ~ev->facts) == 0)
            return ev;
    }
    return NULL;
}

static bool before(const struct presence_event *a, const struct presence_event *b)
{
    return a->at < b->at || (a->at == b->at && str_before(a->uid, b->uid));
}

/* The event with which the alternative is complete: the last of the first of each way. */
static const struct presence_event *complete(const struct view *v, const struct presence_clause *c,
                                             size_t *missing)
{
    const struct presence_event *last = NULL;

    *missing = 0;
    for (int w = 0; w < WAY_COUNT; w++) {
        const struct presence_event *ev;

        if (!(c->ways >> w & 1))
            continue;
        ev = earliest(v, 1U << w, c->facts);
        if (!ev)
            ++*missing;
        else if (!last || before(last, ev))
            last = ev;
    }
    return last;
}

static const struct presence_event *arrival(const struct view *v)
{
    const struct presence_ways *ways = &v->rule->ways;
    const struct presence_event *first = earliest(v, ways->any ? ALL_WAYS : 1U << WAY_MANUAL, 0);

    for (size_t i = 0; i < ways->n; i++) {
        size_t missing;
        const struct presence_event *ev = complete(v, &ways->clauses[i], &missing);

        if (ev && !missing && (!first || before(ev, first)))
            first = ev;
    }
    return first;
}

/* What stands between what was seen in the window and this alternative. */
static enum presence_reason lacks(const struct view *v, const struct presence_clause *c)
{
    static const enum presence_reason by_fact[] = {REASON_NOT_IN_FENCE, REASON_NOT_IN_SUBNET,
                                                   REASON_NOT_LIVE};
    size_t missing;

    for (size_t i = 0; i < COUNT(by_fact); i++) {
        struct presence_clause less = {c->ways, c->facts & ~(1U << i)};

        if (less.facts != c->facts && complete(v, &less, &missing) && !missing)
            return by_fact[i];
    }
    return complete(v, c, &missing) ? REASON_SECOND_WAY : REASON_WAY_NOT_ALLOWED;
}

/* One missing condition is nearer than a missing way, and that nearer than nothing that fits. */
static int nearness(enum presence_reason reason)
{
    if (reason == REASON_WAY_NOT_ALLOWED)
        return REASON_COUNT + 1;
    return reason == REASON_SECOND_WAY ? REASON_COUNT : (int)reason;
}

/* Why none of the checks counts; the nearest miss of all alternatives. */
static enum presence_reason why_not(const struct view *v)
{
    enum presence_reason best = REASON_WAY_NOT_ALLOWED;
    bool early = false, late = false;

    for (size_t i = 0; i < v->all->n; i++)
        if (comes_in(v, v->all->at[i])) {
            early |= v->all->at[i]->at < v->opens_at;
            late |= v->all->at[i]->at > v->rule->ends_at;
        }
    if (!earliest(v, ALL_WAYS, 0)) {
        if (early)
            return REASON_TOO_EARLY;
        return late ? REASON_AFTER_END : REASON_NOTHING;
    }
    for (size_t i = 0; i < v->rule->ways.n; i++) {
        enum presence_reason reason = lacks(v, &v->rule->ways.clauses[i]);

        if (nearness(reason) < nearness(best))
            best = reason;
    }
    return best;
}

int64_t checks_minutes_late(const struct presence_rule *rule, int64_t at)
{
    return at > rule->starts_at ? (at - rule->starts_at) / PRESENCE_MINUTE_MS : 0;
}

bool checks_went_early(const struct presence_rule *rule, int64_t out_at)
{
    return out_at < rule->ends_at &&
           (rule->ends_at - out_at) / PRESENCE_MINUTE_MS > rule->late_after_min;
}

static int64_t within(const struct presence_rule *rule, int64_t from, int64_t to)
{
    int64_t begin = from > rule->starts_at ? from : rule->starts_at;
    int64_t end = to < rule->ends_at ? to : rule->ends_at;

    return end > begin ? end - begin : 0;
}

/* Goes through what followed the arrival; gives whole minutes inside, to the end when nobody saw
 * the student leave. */
static int64_t follow(const struct view *v, struct presence *ret, const struct presence_event **out)
{
    int64_t since = ret->in_at, ms = 0;

    *out = NULL;
    for (size_t i = 0; i < v->all->n; i++) {
        const struct presence_event *ev = v->all->at[i];

        if (ev->kind != PRESENCE_CHECK || ev->at <= ret->in_at || !fits(&v->rule->ways, ev))
            continue;
        if (!goes_out(v, ev)) {
            if (*out && ev->at <= v->rule->ends_at) {
                since = ev->at;
                *out = NULL;
            }
        } else if (!*out) {
            ms += within(v->rule, since, ev->at);
            *out = ev;
        }
    }
    ret->out_at = *out ? (*out)->at : 0;
    if (!*out)
        ms += within(v->rule, since, v->rule->ends_at);
    return ms / PRESENCE_MINUTE_MS;
}

static bool seen_in_room(const struct view *v)
{
    for (size_t i = 0; i < v->all->n; i++) {
        const struct presence_event *ev = v->all->at[i];

        if (comes_in(v, ev) && in_window(v, ev->at) && fits(&v->rule->ways, ev) &&
            ((ROOM_WAYS >> ev->way & 1) || (ev->facts & ROOM_FACTS)))
            return true;
    }
    return false;
}

static void say(struct presence *p, enum presence_status status, enum presence_reason reason)
{
    p->status = p->derived = status;
    p->reason = reason;
}

static void not_counted(const struct view *v, struct presence *ret)
{
    enum presence_reason reason = why_not(v);

    ret->minutes_present = -1;
    ret->by = v->all->close;
    if (v->all->close)
        say(ret, PRESENCE_ABSENT, reason == REASON_NOTHING ? REASON_REGISTER_CLOSED : reason);
    else
        say(ret, PRESENCE_UNMARKED, reason);
}

/* What an arrival becomes; `minutes` at most inside, `out` the leaving that stands. */
static void decide(const struct view *v, struct presence *ret, int64_t minutes,
                   const struct presence_event *out)
{
    const struct presence_rule *rule = v->rule;
    int64_t late = checks_minutes_late(rule, ret->in_at);

    if (late > rule->absent_after_min) {
        say(ret, PRESENCE_ABSENT, REASON_CAME_TOO_LATE);
    } else if (rule->min_minutes > minutes) {
        say(ret, PRESENCE_PARTIAL, REASON_TOO_SHORT);
    } else if (rule->check_out && !out && v->all->close) {
        say(ret, PRESENCE_PARTIAL, REASON_NO_CHECK_OUT);
    } else if (out && checks_went_early(rule, out->at)) {
        say(ret, PRESENCE_LEFT_EARLY, REASON_WENT_EARLY);
        ret->by = out;
    } else if (late > rule->late_after_min) {
        say(ret, PRESENCE_LATE, REASON_CAME_LATE);
    } else if (rule->remote || (rule->hybrid && !seen_in_room(v))) {
        say(ret, PRESENCE_REMOTE, REASON_ON_TIME);
    } else {
        say(ret, PRESENCE_PRESENT, REASON_ON_TIME);
    }
}

void checks_derive(const struct presence_rule *rule, const struct presence_standing *all,
                   struct presence *ret)
{
    struct view v = look(rule, all);
    const struct presence_event *in = arrival(&v), *out;
    int64_t late, minutes;

    *ret = (struct presence){.by = in};
    if (!in) {
        not_counted(&v, ret);
        return;
    }
    ret->in_at = in->at;
    late = checks_minutes_late(rule, in->at);
    ret->minutes_late = late > rule->late_after_min || late > rule->absent_after_min ? late : 0;
    minutes = follow(&v, ret, &out);
    ret->minutes_present = rule->check_out && !out ? -1 : minutes;
    decide(&v, ret, minutes, out);
}

/* SPDX-License-Identifier: MIT */
/* From a set of events to what the register says: which events stand, words, excuses. */
#include "presence/presence.h"

#include <stdlib.h>

#include "presence/checks.h"

static const char *const status_names[PRESENCE_STATUSES] = {
    [PRESENCE_UNMARKED] = "unmarked",
    [PRESENCE_PRESENT] = "present",
    [PRESENCE_LATE] = "late",
    [PRESENCE_PARTIAL] = "partial",
    [PRESENCE_LEFT_EARLY] = "left_early",
    [PRESENCE_EXCUSED] = "excused",
    [PRESENCE_ABSENT] = "absent",
    [PRESENCE_REMOTE] = "remote",
};

static const char *const reason_names[REASON_COUNT] = {
#define X(id, name) [REASON_##id] = name,
    PRESENCE_REASONS(X)
#undef X
};

const char *presence_status_name(enum presence_status s)
{
    return status_names[s];
}

enum presence_status presence_status_of(struct str name)
{
    for (int s = 0; s < PRESENCE_STATUSES; s++)
        if (str_is(name, status_names[s]))
            return (enum presence_status)s;
    return PRESENCE_STATUSES;
}

const char *presence_reason_name(enum presence_reason r)
{
    return reason_names[r];
}

static int compare_i64(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_str(struct str a, struct str b)
{
    return str_before(b, a) - str_before(a, b);
}

/* All members, so that of two events with one uid the same one is always taken. */
static int compare_content(const struct presence_event *a, const struct presence_event *b)
{
    const int64_t numbers[][2] = {
        {a->at, b->at},
        {a->kind, b->kind},
        {a->way, b->way},
        {a->direction, b->direction},
        {a->facts, b->facts},
        {a->status, b->status},
        {a->covers_from, b->covers_from},
        {a->covers_to, b->covers_to},
    };
    int c = 0;

    for (size_t i = 0; i < COUNT(numbers) && !c; i++)
        c = compare_i64(numbers[i][0], numbers[i][1]);
    c = c ? c : compare_str(a->code, b->code);
    return c ? c : compare_str(a->undoes, b->undoes);
}

static int by_uid(const void *a, const void *b)
{
    const struct presence_event *x = *(const struct presence_event *const *)a;
    const struct presence_event *y = *(const struct presence_event *const *)b;
    int c = compare_str(x->uid, y->uid);

    return c ? c : compare_content(x, y);
}

static int by_time(const void *a, const void *b)
{
    const struct presence_event *x = *(const struct presence_event *const *)a;
    const struct presence_event *y = *(const struct presence_event *const *)b;
    int c = compare_i64(x->at, y->at);

    return c ? c : compare_str(x->uid, y->uid);
}

static bool was_undone(const struct presence_event *const *all, size_t n, struct str uid)
{
    for (size_t i = 0; i < n; i++)
        if (all[i]->kind == PRESENCE_UNDO && str_eq(all[i]->undoes, uid))
            return true;
    return false;
}

/* Into `scratch`: doubles gone, what was taken back gone, the rest by time. */
static struct presence_standing stand(const struct presence_event *events, size_t n,
                                      const struct presence_event **scratch)
{
    struct presence_standing all = {.at = scratch};
    size_t unique = 0, kept = 0, undos = 0;

    for (size_t i = 0; i < n; i++)
        scratch[i] = &events[i];
    if (n > 1)
        qsort(scratch, n, sizeof(*scratch), by_uid);
    for (size_t i = 0; i < n; i++)
        if (!unique || !str_eq(scratch[i]->uid, scratch[unique - 1]->uid)) {
            undos += scratch[i]->kind == PRESENCE_UNDO;
            scratch[unique++] = scratch[i];
        }
    /* By time with the undos at the end: they are looked up there, then cut off. */
    for (size_t i = 0; undos && i < unique; i++)
        if (scratch[i]->kind != PRESENCE_UNDO) {
            const struct presence_event *moved = scratch[i];

            scratch[i] = scratch[kept];
            scratch[kept++] = moved;
        }
    kept = undos ? kept : unique;
    for (size_t i = 0; i < kept; i++)
        if (!was_undone(scratch + kept, unique - kept, scratch[i]->uid))
            scratch[all.n++] = scratch[i];
    if (all.n > 1)
        qsort(scratch, all.n, sizeof(*scratch), by_time);
    for (size_t i = 0; i < all.n; i++)
        if (scratch[i]->kind == PRESENCE_CLOSE)
            all.close = scratch[i];
    return all;
}

/* The latest word that says a status; NULL: the rules decide. */
static const struct presence_event *last_word(const struct presence_standing *all)
{
    const struct presence_event *word = NULL;

    for (size_t i = 0; i < all->n; i++)
        if (all->at[i]->kind == PRESENCE_WORD)
            word = all->at[i];
    return word && word->status != PRESENCE_UNMARKED ? word : NULL;
}

struct part {
    int64_t from, to;
};

static bool inside(const struct presence_rule *rule, int64_t at)
{
    return at > rule->starts_at && at < rule->ends_at;
}

/* The parts of the session that the student missed, by a person's word. */
static size_t missed_by_word(const struct presence_rule *rule, const struct presence *p,
                             struct part parts[2])
{
    int64_t came = inside(rule, p->in_at) ? p->in_at : p->by->at;
    int64_t left = inside(rule, p->out_at) ? p->out_at : p->by->at;

    parts[0] = (struct part){rule->starts_at, rule->ends_at};
    if (p->status == PRESENCE_LATE && inside(rule, came))
        parts[0].to = came;
    if (p->status == PRESENCE_LEFT_EARLY && inside(rule, left))
        parts[0].from = left;
    return 1;
}

/* By the rules: before a late arrival and after an early leaving; else all of it. */
static size_t missed(const struct presence_rule *rule, const struct presence *p,
                     struct part parts[2])
{
    size_t n = 0;

    if (p->reason == REASON_PERSON_SAID)
        return missed_by_word(rule, p, parts);
    if (p->in_at && p->reason != REASON_NO_CHECK_OUT) {
        if (p->minutes_late)
            parts[n++] = (struct part){rule->starts_at, p->in_at};
        if (p->out_at && checks_went_early(rule, p->out_at))
            parts[n++] = (struct part){
                p->out_at > rule->starts_at ? p->out_at : rule->starts_at,
                rule->ends_at,
            };
    }
    if (!n)
        parts[n++] = (struct part){rule->starts_at, rule->ends_at};
    return n;
}

static bool is_excuse(const struct presence_event *ev)
{
    return ev->kind == PRESENCE_EXCUSE;
}

static bool covers_all(const struct presence_event *ev)
{
    return !ev->covers_from && !ev->covers_to;
}

/* Whether all excuses together leave less than a minute open at any place. */
static bool covered(const struct presence_standing *all, struct part part)
{
    int64_t at = part.from;

    while (at + PRESENCE_MINUTE_MS <= part.to) {
        int64_t reach = at;

        for (size_t i = 0; i < all->n; i++) {
            const struct presence_event *ev = all->at[i];

            if (!is_excuse(ev))
                continue;
            if (covers_all(ev))
                return true;
            if (ev->covers_from < at + PRESENCE_MINUTE_MS && ev->covers_to > reach)
                reach = ev->covers_to;
        }
        if (reach == at)
            return false;
        at = reach;
    }
    return true;
}

/* The latest excuse that says something of the parts; NULL: there is none. */
static const struct presence_event *last_excuse(const struct presence_standing *all,
                                                const struct part *parts, size_t n)
{
    const struct presence_event *last = NULL;

    for (size_t i = 0; i < all->n; i++)
        for (size_t k = 0; is_excuse(all->at[i]) && k < n; k++)
            if (covers_all(all->at[i]) ||
                (all->at[i]->covers_from < parts[k].to && all->at[i]->covers_to > parts[k].from))
                last = all->at[i];
    return last;
}

static void excuse(const struct presence_rule *rule, const struct presence_standing *all,
                   struct presence *p)
{
    struct part parts[2];
    size_t n;
    const struct presence_event *by;

    if (p->status == PRESENCE_PRESENT || p->status == PRESENCE_REMOTE ||
        p->status == PRESENCE_EXCUSED)
        return;
    n = missed(rule, p, parts);
    by = last_excuse(all, parts, n);
    if (!by)
        return;
    for (size_t i = 0; i < n; i++)
        if (!covered(all, parts[i]))
            return;
    p->status = PRESENCE_EXCUSED;
    p->code = by->code;
    p->reason = REASON_JUSTIFIED;
    p->by = by;
}

void presence_derive(const struct presence_rule *rule, const struct presence_event *events,
                     size_t n, const struct presence_event **scratch, struct presence *ret)
{
    struct presence_standing all = stand(events, n, scratch);
    const struct presence_event *word = last_word(&all);

    checks_derive(rule, &all, ret);
    if (word) {
        ret->status = word->status;
        ret->code = word->code;
        ret->reason = REASON_PERSON_SAID;
        ret->by = word;
        if (word->status == PRESENCE_LATE && !ret->in_at && inside(rule, word->at))
            ret->minutes_late = checks_minutes_late(rule, word->at);
    }
    excuse(rule, &all, ret);
}

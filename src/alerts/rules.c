/* SPDX-License-Identifier: MIT */
/* When absences ask for attention: see rules.h. */
#include "alerts/rules.h"

enum {
    DAY_MS = 24 * 3600 * 1000,
    IN_A_ROW = 3,
    WEEKDAY_WEEKS = 6,
    WEEKDAY_ABSENCES = 3,
    WEEKDAY_DAYS = 2,
    WEEKDAY_PERCENT = 60,
    FIRST_WEEKS = 4,
    FIRST_DAYS = 3,
};

static const char *const kinds[ALERT_KINDS] = {"ladder", "consecutive", "weekday", "first_lesson"};
static const char *const levels[ALERT_LEVELS] = {"notice", "warning", "critical", "failing"};

const char *alert_kind_name(enum alert_kind k)
{
    return kinds[k];
}

const char *alert_level_name(enum alert_level l)
{
    return levels[l];
}

enum alert_kind alert_kind_of(struct str name)
{
    int k = 0;

    while (k < ALERT_KINDS && !str_is(name, kinds[k]))
        k++;
    return (enum alert_kind)k;
}

enum alert_level alert_level_of(struct str name)
{
    int l = 0;

    while (l < ALERT_LEVELS && !str_is(name, levels[l]))
        l++;
    return (enum alert_level)l;
}

static bool counts(const struct alert_lesson *l)
{
    return l->status != PRESENCE_UNMARKED && l->status != PRESENCE_EXCUSED;
}

static void tally_add(struct presence_tally *t, const struct alert_lesson *l)
{
    int64_t *const members[PRESENCE_STATUSES] = {
        [PRESENCE_PRESENT] = &t->present, [PRESENCE_LATE] = &t->late,
        [PRESENCE_PARTIAL] = &t->partial, [PRESENCE_LEFT_EARLY] = &t->left_early,
        [PRESENCE_EXCUSED] = &t->excused, [PRESENCE_ABSENT] = &t->absent,
        [PRESENCE_REMOTE] = &t->remote,
    };

    if (l->status == PRESENCE_UNMARKED || l->status >= PRESENCE_STATUSES)
        return;
    t->sessions++;
    ++*members[l->status];
    t->weight += counts(l) ? l->weight : 0;
}

static bool find_ladder(const struct alert_lesson *at, size_t n, int64_t min_sessions,
                        struct alert_finding *ret)
{
    struct presence_tally t = {0};
    enum alert_level level;

    *ret = (struct alert_finding){.kind = ALERT_LADDER};
    for (size_t i = 0; i < n; i++) {
        tally_add(&t, &at[i]);
        if (at[i].status != PRESENCE_ABSENT)
            continue;
        ret->since_at = ret->since_at ? ret->since_at : at[i].starts_at;
        ret->latest_at = at[i].starts_at;
    }
    ret->counted = presence_counted(&t);
    ret->absences = t.absent;
    ret->share = absence_rate(&t);
    level = alert_level_of(str_of(absence_level(ret->share)));
    if (level == ALERT_LEVELS || ret->counted < min_sessions)
        return false;
    /* Partial presences alone can take somebody up the ladder. */
    if (!ret->latest_at)
        ret->since_at = ret->latest_at = at[n - 1].starts_at;
    ret->level = level;
    return true;
}

static bool find_consecutive(const struct alert_lesson *at, size_t n, struct alert_finding *ret)
{
    *ret = (struct alert_finding){.kind = ALERT_CONSECUTIVE, .level = ALERT_WARNING, .share = 1};
    while (n-- > 0) {
        if (!counts(&at[n]))
            continue;
        if (at[n].status != PRESENCE_ABSENT)
            break;
        ret->absences++;
        ret->since_at = at[n].starts_at;
        ret->latest_at = ret->latest_at ? ret->latest_at : at[n].starts_at;
    }
    ret->counted = ret->absences;
    return ret->absences >= IN_A_ROW;
}

/* 1 January 1970 was a Thursday. */
static int64_t weekday_of(int64_t day)
{
    return ((day + 3) % 7 + 7) % 7 + 1;
}

static bool find_weekday(const struct alert_lesson *at, size_t n, int64_t now, int64_t weekday,
                         struct alert_finding *ret)
{
    int64_t days = 0;
    int64_t last_day = INT64_MIN;

    *ret = (struct alert_finding){.kind = ALERT_WEEKDAY, .level = ALERT_NOTICE, .weekday = weekday};
    for (size_t i = 0; i < n; i++) {
        if (at[i].starts_at < now - (int64_t)WEEKDAY_WEEKS * 7 * DAY_MS || !counts(&at[i]) ||
            weekday_of(at[i].day) != weekday)
            continue;
        ret->counted++;
        if (at[i].status != PRESENCE_ABSENT)
            continue;
        ret->absences++;
        ret->since_at = ret->since_at ? ret->since_at : at[i].starts_at;
        ret->latest_at = at[i].starts_at;
        days += at[i].day != last_day;
        last_day = at[i].day;
    }
    ret->share = ret->counted ? (double)ret->absences / (double)ret->counted : 0;
    return ret->absences >= WEEKDAY_ABSENCES && days >= WEEKDAY_DAYS &&
           100 * ret->absences >= WEEKDAY_PERCENT * ret->counted;
}

/* The lessons from `i` on the same day: where the next day begins. */
static size_t day_end(const struct alert_lesson *at, size_t n, size_t i)
{
    size_t k = i + 1;

    while (k < n && at[k].day == at[i].day)
        k++;
    return k;
}

static bool there_later(const struct alert_lesson *at, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (counts(&at[i]) && at[i].status != PRESENCE_ABSENT)
            return true;
    return false;
}

static bool find_first_lesson(const struct alert_lesson *at, size_t n, int64_t now,
                              struct alert_finding *ret)
{
    *ret = (struct alert_finding){.kind = ALERT_FIRST_LESSON, .level = ALERT_NOTICE};
    for (size_t i = 0, end; i < n; i = end) {
        size_t first = i;

        end = day_end(at, n, i);
        while (first < end && !counts(&at[first]))
            first++;
        if (at[i].starts_at < now - (int64_t)FIRST_WEEKS * 7 * DAY_MS || first == end)
            continue;
        ret->counted++;
        if ((at[first].status != PRESENCE_ABSENT && at[first].status != PRESENCE_LATE) ||
            !there_later(at, first + 1, end))
            continue;
        ret->absences++;
        ret->since_at = ret->since_at ? ret->since_at : at[first].starts_at;
        ret->latest_at = at[first].starts_at;
    }
    ret->share = ret->counted ? (double)ret->absences / (double)ret->counted : 0;
    return ret->absences >= FIRST_DAYS;
}

size_t alert_find(const struct alert_lesson *at, size_t n, int64_t now, int64_t min_sessions,
                  struct alert_finding ret[ALERT_FINDINGS_MAX])
{
    size_t found = 0;

    found += find_ladder(at, n, min_sessions, &ret[found]);
    found += find_consecutive(at, n, &ret[found]);
    for (int64_t weekday = 1; weekday <= 7; weekday++)
        found += find_weekday(at, n, now, weekday, &ret[found]);
    found += find_first_lesson(at, n, now, &ret[found]);
    return found;
}

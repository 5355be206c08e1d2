/* SPDX-License-Identifier: MIT */
/* Half-days, from the marks of their sessions. */
#include "presence/half_days.h"

#include <stdlib.h>

#include "base/civil.h"
#include "base/zone.h"

enum { WHOLE = 1000, MINUTE_MS = 60000, DAY_MS = 24 * 60 * MINUTE_MS };

int64_t half_day_of(struct str zone, int64_t afternoon_min, int64_t at)
{
    struct local_time t;
    int64_t day = at / DAY_MS - (at % DAY_MS < 0);

    if (!zone_local(zone, at, &t))
        return 2 * day + ((at - day * DAY_MS) / MINUTE_MS >= afternoon_min);
    return 2 * civil_days(t.year, t.month, t.day) + (t.minute >= afternoon_min);
}

static int by_half(const void *a, const void *b)
{
    const struct half_mark *x = a, *y = b;

    return (x->half > y->half) - (x->half < y->half);
}

struct presence_tally half_days_tally(struct half_mark *marks, size_t n)
{
    struct presence_tally t = {0};

    if (n)
        qsort(marks, n, sizeof(*marks), by_half);
    for (size_t i = 0; i < n;) {
        bool absent = false;
        bool excused = false;
        int64_t half = marks[i].half;

        for (; i < n && marks[i].half == half; i++) {
            absent = absent || marks[i].absent;
            excused = excused || marks[i].excused;
        }
        t.sessions++;
        t.absent += absent;
        t.excused += !absent && excused;
        t.present += !absent && !excused;
    }
    t.weight = WHOLE * t.present;
    return t;
}

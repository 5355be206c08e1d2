/* SPDX-License-Identifier: MIT */
/*
 * Zones by name, read once and kept: the tz database has some 600 of them, so the list is bounded.
 * The mutex guards the list; an entry never changes once it is in.
 */
#include "base/zone.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/civil.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/tzif.h"

enum { DAY_S = 86400, DAY_MIN = 1440, NAME_MAX_LEN = 64, FILE_MAX = 64 * 1024 };

/* A local time may be as far from UTC as an offset can be. */
static const int64_t reach_s = 26 * 3600;

struct zone {
    struct zone *next;
    char name[NAME_MAX_LEN + 1];
    struct tzif data;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct zone *zones;

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
           c == '_' || c == '-' || c == '+';
}

/* Names have no dots, so no path leads out of the folder. `right/` counts leap seconds. */
static bool is_name(struct str s)
{
    if (!s.len || s.len > NAME_MAX_LEN || s.at[0] == '/' || str_starts(s, "right/") ||
        str_starts(s, "posix/"))
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (!is_name_char(s.at[i]))
            return false;
    return true;
}

static struct zone *load(struct str name)
{
    char path[NAME_MAX_LEN + 32];
    char *bytes = NULL;
    struct zone *z = MEM_NEW(struct zone);
    size_t n = 0;
    FILE *f;

    memcpy(z->name, name.at, name.len);
    (void)snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", z->name);
    f = fopen(path, "rbe");
    if (f) {
        bytes = mem_alloc(FILE_MAX);
        n = fread(bytes, 1, FILE_MAX, f);
        (void)fclose(f);
    }
    if (n == FILE_MAX || !tzif_read((struct str){bytes, n}, &z->data)) {
        mem_free(z);
        z = NULL;
    }
    mem_free(bytes);
    return z;
}

static struct zone *find_locked(struct str name)
{
    struct zone *z = zones;

    while (z && !str_is(name, z->name))
        z = z->next;
    return z;
}

/* NULL: no such zone. Reads the file without the lock held, so that nobody waits for a disk. */
static const struct zone *zone_find(struct str name)
{
    struct zone *z;
    struct zone *fresh;

    if (!is_name(name))
        return NULL;
    (void)pthread_mutex_lock(&lock);
    z = find_locked(name);
    (void)pthread_mutex_unlock(&lock);
    if (z)
        return z;
    fresh = load(name);
    if (!fresh)
        return NULL;
    (void)pthread_mutex_lock(&lock);
    z = find_locked(name);
    if (!z) {
        fresh->next = zones;
        zones = fresh;
        z = fresh;
        fresh = NULL;
    }
    (void)pthread_mutex_unlock(&lock);
    if (fresh) {
        tzif_finish(&fresh->data);
        mem_free(fresh);
    }
    return z;
}

bool zone_is_valid(struct str s)
{
    return zone_find(s) != NULL;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int64_t ms_of(int64_t s)
{
    return s == INT64_MIN || s == INT64_MAX ? s : s * 1000;
}

bool zone_span_at(struct str zone, int64_t ms, struct zone_span *ret)
{
    const struct zone *z = zone_find(zone);
    struct tz_span span;

    if (!z)
        return false;
    span = tzif_span(&z->data, floor_div(ms, 1000));
    *ret = (struct zone_span){ms_of(span.from), ms_of(span.to), span.offset};
    return true;
}

bool zone_local(struct str zone, int64_t ms, struct local_time *ret)
{
    const struct zone *z = zone_find(zone);
    int64_t s = floor_div(ms, 1000);
    int64_t local;
    int64_t day;
    struct tz_span span;
    struct civil c;

    if (!z)
        return false;
    span = tzif_span(&z->data, s);
    local = s + span.offset;
    day = floor_div(local, DAY_S);
    c = civil_of(day);
    if (c.year < 1969 || c.year > 9999)
        return false;
    *ret = (struct local_time){
        .year = (int32_t)c.year,
        .month = (int8_t)c.month,
        .day = (int8_t)c.day,
        .minute = (int16_t)((local - day * DAY_S) / 60),
        .second = (int8_t)((local - day * DAY_S) % 60),
        .weekday = (int8_t)day_weekday(day),
        .offset_s = span.offset,
    };
    return true;
}

/* Seconds of a local time, given as if of UTC. */
static int64_t to_utc(const struct tzif *z, int64_t local, enum zone_fit *ret_fit)
{
    int64_t found = 0;
    int64_t in_gap = local;
    int n = 0;
    struct tz_span span = tzif_span(z, local - reach_s);

    for (;;) {
        int64_t s = local - span.offset;

        if (s >= span.from && s < span.to && n++ == 0)
            found = s;
        if (s >= span.to) /* put forward over it, when no later stretch has it */
            in_gap = s;
        if (span.to == INT64_MAX || span.to > local + reach_s)
            break;
        span = tzif_span(z, span.to);
    }
    *ret_fit = n == 0 ? ZONE_GAP : n == 1 ? ZONE_ONE : ZONE_OVERLAP;
    return n ? found : in_gap;
}

bool zone_utc(struct str zone, const struct local_time *local, int64_t *ret, enum zone_fit *fit)
{
    const struct zone *z = zone_find(zone);
    enum zone_fit how;

    if (!z || local->year < 1969 || local->year > 9999 || local->month < 1 || local->month > 12 ||
        local->day < 1 || local->day > civil_month_days(local->year, local->month) ||
        local->minute < 0 || local->minute >= DAY_MIN || local->second < 0 || local->second > 59)
        return false;
    *ret = to_utc(&z->data,
                  civil_days(local->year, local->month, local->day) * DAY_S + local->minute * 60 +
                      local->second,
                  &how) *
           1000;
    if (fit)
        *fit = how;
    return true;
}

bool zone_utc_day(struct str zone, struct str day, int64_t minute, int64_t *ret, enum zone_fit *fit)
{
    struct local_time t = {0};
    struct civil c;
    int64_t n;

    if (!day_number(day, &n) || minute < 0 || minute >= DAY_MIN)
        return false;
    c = civil_of(n);
    t.year = (int32_t)c.year;
    t.month = (int8_t)c.month;
    t.day = (int8_t)c.day;
    t.minute = (int16_t)minute;
    return zone_utc(zone, &t, ret, fit);
}

bool zone_day_start(struct str zone, int64_t ms, int64_t *ret)
{
    struct local_time t;

    if (!zone_local(zone, ms, &t))
        return false;
    t.minute = 0;
    t.second = 0;
    return zone_utc(zone, &t, ret, NULL);
}

int64_t zone_days_later(struct str zone, int64_t ms, int64_t days)
{
    int64_t plain = ms + days * DAY_S * 1000;
    int64_t at = 0;
    struct local_time t;
    struct civil c;

    if (!zone_local(zone, ms, &t))
        return plain;
    c = civil_of(civil_days(t.year, t.month, t.day) + days);
    if (c.year < 1969 || c.year > 9999)
        return plain;
    t.year = (int32_t)c.year;
    t.month = (int8_t)c.month;
    t.day = (int8_t)c.day;
    if (!zone_utc(zone, &t, &at, NULL))
        return plain;
    return at + (ms - floor_div(ms, 1000) * 1000);
}

struct str zone_format(struct arena *a, struct str zone, int64_t ms)
{
    struct local_time t;
    int off;
    int part = (int)(ms - floor_div(ms, 1000) * 1000);
    /* RFC 3339 has no seconds in an offset: a zone with some is told a few seconds off them. */
    int64_t told = ms;

    if (zone_local(zone, ms, &t))
        told -= (int64_t)(t.offset_s % 60) * 1000;
    if (!zone_local(zone, told, &t))
        return time_format(a, ms);
    off = (t.offset_s < 0 ? -t.offset_s : t.offset_s) / 60;
    return arena_printf(a, "%04d-%02d-%02dT%02d:%02d:%02d%s%c%02d:%02d", (int)t.year, t.month,
                        t.day, t.minute / 60, t.minute % 60, t.second,
                        part ? arena_printf(a, ".%03d", part).at : "", t.offset_s < 0 ? '-' : '+',
                        off / 60, off % 60);
}

static int64_t two(const char *at)
{
    return (at[0] - '0') * 10 + (at[1] - '0');
}

bool day_number(struct str date, int64_t *ret)
{
    if (!date_is_valid(date))
        return false;
    *ret = civil_days(two(date.at) * 100 + two(date.at + 2), two(date.at + 5), two(date.at + 8));
    return true;
}

struct str date_of_day(struct arena *a, int64_t day)
{
    struct civil c = civil_of(day);

    return arena_printf(a, "%04d-%02d-%02d", (int)c.year, (int)c.month, (int)c.day);
}

int day_weekday(int64_t day)
{
    return (int)(((day + 3) % 7 + 7) % 7) + 1; /* 1970-01-01 was a Thursday */
}

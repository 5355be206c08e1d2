/* SPDX-License-Identifier: MIT */
/* RFC 3339 times, calendar days (proleptic Gregorian, by Howard Hinnant's civil algorithms). */
#include "base/clock.h"

#include <sodium.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int64_t system_now_ms(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void system_random(void *at, size_t len)
{
    randombytes_buf(at, len);
}

const struct ports system_ports = {.now_ms = system_now_ms, .random = system_random};

int64_t clock_mono_us(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t clock_mono_ms(void)
{
    return clock_mono_us() / 1000;
}

/* Days since 1970-01-01. */
static int64_t days_of(int64_t y, int64_t month, int64_t day)
{
    int64_t era;
    int64_t yoe;
    int64_t doy;

    y -= month <= 2;
    era = (y >= 0 ? y : y - 399) / 400;
    yoe = y - era * 400;
    doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

struct civil {
    int64_t year, month, day;
};

static struct civil civil_of(int64_t days)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    int64_t month = mp < 10 ? mp + 3 : mp - 9;

    return (struct civil){yoe + era * 400 + (month <= 2), month, doy - (153 * mp + 2) / 5 + 1};
}

static int64_t month_days(int64_t year, int64_t month)
{
    static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return month == 2 && leap ? 29 : days[month - 1];
}

struct str time_format(struct arena *a, int64_t ms)
{
    int64_t days = ms >= 0 ? ms / 86400000 : -((-ms + 86399999) / 86400000);
    int64_t rest = ms - days * 86400000;
    struct civil c = civil_of(days);

    return arena_printf(a, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", (int)c.year, (int)c.month,
                        (int)c.day, (int)(rest / 3600000), (int)(rest / 60000 % 60),
                        (int)(rest / 1000 % 60), (int)(rest % 1000));
}

/* Reads exactly n digits at s->at. */
static bool digits(struct str *s, size_t n, int64_t *ret)
{
    int64_t v = 0;

    if (s->len < n)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (s->at[i] < '0' || s->at[i] > '9')
            return false;
        v = v * 10 + (s->at[i] - '0');
    }
    s->at += n;
    s->len -= n;
    *ret = v;
    return true;
}

static bool one(struct str *s, const char *any)
{
    if (!s->len || !strchr(any, s->at[0]))
        return false;
    s->at++;
    s->len--;
    return true;
}

static bool read_date(struct str *s, int64_t *ret_days)
{
    int64_t y;
    int64_t m;
    int64_t d;

    if (!digits(s, 4, &y) || !one(s, "-") || !digits(s, 2, &m) || !one(s, "-") || !digits(s, 2, &d))
        return false;
    if (m < 1 || m > 12 || d < 1 || d > month_days(y, m))
        return false;
    *ret_days = days_of(y, m, d);
    return true;
}

/* Milliseconds of ".123456"; digits past the third are cut. */
static bool read_fraction(struct str *s, int64_t *ret)
{
    int64_t scale = 100;
    int64_t v = 0;

    *ret = 0;
    if (!one(s, "."))
        return true;
    if (!s->len || s->at[0] < '0' || s->at[0] > '9')
        return false;
    while (s->len && s->at[0] >= '0' && s->at[0] <= '9') {
        v += (s->at[0] - '0') * scale;
        scale /= 10;
        s->at++;
        s->len--;
    }
    *ret = v;
    return true;
}

static bool read_offset(struct str *s, int64_t *ret_min)
{
    bool minus = s->len && s->at[0] == '-';
    int64_t h;
    int64_t m;

    *ret_min = 0;
    if (one(s, "Zz"))
        return true;
    if (!one(s, "+-") || !digits(s, 2, &h) || !one(s, ":") || !digits(s, 2, &m) || h > 23 || m > 59)
        return false;
    *ret_min = (minus ? -1 : 1) * (h * 60 + m);
    return true;
}

/* Milliseconds of "04:05:06.789" into the day; a leap second reads as the next one. */
static bool read_time(struct str *s, int64_t *ret_ms)
{
    int64_t h;
    int64_t m;
    int64_t sec;
    int64_t ms;

    if (!digits(s, 2, &h) || !one(s, ":") || !digits(s, 2, &m) || !one(s, ":") ||
        !digits(s, 2, &sec) || !read_fraction(s, &ms) || h > 23 || m > 59 || sec > 60)
        return false;
    *ret_ms = h * 3600000 + m * 60000 + sec * 1000 + ms;
    return true;
}

bool time_parse(struct str s, int64_t *ret)
{
    int64_t days;
    int64_t ms;
    int64_t offset;
    int64_t v;

    if (s.len > 40 || !read_date(&s, &days) || !one(&s, "Tt ") || !read_time(&s, &ms) ||
        !read_offset(&s, &offset) || s.len)
        return false;
    v = days * 86400000 + ms - offset * 60000;
    if (v < 0)
        return false;
    *ret = v;
    return true;
}

bool date_is_valid(struct str s)
{
    int64_t days;

    return s.len == 10 && read_date(&s, &days) && s.len == 0;
}

bool zone_is_valid(struct str s)
{
    struct arena a = {0};
    bool good = s.len > 0 && s.len <= 64 && s.at[0] != '/' && s.at[0] != '.';

    for (size_t i = 0; good && i < s.len; i++) {
        char c = s.at[i];

        good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               strchr("/_-+", c);
    }
    good = good &&
           access(arena_printf(&a, "/usr/share/zoneinfo/%.*s", (int)s.len, s.at).at, R_OK) == 0;
    arena_finish(&a);
    return good;
}

struct str time_http(struct arena *a, int64_t ms)
{
    static const char *const wdays[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int64_t s = ms / 1000;
    struct civil c = civil_of(s / 86400);

    return arena_printf(a, "%s, %02d %s %04d %02d:%02d:%02d GMT", wdays[s / 86400 % 7], (int)c.day,
                        months[c.month - 1], (int)c.year, (int)(s / 3600 % 24), (int)(s / 60 % 60),
                        (int)(s % 60));
}

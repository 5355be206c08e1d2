/* SPDX-License-Identifier: MIT */
/* RFC 3339 times and calendar days. */
#include "base/clock.h"

#include <sodium.h>
#include <string.h>
#include <time.h>

#include "base/civil.h"

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

/* "2026", or of any age with a sign and six digits: "-000042", "+010000". */
static bool read_year(struct str *s, bool any, int64_t *ret)
{
    bool minus = s->len && s->at[0] == '-';

    if (!any || !one(s, "+-"))
        return digits(s, 4, ret);
    if (!digits(s, 6, ret))
        return false;
    *ret = minus ? -*ret : *ret;
    return true;
}

static bool read_date(struct str *s, bool any, int64_t *ret_days)
{
    int64_t y;
    int64_t m;
    int64_t d;

    if (!read_year(s, any, &y) || !one(s, "-") || !digits(s, 2, &m) || !one(s, "-") ||
        !digits(s, 2, &d))
        return false;
    if (m < 1 || m > 12 || d < 1 || d > civil_month_days(y, m))
        return false;
    *ret_days = civil_days(y, m, d);
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

static bool parse(struct str s, bool any, int64_t *ret)
{
    int64_t days;
    int64_t ms;
    int64_t offset;

    if (s.len > 40 || !read_date(&s, any, &days) || !one(&s, "Tt ") || !read_time(&s, &ms) ||
        !read_offset(&s, &offset) || s.len)
        return false;
    *ret = days * 86400000 + ms - offset * 60000;
    return true;
}

bool time_parse(struct str s, int64_t *ret)
{
    int64_t v;

    if (!parse(s, false, &v) || v < 0)
        return false;
    *ret = v;
    return true;
}

bool time_parse_any(struct str s, int64_t *ret)
{
    return parse(s, true, ret);
}

bool date_is_valid(struct str s)
{
    int64_t days;

    return s.len == 10 && read_date(&s, false, &days) && s.len == 0;
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

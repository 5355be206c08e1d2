/* SPDX-License-Identifier: MIT */
/* Reads TZif files (RFC 8536) and the POSIX TZ rule at their end. Trusts no count in them. */
#include "base/tzif.h"

#include <string.h>

#include "base/civil.h"
#include "base/mem.h"

enum { HEADER = 44, DAY_S = 86400, OFFSET_MAX = 26 * 3600 };

struct counts {
    uint32_t isut, isstd, leap, time, type, chars;
};

static uint32_t be32(const char *at)
{
    const unsigned char *b = (const unsigned char *)at;

    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static int64_t be64(const char *at)
{
    return (int64_t)((uint64_t)be32(at) << 32 | be32(at + 4));
}

static bool cut(struct str *s, size_t n, const char **ret)
{
    if (s->len < n)
        return false;
    *ret = s->at;
    s->at += n;
    s->len -= n;
    return true;
}

static bool read_header(struct str *s, struct counts *ret)
{
    const char *h;

    if (!cut(s, HEADER, &h) || memcmp(h, "TZif", 4) != 0 || h[4] < '2')
        return false;
    *ret = (struct counts){be32(h + 20), be32(h + 24), be32(h + 28),
                           be32(h + 32), be32(h + 36), be32(h + 40)};
    return ret->isut <= 256 && ret->isstd <= 256 && ret->leap == 0 && ret->time <= 10000 &&
           ret->type >= 1 && ret->type <= 256 && ret->chars <= 1000;
}

/* Everything of a block after its header; times are `width` bytes wide. */
static size_t block_size(const struct counts *c, size_t width)
{
    return c->time * (width + 1) + c->type * 6 + c->chars + c->isstd + c->isut;
}

static bool read_block(const char *at, const struct counts *c, struct tzif *ret)
{
    const char *index = at + (size_t)c->time * 8;
    const char *types = index + c->time;
    int32_t offset[256];

    for (size_t i = 0; i < c->type; i++) {
        offset[i] = (int32_t)be32(types + i * 6);
        if (offset[i] < -OFFSET_MAX || offset[i] > OFFSET_MAX)
            return false;
    }
    ret->before = offset[0];
    ret->at = mem_array(c->time + 1, sizeof(*ret->at));
    ret->offset = mem_array(c->time + 1, sizeof(*ret->offset));
    for (size_t i = 0; i < c->time; i++) {
        unsigned char type = (unsigned char)index[i];

        ret->at[i] = be64(at + i * 8);
        if (type >= c->type || (i && ret->at[i] <= ret->at[i - 1]))
            return false;
        ret->offset[i] = offset[type];
    }
    ret->n = c->time;
    return true;
}

bool tzif_read(struct str file, struct tzif *ret)
{
    struct counts c;
    const char *block;
    const char *line;
    bool good;

    *ret = (struct tzif){0};
    good = read_header(&file, &c) && cut(&file, block_size(&c, 4), &block) &&
           read_header(&file, &c) && cut(&file, block_size(&c, 8), &block) &&
           read_block(block, &c, ret) && cut(&file, 1, &line) && *line == '\n' && file.len >= 1 &&
           file.at[file.len - 1] == '\n';
    if (good && file.len > 1)
        good = tz_rule_read((struct str){file.at, file.len - 1}, &ret->rule);
    if (!good)
        tzif_finish(ret);
    return good;
}

void tzif_finish(struct tzif *z)
{
    mem_free(z->at);
    mem_free(z->offset);
    *z = (struct tzif){0};
}

static bool take(struct str *s, char c)
{
    if (!s->len || s->at[0] != c)
        return false;
    s->at++;
    s->len--;
    return true;
}

static bool take_number(struct str *s, int max, int *ret)
{
    size_t n = 0;
    int v = 0;

    while (n < s->len && n < 3 && s->at[n] >= '0' && s->at[n] <= '9')
        v = v * 10 + (s->at[n++] - '0');
    s->at += n;
    s->len -= n;
    *ret = v;
    return n > 0 && v <= max;
}

/* [+-]hh[:mm[:ss]] in seconds. */
static bool take_time(struct str *s, int max_hours, int32_t *ret)
{
    bool minus = take(s, '-');
    int h;
    int m = 0;
    int sec = 0;

    if (!minus)
        (void)take(s, '+');
    if (!take_number(s, max_hours, &h) || (take(s, ':') && !take_number(s, 59, &m)) ||
        (m >= 0 && take(s, ':') && !take_number(s, 59, &sec)))
        return false;
    *ret = (minus ? -1 : 1) * (h * 3600 + m * 60 + sec);
    return true;
}

/* A name of a zone's time: letters, or anything between < and >. */
static bool take_name(struct str *s)
{
    size_t n = 0;

    if (take(s, '<')) {
        while (s->len && s->at[0] != '>')
            (void)take(s, s->at[0]);
        return take(s, '>');
    }
    for (; s->len; n++) {
        char c = s->at[0];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')))
            break;
        (void)take(s, c);
    }
    return n >= 3;
}

static bool take_day(struct str *s, struct tz_change *ret)
{
    if (take(s, 'M')) {
        ret->form = 'M';
        return take_number(s, 12, &ret->month) && ret->month >= 1 && take(s, '.') &&
               take_number(s, 5, &ret->week) && ret->week >= 1 && take(s, '.') &&
               take_number(s, 6, &ret->day);
    }
    ret->form = take(s, 'J') ? 'J' : 'n';
    return take_number(s, 365, &ret->day) && (ret->form == 'n' || ret->day >= 1);
}

static bool take_change(struct str *s, struct tz_change *ret)
{
    ret->at_s = 2 * 3600;
    return take(s, ',') && take_day(s, ret) && (!take(s, '/') || take_time(s, 167, &ret->at_s));
}

bool tz_rule_read(struct str text, struct tz_rule *ret)
{
    int32_t west;

    *ret = (struct tz_rule){.set = true};
    if (!take_name(&text) || !take_time(&text, 24, &west))
        return false;
    ret->std_s = -west;
    ret->dst_s = ret->std_s + 3600;
    if (!text.len)
        return true;
    ret->has_dst = true;
    if (!take_name(&text))
        return false;
    if (text.len && text.at[0] != ',') {
        if (!take_time(&text, 24, &west))
            return false;
        ret->dst_s = -west;
    }
    return take_change(&text, &ret->to_dst) && take_change(&text, &ret->to_std) && !text.len;
}

/* The local second, as if of UTC, at which the clocks change in a year. */
static int64_t change_local(const struct tz_change *c, int64_t year)
{
    int64_t first = civil_days(year, 1, 1);
    int64_t day;

    if (c->form == 'M') {
        int64_t month = civil_days(year, c->month, 1);
        int64_t weekday = ((month + 4) % 7 + 7) % 7; /* 1970-01-01 was a Thursday */

        day = month + (c->day - weekday + 7) % 7 + (c->week - 1) * 7;
        while (day >= month + civil_month_days(year, c->month))
            day -= 7;
    } else if (c->form == 'J') {
        day = first + c->day - 1 + (c->day >= 60 && civil_month_days(year, 2) == 29);
    } else {
        day = first + c->day;
    }
    return day * DAY_S + c->at_s;
}

static void next_change(struct tz_span *span, int64_t seconds, int64_t at, int32_t offset)
{
    if (at <= seconds && at >= span->from)
        *span = (struct tz_span){at, span->to, offset};
    else if (at > seconds && at < span->to)
        span->to = at;
}

static struct tz_span rule_span(const struct tz_rule *r, int64_t seconds)
{
    struct tz_span span = {INT64_MIN, INT64_MAX, r->std_s};
    int64_t day = (seconds - (seconds < 0 ? DAY_S - 1 : 0)) / DAY_S;
    int64_t year;

    if (!r->has_dst)
        return span;
    year = civil_of(day).year;
    for (int64_t y = year - 1; y <= year + 1; y++) {
        int64_t dst = change_local(&r->to_dst, y) - r->std_s;
        int64_t std = change_local(&r->to_std, y) - r->dst_s;

        /* The earlier one first: of two at the same moment the later rule holds. */
        if (dst <= std)
            next_change(&span, seconds, dst, r->dst_s);
        next_change(&span, seconds, std, r->std_s);
        if (dst > std)
            next_change(&span, seconds, dst, r->dst_s);
    }
    return span;
}

struct tz_span tzif_span(const struct tzif *z, int64_t seconds)
{
    size_t lo = 0;
    size_t hi = z->n;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;

        if (z->at[mid] <= seconds)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo == z->n && z->rule.set) {
        struct tz_span span = rule_span(&z->rule, seconds);

        if (z->n && span.from < z->at[z->n - 1])
            span.from = z->at[z->n - 1];
        return span;
    }
    return (struct tz_span){
        .from = lo ? z->at[lo - 1] : INT64_MIN,
        .to = lo < z->n ? z->at[lo] : INT64_MAX,
        .offset = lo ? z->offset[lo - 1] : z->before,
    };
}

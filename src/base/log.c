/* SPDX-License-Identifier: MIT */
/* One write per line, so that lines of different threads never mix. */
#include "base/log.h"

#include <stdio.h>
#include <unistd.h>

#include "base/ctx.h"
#include "base/json.h"

/* The longest text of a pair; what strangers send is cut here, so that no line is lost. */
enum { TEXT_MAX = 1024 };

/* Set once before the threads start. */
static enum log_level least_level = LOG_INFO;
static enum log_format line_format = LOG_LOGFMT;

static const char *const level_names[] = {"debug", "info", "warn", "error"};

void log_setup(enum log_level least, enum log_format format)
{
    least_level = least;
    line_format = format;
}

static bool needs_quotes(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] <= ' ' || s.at[i] == '"' || s.at[i] == '=' || s.at[i] == '\\' || s.at[i] == 127)
            return true;
    return s.len == 0;
}

/* At most TEXT_MAX bytes, never ending inside a code point, and well-formed UTF-8. */
static struct str clean(struct arena *a, struct str s)
{
    char *copy;

    if (s.len > TEXT_MAX) {
        s.len = TEXT_MAX;
        while (s.len > TEXT_MAX - 4 && ((unsigned char)s.at[s.len] & 0xc0) == 0x80)
            s.len--;
    }
    if (str_is_utf8(s) || !s.len)
        return s;
    copy = arena_alloc(a, s.len);
    for (size_t i = 0; i < s.len; i++)
        copy[i] = (char)((unsigned char)s.at[i] < 0x80 ? s.at[i] : '?');
    return (struct str){copy, s.len};
}

static void put_pair(struct arena *a, struct buf *b, const struct log_pair *p)
{
    struct str text = clean(a, p->text);

    if (line_format == LOG_JSON)
        buf_printf(b, ",\"%s\":", p->key);
    else
        buf_printf(b, " %s=", p->key);
    if (p->is_number)
        buf_printf(b, "%lld", (long long)p->number);
    else if (line_format == LOG_JSON || needs_quotes(text))
        json_put_str(b, text);
    else
        buf_str(b, text);
}

void log_write(const struct ctx *ctx, enum log_level level, const char *event,
               const struct log_pair *pairs, size_t n)
{
    struct arena a = {0};
    struct buf b = BUF(16 << 10);
    struct str at;

    if (level < least_level)
        return;
    at = time_format(&a, system_ports.now_ms());
    if (line_format == LOG_JSON)
        buf_printf(&b, "{\"time\":\"%s\",\"level\":\"%s\",\"event\":\"%s\"", at.at,
                   level_names[level], event);
    else
        buf_printf(&b, "time=%s level=%s event=%s", at.at, level_names[level], event);
    if (ctx && ctx->request_id.len)
        put_pair(&a, &b, &LS("request_id", ctx->request_id));
    for (size_t i = 0; i < n; i++)
        put_pair(&a, &b, &pairs[i]);
    buf_puts(&b, line_format == LOG_JSON ? "}\n" : "\n");
    if (!b.failed && write(STDERR_FILENO, b.at, b.len) < 0) {
        /* Nowhere left to say it. */
    }
    buf_finish(&b);
    arena_finish(&a);
}

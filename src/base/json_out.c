/* SPDX-License-Identifier: MIT */
/* Structs to JSON by schema, straight into a buffer. */
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"

static void put_escape(struct buf *b, unsigned char c)
{
    static const char *const named[] = {
        ['"'] = "\\\"", ['\\'] = "\\\\", ['\n'] = "\\n", ['\r'] = "\\r", ['\t'] = "\\t"};

    if (c < COUNT(named) && named[c])
        buf_puts(b, named[c]);
    else
        buf_printf(b, "\\u%04x", c);
}

void json_put_str(struct buf *b, struct str s)
{
    size_t from = 0;

    buf_putc(b, '"');
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];

        /* '<' too: a document must be harmless inside a page. */
        if (c >= ' ' && c != '"' && c != '\\' && c != '<' && c != 127)
            continue;
        buf_add(b, s.at + from, i - from);
        put_escape(b, c);
        from = i + 1;
    }
    if (from < s.len)
        buf_add(b, s.at + from, s.len - from);
    buf_putc(b, '"');
}

void json_put_f64(struct buf *b, double v)
{
    /* Six significant digits are more than any score means; NaN has no JSON form. */
    if (isfinite(v))
        buf_printf(b, "%.6g", v);
    else
        buf_puts(b, "null");
}

static void put_time(struct buf *b, int64_t ms)
{
    struct arena a = {0};

    json_put_str(b, time_format(&a, ms));
    arena_finish(&a);
}

static void put_i64(struct buf *b, const struct field *f, int64_t v)
{
    if (f->format && strcmp(f->format, "date-time") == 0)
        put_time(b, v);
    else
        buf_printf(b, "%lld", (long long)v);
}

static void put_list(struct buf *b, const struct field *f, const struct list *list)
{
    buf_putc(b, '[');
    for (size_t i = 0; i < list->n; i++) {
        if (i)
            buf_putc(b, ',');
        json_write(b, f->items, (const char *)list->at + i * f->items->size);
    }
    buf_putc(b, ']');
}

static void put_strs(struct buf *b, const struct strs *list)
{
    buf_putc(b, '[');
    for (size_t i = 0; i < list->n; i++) {
        if (i)
            buf_putc(b, ',');
        json_put_str(b, list->at[i]);
    }
    buf_putc(b, ']');
}

static void put_i64s(struct buf *b, const struct i64s *list)
{
    buf_putc(b, '[');
    for (size_t i = 0; i < list->n; i++)
        buf_printf(b, "%s%lld", i ? "," : "", (long long)list->at[i]);
    buf_putc(b, ']');
}

/* True when the optional member holds a value. */
static bool is_given(const struct field *f, const void *at)
{
    switch (f->type) {
    case FIELD_OPT_BOOL: {
        const struct opt_bool *v = at;
        return v->set && !v->null;
    }
    case FIELD_OPT_I64: {
        const struct opt_i64 *v = at;
        return v->set && !v->null;
    }
    case FIELD_OPT_F64: {
        const struct opt_f64 *v = at;
        return v->set && !v->null;
    }
    case FIELD_OPT_STR: {
        const struct opt_str *v = at;
        return v->set && !v->null;
    }
    case FIELD_OBJ:
        return ((const struct obj *)at)->at != NULL;
    case FIELD_JSON:
        return ((const struct json *)at)->text.len != 0;
    case FIELD_BOOL:
    case FIELD_I64:
    case FIELD_F64:
    case FIELD_STR:
    case FIELD_LIST:
    case FIELD_I64S:
    case FIELD_STRS:
        return true;
    case FIELD_FILE:
    case FIELD_FILES:
        break;
    }
    return false;
}

static void put_scalar(struct buf *b, const struct field *f, const void *at)
{
    switch (f->type) {
    case FIELD_BOOL:
        buf_puts(b, *(const bool *)at ? "true" : "false");
        break;
    case FIELD_OPT_BOOL:
        buf_puts(b, ((const struct opt_bool *)at)->v ? "true" : "false");
        break;
    case FIELD_I64:
        put_i64(b, f, *(const int64_t *)at);
        break;
    case FIELD_OPT_I64:
        put_i64(b, f, ((const struct opt_i64 *)at)->v);
        break;
    case FIELD_F64:
        json_put_f64(b, *(const double *)at);
        break;
    case FIELD_OPT_F64:
        json_put_f64(b, ((const struct opt_f64 *)at)->v);
        break;
    case FIELD_STR:
        json_put_str(b, *(const struct str *)at);
        break;
    case FIELD_OPT_STR:
        json_put_str(b, ((const struct opt_str *)at)->v);
        break;
    case FIELD_LIST:
    case FIELD_OBJ:
    case FIELD_I64S:
    case FIELD_STRS:
    case FIELD_JSON:
    case FIELD_FILE:
    case FIELD_FILES:
        break;
    }
}

void json_write_field(struct buf *b, const struct field *f, const void *at)
{
    if (!is_given(f, at))
        buf_puts(b, "null");
    else if (f->type == FIELD_LIST)
        put_list(b, f, at);
    else if (f->type == FIELD_OBJ)
        json_write(b, f->items, ((const struct obj *)at)->at);
    else if (f->type == FIELD_I64S)
        put_i64s(b, at);
    else if (f->type == FIELD_STRS)
        put_strs(b, at);
    else if (f->type == FIELD_JSON)
        buf_str(b, ((const struct json *)at)->text);
    else
        put_scalar(b, f, at);
}

void json_write(struct buf *b, const struct schema *s, const void *at)
{
    bool first = true;

    buf_putc(b, '{');
    for (size_t i = 0; i < s->n; i++) {
        const struct field *f = &s->fields[i];

        if (f->hidden || f->in != IN_BODY)
            continue;
        buf_printf(b, "%s\"%s\":", first ? "" : ",", f->name);
        json_write_field(b, f, field_at_const(f, at));
        first = false;
    }
    buf_putc(b, '}');
}

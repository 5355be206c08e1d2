/* SPDX-License-Identifier: MIT */
/* JSON that people read in diffs. */
#include "http/doc_writer.h"

#include "base/json.h"

static void new_line(struct doc *d)
{
    buf_putc(d->b, '\n');
    for (int i = 0; i < d->depth; i++)
        buf_puts(d->b, "  ");
}

static void begin(struct doc *d, const char *key)
{
    if (d->has_items)
        buf_putc(d->b, ',');
    if (d->depth)
        new_line(d);
    d->has_items = true;
    if (!key)
        return;
    json_put_str(d->b, str_of(key));
    buf_puts(d->b, ": ");
}

static void doc_open(struct doc *d, const char *key, char bracket)
{
    begin(d, key);
    buf_putc(d->b, bracket);
    d->depth++;
    d->has_items = false;
}

static void doc_close(struct doc *d, char bracket)
{
    d->depth--;
    if (d->has_items)
        new_line(d);
    buf_putc(d->b, bracket);
    d->has_items = true;
}

void doc_object(struct doc *d, const char *key)
{
    doc_open(d, key, '{');
}

void doc_object_end(struct doc *d)
{
    doc_close(d, '}');
}

void doc_array(struct doc *d, const char *key)
{
    doc_open(d, key, '[');
}

void doc_array_end(struct doc *d)
{
    doc_close(d, ']');
}

void doc_str(struct doc *d, const char *key, struct str text)
{
    begin(d, key);
    json_put_str(d->b, text);
}

void doc_text(struct doc *d, const char *key, const char *text)
{
    doc_str(d, key, str_of(text));
}

void doc_i64(struct doc *d, const char *key, int64_t v)
{
    begin(d, key);
    buf_printf(d->b, "%lld", (long long)v);
}

void doc_bool(struct doc *d, const char *key, bool v)
{
    begin(d, key);
    buf_puts(d->b, v ? "true" : "false");
}

void doc_raw(struct doc *d, const char *key, const char *json)
{
    doc_json(d, key, str_of(json));
}

void doc_json(struct doc *d, const char *key, struct str json)
{
    begin(d, key);
    buf_str(d->b, json);
}

void doc_ref(struct doc *d, const char *key, const char *kind, const char *name)
{
    doc_object(d, key);
    begin(d, "$ref");
    buf_printf(d->b, "\"#/components/%s/%s\"", kind, name);
    doc_object_end(d);
}

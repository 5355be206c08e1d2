/* SPDX-License-Identifier: MIT */
/*
 * Pages by keyset. A cursor is base64url of "order,id,key": the sort column's name with a minus
 * before it when descending ("" by id alone), the id of the last row seen, and its key.
 */
#include <inttypes.h>
#include <sodium.h>
#include <string.h>

#include "base/log.h"

#include "db/db_internal.h"

enum { PAGE_DEFAULT = 50, PAGE_MAX = 200, CURSOR_MAX = 8192 };

struct str db_cursor_encode(struct ctx *ctx, const char *order, struct db_cursor c)
{
    struct str plain = arena_printf(&ctx->arena, "%s,%" PRId64 ",", order, c.id);
    size_t size;
    char *at;

    if (c.key.type == DB_I64)
        plain = arena_printf(&ctx->arena, "%s%" PRId64, plain.at, c.key.i64);
    else if (c.key.type == DB_STR)
        plain = arena_printf(&ctx->arena, "%s%.*s", plain.at, (int)c.key.str.len, c.key.str.at);
    size = sodium_base64_encoded_len(plain.len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    at = arena_alloc(&ctx->arena, size);
    sodium_bin2base64(at, size, (const unsigned char *)plain.at, plain.len,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return (struct str){at, size - 1};
}

static bool key_parse(struct ctx *ctx, struct str text, enum db_type type, struct db_arg *ret)
{
    int64_t n;

    if (type == DB_I64) {
        if (!str_to_i64(text, &n))
            return false;
        *ret = db_arg_i64(n);
        return true;
    }
    if (type == DB_STR) {
        *ret = db_arg_str(arena_str(&ctx->arena, text));
        return str_is_utf8(text);
    }
    *ret = db_null();
    return text.len == 0;
}

static bool cursor_parse(struct ctx *ctx, const char *order, enum db_type type, struct str cursor,
                         struct db_cursor *ret)
{
    struct str plain, name, id;
    char *at;
    size_t n;

    if (cursor.len == 0 || cursor.len > CURSOR_MAX)
        return false;
    at = arena_alloc(&ctx->arena, cursor.len);
    if (sodium_base642bin((unsigned char *)at, cursor.len, cursor.at, cursor.len, NULL, &n, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        return false;
    plain = (struct str){at, n};
    name = str_cut(&plain, ',');
    id = str_cut(&plain, ',');
    return str_is(name, order) && str_to_i64(id, &ret->id) &&
           key_parse(ctx, plain, type, &ret->key);
}

enum err db_cursor_decode(struct ctx *ctx, const char *order, enum db_type type, struct str cursor,
                          struct db_cursor *ret)
{
    struct db_cursor c = {0};

    if (!cursor_parse(ctx, order, type, cursor, &c))
        return fail_field(ctx, "cursor", "format", "a cursor of this list's last answer",
                          "is not a cursor of this list");
    *ret = c;
    return ERR_OK;
}

/* Values before every row, in the direction of the list. */
static struct db_cursor before_all(enum db_type type, bool descending)
{
    struct db_cursor c = {.id = descending ? INT64_MAX : 0};

    if (type == DB_I64)
        c.key = db_arg_i64(descending ? INT64_MAX : INT64_MIN);
    else if (type == DB_STR) /* U+10FFFF stands after every text that begins otherwise */
        c.key = db_arg_str(descending ? STR("\xf4\x8f\xbf\xbf\xf4\x8f\xbf\xbf") : STR(""));
    else
        c.key = db_null();
    return c;
}

struct page_plan {
    enum db_type type; /* of the key */
    const char *order;
    const struct field *key, *id;
    int64_t limit;
    struct db_cursor start;
};

/* The fields to go on by; false when the rows have none that will do. */
static bool find_keys(const struct schema *s, const char *key, struct page_plan *p)
{
    p->type = DB_NULL;
    p->id = schema_field(s, STR("id"));
    if (!p->id || p->id->type != FIELD_I64)
        return false;
    if (!key)
        return true;
    p->key = schema_field(s, str_of(key));
    if (!p->key || (p->key->type != FIELD_I64 && p->key->type != FIELD_STR))
        return false;
    p->type = p->key->type == FIELD_I64 ? DB_I64 : DB_STR;
    return true;
}

static enum err plan_make(struct ctx *ctx, const struct schema *s, const struct db_page *page,
                          struct page_plan *ret)
{
    struct page_plan p = {.limit = page->limit ? page->limit : PAGE_DEFAULT};
    const char *sign = page->descending ? "-" : "";

    if (!find_keys(s, page->key, &p) || p.limit < 0) {
        log_error(ctx, "db.page_misused", LC("schema", s->name));
        return fail(ctx, ERR_INTERNAL, "a list has no key to go on by");
    }
    if (p.limit > PAGE_MAX)
        p.limit = PAGE_MAX;
    p.order = arena_printf(&ctx->arena, "%s%s", sign, page->key ? page->key : "").at;
    p.start = before_all(p.type, page->descending);
    *ret = p;
    if (page->cursor.len == 0)
        return ERR_OK;
    return db_cursor_decode(ctx, p.order, p.type, page->cursor, &ret->start);
}

static struct db_args args_with(struct ctx *ctx, struct db_args args, const struct page_plan *p)
{
    struct db_arg *at = ARENA_NEW_N(&ctx->arena, struct db_arg, args.n + 3);
    size_t n = args.n;

    if (n)
        memcpy(at, args.at, n * sizeof(*at));
    if (p->type != DB_NULL)
        at[n++] = p->start.key;
    at[n++] = db_arg_i64(p->start.id);
    at[n++] = db_arg_i64(p->limit + 1);
    return (struct db_args){at, n};
}

static struct str cursor_of(struct ctx *ctx, const struct page_plan *p, const void *row)
{
    struct db_cursor c = {.key = db_null()};

    memcpy(&c.id, field_at_const(p->id, row), sizeof(c.id));
    if (p->type == DB_I64)
        c.key = db_arg_i64(*(const int64_t *)field_at_const(p->key, row));
    else if (p->type == DB_STR)
        c.key = db_arg_str(*(const struct str *)field_at_const(p->key, row));
    return db_cursor_encode(ctx, p->order, c);
}

struct db_page db_page_asked(const struct page_query *q, const char *key)
{
    return (struct db_page){
        .cursor = q->cursor,
        .limit = q->limit,
        .key = key,
        .descending = page_is_descending(q),
    };
}

struct page db_page_answer(const struct db_page *page)
{
    return (struct page){page->rows, {.set = page->next.len > 0, .v = page->next}};
}

enum err db_page(struct ctx *ctx, const struct schema *s, struct db_page *page, const char *sql,
                 struct db_args args)
{
    struct page_plan p;
    struct list rows = {0};
    enum err e = plan_make(ctx, s, page, &p);

    if (e)
        return e;
    e = db_list(ctx, s, &rows, sql, args_with(ctx, args, &p));
    if (e)
        return e;
    page->next = (struct str){"", 0};
    if (rows.n > (size_t)p.limit) {
        rows.n = (size_t)p.limit;
        page->next = cursor_of(ctx, &p, (const char *)rows.at + (rows.n - 1) * s->size);
    }
    page->rows = rows;
    return ERR_OK;
}

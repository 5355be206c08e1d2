/* SPDX-License-Identifier: MIT */
/* JSON and text into structs by schema. Jansson parses; every wrong member is told at once. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/format.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"

enum { MAX_DEPTH = 32, MAX_ERRORS = 50, DEFAULT_TEXT_MAX = 1000, DEFAULT_LIST_MAX = 1000 };

static void decref(json_t **v)
{
    json_decref(*v);
}

/* The parser recurses: depth is looked at before it runs. */
static bool too_deep(struct str text)
{
    size_t depth = 0;
    bool in_string = false;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];

        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > MAX_DEPTH)
                return true;
        } else if ((c == '}' || c == ']') && depth) {
            depth--;
        }
    }
    return false;
}

static const char *type_name(const struct field *f)
{
    bool time = f->format && strcmp(f->format, "date-time") == 0;

    switch (f->type) {
    case FIELD_BOOL:
    case FIELD_OPT_BOOL:
        return "true or false";
    case FIELD_I64:
    case FIELD_OPT_I64:
        return time ? "an RFC 3339 time of the years 1970 to 9999" : "a whole number";
    case FIELD_F64:
    case FIELD_OPT_F64:
        return "a number";
    case FIELD_STR:
    case FIELD_OPT_STR:
        return "a string";
    case FIELD_LIST:
        return "a list of objects";
    case FIELD_OBJ:
        return "an object";
    case FIELD_I64S:
        return "a list of whole numbers";
    case FIELD_STRS:
        return "a list of strings";
    case FIELD_JSON:
        return "any JSON value";
    case FIELD_FILE:
    case FIELD_FILES:
        return "a file";
    }
    return "something else";
}

static enum err wrong_type(struct ctx *ctx, const struct field *f, const char *pointer)
{
    return fail_field(ctx, pointer, "type", type_name(f), "must be %s", type_name(f));
}

static bool is_time(const struct field *f)
{
    return f->format && strcmp(f->format, "date-time") == 0;
}

static enum err check_number(struct ctx *ctx, const struct field *f, const char *pointer, double v)
{
    const char *allowed;

    if ((!f->min && !f->max) || (v >= (double)f->min && (!f->max || v <= (double)f->max)))
        return ERR_OK;
    if (f->max)
        allowed = arena_printf(&ctx->arena, "%lld..%lld", (long long)f->min, (long long)f->max).at;
    else
        allowed = arena_printf(&ctx->arena, "%lld or more", (long long)f->min).at;
    return fail_field(ctx, pointer, v < (double)f->min ? "min" : "max", allowed,
                      "is out of range, allowed is %s", allowed);
}

static enum err check_text(struct ctx *ctx, const struct field *f, const char *pointer,
                           struct str v)
{
    int64_t max = f->max ? f->max : DEFAULT_TEXT_MAX;
    int64_t n;
    enum err e = ERR_OK;

    if (!str_is_utf8(v))
        return fail_field(ctx, pointer, "encoding", "UTF-8 without NUL",
                          "is not UTF-8 text without NUL characters");
    n = (int64_t)str_points(v);
    if (n < f->min)
        e = fail_field(ctx, pointer, "min_length",
                       arena_printf(&ctx->arena, "%lld", (long long)f->min).at,
                       "is too short: at least %lld characters", (long long)f->min);
    else if (n > max)
        e = fail_field(ctx, pointer, "max_length",
                       arena_printf(&ctx->arena, "%lld", (long long)max).at,
                       "is too long: at most %lld characters", (long long)max);
    else if (f->format && !format_holds(f->format, v))
        e = strcmp(f->format, "name") == 0
                ? fail_field(
                      ctx, pointer, "format", "one line of text",
                      "must be one line, without control characters and turns of its direction")
                : fail_field(ctx, pointer, "format", format_told(f->format), "must be %s",
                             format_told(f->format));
    return e;
}

static const char *join(struct ctx *ctx, const char *const *one_of)
{
    cleanup(buf_finish) struct buf b = BUF(4096);

    for (size_t i = 0; one_of[i]; i++) {
        buf_puts(&b, i ? ", " : "");
        buf_puts(&b, one_of[i]);
    }
    return arena_cstr(&ctx->arena, buf_view(&b));
}

const char *field_allowed(struct ctx *ctx, const struct field *f)
{
    if (f->one_of)
        return join(ctx, f->one_of);
    return f->format && !is_time(f) ? format_told(f->format) : type_name(f);
}

static enum err check_one_of(struct ctx *ctx, const struct field *f, const char *pointer,
                             struct str v)
{
    const char *allowed;

    if (!f->one_of || one_of_has(f->one_of, v))
        return ERR_OK;
    allowed = join(ctx, f->one_of);
    return fail_field(ctx, pointer, "one_of", allowed, "must be one of %s", allowed);
}

static enum err check_count(struct ctx *ctx, const struct field *f, const char *pointer, size_t n)
{
    int64_t max = f->max ? f->max : DEFAULT_LIST_MAX;

    if ((int64_t)n < f->min)
        return fail_field(ctx, pointer, "min_items",
                          arena_printf(&ctx->arena, "%lld", (long long)f->min).at,
                          "needs at least %lld items", (long long)f->min);
    if ((int64_t)n > max)
        return fail_field(ctx, pointer, "max_items",
                          arena_printf(&ctx->arena, "%lld", (long long)max).at,
                          "takes at most %lld items", (long long)max);
    return ERR_OK;
}

static enum err check_str(struct ctx *ctx, const struct field *f, const char *pointer, struct str v)
{
    enum err e = check_text(ctx, f, pointer, v);

    return e ? e : check_one_of(ctx, f, pointer, v);
}

enum err field_check(struct ctx *ctx, const struct field *f, const char *pointer, const void *ret)
{
    const void *at = field_at_const(f, ret);

    switch (f->type) {
    case FIELD_I64:
        return is_time(f) ? ERR_OK : check_number(ctx, f, pointer, (double)*(const int64_t *)at);
    case FIELD_OPT_I64: {
        const struct opt_i64 *v = at;
        return !v->set || v->null || is_time(f) ? ERR_OK
                                                : check_number(ctx, f, pointer, (double)v->v);
    }
    case FIELD_F64:
        return check_number(ctx, f, pointer, *(const double *)at);
    case FIELD_OPT_F64: {
        const struct opt_f64 *v = at;
        return !v->set || v->null ? ERR_OK : check_number(ctx, f, pointer, v->v);
    }
    case FIELD_STR:
        return check_str(ctx, f, pointer, *(const struct str *)at);
    case FIELD_OPT_STR: {
        const struct opt_str *v = at;
        return !v->set || v->null ? ERR_OK : check_str(ctx, f, pointer, v->v);
    }
    case FIELD_LIST:
        return check_count(ctx, f, pointer, ((const struct list *)at)->n);
    case FIELD_I64S:
        return check_count(ctx, f, pointer, ((const struct i64s *)at)->n);
    case FIELD_STRS:
        return check_count(ctx, f, pointer, ((const struct strs *)at)->n);
    case FIELD_BOOL:
    case FIELD_OPT_BOOL:
    case FIELD_OBJ:
    case FIELD_JSON:
    case FIELD_FILE:
    case FIELD_FILES:
        break;
    }
    return ERR_OK;
}

/* Puts a name into its one form before it is looked at. */
static enum err clean(struct ctx *ctx, const struct field *f, const char *pointer, struct str *at)
{
    bool blank = at->len == 0;

    if (!f->format || strcmp(f->format, "name") != 0 || !text_name(&ctx->arena, *at, at))
        return ERR_OK; /* what is no name is told by the check */
    if (f->min > 0 && !blank && at->len == 0)
        return fail_field(ctx, pointer, "blank", "", "must not be blank");
    return ERR_OK;
}

/* The checks of a value that was just read into its member. */
static enum err settle(struct ctx *ctx, const struct field *f, const char *pointer, void *ret)
{
    void *at = field_at(f, ret);
    enum err e = ERR_OK;

    if (f->type == FIELD_STR)
        e = clean(ctx, f, pointer, at);
    else if (f->type == FIELD_OPT_STR)
        e = clean(ctx, f, pointer, &((struct opt_str *)at)->v);
    return e ? e : field_check(ctx, f, pointer, ret);
}

static enum err bind_object(struct ctx *ctx, const struct schema *s, const json_t *object,
                            const char *pointer, void *ret);

static bool read_i64(const struct field *f, const json_t *v, int64_t *ret)
{
    if (is_time(f))
        return json_is_string(v) &&
               time_parse((struct str){json_string_value(v), json_string_length(v)}, ret);
    if (!json_is_integer(v))
        return false;
    *ret = (int64_t)json_integer_value(v);
    return true;
}

static bool read_str(struct ctx *ctx, const json_t *v, struct str *ret)
{
    if (!json_is_string(v))
        return false;
    *ret = arena_str(&ctx->arena, (struct str){json_string_value(v), json_string_length(v)});
    return true;
}

static enum err bind_list(struct ctx *ctx, const struct field *f, const json_t *v,
                          const char *pointer, struct list *ret)
{
    size_t n = json_array_size(v);
    enum err e = json_is_array(v) ? check_count(ctx, f, pointer, n) : wrong_type(ctx, f, pointer);

    if (e)
        return e;
    *ret = (struct list){arena_array(&ctx->arena, n, f->items->size), n};
    for (size_t i = 0; i < n; i++) {
        const char *item = arena_printf(&ctx->arena, "%s/%zu", pointer, i).at;
        enum err ei = bind_object(ctx, f->items, json_array_get(v, i), item,
                                  (char *)ret->at + i * f->items->size);

        e = e ? e : ei;
    }
    return e;
}

static enum err bind_scalars(struct ctx *ctx, const struct field *f, const json_t *v,
                             const char *pointer, void *at)
{
    size_t n = json_array_size(v);
    struct i64s *numbers = at;
    struct strs *texts = at;

    if (!json_is_array(v))
        return wrong_type(ctx, f, pointer);
    if (n > (size_t)(f->max ? f->max : DEFAULT_LIST_MAX))
        return check_count(ctx, f, pointer, n);
    if (f->type == FIELD_I64S)
        *numbers = (struct i64s){ARENA_NEW_N(&ctx->arena, int64_t, n), n};
    else
        *texts = (struct strs){ARENA_NEW_N(&ctx->arena, struct str, n), n};
    for (size_t i = 0; i < n; i++) {
        const json_t *item = json_array_get(v, i);
        bool good = f->type == FIELD_I64S ? read_i64(f, item, &numbers->at[i])
                                          : read_str(ctx, item, &texts->at[i]);

        if (!good)
            return wrong_type(ctx, f, arena_printf(&ctx->arena, "%s/%zu", pointer, i).at);
    }
    return ERR_OK;
}

/* Reads a value that is not null into the member at `at`; false when it has the wrong type. */
static bool read_value(struct ctx *ctx, const struct field *f, const json_t *v, void *at)
{
    switch (f->type) {
    case FIELD_BOOL:
        *(bool *)at = json_is_true(v);
        return json_is_boolean(v);
    case FIELD_OPT_BOOL:
        *(struct opt_bool *)at = (struct opt_bool){.set = true, .v = json_is_true(v)};
        return json_is_boolean(v);
    case FIELD_I64:
        return read_i64(f, v, at);
    case FIELD_OPT_I64:
        ((struct opt_i64 *)at)->set = true;
        return read_i64(f, v, &((struct opt_i64 *)at)->v);
    case FIELD_F64:
        *(double *)at = json_number_value(v);
        return json_is_number(v);
    case FIELD_OPT_F64:
        *(struct opt_f64 *)at = (struct opt_f64){.set = true, .v = json_number_value(v)};
        return json_is_number(v);
    case FIELD_STR:
        return read_str(ctx, v, at);
    case FIELD_OPT_STR:
        ((struct opt_str *)at)->set = true;
        return read_str(ctx, v, &((struct opt_str *)at)->v);
    case FIELD_JSON: {
        char *text = json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY);

        ((struct json *)at)->text = arena_str(&ctx->arena, str_of(text));
        mem_free(text);
        return true;
    }
    case FIELD_LIST:
    case FIELD_OBJ:
    case FIELD_I64S:
    case FIELD_STRS:
    case FIELD_FILE:
    case FIELD_FILES:
        break;
    }
    return false;
}

static bool bind_null(const struct field *f, void *at)
{
    switch (f->type) {
    case FIELD_OPT_BOOL:
        *(struct opt_bool *)at = (struct opt_bool){.set = true, .null = true};
        return true;
    case FIELD_OPT_I64:
        *(struct opt_i64 *)at = (struct opt_i64){.set = true, .null = true};
        return true;
    case FIELD_OPT_F64:
        *(struct opt_f64 *)at = (struct opt_f64){.set = true, .null = true};
        return true;
    case FIELD_OPT_STR:
        *(struct opt_str *)at = (struct opt_str){.set = true, .null = true};
        return true;
    case FIELD_BOOL:
    case FIELD_I64:
    case FIELD_F64:
    case FIELD_STR:
    case FIELD_LIST:
    case FIELD_OBJ:
    case FIELD_I64S:
    case FIELD_STRS:
    case FIELD_JSON:
    case FIELD_FILE:
    case FIELD_FILES:
        break;
    }
    return false;
}

static enum err bind_value(struct ctx *ctx, const struct field *f, const json_t *v,
                           const char *pointer, void *ret)
{
    void *at = field_at(f, ret);

    if (json_is_null(v))
        return !f->no_null && bind_null(f, at) ? ERR_OK : wrong_type(ctx, f, pointer);
    if (f->type == FIELD_LIST)
        return bind_list(ctx, f, v, pointer, at);
    if (f->type == FIELD_OBJ) {
        struct obj *o = at;

        o->at = arena_alloc(&ctx->arena, f->items->size);
        return bind_object(ctx, f->items, v, pointer, o->at);
    }
    if (f->type == FIELD_I64S || f->type == FIELD_STRS) {
        enum err e = bind_scalars(ctx, f, v, pointer, at);

        return e ? e : field_check(ctx, f, pointer, ret);
    }
    if (!read_value(ctx, f, v, at))
        return wrong_type(ctx, f, pointer);
    return settle(ctx, f, pointer, ret);
}

/* A pointer's token: '~' and '/' escaped (RFC 6901), at most 64 bytes of an unknown name. */
static const char *pointer_of(struct ctx *ctx, const char *parent, struct str name)
{
    cleanup(buf_finish) struct buf b = BUF(4096);

    buf_puts(&b, parent);
    buf_putc(&b, '/');
    for (size_t i = 0; i < name.len && i < 64; i++) {
        if (name.at[i] == '~')
            buf_puts(&b, "~0");
        else if (name.at[i] == '/')
            buf_puts(&b, "~1");
        else
            buf_putc(&b, name.at[i]);
    }
    return arena_cstr(&ctx->arena, buf_view(&b));
}

static enum err bind_members(struct ctx *ctx, const struct schema *s, const json_t *object,
                             const char *pointer, void *ret)
{
    enum err e = ERR_OK;
    size_t told = 0;

    for (void *it = json_object_iter((json_t *)(uintptr_t)object); it;
         it = json_object_iter_next((json_t *)(uintptr_t)object, it)) {
        struct str name = str_of(json_object_iter_key(it));
        const struct field *f = schema_field(s, name);
        const char *here = pointer_of(ctx, pointer, name);
        enum err ei;

        if (!f || f->in != IN_BODY)
            ei = fail_field(ctx, here, "unknown", "", "is not a member of this request");
        else
            ei = bind_value(ctx, f, json_object_iter_value(it), here, ret);
        e = e ? e : ei;
        if (ei && ++told >= MAX_ERRORS)
            break;
    }
    return e;
}

static enum err bind_object(struct ctx *ctx, const struct schema *s, const json_t *object,
                            const char *pointer, void *ret)
{
    enum err e;

    if (!json_is_object(object))
        return fail_field(ctx, pointer, "type", "an object", "must be an object");
    e = bind_members(ctx, s, object, pointer, ret);
    for (size_t i = 0; i < s->n; i++) {
        const struct field *f = &s->fields[i];

        if (f->in == IN_BODY && f->required && !json_object_get(object, f->name))
            e = fail_field(ctx, pointer_of(ctx, pointer, str_of(f->name)), "required",
                           field_allowed(ctx, f), "is required");
    }
    return e;
}

enum err json_bind(struct ctx *ctx, const struct schema *s, struct str text, void *ret)
{
    cleanup(decref) json_t *root = NULL;
    json_error_t why;

    if (too_deep(text))
        return fail(ctx, ERR_BAD_REQUEST, "the JSON is nested deeper than %d levels", MAX_DEPTH);
    root = json_loadb(text.at, text.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &why);
    if (!root)
        return fail(ctx, ERR_BAD_REQUEST, "not JSON: line %d, column %d: %s", why.line, why.column,
                    str_is_utf8(str_of(why.text)) ? why.text : "bad encoding");
    return bind_object(ctx, s, root, "", ret);
}

static enum err text_to_i64s(struct ctx *ctx, const struct field *f, struct str text,
                             struct i64s *ret)
{
    size_t n = 0;
    struct str rest = text;

    *ret = (struct i64s){ARENA_NEW_N(&ctx->arena, int64_t, DEFAULT_LIST_MAX), 0};
    while (rest.len && n < DEFAULT_LIST_MAX) {
        if (!str_to_i64(str_trim(str_cut(&rest, ',')), &ret->at[n++]))
            return wrong_type(ctx, f, f->name);
    }
    ret->n = n;
    return check_count(ctx, f, f->name, n + (rest.len != 0));
}

static void text_to_strs(struct ctx *ctx, struct str text, struct strs *ret)
{
    struct str rest = text;

    *ret = (struct strs){ARENA_NEW_N(&ctx->arena, struct str, DEFAULT_LIST_MAX), 0};
    while (rest.len && ret->n < DEFAULT_LIST_MAX)
        ret->at[ret->n++] = arena_str(&ctx->arena, str_trim(str_cut(&rest, ',')));
}

static bool text_to_bool(struct str text, bool *ret)
{
    *ret = str_is(text, "true") || str_is(text, "1");
    return *ret || str_is(text, "false") || str_is(text, "0");
}

static bool text_to_int(const struct field *f, struct str text, int64_t *ret)
{
    return is_time(f) ? time_parse(text, ret) : str_to_i64(text, ret);
}

enum err field_bind_text(struct ctx *ctx, const struct field *f, struct str text, void *ret)
{
    void *at = field_at(f, ret);
    bool good = true;

    switch (f->type) {
    case FIELD_BOOL:
        good = text_to_bool(text, at);
        break;
    case FIELD_OPT_BOOL:
        ((struct opt_bool *)at)->set = true;
        good = text_to_bool(text, &((struct opt_bool *)at)->v);
        break;
    case FIELD_I64:
        good = text_to_int(f, text, at);
        break;
    case FIELD_OPT_I64:
        ((struct opt_i64 *)at)->set = true;
        good = text_to_int(f, text, &((struct opt_i64 *)at)->v);
        break;
    case FIELD_F64:
        good = str_to_f64(text, at);
        break;
    case FIELD_OPT_F64:
        ((struct opt_f64 *)at)->set = true;
        good = str_to_f64(text, &((struct opt_f64 *)at)->v);
        break;
    case FIELD_STR:
        *(struct str *)at = arena_str(&ctx->arena, text);
        break;
    case FIELD_OPT_STR:
        *(struct opt_str *)at = (struct opt_str){.set = true, .v = arena_str(&ctx->arena, text)};
        break;
    case FIELD_I64S:
        return text_to_i64s(ctx, f, text, at);
    case FIELD_STRS:
        text_to_strs(ctx, text, at);
        break;
    case FIELD_LIST:
    case FIELD_OBJ:
    case FIELD_JSON:
    case FIELD_FILE:
    case FIELD_FILES:
        good = false;
        break;
    }
    return good ? settle(ctx, f, f->name, ret) : wrong_type(ctx, f, f->name);
}

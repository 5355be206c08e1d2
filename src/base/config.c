/* SPDX-License-Identifier: MIT */
/* Reading options from their four sources, by the option table. */
#include "base/config.h"

#include <string.h>

#include "base/fs.h"
#include "base/json.h"

enum { MAX_FILE = 256 << 10 };

struct load {
    struct ctx *ctx;
    const struct schema *s;
    void *ret;
    const char **origin;
    enum err err;
};

static struct str shaped(struct arena *a, const char *prefix, const char *name, char sep,
                         bool upper)
{
    struct str out = arena_printf(a, "%s%s", prefix, name);
    char *at = arena_alloc(a, out.len + 1);

    for (size_t i = 0; i < out.len; i++) {
        char c = out.at[i];

        at[i] = c == '_' ? sep : upper && c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
    }
    return (struct str){at, out.len};
}

struct str config_env_name(struct arena *a, const struct field *f)
{
    return shaped(a, "sp_", f->name, '_', true);
}

struct str config_flag_name(struct arena *a, const struct field *f)
{
    return shaped(a, "--", f->name, '-', false);
}

static void set(struct load *l, const struct field *f, struct str value, const char *origin)
{
    if (field_bind_text(l->ctx, f, value, l->ret))
        l->err = ERR_INVALID;
    else
        l->origin[f - l->s->fields] = origin;
}

static void unknown(struct load *l, struct str key, const char *origin)
{
    const char *name = arena_cstr(&l->ctx->arena, key);

    l->err = fail_field(l->ctx, name, "unknown", "", "(%s) is not an option; see docs/config.md",
                        origin);
}

static const struct field *by_env(struct load *l, struct str key)
{
    for (size_t i = 0; i < l->s->n; i++)
        if (str_eq(config_env_name(&l->ctx->arena, &l->s->fields[i]), key))
            return &l->s->fields[i];
    return NULL;
}

static struct str unquote(struct str v)
{
    if (v.len >= 2 && (v.at[0] == '"' || v.at[0] == '\'') && v.at[v.len - 1] == v.at[0])
        return (struct str){v.at + 1, v.len - 2};
    return v;
}

/* One `KEY=value` of the environment form; keys without the SP_ prefix are others' business. */
static void take_env(struct load *l, struct str line, const char *origin)
{
    struct str value = line;
    struct str key = str_trim(str_cut(&value, '='));
    const struct field *f;

    if (!str_starts(key, "SP_") || str_starts(key, "SP_TEST_"))
        return;
    f = by_env(l, key);
    if (f)
        set(l, f, unquote(str_trim(value)), origin);
    else
        unknown(l, key, origin);
}

static void take_line(struct load *l, struct str line)
{
    struct str value = line;
    struct str key = str_trim(str_cut(&value, '='));
    const struct field *f = schema_field(l->s, key);

    if (f)
        set(l, f, unquote(str_trim(value)), "file");
    else
        unknown(l, key, "file");
}

static enum err take_lines(struct load *l, const char *path, bool dotenv)
{
    cleanup(buf_finish) struct buf text = {0};
    enum err e = fs_read(l->ctx, path, MAX_FILE, &text);
    struct str rest;

    if (e)
        return e;
    rest = buf_view(&text);
    while (rest.len) {
        struct str line = str_trim(str_cut(&rest, '\n'));

        if (!line.len || line.at[0] == '#')
            continue;
        if (dotenv)
            take_env(l, line, ".env");
        else
            take_line(l, line);
    }
    return ERR_OK;
}

static void take_flags(struct load *l, char *const *args)
{
    for (size_t i = 0; args[i]; i++) {
        struct str value = str_of(args[i]);
        struct str key = str_cut(&value, '=');
        const struct field *f = NULL;

        for (size_t k = 0; k < l->s->n && !f; k++)
            if (str_eq(config_flag_name(&l->ctx->arena, &l->s->fields[k]), key))
                f = &l->s->fields[k];
        if (!f) {
            unknown(l, key, "flag");
        } else if (str_has(str_of(args[i]), '=')) {
            set(l, f, value, "flag");
        } else if (args[i + 1]) {
            set(l, f, str_of(args[++i]), "flag");
        } else {
            l->err = fail_field(l->ctx, args[i], "required", "", "needs a value");
        }
    }
}

enum err config_load(struct ctx *ctx, const struct schema *s, const struct config_sources *from,
                     void *ret, const char **origin)
{
    struct load l = {.ctx = ctx, .s = s, .ret = ret, .origin = origin};
    enum err e;

    for (size_t i = 0; i < s->n; i++)
        if (s->fields[i].fallback)
            set(&l, &s->fields[i], str_of(s->fields[i].fallback), "default");
    if (from->file) {
        e = take_lines(&l, from->file, false);
        if (e)
            return e;
    }
    if (from->dotenv && fs_exists(from->dotenv)) {
        e = take_lines(&l, from->dotenv, true);
        if (e)
            return e;
    }
    for (size_t i = 0; from->environment && from->environment[i]; i++)
        take_env(&l, str_of(from->environment[i]), "environment");
    if (from->args)
        take_flags(&l, from->args);
    return l.err;
}

struct str config_value(struct ctx *ctx, const struct field *f, const void *config)
{
    cleanup(buf_finish) struct buf b = BUF(64 << 10);
    const void *at = field_at_const(f, config);

    if (f->type == FIELD_STR && f->secret)
        return ((const struct str *)at)->len ? STR("(set)") : STR("(not set)");
    if (f->type == FIELD_STR)
        return *(const struct str *)at;
    json_write_field(&b, f, at);
    return arena_str(&ctx->arena, buf_view(&b));
}

static const char *type_word(const struct field *f)
{
    switch (f->type) {
    case FIELD_BOOL:
        return "true or false";
    case FIELD_I64:
        return "number";
    case FIELD_F64:
        return "decimal number";
    case FIELD_STRS:
        return "comma-separated list";
    case FIELD_STR:
    case FIELD_OPT_BOOL:
    case FIELD_OPT_I64:
    case FIELD_OPT_F64:
    case FIELD_OPT_STR:
    case FIELD_LIST:
    case FIELD_OBJ:
    case FIELD_I64S:
    case FIELD_JSON:
    case FIELD_FILE:
    case FIELD_FILES:
        break;
    }
    return "text";
}

static void put_allowed(struct buf *b, const struct field *f)
{
    if (f->one_of) {
        for (size_t i = 0; f->one_of[i]; i++)
            buf_printf(b, "%s`%s`", i ? ", " : "", f->one_of[i]);
    } else if (f->type == FIELD_I64 && (f->min || f->max)) {
        buf_printf(b, "%lld to %lld", (long long)f->min, (long long)f->max);
    } else {
        buf_puts(b, type_word(f));
    }
}

void config_write_doc(struct ctx *ctx, const struct schema *s, struct buf *b)
{
    buf_puts(b,
             "<!-- Generated by `smartpresence config --doc`; do not edit. -->\n"
             "# Configuration\n\n"
             "Every option can stand in the file given by `--config`, in `.env`, in the "
             "environment and on the command\nline; the later of these wins. Unknown keys are "
             "errors. `smartpresence config show` tells what is in force\nand where it came "
             "from. Secrets are never printed.\n\n"
             "| file key | environment | default | takes | what it does |\n"
             "|---|---|---|---|---|\n");
    for (size_t i = 0; i < s->n; i++) {
        const struct field *f = &s->fields[i];

        buf_printf(b, "| `%s` | `%s` | %s%s%s | ", f->name, config_env_name(&ctx->arena, f).at,
                   f->fallback && *f->fallback ? "`" : "", f->fallback ? f->fallback : "",
                   f->fallback && *f->fallback ? "`" : "");
        put_allowed(b, f);
        buf_printf(b, " | %s%s |\n", f->doc, f->secret ? " **Secret.**" : "");
    }
}

void config_write_env_example(struct ctx *ctx, const struct schema *s, struct buf *b)
{
    buf_puts(b,
             "# Generated by `smartpresence config --env-example`; do not edit.\n"
             "# Copy to .env and uncomment what you change. Keep secrets out of version "
             "control.\n");
    for (size_t i = 0; i < s->n; i++) {
        const struct field *f = &s->fields[i];

        buf_printf(b, "\n# %s\n# %s=%s\n", f->doc, config_env_name(&ctx->arena, f).at,
                   f->fallback ? f->fallback : "");
    }
}

void config_write_show(struct ctx *ctx, const struct schema *s, const void *config,
                       const char *const *origin, struct buf *b)
{
    for (size_t i = 0; i < s->n; i++) {
        const struct field *f = &s->fields[i];

        buf_printf(b, "%-28s %-40s (%s)\n", f->name,
                   arena_cstr(&ctx->arena, config_value(ctx, f, config)),
                   origin[i] ? origin[i] : "default");
    }
}

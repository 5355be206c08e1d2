/* SPDX-License-Identifier: MIT */
/* The parts of multipart/form-data → the fields of an in-struct. */
#include "http/bind_form.h"

#include "base/json.h"

enum { FILES_MAX = 32 };

static enum err check_bytes(struct ctx *ctx, const struct field *f, struct str data)
{
    if (f->max && (int64_t)data.len > f->max)
        return fail_field(ctx, f->name, "max_bytes",
                          arena_printf(&ctx->arena, "%lld", (long long)f->max).at,
                          "is too large: at most %lld bytes", (long long)f->max);
    if ((int64_t)data.len < f->min)
        return fail_field(ctx, f->name, "min_bytes",
                          arena_printf(&ctx->arena, "%lld", (long long)f->min).at,
                          "is too small: at least %lld bytes", (long long)f->min);
    return ERR_OK;
}

static enum err bind_file(struct ctx *ctx, const struct field *f, const struct form_part *part,
                          void *at)
{
    *(struct file *)at = part->file;
    return check_bytes(ctx, f, part->file.data);
}

/* The list is laid out for as many as may come, at its first file: few, whatever the field says. */
static enum err bind_files(struct ctx *ctx, const struct field *f, const struct form_part *part,
                           struct files *list)
{
    size_t max = f->max && f->max < FILES_MAX ? (size_t)f->max : FILES_MAX;

    if (!list->at)
        list->at = ARENA_NEW_N(&ctx->arena, struct file, max);
    if (list->n >= max)
        return fail_field(ctx, f->name, "max_items", arena_printf(&ctx->arena, "%zu", max).at,
                          "takes at most %zu files", max);
    list->at[list->n++] = part->file;
    return ERR_OK;
}

static bool field_is_file(const struct field *f)
{
    return f->type == FIELD_FILE || f->type == FIELD_FILES;
}

static enum err bind_part(struct ctx *ctx, const struct schema *s, const struct form_part *part,
                          size_t *seen, void *ret)
{
    const struct field *f = schema_field(s, part->name);

    if (!f || f->in != IN_BODY)
        return fail_field(ctx, name_shown(ctx, part->name), "unknown", "",
                          "is not a part of this request");
    /* One more file than a list takes is told once, not for each. */
    size_t before = seen[f - s->fields]++;
    if (before && f->type != FIELD_FILES)
        return before == 1 ? fail_field(ctx, f->name, "duplicate", "", "is there more than once")
                           : ERR_INVALID;
    if (field_is_file(f) != part->is_file)
        return fail_field(ctx, f->name, "type", part->is_file ? "text" : "a file", "must be %s",
                          part->is_file ? "text, not a file" : "a file");
    if (f->type == FIELD_FILE)
        return bind_file(ctx, f, part, field_at(f, ret));
    if (f->type == FIELD_FILES)
        return bind_files(ctx, f, part, field_at(f, ret));
    return field_bind_text(ctx, f, part->file.data, ret);
}

static enum err check_absent(struct ctx *ctx, const struct field *f, size_t seen)
{
    if (f->in != IN_BODY)
        return ERR_OK;
    if (f->required && !seen)
        return fail_field(ctx, f->name, "required", field_allowed(ctx, f), "is required");
    if (f->type == FIELD_FILES && seen && (int64_t)seen < f->min)
        return fail_field(ctx, f->name, "min_items",
                          arena_printf(&ctx->arena, "%lld", (long long)f->min).at,
                          "needs at least %lld files", (long long)f->min);
    return ERR_OK;
}

enum err form_bind(struct ctx *ctx, const struct schema *s, const struct form_part *form, void *ret)
{
    size_t *seen = ARENA_NEW_N(&ctx->arena, size_t, s->n);
    enum err e = ERR_OK;

    for (; form; form = form->next) {
        enum err ei = bind_part(ctx, s, form, seen, ret);

        e = e ? e : ei;
    }
    for (size_t i = 0; i < s->n; i++) {
        enum err ei = check_absent(ctx, &s->fields[i], seen[i]);

        e = e ? e : ei;
    }
    return e;
}

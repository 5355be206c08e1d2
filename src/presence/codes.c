/* SPDX-License-Identifier: MIT */
/* Status codes: the school's letters within fixed categories. */
#include "presence/codes.h"

#include "base/fold.h"

#include "db/tx.h"
#include "presence/codes_store.h"

#define F(...) FIELD(struct status_code, __VA_ARGS__)
static const struct field code_fields[] = {
    F(id, "Number of the code", .required = true, .min = 1, .example = "3"),
    F(code, "What stands in the register, taken once", .required = true, .min = 1, .max = 8,
      .example = "\"L\""),
    F(category, "What it counts as", .required = true,
      .one_of = ONE_OF("present", "late", "partial", "left_early", "excused", "absent", "remote")),
    F(label_en, "Meaning in English", .required = true, .min = 1, .max = 80, .example = "\"Late\""),
    F(label_fr, "Meaning in French", .required = true, .min = 1, .max = 80,
      .example = "\"En retard\""),
    F(label_ar, "Meaning in Arabic", .required = true, .min = 1, .max = 80, .example = "\"متأخر\""),
    F(colour, "Colour of the letter", .required = true, .example = "\"#b45309\""),
    F(weight, "Thousandths of a session attended", .required = true, .max = 1000,
      .example = "1000"),
    F(is_default, "Whether the rules give this code for its category", .required = true),
    F(position, "Place in lists", .required = true, .max = 10000, .example = "2"),
    F(archived, "Out of use: kept for the records that have it", .required = true),
    F(default_until, "Newest event of when it was the default", .hidden = true),
    F(version, "Counts the changes; the ETag", .required = true, .min = 1, .example = "1"),
};
#undef F
const struct schema status_code_schema = SCHEMA(status_code, code_fields);

enum err codes_all(struct ctx *ctx, struct list *ret)
{
    return codes_fetch(ctx, ret);
}

enum err code_for(struct ctx *ctx, enum presence_status status, struct str asked,
                  const char *pointer, struct status_code *ret)
{
    const char *category = presence_status_name(status);
    struct status_code found = {0};
    enum err e = codes_find(ctx, str_of(category), asked, &found);

    if (e == ERR_NOT_FOUND && asked.len)
        return fail_field(ctx, pointer, "not_found", "", "there is no such status code");
    if (e)
        return e;
    if (asked.len && found.archived)
        return fail_field(ctx, pointer, "archived", "", "this status code is out of use");
    if (asked.len && !str_is(found.category, category))
        return fail_field(ctx, pointer, "one_of", category, "this status code is not for %s",
                          category);
    *ret = found;
    return ERR_OK;
}

const struct status_code *code_of_half(const struct list *codes, const struct status_code *code,
                                       bool afternoon)
{
    const struct status_code *all = codes->at;

    if (!code || !afternoon || !code->is_default || !str_is(code->code, "/"))
        return code;
    for (size_t i = 0; i < codes->n; i++)
        if (str_is(all[i].code, "\\") && !all[i].archived &&
            str_eq(all[i].category, code->category))
            return &all[i];
    return code;
}

enum err code_list(struct ctx *ctx, const struct status_code_filter *in, struct page *ret)
{
    return codes_page(ctx, &in->page, ret);
}

enum err code_get(struct ctx *ctx, int64_t id, struct status_code *ret)
{
    return codes_get(ctx, id, ret);
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static enum err check_colour(struct ctx *ctx, struct str colour)
{
    bool good = colour.len == 7 && colour.at[0] == '#';

    for (size_t i = 1; good && i < colour.len; i++)
        good = is_hex(colour.at[i]);
    return good ? ERR_OK
                : fail_field(ctx, "/colour", "format", "#15803d", "is no colour of six digits");
}

/* Exported tables must not take a letter for a formula. */
static enum err check_letter(struct ctx *ctx, struct str code)
{
    bool good = !str_has(STR("=+-@"), code.at[0]);

    for (size_t i = 0; good && i < code.len; i++)
        good = (unsigned char)code.at[i] > ' ' && code.at[i] != 0x7f && code.at[i] != ',';
    return good ? ERR_OK
                : fail_field(ctx, "/code", "format", "letters, digits, signs",
                             "has no spaces and no commas and does not begin with = + - @");
}

static enum err check_labels(struct ctx *ctx, const struct status_code *code)
{
    const struct {
        const char *pointer;
        struct str label;
    } labels[] = {
        {"/label_en", code->label_en},
        {"/label_fr", code->label_fr},
        {"/label_ar", code->label_ar},
    };
    enum err e = ERR_OK;

    for (size_t i = 0; i < COUNT(labels); i++)
        if (str_fold(&ctx->arena, labels[i].label).len == 0)
            e = fail_field(ctx, labels[i].pointer, "blank", "", "must not be blank");
    return e;
}

static enum err check_code(struct ctx *ctx, const struct status_code *code)
{
    enum err e = check_labels(ctx, code);
    enum err ec = check_colour(ctx, code->colour);

    e = e ? e : ec;
    if (code->weight && str_is(code->category, "excused"))
        e = fail_field(ctx, "/weight", "max", "0", "what is excused does not count");
    if (code->is_default && code->archived)
        e = fail_field(ctx, "/is_default", "one_of", "", "a default must be in use");
    return e;
}

/* The others step back; records that have the old default by category keep it by name. */
static enum err make_room(struct ctx *ctx, struct str category)
{
    enum err e = codes_pin(ctx, category);

    return e ? e : codes_drop_default(ctx, category);
}

static enum err code_is_taken(struct ctx *ctx)
{
    (void)fail_field(ctx, "/code", "taken", "", "another status has this code");
    (void)fail(ctx, ERR_CONFLICT, "another status has this code");
    return ERR_CONFLICT;
}

enum err code_create(struct ctx *ctx, const struct status_code_new *in, struct status_code *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct status_code usual = {0};
    struct status_code code = {
        .code = in->code,
        .category = in->category,
        .label_en = in->label_en,
        .label_fr = in->label_fr,
        .label_ar = in->label_ar,
        .colour = in->colour,
        .position = in->position.v,
        .is_default = in->is_default.v,
    };
    int64_t id = 0;
    enum err e = tx_begin(ctx, &tx), ec;

    e = e ? e : codes_find(ctx, in->category, (struct str){"", 0}, &usual);
    if (e)
        return e;
    code.weight = in->weight.set && !in->weight.null ? in->weight.v : usual.weight;
    e = check_letter(ctx, code.code);
    ec = check_code(ctx, &code);
    e = e ? e : ec;
    if (!e && code.is_default)
        e = make_room(ctx, code.category);
    if (e)
        return e;
    e = codes_insert(ctx, &code, &id);
    if (e == ERR_CONFLICT)
        return code_is_taken(ctx);
    e = e ? e : codes_get(ctx, id, ret);
    return e ? e : tx_commit(&tx);
}

static void take(struct str *to, struct opt_str from)
{
    if (from.set)
        *to = from.v;
}

static void apply(const struct status_code_change *in, struct status_code *code)
{
    take(&code->label_en, in->label_en);
    take(&code->label_fr, in->label_fr);
    take(&code->label_ar, in->label_ar);
    take(&code->colour, in->colour);
    if (in->weight.set)
        code->weight = in->weight.v;
    if (in->position.set)
        code->position = in->position.v;
    if (in->is_default.set)
        code->is_default = in->is_default.v;
    if (in->archived.set)
        code->archived = in->archived.v;
}

static enum err version_differs(struct ctx *ctx)
{
    return fail(ctx, ERR_VERSION_MISMATCH, "this status was changed meanwhile: read it again");
}

static enum err check_use(struct ctx *ctx, const struct status_code *was,
                          const struct status_code *code)
{
    bool needed = false;
    enum err e;

    if (was->is_default && code->archived && !was->archived)
        return fail(ctx, ERR_IN_USE,
                    "it is the default of its category: make another one the default first");
    if (was->is_default && !code->is_default)
        return fail_field(ctx, "/is_default", "one_of", "true",
                          "make another one the default instead");
    if (!code->archived || was->archived)
        return ERR_OK;
    e = codes_of_reason(ctx, code->code, &needed);
    return !e && needed ? fail(ctx, ERR_IN_USE, "a reason of absence gives it") : e;
}

/* Inside the transaction. */
static enum err change(struct ctx *ctx, const struct status_code *was, struct status_code *code)
{
    int64_t n = 0;
    enum err e = ERR_OK;

    if (code->is_default && !was->is_default)
        e = make_room(ctx, code->category);
    e = e ? e : codes_update(ctx, code, &n);
    if (e == ERR_CONFLICT)
        return fail(ctx, e, "another default was set at the same moment: try again");
    if (e || n == 0)
        return e ? e : version_differs(ctx);
    if (code->weight == was->weight)
        return ERR_OK;
    if (code->is_default)
        e = codes_pin(ctx, code->category);
    return e ? e : codes_reweigh(ctx, code->code);
}

enum err code_update(struct ctx *ctx, struct opt_i64 version, const struct status_code_change *in,
                     struct status_code *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct status_code was = {0}, code;
    enum err e = tx_begin(ctx, &tx);

    e = e ? e : codes_get(ctx, in->id, &was);
    if (e)
        return e;
    if (version.set && version.v != was.version)
        return version_differs(ctx);
    code = was;
    apply(in, &code);
    if (schema_same(&status_code_schema, &was, &code)) {
        *ret = was;
        return ERR_OK;
    }
    e = check_use(ctx, &was, &code);
    e = e ? e : check_code(ctx, &code);
    e = e ? e : change(ctx, &was, &code);
    e = e ? e : codes_get(ctx, in->id, ret);
    return e ? e : tx_commit(&tx);
}

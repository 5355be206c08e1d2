/* SPDX-License-Identifier: MIT */
/* The rules of reasons: texts in all three languages, a code that means excused. */
#include "justifications/reasons.h"

#include "db/tx.h"
#include "justifications/reasons_store.h"
#include "presence/codes.h"

#define F(...) FIELD(struct absence_reason, __VA_ARGS__)
static const struct field reason_fields[] = {
    F(id, "Number of the reason", .required = true, .example = "3"),
    F(code, "Short name for programs", .required = true, .example = "\"illness\""),
    F(label_en, "In English", .required = true, .example = "\"Illness\""),
    F(label_fr, "In French", .required = true, .example = "\"Maladie\""),
    F(label_ar, "In Arabic", .required = true, .example = "\"مرض\""),
    F(needs_document, "Whether it is to be proved by a paper", .required = true),
    F(status_code, "What the register shows, a code of the category excused; null: its default",
      .required = true, .example = "\"E\""),
    F(position, "Place in lists", .required = true, .example = "1"),
    F(archived, "Whether it is out of use", .required = true),
    F(version, "Counts the changes", .required = true),
};
#undef F
const struct schema absence_reason_schema = SCHEMA(absence_reason, reason_fields);

enum err reason_list(struct ctx *ctx, const struct page_query *q, struct page *ret)
{
    return reasons_store_page(ctx, q, ret);
}

enum err reason_get(struct ctx *ctx, int64_t id, struct absence_reason *ret)
{
    enum err e = reasons_store_get(ctx, id, ret);

    return e == ERR_NOT_FOUND ? fail(ctx, e, "there is no such reason") : e;
}

enum err reason_check_usable(struct ctx *ctx, int64_t id, const char *pointer,
                             struct absence_reason *ret)
{
    struct absence_reason r;
    enum err e = reasons_store_get(ctx, id, &r);

    if (e == ERR_NOT_FOUND)
        return fail_field(ctx, pointer, "not_found", "", "there is no such reason");
    if (!e && r.archived)
        return fail_field(ctx, pointer, "archived", "", "this reason is out of use");
    if (!e)
        *ret = r;
    return e;
}

static enum err check(struct ctx *ctx, const struct absence_reason *r)
{
    const struct {
        const char *pointer;
        struct str text;
    } texts[] = {
        {"/code", r->code},
        {"/label_en", r->label_en},
        {"/label_fr", r->label_fr},
        {"/label_ar", r->label_ar},
    };
    struct status_code code;
    enum err e = ERR_OK;

    for (size_t i = 0; i < COUNT(texts); i++)
        if (str_trim(texts[i].text).len == 0)
            e = fail_field(ctx, texts[i].pointer, "blank", "", "must not be blank");
    if (r->status_code.set) {
        enum err ec = code_for(ctx, PRESENCE_EXCUSED, r->status_code.v, "/status_code", &code);

        e = e ? e : ec;
    }
    return e;
}

static enum err code_is_taken(struct ctx *ctx)
{
    (void)fail(ctx, ERR_CONFLICT, "another reason has this code");
    (void)fail_field(ctx, "/code", "taken", "", "another reason has this code");
    return ERR_CONFLICT;
}

enum err reason_create(struct ctx *ctx, const struct absence_reason_new *in,
                       struct absence_reason *ret)
{
    const struct absence_reason r = {
        .code = in->code,
        .label_en = in->label_en,
        .label_fr = in->label_fr,
        .label_ar = in->label_ar,
        .needs_document = in->needs_document.v,
        .status_code = in->status_code,
        .position = in->position.v,
    };
    cleanup(tx_finish) struct tx tx = {0};
    enum err e = check(ctx, &r);

    if (e)
        return e;
    /* One statement, but an Idempotency-Key notes what a transaction did. */
    e = tx_begin(ctx, &tx);
    e = e ? e : reasons_store_insert(ctx, &r, ret);
    if (e == ERR_CONFLICT)
        return code_is_taken(ctx);
    return e ? e : tx_commit(&tx);
}

static void apply(const struct absence_reason_change *in, struct absence_reason *r)
{
    if (in->code.set)
        r->code = in->code.v;
    if (in->label_en.set)
        r->label_en = in->label_en.v;
    if (in->label_fr.set)
        r->label_fr = in->label_fr.v;
    if (in->label_ar.set)
        r->label_ar = in->label_ar.v;
    if (in->needs_document.set)
        r->needs_document = in->needs_document.v;
    if (in->status_code.set || in->status_code.null)
        r->status_code = in->status_code;
    if (in->position.set)
        r->position = in->position.v;
    if (in->archived.set)
        r->archived = in->archived.v;
}

enum err reason_update(struct ctx *ctx, int64_t version, const struct absence_reason_change *in,
                       struct absence_reason *ret)
{
    struct absence_reason was;
    struct absence_reason r;
    enum err e = reason_get(ctx, in->reason_id, &was);

    if (e)
        return e;
    r = was;
    apply(in, &r);
    if (version == was.version && schema_same(&absence_reason_schema, &was, &r)) {
        *ret = was;
        return ERR_OK;
    }
    e = check(ctx, &r);
    if (e)
        return e;
    r.version = version;
    e = reasons_store_update(ctx, &r, ret);
    if (e == ERR_NOT_FOUND)
        return fail(ctx, ERR_VERSION_MISMATCH, "the reason was changed meanwhile: read it again");
    return e == ERR_CONFLICT ? code_is_taken(ctx) : e;
}

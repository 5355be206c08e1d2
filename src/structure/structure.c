/* SPDX-License-Identifier: MIT */
/* The rules of programmes, modules and rooms. */
#include "structure/structure.h"

#include "base/cidr.h"
#include "base/fold.h"

#include "db/tx.h"
#include "structure/structure_store.h"

const char *structure_kind_name(enum structure_kind kind)
{
    switch (kind) {
    case STRUCTURE_PROGRAMME:
        return "programme";
    case STRUCTURE_MODULE:
        return "module";
    case STRUCTURE_ROOM:
        return "room";
    case STRUCTURE_KINDS:
        break;
    }
    return "thing";
}

enum err structure_get(struct ctx *ctx, enum structure_kind kind, int64_t id,
                       struct structure_item *ret)
{
    enum err e = structure_store_get(ctx, kind, id, ret);

    if (e == ERR_NOT_FOUND)
        return fail(ctx, e, "there is no such %s", structure_kind_name(kind));
    return e;
}

enum err structure_list(struct ctx *ctx, enum structure_kind kind,
                        const struct structure_filter *filter, struct page *ret)
{
    struct opt_str like = str_search(&ctx->arena, filter->page.q);

    return structure_store_page(ctx, kind, filter, like, ret);
}

enum err structure_check_usable(struct ctx *ctx, enum structure_kind kind, int64_t id,
                                const char *pointer)
{
    const char *name = structure_kind_name(kind);
    struct structure_item item;
    enum err e = structure_store_get(ctx, kind, id, &item);

    if (e == ERR_NOT_FOUND)
        return fail_field(ctx, pointer, "not_found", "", "there is no such %s", name);
    if (!e && item.archived)
        return fail_field(ctx, pointer, "archived", "", "this %s is archived", name);
    return e;
}

enum err structure_search_form(struct ctx *ctx, struct str code, struct str name, struct str *ret)
{
    enum err e = ERR_OK;

    if (str_fold(&ctx->arena, code).len == 0)
        e = fail_field(ctx, "/code", "blank", "", "must not be blank");
    if (str_fold(&ctx->arena, name).len == 0)
        e = fail_field(ctx, "/name", "blank", "", "must not be blank");
    if (e)
        return e;
    *ret = str_fold(&ctx->arena, arena_printf(&ctx->arena, "%.*s %.*s", (int)name.len, name.at,
                                              (int)code.len, code.at));
    return ERR_OK;
}

/* A place is a point and a radius: all three or none. */
static enum err check_place(struct ctx *ctx, const struct structure_item *item)
{
    const struct {
        const char *pointer;
        bool there;
    } parts[] = {
        {"/latitude", item->latitude.set && !item->latitude.null},
        {"/longitude", item->longitude.set && !item->longitude.null},
        {"/radius_m", item->radius_m.set && !item->radius_m.null},
    };
    bool any = parts[0].there || parts[1].there || parts[2].there;
    enum err e = ERR_OK;

    for (size_t i = 0; any && i < COUNT(parts); i++)
        if (!parts[i].there)
            e = fail_field(ctx, parts[i].pointer, "required", "",
                           "latitude, longitude and radius_m go together");
    return e;
}

/* What can be wrong with a thing as a whole, and its search form. */
static enum err settle(struct ctx *ctx, struct structure_item *item)
{
    enum err e = structure_search_form(ctx, item->code, item->name, &item->name_norm);
    enum err ep = check_place(ctx, item);

    e = e ? e : ep;
    if (item->network.set && !item->network.null && !cidr_list_is_valid(ctx, item->network.v))
        e = fail_field(ctx, "/network", "format", "10.0.4.0/24, 2001:db8::/48",
                       "is no list of at most 16 ranges with commas between");
    return e;
}

static enum err code_is_taken(struct ctx *ctx, enum structure_kind kind)
{
    const char *name = structure_kind_name(kind);

    (void)fail(ctx, ERR_CONFLICT, "another %s has this code", name);
    (void)fail_field(ctx, "/code", "taken", "", "another %s has this code", name);
    return ERR_CONFLICT;
}

enum err structure_create(struct ctx *ctx, enum structure_kind kind, const struct structure_new *in,
                          struct structure_item *ret)
{
    struct structure_item item = {
        .programme_id = in->programme_id,
        .code = in->code,
        .name = in->name,
        .hours = in->hours,
        .capacity = in->capacity,
        .network = in->network,
        .latitude = in->latitude,
        .longitude = in->longitude,
        .radius_m = in->radius_m,
    };
    cleanup(tx_finish) struct tx tx = {0};
    enum err e = settle(ctx, &item);

    if (kind == STRUCTURE_MODULE) {
        enum err ep =
            structure_check_usable(ctx, STRUCTURE_PROGRAMME, in->programme_id, "/programme_id");

        e = e ? e : ep;
    }
    if (e)
        return e;
    /* One statement, but an Idempotency-Key notes what a transaction did. */
    e = tx_begin(ctx, &tx);
    e = e ? e : structure_store_insert(ctx, kind, &item, ret);
    if (e == ERR_CONFLICT)
        return code_is_taken(ctx, kind);
    return e ? e : tx_commit(&tx);
}

/* The members of `in` that are set go over those of `item`. */
static void apply(const struct structure_change *in, struct structure_item *item)
{
    if (in->programme_id.set)
        item->programme_id = in->programme_id.v;
    if (in->code.set)
        item->code = in->code.v;
    if (in->name.set)
        item->name = in->name.v;
    if (in->hours.set)
        item->hours = in->hours;
    if (in->capacity.set)
        item->capacity = in->capacity;
    if (in->network.set)
        item->network = in->network;
    if (in->latitude.set)
        item->latitude = in->latitude;
    if (in->longitude.set)
        item->longitude = in->longitude;
    if (in->radius_m.set)
        item->radius_m = in->radius_m;
    if (in->archived.set)
        item->archived = in->archived.v;
}

static enum err version_differs(struct ctx *ctx, enum structure_kind kind)
{
    return fail(ctx, ERR_VERSION_MISMATCH, "this %s was changed meanwhile: read it again",
                structure_kind_name(kind));
}

enum err structure_update(struct ctx *ctx, enum structure_kind kind, struct opt_i64 version,
                          const struct structure_change *in, struct structure_item *ret)
{
    struct structure_item before;
    struct structure_item item;
    enum err e = structure_get(ctx, kind, in->id, &before);

    if (e)
        return e;
    if (version.set && version.v != before.version)
        return version_differs(ctx, kind);
    item = before;
    apply(in, &item);
    if (structure_store_same(&before, &item)) {
        *ret = before;
        return ERR_OK;
    }
    e = settle(ctx, &item);
    if (in->programme_id.set) {
        enum err ep =
            structure_check_usable(ctx, STRUCTURE_PROGRAMME, item.programme_id, "/programme_id");

        e = e ? e : ep;
    }
    if (e)
        return e;
    e = structure_store_update(ctx, kind, &item, ret);
    if (e == ERR_NOT_FOUND)
        return version_differs(ctx, kind);
    return e == ERR_CONFLICT ? code_is_taken(ctx, kind) : e;
}

/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the school is made of: programmes, their modules, and rooms. Three kinds of one shape, so
 * they share their rules; everybody who is signed in may read them.
 */
#include "base/ctx.h"
#include "base/page.h"

enum structure_kind { STRUCTURE_PROGRAMME, STRUCTURE_MODULE, STRUCTURE_ROOM, STRUCTURE_KINDS };

struct structure_item {
    int64_t id;
    int64_t programme_id; /* of a module */
    struct str code, name, name_norm;
    struct opt_i64 hours;    /* of a module */
    struct opt_i64 capacity; /* of a room, and all below */
    struct opt_str network;  /* CIDR, comma between */
    struct opt_f64 latitude, longitude;
    struct opt_i64 radius_m; /* of the circle around; with the two above, or none of the three */
    bool archived;
    int64_t version;
};

struct structure_new {
    int64_t programme_id;
    struct str code, name;
    struct opt_i64 hours, capacity, radius_m;
    struct opt_str network;
    struct opt_f64 latitude, longitude;
};

struct structure_change {
    int64_t id;
    struct opt_i64 programme_id;
    struct opt_str code, name;
    struct opt_i64 hours, capacity, radius_m;
    struct opt_str network;
    struct opt_f64 latitude, longitude;
    struct opt_bool archived;
};

struct structure_filter {
    struct page_query page;
    struct opt_i64 programme_id; /* of modules */
};

/* "programme", "module", "room" */
const char *structure_kind_name(enum structure_kind kind);

/* ERR_NOT_FOUND */
must_check enum err structure_get(struct ctx *ctx, enum structure_kind kind, int64_t id,
                                  struct structure_item *ret);
/* ret->items are struct structure_item, by name. ERR_INVALID: the cursor. */
must_check enum err structure_list(struct ctx *ctx, enum structure_kind kind,
                                   const struct structure_filter *filter, struct page *ret);
/* ERR_CONFLICT: the code is taken. ERR_INVALID: a blank text, an unusable programme, a network that
 * cannot be read, a part of a place only. */
must_check enum err structure_create(struct ctx *ctx, enum structure_kind kind,
                                     const struct structure_new *in, struct structure_item *ret);
/*
 * Changes what is set. `version` is the one the caller has seen; not set: whichever there is.
 * ERR_NOT_FOUND, ERR_VERSION_MISMATCH, ERR_CONFLICT, ERR_INVALID as above.
 */
must_check enum err structure_update(struct ctx *ctx, enum structure_kind kind,
                                     struct opt_i64 version, const struct structure_change *in,
                                     struct structure_item *ret);

/*
 * Code and name of a thing of the school: neither may be blank (ERR_INVALID, field errors). `ret`
 * is the search form, name first since lists are in its order, then the code.
 */
must_check enum err structure_search_form(struct ctx *ctx, struct str code, struct str name,
                                          struct str *ret);

/*
 * For who wants to build on it: it exists and is not archived. ERR_INVALID with a field error at
 * `pointer` ("/room_id"), so go on checking the other fields.
 */
must_check enum err structure_check_usable(struct ctx *ctx, enum structure_kind kind, int64_t id,
                                           const char *pointer);

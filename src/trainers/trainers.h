/* SPDX-License-Identifier: MIT */
#pragma once
/* Those who give sessions. Each has an account (users/), whose name and e-mail are the trainer's.
 */
#include "base/ctx.h"
#include "base/page.h"

struct trainer {
    int64_t id;
    int64_t user_id;
    struct str name, name_norm;
    struct str email;
    struct str specialities;
    bool archived;
    int64_t row_version; /* of the trainer row alone */
    int64_t version;     /* also counts the changes of the account */
};
extern const struct schema trainer_schema;

struct trainer_new {
    struct str email, name, password;
    struct opt_str specialities, locale, time_zone;
};

struct trainer_change {
    int64_t trainer_id;
    struct opt_str email, name, specialities, password;
    struct opt_bool archived;
};

struct trainer_filter {
    struct page_query page;
};

/* An admin gets any trainer, a trainer only the own row. ERR_NOT_FOUND */
must_check enum err trainer_get_for(struct ctx *ctx, int64_t id, struct trainer *ret);
/* ret->items are the struct trainer that the caller may see, by name. */
must_check enum err trainer_list(struct ctx *ctx, const struct trainer_filter *filter,
                                 struct page *ret);
/* Makes the account as well. ERR_CONFLICT: the e-mail is taken. ERR_INVALID: as user_create. */
must_check enum err trainer_create(struct ctx *ctx, const struct trainer_new *in,
                                   struct trainer *ret);
/* Archiving archives the account as well. Errors as user_update. */
must_check enum err trainer_update(struct ctx *ctx, struct opt_i64 version,
                                   const struct trainer_change *in, struct trainer *ret);
/*
 * For who wants to give the trainer something to do: exists and is not archived. ERR_INVALID with
 * a field error at `pointer`.
 */
must_check enum err trainer_check_usable(struct ctx *ctx, int64_t id, const char *pointer);

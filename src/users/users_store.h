/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of users/: private to the feature. */
#include "users/users.h"

/* ERR_NOT_FOUND */
must_check enum err users_store_get(struct ctx *ctx, int64_t id, struct user *ret);
must_check enum err users_store_find(struct ctx *ctx, struct str email_norm, struct user *ret);
must_check enum err users_store_page(struct ctx *ctx, const struct user_filter *filter,
                                     struct opt_str like, struct page *ret);
/* ERR_CONFLICT */
must_check enum err users_store_insert(struct ctx *ctx, const struct user *u, struct str hash,
                                       int64_t *ret_id);
/* The row with u's id and version. ERR_NOT_FOUND: no longer that version. ERR_CONFLICT */
must_check enum err users_store_update(struct ctx *ctx, const struct user *u, struct opt_str hash);
/* The trainer row of a trainer's account: made, or archived as the account is. */
must_check enum err users_store_trainer(struct ctx *ctx, int64_t id, bool archived);
/* Makes other transactions that ask this wait for ours. `ret`: admins who can sign in, but `id`. */
must_check enum err users_store_other_admins(struct ctx *ctx, int64_t id, int64_t *ret);

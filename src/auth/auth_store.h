/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of auth/: private to the feature. */
#include "auth/auth.h"

struct account_row {
    int64_t id;
    struct str email, name;
    struct str password_hash;
    bool active, archived;
};

struct caller_row {
    int64_t account_id, login_id;
    struct str role;
    struct opt_i64 trainer_id, student_id;
};

struct refresh_row {
    int64_t id, login_id, account_id;
    struct opt_i64 used_at, revoked_at;
    int64_t expires_at;
    bool active, archived;
};

struct delay_row {
    int64_t failures, last_at, blocked_until;
};

must_check enum err auth_store_account_by_email(struct ctx *ctx, struct str email_norm,
                                                struct account_row *ret);
must_check enum err auth_store_account(struct ctx *ctx, int64_t id, struct account_row *ret);
/* Holds the account until the end of the transaction; n 0: it may not sign in any more, or has
 * another password than `a` says. */
must_check enum err auth_store_hold(struct ctx *ctx, const struct account_row *a, int64_t *ret_n);
/* n 0: it has another password than `a` says. */
must_check enum err auth_store_set_password(struct ctx *ctx, const struct account_row *a,
                                            struct str hash, int64_t *ret_n);
must_check enum err auth_store_me(struct ctx *ctx, int64_t account_id, struct me *ret);
must_check enum err auth_store_me_change(struct ctx *ctx, struct opt_i64 version,
                                         const struct me_change *in, int64_t *ret_n);

must_check enum err auth_store_caller(struct ctx *ctx, int64_t account_id, int64_t login_id,
                                      struct caller_row *ret);
/* The students a guardian answers for, at most WARDS_MAX, archived ones too. */
must_check enum err auth_store_wards(struct ctx *ctx, int64_t account_id, struct i64s *ret);
must_check enum err auth_store_login_insert(struct ctx *ctx, int64_t account_id, int64_t expires_at,
                                            int64_t *ret_id);
must_check enum err auth_store_logins(struct ctx *ctx, struct list *ret);
/* Ends one living login of the account, or with login_id 0 all but `except`. */
must_check enum err auth_store_login_end(struct ctx *ctx, int64_t account_id, int64_t login_id,
                                         int64_t except, int64_t *ret_n);
must_check enum err auth_store_refresh_insert(struct ctx *ctx, int64_t login_id, struct str hash);
must_check enum err auth_store_refresh(struct ctx *ctx, struct str hash, struct refresh_row *ret);
/* Marks it used, once: *ret_n is 0 when somebody else was first. */
must_check enum err auth_store_refresh_use(struct ctx *ctx, const struct refresh_row *r,
                                           int64_t *ret_n);

/* ERR_NOT_FOUND when there were no failures. */
must_check enum err auth_store_delay(struct ctx *ctx, struct str subject, struct delay_row *ret);
/* Counts one more failure, in one statement: tries at the same time all count. A series that ended
 * before `forget` begins anew. *ret is the number of failures in a row. */
must_check enum err auth_store_delay_count(struct ctx *ctx, struct str subject, int64_t forget,
                                           int64_t *ret);
must_check enum err auth_store_delay_block(struct ctx *ctx, struct str subject, int64_t until);
must_check enum err auth_store_delay_clear(struct ctx *ctx, struct str subject);
must_check enum err auth_store_trim(struct ctx *ctx, int64_t before);

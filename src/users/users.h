/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Accounts as an admin sees them: who may sign in, as what. Every trainer account has its trainer
 * row, made and archived with it; a student's account is made with the student (students/).
 */
#include "base/ctx.h"
#include "base/page.h"

struct user {
    int64_t id;
    struct str email;
    struct str name, name_norm;
    struct str role;
    struct str locale;
    struct str time_zone;
    bool active;
    bool archived;
    int64_t created_at;
    int64_t version;
};
extern const struct schema user_schema;

struct user_new {
    struct str email, name, role;
    struct opt_str locale, time_zone; /* absent: "en", and the school's zone */
    struct str password;
};

struct user_change {
    int64_t user_id;
    struct opt_str email, name, role, locale, time_zone;
    struct opt_bool active, archived;
    struct opt_str password;
};

struct user_filter {
    struct page_query page;
    struct opt_str role;
    struct opt_bool active;
};

/* ERR_NOT_FOUND */
must_check enum err user_get(struct ctx *ctx, int64_t id, struct user *ret);
/* By the e-mail it signs in with, case and accents aside. ERR_NOT_FOUND */
must_check enum err user_find(struct ctx *ctx, struct str email, struct user *ret);
/* ret->items are struct user, by name. */
must_check enum err user_list(struct ctx *ctx, const struct user_filter *filter, struct page *ret);

/*
 * ERR_CONFLICT: the e-mail is taken. ERR_INVALID: a blank name, a weak password, or the role is
 * student, whose accounts are made with the student.
 */
must_check enum err user_create(struct ctx *ctx, const struct user_new *in, struct user *ret);
/*
 * Changes what is set, and signs the user out everywhere when the password, the role or the right
 * to sign in changed. `version` is the one the caller has seen; not set: whichever there is.
 * ERR_NOT_FOUND, ERR_VERSION_MISMATCH, ERR_CONFLICT and ERR_INVALID as above.
 * ERR_IN_USE: nobody would be left who can administer the school.
 */
must_check enum err user_update(struct ctx *ctx, struct opt_i64 version,
                                const struct user_change *in, struct user *ret);

/*
 * The halves of user_create and user_update, for who makes an account together with something
 * else: the first checks and does the slow hashing, the second writes inside the transaction.
 */
struct user_hash {
    struct opt_str hash; /* absent: the password stays */
};
must_check enum err user_check_new(struct ctx *ctx, const struct user_new *in,
                                   struct user_hash *ret);
must_check enum err user_add(struct ctx *ctx, const struct user_new *in,
                             const struct user_hash *hash, int64_t *ret_id);
must_check enum err user_check_change(struct ctx *ctx, const struct user_change *in,
                                      struct user_hash *ret);
must_check enum err user_apply(struct ctx *ctx, struct opt_i64 version,
                               const struct user_change *in, const struct user_hash *hash);

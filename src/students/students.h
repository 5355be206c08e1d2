/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Those who attend. A student may have an account to sign in with (users/) or none. An admin sees
 * all of them, a trainer those in the groups of the own sessions, a student only the own row.
 */
#include "base/ctx.h"
#include "base/page.h"

struct student {
    int64_t id;
    struct str student_number;
    struct opt_i64 user_id;
    struct str name, name_norm;
    struct opt_str email; /* the account's */
    struct opt_str birth_date;
    struct opt_i64 group_id; /* the newest membership that is open today */
    struct opt_str group_name;
    bool enrolled; /* has face templates */
    bool consent;  /* to face recognition, not withdrawn */
    bool archived;
    int64_t row_version; /* of the student row alone */
    int64_t version;     /* also counts the changes of the account */
};
extern const struct schema student_schema;

struct student_new {
    struct str student_number, name;
    struct opt_str birth_date;
    struct opt_str email, password; /* both, or no account */
    struct opt_str locale, time_zone;
};

struct student_change {
    int64_t student_id;
    struct opt_str student_number, name, birth_date;
    struct opt_str email, password; /* both make the account of a student who has none */
    struct opt_bool archived;
};

struct student_filter {
    struct page_query page;
    struct opt_i64 group_id; /* members today */
    struct opt_bool enrolled;
};

/* Whether who was born on this date is younger than the option `adult_age` at the time `at` (UTC
 * ms), days counted in the school's zone. Who was born on 29 February comes of age on 1 March. */
bool student_is_minor(struct ctx *ctx, struct str birth_date, int64_t at);

/* What the caller may see. ERR_NOT_FOUND: not there, or not for this caller. */
must_check enum err student_get_for(struct ctx *ctx, int64_t id, struct student *ret);
/* Whoever asks: for the inner work of other features. ERR_NOT_FOUND */
must_check enum err student_get(struct ctx *ctx, int64_t id, struct student *ret);
/* ret->items are the struct student that the caller may see, by name. ERR_INVALID: the cursor. */
must_check enum err student_list(struct ctx *ctx, const struct student_filter *filter,
                                 struct page *ret);
/*
 * ERR_CONFLICT: the number or the e-mail is taken. ERR_INVALID: a blank text, an impossible birth
 * date, a weak password, an e-mail without a password or the other way round.
 */
must_check enum err student_create(struct ctx *ctx, const struct student_new *in,
                                   struct student *ret);
/*
 * The second half of student_create, for who makes many: writes, with an account when `hash` is set
 * (users/users.h), whose password was checked and hashed before. ERR_CONFLICT, ERR_INVALID.
 */
struct user_hash;
must_check enum err student_add(struct ctx *ctx, const struct student_new *in,
                                const struct user_hash *hash, struct student *ret);
/* Name and archiving go on to the account. ERR_NOT_FOUND, ERR_VERSION_MISMATCH, and as above. */
must_check enum err student_update(struct ctx *ctx, struct opt_i64 version,
                                   const struct student_change *in, struct student *ret);
/*
 * For who wants to do something with the student: exists and is not archived. ERR_INVALID with a
 * field error at `pointer`.
 */
must_check enum err student_check_usable(struct ctx *ctx, int64_t id, const char *pointer);
/* Counts a version: something that the student shows changed elsewhere (group, enrolment). */
must_check enum err student_touch(struct ctx *ctx, int64_t id);

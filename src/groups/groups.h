/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Groups (classes) of a programme, and who belongs to them from which day to which. Admins and
 * trainers see all groups, a student those he or she is or was in. Who is in a group only admins
 * and those who teach it see.
 */
#include "base/ctx.h"
#include "base/page.h"

struct group {
    int64_t id;
    int64_t programme_id;
    struct str code, name, name_norm;
    int64_t student_count; /* members today, without archived students */
    bool archived;
    int64_t version; /* also counts the changes of membership */
};
extern const struct schema group_schema;

struct group_new {
    int64_t programme_id;
    struct str code, name;
};

struct group_change {
    int64_t group_id;
    struct opt_i64 programme_id;
    struct opt_str code, name;
    struct opt_bool archived;
};

struct group_filter {
    struct page_query page;
    struct opt_i64 programme_id;
};

/* From the first day to the day before `to`; an open one has none. Days are the school's. */
struct membership {
    int64_t group_id;
    int64_t student_id;
    struct str from;
    struct opt_str to;
};
extern const struct schema membership_schema;

struct member_new {
    int64_t group_id;
    int64_t student_id;
    struct opt_str from; /* a date; absent: today */
};

/* A student's membership with the group's names, for the history. */
struct stay {
    int64_t id;
    int64_t group_id;
    struct str group_code, group_name;
    struct str from;
    struct opt_str to;
    int64_t from_day; /* first moment of the day at the school, ms */
    struct opt_i64 to_day;
};
extern const struct schema stay_schema;

struct stay_filter {
    struct page_query page;
    int64_t student_id;
};

struct student_move {
    int64_t student_id;
    struct opt_i64 from_group_id; /* absent: the only group on that day */
    int64_t to_group_id;
    struct str on; /* first day in the new group */
};

struct member_filter {
    struct page_query page;
    int64_t group_id;
};

/* What the caller may see. ERR_NOT_FOUND */
must_check enum err group_get_for(struct ctx *ctx, int64_t id, struct group *ret);
/* What the caller teaches, or administers. ERR_NOT_FOUND */
must_check enum err group_get_taught(struct ctx *ctx, int64_t id, struct group *ret);
/* ret->items are the struct group that the caller may see, by name. ERR_INVALID: the cursor. */
must_check enum err group_list(struct ctx *ctx, const struct group_filter *filter,
                               struct page *ret);
/* ERR_CONFLICT: the code is taken. ERR_INVALID: a blank text, an unusable programme. */
must_check enum err group_create(struct ctx *ctx, const struct group_new *in, struct group *ret);
/* ERR_NOT_FOUND, ERR_VERSION_MISMATCH, and as above. */
must_check enum err group_update(struct ctx *ctx, struct opt_i64 version,
                                 const struct group_change *in, struct group *ret);
/* For who wants to give it a session: exists and is not archived. ERR_INVALID with a field error
 * at `pointer`. */
must_check enum err group_check_usable(struct ctx *ctx, int64_t id, const char *pointer);

/* ret->items are struct student, members today, by name. ERR_NOT_FOUND also for who may not. */
must_check enum err group_students(struct ctx *ctx, const struct member_filter *filter,
                                   struct page *ret);
/*
 * Other memberships go on: a student can be in several groups. ERR_NOT_FOUND: the group.
 * ERR_INVALID: an archived group, an unknown or archived student. ERR_CONFLICT: already in it.
 */
must_check enum err group_add_student(struct ctx *ctx, const struct member_new *in,
                                      struct membership *ret);
/* Ends the membership today; one that begins today or later is forgotten. ERR_NOT_FOUND */
must_check enum err group_remove_student(struct ctx *ctx, int64_t group_id, int64_t student_id);
/*
 * Ends one membership and begins another on the same day, in one transaction; both stay known. A
 * student without a group that day just joins. ERR_NOT_FOUND: the student. ERR_INVALID: archived
 * or unknown ones, several groups to leave and none named, not in the one named, no such day.
 * ERR_CONFLICT: in the new group already, or a register of either group was taken since that day.
 */
must_check enum err group_move_student(struct ctx *ctx, const struct student_move *in,
                                       struct membership *ret);
/* ret->items are the struct stay of a student that the caller may see, newest first, those to
 * come too. ERR_NOT_FOUND, ERR_INVALID: the cursor. */
must_check enum err group_stays(struct ctx *ctx, const struct stay_filter *filter,
                                struct page *ret);

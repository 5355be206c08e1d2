/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of groups/: private to the feature. Days are stored as their first moment at the
 * school, UTC ms; by older versions as midnights of UTC. */
#include "groups/groups.h"

struct member_row {
    int64_t id, group_id;
    int64_t from_day;
    struct opt_i64 to_day;
};

/* Whoever asks. ERR_NOT_FOUND */
must_check enum err groups_store_get(struct ctx *ctx, int64_t id, struct group *ret);
/* What the caller may see. ERR_NOT_FOUND */
must_check enum err groups_store_get_for(struct ctx *ctx, int64_t id, struct group *ret);
/* Whose members the caller may see. ERR_NOT_FOUND */
must_check enum err groups_store_taught(struct ctx *ctx, int64_t id);
must_check enum err groups_store_page(struct ctx *ctx, const struct group_filter *filter,
                                      struct opt_str like, struct page *ret);
/* ERR_CONFLICT */
must_check enum err groups_store_insert(struct ctx *ctx, const struct group *g, int64_t *ret_id);
/* The row with g's id and version. ERR_NOT_FOUND: no longer that version. ERR_CONFLICT */
must_check enum err groups_store_update(struct ctx *ctx, const struct group *g);

must_check enum err groups_store_stays(struct ctx *ctx, const struct stay_filter *filter,
                                       struct page *ret);
/* The memberships of a student that may hold on a day, which is for membership_on to say: a list of
 * struct member_row, at most 20. `group_id` not 0: only in this group. */
must_check enum err groups_store_on_day(struct ctx *ctx, int64_t student_id, int64_t group_id,
                                        int64_t day, struct list *ret);
/* Sessions of either group from `since` on (UTC ms) whose register was opened. */
must_check enum err groups_store_taken(struct ctx *ctx, int64_t group_id, int64_t other_id,
                                       int64_t since, int64_t *ret);
/* Counts a version and holds the group until the end of the transaction. */
must_check enum err groups_store_touch(struct ctx *ctx, int64_t id);
/* The newest membership that ends after `day`, or never. ERR_NOT_FOUND */
must_check enum err groups_store_member(struct ctx *ctx, int64_t group_id, int64_t student_id,
                                        int64_t day, struct member_row *ret);
must_check enum err groups_store_member_insert(struct ctx *ctx, int64_t group_id,
                                               int64_t student_id, int64_t from_day);
must_check enum err groups_store_member_end(struct ctx *ctx, int64_t member_id, int64_t to_day);
must_check enum err groups_store_member_delete(struct ctx *ctx, int64_t member_id);

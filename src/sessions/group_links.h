/* SPDX-License-Identifier: MIT */
#pragma once
/* The groups that a session, a weekly series or a session request is for: read and written alike
 * for all three. Who may see the three is their own business. */
#include "base/ctx.h"
#include "base/schema.h"

enum group_link { LINK_SESSION, LINK_SERIES, LINK_REQUEST };

/* What has groups, and where they are to go. */
struct group_linked {
    int64_t id;
    struct i64s *ids;
    struct strs *names;
};

/* The groups of all `n`, each by name, into ctx's arena: one statement for 50 of them. */
must_check enum err group_links_read(struct ctx *ctx, enum group_link link,
                                     const struct group_linked *at, size_t n);
/* Its groups are these from now on; a number that comes twice counts once. To be called inside a
 * transaction. ERR_IN_USE: there is no such group. */
must_check enum err group_links_write(struct ctx *ctx, enum group_link link, int64_t id,
                                      struct i64s groups);

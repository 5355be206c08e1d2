/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of sessions/: private to the feature. */
#include "sessions/sessions.h"

/* What the caller may see, with counts and groups. ERR_NOT_FOUND */
must_check enum err session_fetch(struct ctx *ctx, int64_t id, struct session *ret);
/* The same without counts and groups. */
must_check enum err session_find(struct ctx *ctx, int64_t id, struct session *ret);
/* Those that the caller may see: struct session with counts and groups, by start. ERR_INVALID: the
 * cursor. */
must_check enum err session_fetch_page(struct ctx *ctx, const struct session_filter *filter,
                                       struct page *ret);
/* Without its groups (group_links.h), scheduled. *ret_id is its number. */
must_check enum err session_insert(struct ctx *ctx, const struct session *s, int64_t *ret_id);
/* Changes it while it is scheduled and at s->version: *ret_n is 0 otherwise. */
must_check enum err session_store(struct ctx *ctx, const struct session *s, int64_t *ret_n);
/* From `from` to `to`: *ret_n is 0 when it was not in `from`. */
must_check enum err session_store_state(struct ctx *ctx, int64_t id, const char *from,
                                        const char *to, struct str reason, int64_t *ret_n);
/* Locks the row until commit; ERR_NOT_FOUND when it is in neither state. */
must_check enum err session_lock(struct ctx *ctx, int64_t id, const char *state,
                                 const char *other_state);

/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of offline clients; inside offline/. */
#include "enrolment/sealing.h"
#include "offline/offline.h"
#include "sessions/sessions.h"

struct offline_row {
    int64_t id;
    struct opt_i64 account_id, device_id;
    struct str handle, wrapped;
    int64_t created_at;
};

/* Whose clients: 0 of both: everybody's. */
struct offline_owner {
    int64_t account_id, device_id;
};

must_check enum err offline_store_page(struct ctx *ctx, const struct page_query *q,
                                       struct offline_owner owner, struct page *ret);
must_check enum err offline_store_get(struct ctx *ctx, int64_t id, struct offline_client *ret);
/* Not revoked. */
must_check enum err offline_store_count(struct ctx *ctx, struct offline_owner owner, int64_t *ret);
must_check enum err offline_store_insert(struct ctx *ctx, struct offline_owner owner,
                                         struct str name, struct str handle,
                                         const struct sealed_key *key, int64_t *ret_id);
/* *ret_n is 0 when it is nobody's of these, or revoked already. */
must_check enum err offline_store_revoke(struct ctx *ctx, int64_t id, struct offline_owner owner,
                                         int64_t *ret_n);
/* ERR_NOT_FOUND: revoked, or another owner's. */
must_check enum err offline_store_find(struct ctx *ctx, int64_t id, struct offline_owner owner,
                                       struct offline_row *ret);
/* Inside a transaction: nobody else takes events of this client until it ends. *ret_n is 0 when it
 * was revoked meanwhile. */
must_check enum err offline_store_hold(struct ctx *ctx, int64_t id, int64_t *ret_n);

/* What was kept of an event. */
struct offline_kept {
    struct str fingerprint, outcome, reason;
    struct opt_i64 at;
};
/* ERR_NOT_FOUND */
must_check enum err offline_store_kept(struct ctx *ctx, int64_t client_id, struct str uid,
                                       struct offline_kept *ret);
must_check enum err offline_store_keep(struct ctx *ctx, int64_t client_id, struct str uid,
                                       const struct offline_kept *kept);

/* A session in the caller's room. ERR_NOT_FOUND. */
must_check enum err offline_store_due(struct ctx *ctx, int64_t before, struct opt_i64 *ret_oldest,
                                      int64_t *ret_due);
must_check enum err offline_store_forget(struct ctx *ctx, int64_t before, int64_t *ret_n);
must_check enum err offline_store_session(struct ctx *ctx, int64_t id, int64_t room_id,
                                          struct session *ret);
/* Students who are expected in a session or have a record of it. */
must_check enum err offline_store_students(struct ctx *ctx, int64_t session_id, struct i64s *ret);

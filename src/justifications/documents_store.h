/* SPDX-License-Identifier: MIT */
#pragma once
/* The SQL of papers: private to the feature. */
#include "justifications/documents.h"

struct sealed_key;

/* What is needed to find and open one. */
struct document_row {
    int64_t id, justification_id;
    struct str file, wrapped;
};

must_check enum err documents_store_list(struct ctx *ctx, int64_t justification_id,
                                         struct list *ret);
/* ERR_NOT_FOUND */
must_check enum err documents_store_get(struct ctx *ctx, int64_t justification_id, int64_t id,
                                        struct justification_document *ret,
                                        struct document_row *ret_row);
/* How many papers of a student came since then. */
must_check enum err documents_store_since(struct ctx *ctx, int64_t student_id, int64_t since,
                                          int64_t *ret);
/* `d`: name, media_type, size_bytes. */
must_check enum err documents_store_insert(struct ctx *ctx, int64_t justification_id,
                                           struct str file, const struct sealed_key *key,
                                           const struct justification_document *d, int64_t *ret_id);
must_check enum err documents_store_delete(struct ctx *ctx, int64_t id, bool forgotten);
must_check enum err documents_store_due(struct ctx *ctx, int64_t before, struct opt_i64 *ret_oldest,
                                        int64_t *ret_due);
/* A list of struct document_row of those. */
must_check enum err documents_store_old(struct ctx *ctx, int64_t before, int64_t limit,
                                        struct list *ret);
/* Files whose names are not before `from` and before `to`: a list of struct document_row. */
must_check enum err documents_store_files(struct ctx *ctx, struct str from, struct str to,
                                          struct list *ret);

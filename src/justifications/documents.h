/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Papers of a justification: at most 5 PDFs or pictures, told by their content, sealed, in files of
 * random names outside of anything that is served. A row never is without its file; a crash can
 * leave a file without a row, which documents_sweep deletes.
 */
#include "base/ctx.h"
#include "base/schema.h"

enum {
    DOCUMENTS_MAX = 5,      /* of one justification */
    DOCUMENTS_A_MONTH = 60, /* of one student, from the family, within 30 days */
    DOCUMENT_MAX = 10 << 20,
    DOCUMENT_NAME_MAX = 120,
};

struct justification_document {
    int64_t id;
    struct str name, media_type;
    int64_t size_bytes;
    int64_t uploaded_by;
    struct str uploaded_by_name;
    int64_t uploaded_at;
};
extern const struct schema justification_document_schema;

/*
 * ERR_NOT_FOUND: no such justification for the caller. ERR_CONFLICT: it is decided, or has 5, or
 * the family sent 60 within 30 days.
 * ERR_DOCUMENT_INVALID with the reason. ERR_STORAGE_FULL, ERR_BUSY.
 */
must_check enum err document_add(struct ctx *ctx, int64_t justification_id, const struct file *file,
                                 struct justification_document *ret);
/* The paper opened, for who may see it; its row in `ret`. ERR_NOT_FOUND */
must_check enum err document_read(struct ctx *ctx, int64_t justification_id, int64_t id,
                                  struct justification_document *ret, struct str *ret_bytes);
/* While it is undecided. ERR_NOT_FOUND, ERR_CONFLICT */
must_check enum err document_delete(struct ctx *ctx, int64_t justification_id, int64_t id);
/* Those of one, oldest first: a list of struct justification_document. */
must_check enum err document_list(struct ctx *ctx, int64_t justification_id, struct list *ret);

/* What may be shown of a name that a stranger made up: the last part of a path, without control
 * characters and what turns text around, at most 120 characters, with the ending of its type;
 * "document" when nothing is left. */
struct str document_name(struct ctx *ctx, struct str name, const char *type);
/* RFC 6266: the name for old readers and the whole one. */
struct str document_disposition(struct ctx *ctx, struct str name);

/* How many papers of justifications decided before `before` there are, and when the oldest came. */
must_check enum err documents_due(struct ctx *ctx, int64_t before, struct opt_i64 *ret_oldest,
                                  int64_t *ret_due);
/* Deletes them, at most some thousand; *ret_n: how many. */
must_check enum err documents_forget(struct ctx *ctx, int64_t before, int64_t *ret_n);
/* A periodic job: files without a row that are older than an hour go. */
must_check enum err documents_sweep(struct ctx *ctx);

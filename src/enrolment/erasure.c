/* SPDX-License-Identifier: MIT */
/* Destroying: what is known of it before, the deletion, the certificate, the cleaning after. */
#include "enrolment/erasure.h"

#include <sodium.h>

#include "base/log.h"

#include "db/tx.h"
#include "enrolment/certificate.h"
#include "enrolment/certificate_store.h"
#include "enrolment/enrolment_store.h"
#include "enrolment/templates.h"

/* How long after an erasure the periodic job cleans once more: readers may have been in the way. */
enum { CLEAN_AGAIN_MS = 2 * 3600 * 1000 };

static struct str fingerprint(struct ctx *ctx, struct str wrapped)
{
    unsigned char digest[16];
    char *hex = arena_alloc(&ctx->arena, 2 * sizeof(digest) + 1);

    crypto_generichash(digest, sizeof(digest), (const unsigned char *)wrapped.at, wrapped.len, NULL,
                       0);
    return str_of(sodium_bin2hex(hex, 2 * sizeof(digest) + 1, digest, sizeof(digest)));
}

static void scrub(struct ctx *ctx, void *arg)
{
    const struct fault before = ctx->fault;
    enum err e = erasure_scrub(ctx);

    (void)arg;
    if (e)
        log_warn(ctx, "erasure.unclean", LC("error", err_info(e)->slug));
    ctx->fault = before;
}

void erasure_tidy(struct ctx *ctx)
{
    db_after_commit(ctx, scrub, NULL);
}

enum err erasure_clean(struct ctx *ctx)
{
    int64_t newest = 0;
    enum err e = certificate_newest(ctx, &newest);

    if (!e && newest > ctx->now - CLEAN_AGAIN_MS)
        scrub(ctx, NULL);
    return e;
}

enum err erasure_run(struct ctx *ctx, const struct erasure *what, int64_t *ret_n)
{
    struct certificate_facts facts = {
        .student_id = what->student_id,
        .reason = what->reason,
        .consent_id = what->consent_id,
        .postgres = erasure_on_postgres(ctx),
    };
    struct sealed_row key = {0};
    enum err e = erasure_fetch_models(ctx, what->student_id, &facts.models);

    e = e ? e : enrolment_fetch_key(ctx, what->student_id, &key);
    if (!e)
        facts.key_fingerprint = fingerprint(ctx, key.wrapped);
    if (e == ERR_NOT_FOUND)
        e = ERR_OK;
    e = e ? e : enrolment_destroy(ctx, what->student_id, &facts.templates);
    e = e ? e : erasure_unname(ctx, what->student_id, &facts.pairs, &facts.log_rows);
    if (!e && (what->always || facts.templates || facts.key_fingerprint.len))
        e = certificate_issue(ctx, &facts);
    if (e)
        return e;
    if (what->clean || facts.templates || facts.key_fingerprint.len)
        db_after_commit(ctx, scrub, NULL);
    if (ret_n)
        *ret_n = facts.templates;
    return ERR_OK;
}

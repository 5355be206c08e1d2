/* SPDX-License-Identifier: MIT */
#pragma once
/* Versions of things as entity tags: If-Match and If-None-Match (RFC 9110, section 13). */
#include "base/ctx.h"

/* "7" in quotes. */
struct str etag_of(struct arena *a, int64_t version);
/*
 * The one version that an If-Match header names.
 *
 * ERR_PRECONDITION_REQUIRED  absent, or "*", which names none
 * ERR_BAD_REQUEST            malformed, or more than one version
 * ERR_VERSION_MISMATCH       a tag that is no version of ours
 */
must_check enum err etag_read(struct ctx *ctx, struct str if_match, int64_t *ret);
/* Whether If-None-Match holds the tag of `version`, or "*". */
bool etag_is_known(struct str if_none_match, int64_t version);

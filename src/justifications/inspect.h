/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What an uploaded paper really is, told by its content: a PDF, JPEG or PNG that is whole and no
 * second thing besides. It is no virus scanner; docs/adr/0021-documents.md says what it is for.
 */
#include "base/ctx.h"

/* Bytes that all packed parts of a PDF may have together. */
enum { PDF_UNPACKED_MAX = 256 << 20 };

/* *ret_type: "application/pdf", "image/jpeg" or "image/png".
 * ERR_DOCUMENT_INVALID: anything else, with the reason. ERR_BUSY: not enough memory now. */
must_check enum err document_inspect(struct ctx *ctx, struct str bytes, const char **ret_type);

/* The part for what begins with "%PDF-". ERR_DOCUMENT_INVALID */
must_check enum err pdf_inspect(struct ctx *ctx, struct str bytes);

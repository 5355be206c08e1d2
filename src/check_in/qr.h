/* SPDX-License-Identifier: MIT */
#pragma once
/* QR codes (ISO/IEC 18004) as drawings for the web. */
#include "base/ctx.h"

enum { QR_TEXT_MAX = 300 };

/* An SVG of black squares on white with the quiet zone of four modules, in ctx's arena. Medium
 * error correction: 15 % of it may be covered. ERR_INTERNAL: the text is too long. */
must_check enum err qr_svg(struct ctx *ctx, struct str text, struct str *ret);

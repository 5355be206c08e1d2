/* SPDX-License-Identifier: MIT */
#pragma once
/* Content-Type headers. */
#include "base/str.h"

/* Whether the header names this media type, whatever its parameters. */
bool media_is(struct str content_type, const char *type);
/* Whether the header is application/json, and its charset, if it says one, is UTF-8. */
bool media_is_json(struct str content_type);

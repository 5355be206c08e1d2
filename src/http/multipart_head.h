/* SPDX-License-Identifier: MIT */
#pragma once
/* The header lines of one part of a multipart form. */
#include "base/arena.h"
#include "base/str.h"

struct multipart_head {
    struct str name, file_name, type;
    bool is_file;
};

/* `text` is whole lines, each with its CRLF. NULL when sound; else what is wrong. The strings are
 * copied into the arena. */
const char *multipart_head_read(struct arena *a, struct str text, struct multipart_head *ret);

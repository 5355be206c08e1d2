/* SPDX-License-Identifier: MIT */
/* The table behind ERR_LIST. */
#include "base/err.h"

#include <stddef.h>

#include "base/macros.h"

static const struct err_info table[] = {
#define X(id, status, slug, title) [ERR_##id] = {status, slug, title, "ERR_" #id},
    ERR_LIST(X)
#undef X
};

const struct err_info *err_info(enum err e)
{
    return (size_t)e < COUNT(table) ? &table[e] : &table[ERR_INTERNAL];
}

/* SPDX-License-Identifier: MIT */
#pragma once
/* The option table, and how settings are read. */
#include "base/config.h"
#include "base/settings.h"

extern const struct schema settings_schema;

struct options {
    struct settings settings;
    const char **origin; /* by field of settings_schema */
};

/*
 * Reads the settings: `file` (NULL: none), `.env` in the working folder, the environment, `flags`
 * (NULL-terminated, NULL: none). Fills what depends on others: folders, the database's address.
 * ERR_INVALID with all wrong keys in ctx's fault; ERR_NOT_FOUND.
 */
must_check enum err options_load(struct ctx *ctx, const char *file, char *const *flags,
                                 struct options *ret);

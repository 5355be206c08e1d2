/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Configuration from one option table (a schema): a file, `.env`, `SP_…` environment variables and
 * `--flags`, the later ones winning. Unknown keys are errors. Everything is read once.
 */
#include "base/buf.h"
#include "base/ctx.h"
#include "base/schema.h"

struct config_sources {
    const char *file;         /* `key = value` lines, `#` comments; NULL: none */
    const char *dotenv;       /* `SP_KEY=value` lines; a missing file is fine; NULL: none */
    char *const *environment; /* NULL-terminated "NAME=value"; NULL: none */
    char *const *args;        /* `--key value`, `--key=value`; NULL-terminated; NULL: none */
};

/*
 * Fills `ret` (a struct of `s`, zeroed) from fallbacks and sources. `origin[i]` tells where field i
 * came from: "default", "file", ".env", "environment", "flag". Texts live in ctx's arena.
 * ERR_INVALID with all wrong keys as field errors; ERR_NOT_FOUND when the file is missing.
 */
must_check enum err config_load(struct ctx *ctx, const struct schema *s,
                                const struct config_sources *from, void *ret, const char **origin);

/* "SP_HTTP_PORT" and "--http-port" for the field http_port. */
struct str config_env_name(struct arena *a, const struct field *f);
struct str config_flag_name(struct arena *a, const struct field *f);
/* The value as text; "(set)" or "(not set)" for a secret. */
struct str config_value(struct ctx *ctx, const struct field *f, const void *config);

/* docs/config.md, .env.example, and what `config show` prints. */
void config_write_doc(struct ctx *ctx, const struct schema *s, struct buf *b);
void config_write_env_example(struct ctx *ctx, const struct schema *s, struct buf *b);
void config_write_show(struct ctx *ctx, const struct schema *s, const void *config,
                       const char *const *origin, struct buf *b);

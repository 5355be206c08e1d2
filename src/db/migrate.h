/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Versioned migrations: migrations/NNNN_name.up.sql and .down.sql, embedded in the binary.
 * Each runs in one transaction with its entry in `schema_migration` (number, name, checksum,
 * applied_at). Two runners cannot run at once; an applied file that was altered is refused.
 * migrations/README.md says how the files are written.
 */
#include "db/db.h"

struct migration {
    int64_t number;
    struct str name;
    struct str up, down;
};

struct migration_state {
    int64_t number;
    struct str name;
    bool applied;
    struct opt_i64 applied_at; /* epoch ms */
    struct str problem;        /* "altered", "unknown to this program", or empty */
};
extern const struct schema migration_state_schema;

/* Those inside the binary, by number. */
struct list migrations_embedded(struct ctx *ctx);
/* `ret` is a list of struct migration_state. */
must_check enum err migrate_status(struct ctx *ctx, struct list migrations, struct list *ret);
/*
 * Up to `to` (0: all). `ret` counts those applied by this run.
 *
 * ERR_CONFLICT   an applied one was altered or is not known to this program
 * ERR_NOT_FOUND  no migration has the number `to`
 */
must_check enum err migrate_upgrade(struct ctx *ctx, struct list migrations, int64_t to,
                                    int64_t *ret);
/* Down to `to`, which stays applied (0: all the way). Errors as above. */
must_check enum err migrate_downgrade(struct ctx *ctx, struct list migrations, int64_t to,
                                      int64_t *ret);

/*
 * The text of a migration for one engine: macros replaced, the other engine's blocks left out.
 * ERR_INVALID says which macro is unknown or which block is not closed.
 */
must_check enum err migration_expand(struct ctx *ctx, enum db_engine engine, struct str text,
                                     const char **ret);
/* The file name's middle part: 1 to 60 of a-z, 0-9 and _. */
bool migration_name_is_valid(struct str name);

/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Versioned migrations: migrations/NNNN_name.up.sql and .down.sql, embedded in the binary.
 * Each runs in one transaction with its entry in `schema_migration` (number, name, checksum,
 * applied_at). Two runners cannot run at once; an applied file that was altered is refused.
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
    int64_t applied_at;
    struct str problem; /* "altered", "unknown to this program", or empty */
};
extern const struct schema migration_state_schema;

/* Those inside the binary, by number. */
struct list migrations_embedded(struct ctx *ctx);
/* `ret` is a list of struct migration_state. */
must_check enum err migrate_status(struct ctx *ctx, struct list migrations, struct list *ret);
/* Up to `to` (0: all). `ret` counts those applied. */
must_check enum err migrate_upgrade(struct ctx *ctx, struct list migrations, int64_t to,
                                    int64_t *ret);
/* Down to `to`, which stays applied (0: all the way). */
must_check enum err migrate_downgrade(struct ctx *ctx, struct list migrations, int64_t to,
                                      int64_t *ret);

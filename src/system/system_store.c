/* SPDX-License-Identifier: MIT */
/* Whether the database answers. */
#include "system/system_store.h"

#include "db/db.h"

enum err system_store_ping(struct ctx *ctx)
{
    return db_ping(ctx);
}

const char *system_store_engine(const struct ctx *ctx)
{
    return db_engine(ctx) == DB_POSTGRES ? "postgresql" : "sqlite";
}

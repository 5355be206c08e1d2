/* SPDX-License-Identifier: MIT */
/* Leaving no deleted bytes in the database's files, as far as an engine lets us. */
#include "db/db_internal.h"

enum err db_scrub(struct ctx *ctx, const char *const *postgres)
{
    struct db_conn *c;
    enum err e;

    if (ctx->db->depth > 0)
        return fail(ctx, ERR_INTERNAL, "cleaning is not for the inside of a transaction");
    e = db_lease(ctx, ctx->db, DB_USE_WRITE, &c);
    if (e)
        return e;
    if (c->driver->checkpoint)
        e = c->driver->checkpoint(ctx, c);
    for (size_t i = 0; !e && !c->driver->checkpoint && postgres[i]; i++)
        e = c->driver->script(ctx, c, postgres[i]);
    db_release(ctx->db, c);
    return e;
}

/* SPDX-License-Identifier: MIT */
/* Log first, tell after the commit. */
#include "events/events.h"

#include "base/json.h"

#include "db/tx.h"
#include "events/events_store.h"

enum { DATA_MAX = 256 << 10, KEEP_MS = 24 * 3600 * 1000 };

/* Called by the database layer once the transaction has committed. */
static void publish(struct ctx *ctx, void *arg)
{
    if (ctx->services && ctx->services->hub)
        hub_publish(ctx->services->hub, arg);
}

enum err event_emit(struct ctx *ctx, const char *name, const struct schema *schema,
                    const void *data, struct audience audience)
{
    cleanup(buf_finish) struct buf b = BUF(DATA_MAX);
    struct event *ev = ARENA_NEW(&ctx->arena, struct event);
    enum err e;

    json_write(&b, schema, data);
    if (b.failed)
        return fail(ctx, ERR_INTERNAL, "the event %s is larger than %d bytes", name, DATA_MAX);
    *ev = (struct event){
        .name = str_of(name),
        .data = arena_str(&ctx->arena, buf_view(&b)),
        .audience = audience,
    };
    e = events_store_insert(ctx, ev);
    if (!e)
        db_after_commit(ctx, publish, ev);
    return e;
}

enum err events_after(struct ctx *ctx, int64_t last_id, struct list *ret)
{
    return events_store_after(ctx, last_id, ret);
}

enum err events_span(struct ctx *ctx, int64_t *ret_first, int64_t *ret_last)
{
    enum err e = events_store_last(ctx, ret_last);

    return e ? e : events_store_first(ctx, ret_first);
}

enum err events_trim(struct ctx *ctx)
{
    return events_store_trim(ctx, ctx->now - KEEP_MS);
}

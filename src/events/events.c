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

static enum err make(struct ctx *ctx, const struct event_new *n, struct event **ret)
{
    cleanup(buf_finish) struct buf b = BUF(DATA_MAX);
    struct event *ev = ARENA_NEW(&ctx->arena, struct event);

    json_write(&b, n->schema, n->data);
    if (b.failed)
        return fail(ctx, ERR_INTERNAL, "the event %s is larger than %d bytes", n->name, DATA_MAX);
    *ev = (struct event){
        .name = str_of(n->name),
        .data = arena_str(&ctx->arena, buf_view(&b)),
        .audience = n->audience,
    };
    *ret = ev;
    return ERR_OK;
}

enum err event_emit(struct ctx *ctx, const char *name, const struct schema *schema,
                    const void *data, struct audience audience)
{
    struct event *ev = NULL;
    enum err e = make(ctx, &(struct event_new){name, schema, data, audience}, &ev);

    e = e ? e : events_store_insert(ctx, ev);
    if (!e)
        db_after_commit(ctx, publish, ev);
    return e;
}

enum err event_emit_both(struct ctx *ctx, const struct event_new *first,
                         const struct event_new *second)
{
    struct event *a = NULL;
    struct event *b = NULL;
    enum err e = make(ctx, first, &a);

    e = e ? e : make(ctx, second, &b);
    e = e ? e : events_store_insert_both(ctx, a, b);
    if (e)
        return e;
    db_after_commit(ctx, publish, a);
    db_after_commit(ctx, publish, b);
    return ERR_OK;
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

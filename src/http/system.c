/* SPDX-License-Identifier: MIT */
/* What operators and tools ask the server itself: alive, ready, figures, the API's document. */
#include "base/json.h"

#include "http/metrics.h"
#include "http/server.h"

struct health {
    struct str status;
};

#define F(...) FIELD(struct health, __VA_ARGS__)
static const struct field health_fields[] = {
    F(status, "Always ok: the process answers", .one_of = ONE_OF("ok"), .required = true),
};
#undef F
static const struct schema health_schema = SCHEMA(health, health_fields);

static enum err healthz(struct req *req)
{
    struct health *out = req->out;

    out->status = STR("ok");
    return ERR_OK;
}

static enum err raw(struct req *req, struct buf *b, const char *type)
{
    struct str text = buf_view(b);

    req->reply->raw = arena_str(&req->ctx->arena, text);
    req->reply->raw_type = type;
    buf_finish(b);
    return ERR_OK;
}

static enum err readyz(struct req *req)
{
    struct buf b = BUF(64 << 10);
    bool ready = true;

    if (req->options->hooks.ready)
        ready = req->options->hooks.ready(req->ctx, &b);
    else
        buf_puts(&b, "{}");
    req->reply->status = ready ? 200 : 503;
    return raw(req, &b, "application/json");
}

static enum err metrics(struct req *req)
{
    const struct http_options *o = req->options;
    struct buf b = BUF(4 << 20);

    if (o->metrics)
        http_metrics_write(o->metrics, pool_waiting(o->pool), &b);
    if (o->hooks.metrics)
        o->hooks.metrics(req->ctx, &b);
    buf_puts(&b, "# EOF\n");
    return raw(req, &b, "application/openmetrics-text; version=1.0.0; charset=utf-8");
}

static enum err openapi(struct req *req)
{
    if (!req->options->openapi.len)
        return fail(req->ctx, ERR_NOT_FOUND, "this server carries no document");
    req->reply->raw = req->options->openapi;
    req->reply->raw_type = "application/json";
    return ERR_OK;
}

static const struct route routes[] = {
    {
        .id = "system_healthz",
        .method = HTTP_GET,
        .path = "/healthz",
        .handler = healthz,
        .out = &health_schema,
        .need = PERM_PUBLIC,
        .status = 200,
        .per_minute = -1,
        .quick = true,
        .summary = "Say that the process answers",
        .description = "Answered even when every worker is busy. Touches nothing else.",
    },
    {
        .id = "system_readyz",
        .method = HTTP_GET,
        .path = "/readyz",
        .handler = readyz,
        .need = PERM_PUBLIC,
        .status = 200,
        .produces = "application/json",
        .per_minute = -1,
        .summary = "Say whether the server can do its work",
        .description = "Checks the database and the recognition models. 503 without the database; "
                       "200 and `degraded` without models.",
    },
    {
        .id = "system_metrics",
        .method = HTTP_GET,
        .path = "/metrics",
        .handler = metrics,
        .need = PERM_PUBLIC,
        .status = 200,
        .produces = "application/openmetrics-text",
        .per_minute = -1,
        .summary = "Figures for monitoring, as OpenMetrics text",
        .description = "Counts only, no personal data. Keep it inside by the proxy if you wish.",
    },
    {
        .id = "system_openapi",
        .method = HTTP_GET,
        .path = "/openapi.json",
        .handler = openapi,
        .need = PERM_PUBLIC,
        .status = 200,
        .produces = "application/json",
        .per_minute = -1,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "This document",
        .description = "OpenAPI 3.1, from the tables that the server itself works by.",
    },
};

const struct route_table http_system_api =
    ROUTE_TABLE("system", "What operators and tools ask the server itself.", routes);

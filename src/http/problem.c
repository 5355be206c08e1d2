/* SPDX-License-Identifier: MIT */
/*
 * Errors as problem+json. What a client may know is in the answer; what broke inside goes to the
 * log, and the answer names the request id to ask for.
 */
#include "http/problem.h"

#include "base/json.h"
#include "base/log.h"

#include "http/reply.h"

enum { PROBLEM_MAX = 256 << 10, RETRY_AFTER_S = 1 };

/* Text that a client may have had a hand in: never bytes that make the answer unreadable. */
static void put_text(struct buf *b, const char *key, struct str text)
{
    if (text.len == 0)
        return;
    buf_printf(b, ",\"%s\":", key);
    json_put_str(b, str_is_utf8(text) ? text : STR("?"));
}

static void put_fields(struct buf *b, const struct field_error *fe)
{
    const char *sep = "";

    if (!fe)
        return;
    buf_puts(b, ",\"errors\":[");
    for (; fe; fe = fe->next) {
        buf_printf(b, "%s{\"field\":", sep);
        json_put_str(b, str_is_utf8(fe->pointer) ? fe->pointer : STR("?"));
        put_text(b, "code", str_of(fe->code));
        put_text(b, "detail", fe->detail);
        put_text(b, "allowed", fe->allowed);
        buf_putc(b, '}');
        sep = ",";
    }
    buf_putc(b, ']');
}

static struct str detail_for(struct ctx *ctx, enum err e, const struct err_info *info)
{
    if (info->status >= 500) {
        if (!ctx->request_id.len)
            return (struct str){0};
        return arena_printf(&ctx->arena, "Quote request id %.*s when you ask about it.",
                            (int)ctx->request_id.len, ctx->request_id.at);
    }
    return ctx->fault.err == e ? ctx->fault.detail : (struct str){0};
}

static void log_cause(struct ctx *ctx, const struct err_info *info)
{
    enum log_level level = info->status == 503 ? LOG_WARN : LOG_ERROR;

    if (info->status >= 500)
        log_write(ctx, level, "http.failure",
                  LOG_PAIRS(LC("error", info->slug), LS("detail", ctx->fault.detail)));
}

static void add_headers(struct ctx *ctx, const struct err_info *info, struct http_answer *ret)
{
    int64_t wait_s = ctx->fault.retry_after_s;

    if (info->status == 401)
        answer_header(ctx, ret, "WWW-Authenticate", STR("Bearer realm=\"smartpresence\""));
    if (info->status == 429 || info->status == 503)
        answer_header(
            ctx, ret, "Retry-After",
            arena_printf(&ctx->arena, "%lld", (long long)(wait_s > 0 ? wait_s : RETRY_AFTER_S)));
}

void problem_write(struct ctx *ctx, enum err e, struct str path, struct http_answer *ret)
{
    const struct err_info *info = err_info(e);
    cleanup(buf_finish) struct buf b = BUF(PROBLEM_MAX);

    buf_printf(&b, "{\"type\":\"/problems/%s\",\"title\":", info->slug);
    json_put_str(&b, str_of(info->title));
    buf_printf(&b, ",\"status\":%d", info->status);
    put_text(&b, "detail", detail_for(ctx, e, info));
    put_text(&b, "instance", path);
    put_text(&b, "request_id", ctx->request_id);
    if (ctx->fault.fields && e != ERR_INTERNAL)
        put_fields(&b, ctx->fault.fields);
    buf_putc(&b, '}');

    ret->kind = ANSWER_BODY;
    ret->status = info->status;
    ret->content_type = "application/problem+json";
    ret->body = b.failed ? STR("{\"type\":\"/problems/internal\",\"status\":500}")
                         : arena_str(&ctx->arena, buf_view(&b));
    if (b.failed)
        ret->status = 500;
    add_headers(ctx, info, ret);
    log_cause(ctx, info);
}

void http_problem(struct ctx *ctx, enum err e, struct http_answer *ret)
{
    problem_write(ctx, e, (struct str){0}, ret);
}

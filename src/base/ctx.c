/* SPDX-License-Identifier: MIT */
/* The work's own state: reset, failures, roles. */
#include "base/ctx.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/settings.h"

#undef fail
#undef fail_field

static const char *const role_names[ROLE_COUNT] = {
    [ROLE_NONE] = "none",       [ROLE_ADMIN] = "admin",       [ROLE_TRAINER] = "trainer",
    [ROLE_STUDENT] = "student", [ROLE_GUARDIAN] = "guardian", [ROLE_KIOSK] = "kiosk",
};

struct str ctx_school_zone(const struct ctx *ctx)
{
    const struct settings *s = ctx->services ? ctx->services->settings : NULL;

    return s && s->time_zone.len ? s->time_zone : STR("UTC");
}

const char *role_name(enum role r)
{
    return role_names[r < ROLE_COUNT ? r : ROLE_NONE];
}

enum role role_of(struct str name)
{
    for (enum role r = ROLE_ADMIN; r < ROLE_COUNT; r++)
        if (str_is(name, role_names[r]))
            return r;
    return ROLE_NONE;
}

bool actor_has_ward(const struct actor *a, int64_t student_id)
{
    for (size_t i = 0; a->role == ROLE_GUARDIAN && i < a->n_wards; i++)
        if (a->wards[i] == student_id)
            return true;
    return false;
}

void ctx_reset(struct ctx *ctx)
{
    arena_reset(&ctx->arena);
    if (!ctx->ports)
        ctx->ports = &system_ports;
    ctx->now = ctx->ports->now_ms();
    ctx->actor = (struct actor){0};
    ctx->request_id = ctx->ip = ctx->user_agent = (struct str){"", 0};
    ctx->fault = (struct fault){0};
    ctx->statements = 0;
}

format_like(2, 0) static struct str say(struct ctx *ctx, const char *fmt, va_list ap)
{
    va_list again;
    int n;
    char *at;

    va_copy(again, ap);
    n = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    if (n < 0)
        return (struct str){"", 0};
    at = arena_alloc(&ctx->arena, (size_t)n + 1);
    (void)vsnprintf(at, (size_t)n + 1, fmt, ap);
    return (struct str){at, (size_t)n};
}

enum err fail(struct ctx *ctx, enum err e, const char *fmt, ...)
{
    va_list ap;

    if (ctx->fault.err != ERR_OK)
        return e;
    va_start(ap, fmt);
    ctx->fault.detail = say(ctx, fmt, ap);
    va_end(ap);
    ctx->fault.err = e;
    return e;
}

enum err fail_field(struct ctx *ctx, const char *field, const char *code, const char *allowed,
                    const char *fmt, ...)
{
    struct field_error *fe = ARENA_NEW(&ctx->arena, struct field_error);
    va_list ap;

    va_start(ap, fmt);
    *fe = (struct field_error){
        .pointer = arena_str(&ctx->arena, str_of(field)),
        .code = code,
        .detail = say(ctx, fmt, ap),
        .allowed = arena_str(&ctx->arena, str_of(allowed)),
    };
    va_end(ap);
    if (!ctx->fault.tail)
        ctx->fault.tail = &ctx->fault.fields;
    *ctx->fault.tail = fe;
    ctx->fault.tail = &fe->next;
    if (ctx->fault.err == ERR_OK)
        ctx->fault.err = ERR_INVALID;
    return ERR_INVALID;
}

void fault_clear(struct ctx *ctx)
{
    ctx->fault = (struct fault){0};
}

struct str ctx_network(struct ctx *ctx)
{
    struct in6_addr a;
    struct str none = {"", 0};
    const unsigned char *b = a.s6_addr;

    if (!str_has(ctx->ip, ':'))
        return ctx->ip.len ? ctx->ip : none;
    if (inet_pton(AF_INET6, arena_cstr(&ctx->arena, ctx->ip), &a) != 1)
        return ctx->ip;
    return arena_printf(&ctx->arena, "%02x%02x:%02x%02x:%02x%02x:%02x%02x::/64", b[0], b[1], b[2],
                        b[3], b[4], b[5], b[6], b[7]);
}

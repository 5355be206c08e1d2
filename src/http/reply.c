/* SPDX-License-Identifier: MIT */
/* What handlers and the request path add to an answer: headers, and the head of a header list. */
#include "http/reply.h"

#include "http/handle.h"

static struct reply_header *header_new(struct arena *a, const char *name, struct str value)
{
    struct reply_header *h = ARENA_NEW(a, struct reply_header);

    h->name = str_of(name);
    h->value = value;
    return h;
}

/* Answers keep the order in which headers were added: Set-Cookie lines depend on it. */
static void append(struct reply_header **list, struct reply_header *h)
{
    while (*list)
        list = &(*list)->next;
    *list = h;
}

void reply_header(struct req *req, const char *name, struct str value)
{
    append(&req->reply->headers, header_new(&req->ctx->arena, name, value));
}

void answer_header(struct ctx *ctx, struct http_answer *a, const char *name, struct str value)
{
    append(&a->headers, header_new(&ctx->arena, name, value));
}

struct str answer_header_get(const struct http_answer *a, const char *name)
{
    for (const struct reply_header *h = a->headers; h; h = h->next)
        if (str_eq_nocase(h->name, str_of(name)))
            return h->value;
    return (struct str){0};
}

struct str cookie_get(struct str header, const char *name)
{
    struct str found = {0};
    struct str want = str_of(name);

    while (header.len) {
        struct str value = str_trim(str_cut(&header, ';'));
        struct str key = str_cut(&value, '=');

        if (!str_eq(key, want))
            continue;
        /* Two cookies of one name: somebody planted one on a parent path. Trust neither. */
        if (found.at)
            return (struct str){0};
        found = value.at ? value : STR("");
    }
    return found;
}

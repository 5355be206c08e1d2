/* SPDX-License-Identifier: MIT */
/* The schemas that the routes speak, each once, sorted by name. */
#include <string.h>

#include "http/openapi.h"

struct collection {
    struct ctx *ctx;
    struct named_schema *list;
    const char *clash;
};

bool schema_has(const struct schema *s, enum field_in in)
{
    for (size_t i = 0; s && i < s->n; i++)
        if (s->fields[i].in == in)
            return true;
    return false;
}

/* True when `s` was new, or new as input. */
static bool add(struct collection *c, const struct schema *s, bool is_input)
{
    struct named_schema **at = &c->list;

    while (*at && strcmp((*at)->schema->name, s->name) < 0)
        at = &(*at)->next;
    if (*at && strcmp((*at)->schema->name, s->name) == 0) {
        if ((*at)->schema->fields != s->fields && !c->clash)
            c->clash = s->name;
        /* Seen as an answer first: what it holds must be looked at again as input. */
        if ((*at)->is_input || !is_input)
            return false;
        (*at)->is_input = true;
        return true;
    }

    struct named_schema *n = ARENA_NEW(&c->ctx->arena, struct named_schema);
    *n = (struct named_schema){.next = *at, .schema = s, .is_input = is_input};
    *at = n;
    return true;
}

/* A schema may hold itself by way of its items, so only new ones are entered. */
static void add_deep(struct collection *c, const struct schema *root, bool is_input)
{
    if (!root || !add(c, root, is_input))
        return;
    for (size_t i = 0; i < root->n; i++)
        if (root->fields[i].items && !root->fields[i].hidden)
            add_deep(c, root->fields[i].items, is_input);
}

struct named_schema *schemas_collect(struct ctx *ctx, const struct routes *r, const char **clash)
{
    struct collection c = {.ctx = ctx};

    for (size_t t = 0; r->tables[t]; t++) {
        for (size_t i = 0; i < r->tables[t]->n; i++) {
            const struct route *route = &r->tables[t]->at[i];

            if (schema_has(route->in, IN_BODY))
                add_deep(&c, route->in, true);
            add_deep(&c, route->out, false);
            add_deep(&c, route->ws_in, true);
            add_deep(&c, route->ws_out, false);
        }
    }
    *clash = c.clash;
    return c.list;
}

const char *schemas_check(struct ctx *ctx, const struct routes *r)
{
    const char *clash = NULL;
    const struct named_schema *list = schemas_collect(ctx, r, &clash);

    for (; list && !clash; list = list->next)
        if (strcmp(list->schema->name, "problem") == 0)
            clash = list->schema->name;
    return clash ? arena_printf(&ctx->arena, "two schemas are named %s", clash).at : NULL;
}

/* SPDX-License-Identifier: MIT */
/* Reads and writes the line of text that says what counts as a check-in. */
#include "presence/ways.h"

#include "base/buf.h"

static const char *const way_names[WAY_COUNT] = {
    [WAY_FACE] = "face",     [WAY_KIOSK] = "kiosk",
    [WAY_SELF] = "self",     [WAY_CLASS_PHOTO] = "class_photo",
    [WAY_QR] = "qr",         [WAY_PIN] = "pin",
    [WAY_DEVICE] = "device", [WAY_IMPORT] = "import",
    [WAY_MANUAL] = "manual",
};

/* In the order of their bits. */
static const char *const fact_names[] = {"fence", "subnet", "live"};

#define ALLOWED                                                                                    \
    "any, manual, or up to 8 alternatives with | between, each of face kiosk self class_photo qr " \
    "pin device import with + between, and fence subnet live as conditions"

const char *way_name(enum presence_way way)
{
    return way_names[way];
}

enum presence_way way_of(struct str name)
{
    for (int w = 0; w < WAY_COUNT; w++)
        if (str_is(name, way_names[w]))
            return (enum presence_way)w;
    return WAY_COUNT;
}

static uint32_t fact_of(struct str name)
{
    for (size_t i = 0; i < COUNT(fact_names); i++)
        if (str_is(name, fact_names[i]))
            return 1U << i;
    return 0;
}

/* Only user text of at most WAYS_TEXT bytes is repeated in an answer. */
static enum err refuse(struct ctx *ctx, const char *pointer, const char *what, struct str part)
{
    return fail_field(ctx, pointer, "format", ALLOWED, "\"%.*s\" %s", (int)part.len, part.at, what);
}

static enum err parse_clause(struct ctx *ctx, struct str text, const char *pointer,
                             struct presence_clause *ret)
{
    struct presence_clause c = {0};
    struct str rest = text;

    while (rest.len) {
        bool more = str_has(rest, '+');
        struct str token = str_trim(str_cut(&rest, '+'));
        enum presence_way way = way_of(token);
        uint32_t fact = fact_of(token);

        if (way == WAY_MANUAL || str_is(token, "any"))
            return refuse(ctx, pointer, "stands alone", token);
        if (way == WAY_COUNT && !fact)
            return refuse(ctx, pointer, "is no way and no condition", token);
        if (more && !rest.len)
            return refuse(ctx, pointer, "ends with a +", text);
        if (way != WAY_COUNT)
            c.ways |= 1U << way;
        c.facts |= fact;
    }
    if (!c.ways)
        return refuse(ctx, pointer, "needs a way", text);
    *ret = c;
    return ERR_OK;
}

static void add_clause(struct presence_ways *ways, struct presence_clause c)
{
    for (size_t i = 0; i < ways->n; i++)
        if (ways->clauses[i].ways == c.ways && ways->clauses[i].facts == c.facts)
            return;
    ways->clauses[ways->n++] = c;
}

enum err ways_parse(struct ctx *ctx, struct str text, const char *pointer,
                    struct presence_ways *ret)
{
    struct presence_ways ways = {.any = str_is(str_trim(text), "any")};
    struct str rest = text;
    enum err e = ERR_OK;

    if (text.len > WAYS_TEXT)
        return fail_field(ctx, pointer, "max", ALLOWED, "longer than %d bytes", WAYS_TEXT);
    if (!str_trim(text).len)
        return fail_field(ctx, pointer, "required", ALLOWED, "must not be empty");
    if (text.at[text.len - 1] == '|')
        return refuse(ctx, pointer, "ends with a |", text);
    if (ways.any || str_is(str_trim(text), "manual"))
        rest.len = 0;
    while (!e && rest.len) {
        struct str part = str_trim(str_cut(&rest, '|'));
        struct presence_clause c = {0};

        e = parse_clause(ctx, part, pointer, &c);
        if (!e && ways.n == WAYS_CLAUSES)
            return fail_field(ctx, pointer, "max", ALLOWED, "more than 8 alternatives");
        if (!e)
            add_clause(&ways, c);
    }
    if (!e)
        *ret = ways;
    return e;
}

static void write_clause(struct buf *b, const struct presence_clause *c)
{
    const char *between = "";

    for (int w = 0; w < WAY_COUNT; w++)
        if (c->ways >> w & 1) {
            buf_printf(b, "%s%s", between, way_names[w]);
            between = "+";
        }
    for (size_t i = 0; i < COUNT(fact_names); i++)
        if (c->facts >> i & 1)
            buf_printf(b, "+%s", fact_names[i]);
}

struct str ways_text(struct ctx *ctx, const struct presence_ways *ways)
{
    cleanup(buf_finish) struct buf b = BUF(1024);

    if (ways->any)
        return STR("any");
    if (!ways->n)
        return STR("manual");
    for (size_t i = 0; i < ways->n; i++) {
        if (i)
            buf_putc(&b, '|');
        write_clause(&b, &ways->clauses[i]);
    }
    return arena_str(&ctx->arena, buf_view(&b));
}

static bool has_clause(const struct presence_ways *ways, const struct presence_clause *c)
{
    bool has = false;

    for (size_t i = 0; i < ways->n && !has; i++)
        has = ways->clauses[i].ways == c->ways && ways->clauses[i].facts == c->facts;
    return has;
}

bool ways_same(const struct presence_ways *a, const struct presence_ways *b)
{
    bool same = a->any == b->any && a->n == b->n;

    /* None is there twice. */
    for (size_t i = 0; i < a->n && same; i++)
        same = has_clause(b, &a->clauses[i]);
    return same;
}

bool ways_allow(const struct presence_ways *ways, enum presence_way way)
{
    bool allowed = ways->any || way == WAY_MANUAL;

    for (size_t i = 0; i < ways->n && !allowed; i++)
        allowed = ways->clauses[i].ways >> way & 1;
    return allowed;
}

uint32_t ways_needed(const struct presence_ways *ways, enum presence_way way)
{
    uint32_t facts = UINT32_MAX;

    if (ways->any || way == WAY_MANUAL)
        return 0;
    for (size_t i = 0; i < ways->n; i++)
        if (ways->clauses[i].ways >> way & 1)
            facts &= ways->clauses[i].facts;
    return facts == UINT32_MAX ? 0 : facts;
}

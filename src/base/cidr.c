/* SPDX-License-Identifier: MIT */
/* Addresses as bytes, compared by their first bits. */
#include "base/cidr.h"

#include <arpa/inet.h>
#include <string.h>

struct network {
    unsigned char at[16];
    int64_t bytes, bits;
};

/* "::ffff:10.0.0.7" is 10.0.0.7, and a network of such addresses one of IPv4. */
static void unmap(struct network *n)
{
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};

    if (n->bytes != 16 || n->bits < 96 || memcmp(n->at, mapped, sizeof(mapped)) != 0)
        return;
    memmove(n->at, n->at + sizeof(mapped), 4);
    n->bytes = 4;
    n->bits -= 96;
}

static bool read_address(struct ctx *ctx, struct str text, struct network *ret)
{
    int family = str_has(text, ':') ? AF_INET6 : AF_INET;

    ret->bytes = family == AF_INET6 ? 16 : 4;
    ret->bits = ret->bytes * 8;
    return inet_pton(family, arena_cstr(&ctx->arena, text), ret->at) == 1;
}

static bool read_network(struct ctx *ctx, struct str cidr, struct network *ret)
{
    struct str address = str_cut(&cidr, '/');
    int64_t bits;

    *ret = (struct network){0};
    if (!read_address(ctx, address, ret))
        return false;
    if (cidr.len) {
        if (!str_to_i64(cidr, &bits) || bits < 0 || bits > ret->bits)
            return false;
        ret->bits = bits;
    }
    unmap(ret);
    return true;
}

bool cidr_is_valid(struct ctx *ctx, struct str cidr)
{
    struct network n;

    return read_network(ctx, cidr, &n);
}

bool cidr_has(struct ctx *ctx, struct str cidr, struct str address)
{
    struct network n, a = {0};
    size_t whole;
    int rest;

    if (!read_network(ctx, cidr, &n) || !read_address(ctx, address, &a))
        return false;
    unmap(&a);
    if (a.bytes != n.bytes)
        return false;
    whole = (size_t)(n.bits / 8);
    rest = (int)(n.bits % 8);
    if (memcmp(n.at, a.at, whole) != 0)
        return false;
    return !rest || (n.at[whole] ^ a.at[whole]) >> (8 - rest) == 0;
}

bool cidr_list_is_valid(struct ctx *ctx, struct str list)
{
    size_t n = 0;

    do {
        if (++n > CIDR_LIST_MAX || !cidr_is_valid(ctx, str_trim(str_cut(&list, ','))))
            return false;
    } while (list.len);
    return true;
}

bool cidr_list_has(struct ctx *ctx, struct str list, struct str address)
{
    while (list.len)
        if (cidr_has(ctx, str_trim(str_cut(&list, ',')), address))
            return true;
    return false;
}

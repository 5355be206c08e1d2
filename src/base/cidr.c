/* SPDX-License-Identifier: MIT */
/* Addresses as bytes, compared by their first bits. */
#include "base/cidr.h"

#include <arpa/inet.h>
#include <string.h>

struct network {
    unsigned char at[16];
    int64_t bytes, bits;
};

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
    if (!cidr.len)
        return true;
    if (!str_to_i64(cidr, &bits) || bits < 0 || bits > ret->bits)
        return false;
    ret->bits = bits;
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

    if (!read_network(ctx, cidr, &n) || !read_address(ctx, address, &a) || a.bytes != n.bytes)
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

/* SPDX-License-Identifier: MIT */
/* Decode, find, check. */
#include "attendance/sight.h"

enum err sight_take(struct ctx *ctx, struct str picture, enum face_options more, struct sight *ret)
{
    enum err e;

    *ret = (struct sight){.began_us = clock_mono_us()};
    e = image_decode(ctx, picture, &ret->image);
    if (!e)
        e = face_find_some(ctx, &ret->image, FACE_EMBED | more, &ret->found, &ret->n, &ret->more);
    if (e)
        return e;
    ret->flaws = ARENA_NEW_N(&ctx->arena, struct face_flaws, ret->n);
    for (size_t i = 0; i < ret->n; i++)
        ret->flaws[i] = face_check(&ret->found[i], &ret->image, FACE_FOR_RECOGNITION);
    return ERR_OK;
}

void sight_finish(struct sight *s)
{
    image_finish(&s->image);
}

double sight_ms(const struct sight *s)
{
    return (double)(clock_mono_us() - s->began_us) / 1000.0;
}

struct strs sight_flaws(struct ctx *ctx, const struct face_flaws *flaws)
{
    struct strs out = {ARENA_NEW_N(&ctx->arena, struct str, flaws->n), 0};

    for (size_t i = 0; i < flaws->n; i++)
        out.at[out.n++] = str_of(face_flaw_name(flaws->at[i].flaw));
    return out;
}

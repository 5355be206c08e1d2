/* SPDX-License-Identifier: MIT */
/* The aligned face as 512 numbers of unit length. */
#include <math.h>

#include "face/pack.h"

enum err embed_aligned(struct ctx *ctx, const uint8_t *rgb, struct face_found *f)
{
    struct net *net;
    enum err e = face_net_of(ctx, NET_FEATURE, &net);

    if (e)
        return e;
    pack_fill(&face_pack_of(ctx)->nets[NET_FEATURE], rgb, ALIGNED_PIXELS, net_input(net));
    e = face_net_run(ctx, net);
    if (e)
        return e;

    const float *out = net_output(net, 0);
    double sum = 0;
    for (size_t i = 0; i < FACE_DIM; i++)
        sum += (double)out[i] * (double)out[i];
    f->norm = sqrt(sum);
    f->embedded = isfinite(f->norm) && f->norm > 1e-6;
    for (size_t i = 0; f->embedded && i < FACE_DIM; i++)
        f->embedding[i] = (float)((double)out[i] / f->norm);
    return ERR_OK;
}

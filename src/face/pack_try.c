/* SPDX-License-Identifier: MIT */
/* A pack's nets, each run once: nobody should learn from a class in the room that one is broken. */
#include <math.h>

#include "face/pack.h"

/* Bytes as of a picture, scaled as the net wants them; always the same ones. */
static void fill(struct net *net, const struct pack_net *pack, bool noise)
{
    float *in = net_input(net);
    uint32_t seed = 1;

    for (size_t i = 0; i < net_input_size(net); i++) {
        seed = seed * 1664525U + 1013904223U;
        double byte = noise ? (double)(seed >> 24) : 110;
        in[i] = (float)((byte - pack->mean) / pack->std);
    }
}

static enum err check_output(struct ctx *ctx, const struct pack_net *pack, const struct net *net,
                             size_t output)
{
    const float *at = net_output(net, output);

    for (size_t i = 0; i < net_output_size(net, output); i++)
        if (!isfinite(at[i]))
            return fail(ctx, ERR_MODELS_UNAVAILABLE,
                        "%s: its output %zu has a number that is not finite: the file is damaged "
                        "or no net for this role",
                        pack->file.at, output + 1);
    return ERR_OK;
}

/* Probabilities are within 0..1; logits of noise are not, or the sigmoid is there after all. */
static enum err check_scores(struct ctx *ctx, const struct pack_net *pack, const struct net *net)
{
    bool outside = false;

    for (size_t i = 0; i < SCRFD_LEVELS; i++)
        for (size_t k = 0; k < net_output_size(net, i); k++)
            outside = outside || net_output(net, i)[k] < 0 || net_output(net, i)[k] > 1;
    if (outside == pack->logits)
        return ERR_OK;
    return fail(ctx, ERR_MODELS_UNAVAILABLE,
                outside
                    ? "%s: its scores are not between 0 and 1: the net was exported without its "
                      "sigmoid; say \"scores\": \"logits\" in pack.json"
                    : "%s: its scores are between 0 and 1, so they are no logits: leave out "
                      "\"scores\" in pack.json",
                pack->file.at);
}

static enum err check_length(struct ctx *ctx, const struct pack_net *pack, const struct net *net)
{
    const float *at = net_output(net, 0);
    double sum = 0;

    for (size_t i = 0; i < FACE_DIM; i++)
        sum += (double)at[i] * (double)at[i];
    if (sum > 1e-12)
        return ERR_OK;
    return fail(ctx, ERR_MODELS_UNAVAILABLE, "%s: its embedding is all zeros", pack->file.at);
}

static enum err try_net(struct ctx *ctx, const struct pack *p, enum face_net id, struct net *net)
{
    const struct pack_net *pack = &p->nets[id];
    struct net_shape shape;
    enum err e = ERR_OK;

    pack_shape(p, id, &shape);
    for (int noise = 1; !e && noise >= 0; noise--) {
        fill(net, pack, noise);
        e = net_run(ctx, net);
        for (size_t i = 0; !e && i < shape.n_outputs; i++)
            e = check_output(ctx, pack, net, i);
        if (!e && noise && id == NET_FEATURE)
            e = check_length(ctx, pack, net);
        if (!e && noise && pack->adapter == ADAPTER_SCRFD)
            e = check_scores(ctx, pack, net);
    }
    return e;
}

enum err face_models_try(struct ctx *ctx, const struct face_models *m)
{
    const struct pack *p = face_models_pack(m);
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < NET_COUNT; i++) {
        struct net *net = NULL;

        if (!p->nets[i].used)
            continue;
        e = face_models_net(ctx, m, (enum face_net)i, &net);
        e = e ? e : try_net(ctx, p, (enum face_net)i, net);
        net_close(net);
    }
    if (e && !face_models_problem(m).len) {
        struct str why = ctx->fault.detail;
        fault_clear(ctx);
        return fail(ctx, ERR_MODELS_UNAVAILABLE, "pack %s: %.*s", p->id.at, (int)why.len, why.at);
    }
    return e;
}

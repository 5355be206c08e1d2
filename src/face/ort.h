/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * ONNX Runtime behind four calls. The library is opened at run time, so the product builds and
 * starts without it; its telemetry is switched off. One `struct ort` is shared; a `struct net`
 * belongs to one thread.
 */
#include "base/ctx.h"

struct ort;
struct net;

enum { NET_OUTPUTS_MAX = 2, NET_RANK_MAX = 4 };

/* The fixed shapes of one model: 0 ends a list of sizes. */
struct net_shape {
    const char *name;
    int64_t in[NET_RANK_MAX + 1];
    const char *outputs[NET_OUTPUTS_MAX + 1];
    int64_t out[NET_OUTPUTS_MAX][NET_RANK_MAX + 1];
};

/* ERR_MODELS_UNAVAILABLE: no such library, not a library, or one that is too old. */
must_check enum err ort_open(struct ctx *ctx, const char *library, struct ort **ret);
void ort_close(struct ort *o);
const char *ort_version(const struct ort *o);

/* Makes a session of the model's bytes with one thread. ERR_MODELS_UNAVAILABLE. */
must_check enum err net_open(struct ctx *ctx, const struct ort *o, const struct net_shape *shape,
                             struct str model, struct net **ret);
void net_close(struct net *n);
/* Where to put the input, 64-byte aligned. */
float *net_input(struct net *n);
/* What the last run put out. */
const float *net_output(const struct net *n, size_t i);
/* ERR_MODELS_UNAVAILABLE. */
must_check enum err net_run(struct ctx *ctx, struct net *n);

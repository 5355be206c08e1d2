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

enum { NET_OUTPUTS_MAX = 9, NET_RANK_MAX = 4 };

/*
 * What we feed a model and what we want of it; 0 ends a list of sizes. Sizes that the model leaves
 * open are filled in; where it says others it is refused. Outputs are taken by name, or, where
 * names are NULL, all of them: each wanted one is the first left that fits, so that exporters may
 * have them in another order. An output may have one more leading 1.
 */
struct net_shape {
    const char *name; /* for messages */
    int64_t in[NET_RANK_MAX + 1];
    size_t n_outputs;
    const char *outputs[NET_OUTPUTS_MAX];
    int64_t out[NET_OUTPUTS_MAX][NET_RANK_MAX + 1];
    /* Another first size that a model may say of it, as of the input it was exported with, while
     * what comes out is as wanted; 0: none. */
    int64_t said[NET_OUTPUTS_MAX];
};

/* ERR_MODELS_UNAVAILABLE: no such library, not a library, or one that is too old. */
must_check enum err ort_open(struct ctx *ctx, const char *library, struct ort **ret);
void ort_close(struct ort *o);
const char *ort_version(const struct ort *o);

/* Makes a session of the model's bytes with one thread; `shape` is read here only. Says which size
 * is wrong where. ERR_MODELS_UNAVAILABLE. */
must_check enum err net_open(struct ctx *ctx, const struct ort *o, const struct net_shape *shape,
                             struct str model, struct net **ret);
void net_close(struct net *n);
/* Where to put the input, 64-byte aligned, and how many numbers. */
float *net_input(struct net *n);
size_t net_input_size(const struct net *n);
/* What the last run put out. */
const float *net_output(const struct net *n, size_t i);
size_t net_output_size(const struct net *n, size_t i);
/* ERR_MODELS_UNAVAILABLE. */
must_check enum err net_run(struct ctx *ctx, struct net *n);

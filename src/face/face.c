/* SPDX-License-Identifier: MIT */
/* One worker's nets, and the chain from a picture to its faces. */
#include "face/face.h"

#include <math.h>

#include "base/mem.h"

#include "face/pack.h"

struct face {
    const struct face_models *models;
    struct net *nets[NET_COUNT];
    int64_t nets_us;
};

struct face *face_create(struct face_models *m)
{
    struct face *f = MEM_NEW(struct face);

    f->models = m;
    return f;
}

void face_destroy(struct face *f)
{
    if (!f)
        return;
    for (size_t i = 0; i < NET_COUNT; i++)
        net_close(f->nets[i]);
    mem_free(f);
}

int64_t face_nets_us(const struct face *f)
{
    return f->nets_us;
}

enum err face_net_of(struct ctx *ctx, enum face_net id, struct net **ret)
{
    struct face *f = ctx->face;

    if (!f || !f->models)
        return fail(ctx, ERR_MODELS_UNAVAILABLE, "no face models are configured");
    if (!f->nets[id]) {
        enum err e = face_models_net(ctx, f->models, id, &f->nets[id]);
        if (e)
            return e;
    }
    *ret = f->nets[id];
    return ERR_OK;
}

const struct pack *face_pack_of(const struct ctx *ctx)
{
    return face_models_pack(ctx->face->models);
}

enum err face_net_run(struct ctx *ctx, struct net *n)
{
    int64_t start = clock_mono_us();
    enum err e = net_run(ctx, n);

    ctx->face->nets_us += clock_mono_us() - start;
    return e;
}

enum err face_describe(struct ctx *ctx, struct view im, enum face_options options,
                       struct face_found *f, bool *ok)
{
    const struct pack *pack = face_pack_of(ctx);
    bool eyes = (options & FACE_EYES) && pack->nets[NET_EYE].used;
    struct point all[LANDMARKS];
    struct affine map;
    enum err e = ERR_OK;

    *ok = true;
    f->limits = pack->limits;
    if (!f->has_points || eyes)
        e = landmarks_find(ctx, im, &f->box, all, ok);
    if (e || !*ok)
        return e;
    if (!f->has_points)
        landmarks_reduce(all, f);
    *ok = align_map(pack->template, f->points, &map);
    if (!*ok)
        return ERR_OK;

    struct aligned *aligned = ARENA_NEW(&ctx->arena, struct aligned);
    align_warp(&ctx->arena, im, map, aligned);
    quality_measure(aligned, f);
    if (eyes)
        e = eyes_closed(ctx, im, all, f->eyes_closed);
    f->eyes_measured = eyes && !e;
    if (!e && (options & FACE_EMBED)) {
        e = embed_aligned(ctx, aligned->rgb, f);
        *ok = f->embedded;
    }
    return e;
}

enum err face_find_some(struct ctx *ctx, const struct image *im, enum face_options options,
                        struct face_found **ret, size_t *n, size_t *more)
{
    struct view view = view_of(im);
    struct face_found *found;
    size_t count, left_out, kept = 0;
    enum err e = detect_faces(ctx, view, options & FACE_TILED, &found, &count, &left_out);

    for (size_t i = 0; !e && i < count; i++) {
        bool ok = false;
        found[kept] = found[i];
        e = face_describe(ctx, view, options, &found[kept], &ok);
        kept += ok;
    }
    if (e)
        return e;
    *ret = found;
    *n = kept;
    *more = left_out;
    return ERR_OK;
}

enum err face_find(struct ctx *ctx, const struct image *im, enum face_options options,
                   struct face_found **ret, size_t *n)
{
    size_t more;

    return face_find_some(ctx, im, options, ret, n, &more);
}

enum err face_embed_aligned(struct ctx *ctx, const struct image *im, struct face_found *ret)
{
    struct face_found f = {.box = {0, 0, ALIGNED_SIDE, ALIGNED_SIDE}, .score = 1};

    if (im->width != ALIGNED_SIDE || im->height != ALIGNED_SIDE)
        return fail(ctx, ERR_IMAGE_INVALID,
                    "an aligned face has %d x %d pixels; this picture has %lld x %lld",
                    ALIGNED_SIDE, ALIGNED_SIDE, (long long)im->width, (long long)im->height);
    enum err e = embed_aligned(ctx, im->rgb, &f);
    if (e)
        return e;
    *ret = f;
    return ERR_OK;
}

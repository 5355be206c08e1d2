/* SPDX-License-Identifier: MIT */
/* One photo at a time is in memory, and only while it is looked at. */
#include "class_photo/look.h"

#include "face/passive.h"
#include "face/scene.h"

/* A lower face shows too little of a print's or screen's traces to be judged. */
static const double LIVE_HEIGHT = 100;

/* Each photo's mistakes are told with its number, as a field of the form. */
static enum err decode(struct ctx *ctx, struct files photos, size_t i, struct image *ret)
{
    const char *field = arena_printf(&ctx->arena, "photos/%zu", i).at;
    struct str data = photos.at[i].data;
    enum err e;

    if (data.len > CLASS_PHOTO_FILE_MAX)
        return fail_field(ctx, field, "max_bytes",
                          arena_printf(&ctx->arena, "%d", CLASS_PHOTO_FILE_MAX).at,
                          "is too large: at most %d MiB", CLASS_PHOTO_FILE_MAX >> 20);
    e = image_decode_within(ctx, data, SCENE_MAX_PIXELS, ret);
    if (e && e != ERR_BUSY)
        (void)fail_field(ctx, field, "image", "", "%s", arena_cstr(&ctx->arena, ctx->fault.detail));
    return e;
}

/* Null for a face that is too small, and where the net is missing: it is a hint, never a gate. */
static struct opt_f64 liveness_of(struct ctx *ctx, const struct image *im,
                                  const struct face_found *f)
{
    struct opt_f64 live = {0};

    if (f->box.height < LIVE_HEIGHT)
        return live;
    live.set = face_passive(ctx, im, f, &live.v) == ERR_OK;
    if (!live.set)
        fault_clear(ctx);
    return live;
}

static enum err look_at(struct ctx *ctx, const struct image *im, int64_t photo,
                        const struct roster *r, struct look *ret)
{
    struct face_found *found = NULL;
    struct scene_cost cost = {0};
    size_t n = 0;
    enum err e = scene_find(ctx, im, FACE_EMBED, &found, &n, &cost);
    struct sighting *all = ARENA_NEW_N(&ctx->arena, struct sighting, ret->n + n);

    for (size_t i = 0; i < ret->n; i++)
        all[i] = ret->faces[i];
    for (size_t i = 0; !e && i < n; i++) {
        struct sighting *s = &all[ret->n + i];
        s->face = (int64_t)(ret->n + i + 1);
        s->photo = photo;
        s->found = found[i];
        s->flaws = face_check(&found[i], im, FACE_FOR_RECOGNITION);
        s->match = roster_identify(r, found[i].embedding);
        s->n_hits = gallery_search(r->gallery, found[i].embedding, s->hits, COUNT(s->hits));
        if (ret->passive)
            s->live = liveness_of(ctx, im, &found[i]);
        e = scene_crop(ctx, im, &found[i].box, &s->crop);
    }
    ret->faces = all;
    ret->n += n;
    ret->pictures[photo].faces = (int64_t)n;
    ret->pictures[photo].more_faces = (int64_t)cost.left_out;
    return e;
}

enum err class_photo_look(struct ctx *ctx, struct files photos, const struct roster *r,
                          bool passive, struct look *ret)
{
    bool search = gallery_persons(r->gallery) > 0;
    struct look out = {
        .pictures = ARENA_NEW_N(&ctx->arena, struct class_photo_picture, photos.n),
        .passive = passive,
    };
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < photos.n; i++) {
        cleanup(image_finish) struct image im = {0};
        e = decode(ctx, photos, i, &im);
        out.pictures[i].width = im.width;
        out.pictures[i].height = im.height;
        if (!e && search)
            e = look_at(ctx, &im, (int64_t)i, r, &out);
    }
    if (!e)
        *ret = out;
    return e;
}

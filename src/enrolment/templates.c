/* SPDX-License-Identifier: MIT */
/* A template is 512 little-endian floats, sealed with the student and the model as context. */
#include "enrolment/templates.h"

#include <string.h>

#include "base/mem.h"

#include "enrolment/enrolment_store.h"
#include "enrolment/rotation.h"
#include "enrolment/sealing.h"

static struct str context_of(struct ctx *ctx, int64_t student_id)
{
    return arena_printf(&ctx->arena, "template:%lld:%s", (long long)student_id,
                        face_model_id(ctx->services->models));
}

static enum err key_of(struct ctx *ctx, int64_t student_id, unsigned char key[VAULT_KEY_BYTES])
{
    const struct vault *v = ctx->services->vault;
    struct sealed_row row = {0};
    struct sealed_key made = {0};
    enum err e = enrolment_fetch_key(ctx, student_id, &row);

    if (!e)
        return vault_unwrap(ctx, v, student_id, row.wrapped, key);
    if (e != ERR_NOT_FOUND)
        return e;
    e = sealing_new_key(ctx, student_id, key, &made);
    return e ? e : enrolment_insert_key(ctx, student_id, made.master_key_id, made.wrapped);
}

enum err template_store(struct ctx *ctx, int64_t student_id, const float vector[FACE_DIM],
                        const struct template_info *t)
{
    unsigned char key[VAULT_KEY_BYTES];
    struct str plain = {(const char *)vector, FACE_DIM * sizeof(float)};
    struct template_info row = *t;
    enum err e = key_of(ctx, student_id, key);

    row.model = str_of(face_model_id(ctx->services->models));
    if (!e)
        e = enrolment_insert_template(ctx, student_id, &row,
                                      vault_seal(ctx, key, plain, context_of(ctx, student_id)));
    secret_wipe(key, sizeof(key));
    return e;
}

/* Into a gallery, or into rows of `vectors`. */
static enum err open_all(struct ctx *ctx, const struct list *sealed, struct gallery *g,
                         float *vectors)
{
    const struct sealed_row *rows = sealed->at;
    unsigned char key[VAULT_KEY_BYTES];
    float one[FACE_DIM];
    int64_t key_is_of = 0;
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < sealed->n; i++) {
        float *vector = vectors ? vectors + i * FACE_DIM : one;

        if (rows[i].student_id != key_is_of)
            e = vault_unwrap(ctx, ctx->services->vault, rows[i].student_id, rows[i].wrapped, key);
        key_is_of = rows[i].student_id;
        if (!e)
            e = vault_unseal_at(ctx, key, rows[i].sealed, context_of(ctx, rows[i].student_id),
                                vector, sizeof(one));
        if (!e && g)
            gallery_add(g, rows[i].student_id, vector);
    }
    secret_wipe(key, sizeof(key));
    secret_wipe(one, sizeof(one));
    return e;
}

enum err templates_open(struct ctx *ctx, const struct list *sealed, struct gallery **ret)
{
    struct gallery *g = gallery_create(sealed->n);
    enum err e = open_all(ctx, sealed, g, NULL);

    if (e) {
        gallery_destroy(g);
        return e;
    }
    gallery_seal(g);
    *ret = g;
    return ERR_OK;
}

enum err templates_read(struct ctx *ctx, const struct list *sealed, float *vectors)
{
    return open_all(ctx, sealed, NULL, vectors);
}

/* Crops of class photos are not counted: they go within a day, and nobody waits for them. */
static int64_t lost_keys(const struct rotation_status *s)
{
    int64_t n = 0;

    for (size_t i = 0; i < s->kinds.n; i++) {
        const struct rotation_kind *k = (const struct rotation_kind *)s->kinds.at + i;
        if (!str_is(k->kind, "class_photos"))
            n += k->lost;
    }
    return n;
}

enum err enrolment_check_key(struct ctx *ctx, const char *path)
{
    const struct vault *v = ctx->services->vault;
    struct rotation_status s = {0};
    int64_t lost;
    enum err e = rotation_status(ctx, v, &s);

    lost = e ? 0 : lost_keys(&s);
    if (e || lost == 0)
        return e;
    return fail(ctx, ERR_INVALID,
                "%lld keys of face templates, papers and offline clients were sealed with another "
                "master key than that of %s: bring the right file back, or start with "
                "face_recognition off",
                (long long)lost, path);
}

enum err enrolment_refresh_keys(struct ctx *ctx)
{
    return vault_refresh(ctx, ctx->services->vault);
}

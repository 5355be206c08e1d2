/* SPDX-License-Identifier: MIT */
/* Look-alikes among those who can be recognised: every template against everybody else. */
#include <math.h>
#include <string.h>

#include "base/settings.h"

#include "db/tx.h"
#include "enrolment/apart.h"
#include "enrolment/apart_store.h"
#include "enrolment/enrolment.h"
#include "enrolment/enrolment_store.h"
#include "enrolment/templates.h"
#include "face/calibrate.h"

enum { NEIGHBOURS = 16 };

static struct str model_in_use(const struct ctx *ctx)
{
    return str_of(face_model_id(ctx->services->models));
}

enum err apart_gallery(struct ctx *ctx, struct apart_gallery *ret)
{
    struct list sealed = {0};
    struct apart_gallery out = {0};
    enum err e = enrolment_fetch_sealed(ctx, 0, model_in_use(ctx), &sealed);

    out.n = sealed.n;
    out.vectors = ARENA_NEW_N(&ctx->arena, float, sealed.n *FACE_DIM);
    out.persons = ARENA_NEW_N(&ctx->arena, int64_t, sealed.n);
    e = e ? e : templates_read(ctx, &sealed, out.vectors);
    for (size_t i = 0; i < sealed.n; i++)
        out.persons[i] = ((const struct sealed_row *)sealed.at)[i].student_id;
    if (!e)
        *ret = out;
    return e;
}

enum err apart_roster_sizes(struct ctx *ctx, struct i64s *ret)
{
    struct list rows = {0};
    enum err e = apart_fetch_sizes(ctx, model_in_use(ctx), &rows);

    *ret = (struct i64s){ARENA_NEW_N(&ctx->arena, int64_t, rows.n), rows.n};
    for (size_t i = 0; i < rows.n; i++)
        ret->at[i] = ((const struct apart_size *)rows.at)[i].persons;
    return e;
}

static struct gallery *build(const struct apart_gallery *all)
{
    struct gallery *g = gallery_create(all->n);

    for (size_t i = 0; i < all->n; i++)
        gallery_add(g, all->persons[i], all->vectors + i * FACE_DIM);
    gallery_seal(g);
    return g;
}

/* Stores the look-alikes of row i's person. */
static enum err put_alikes(struct ctx *ctx, const struct gallery *g,
                           const struct apart_gallery *all, size_t i)
{
    struct gallery_hit hits[NEIGHBOURS];
    int64_t own = all->persons[i];
    size_t n = gallery_search(g, all->vectors + i * FACE_DIM, hits, COUNT(hits));
    enum err e = ERR_OK;

    for (size_t k = 0; !e && k < n && hits[k].similarity >= calibrate_look_alike; k++) {
        int64_t other = hits[k].person;
        if (other != own)
            e = apart_put_alike(ctx, own < other ? own : other, own < other ? other : own,
                                hits[k].similarity);
    }
    return e;
}

/* Of one student (0: all). Every template is asked; a pair keeps the similarity asked last, and the
 * best of a person's templates and centroid is in each. */
static enum err find(struct ctx *ctx, int64_t student_id)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct apart_gallery all = {0};
    struct gallery *g;
    enum err e = apart_gallery(ctx, &all);

    if (e)
        return e;
    g = build(&all);
    e = tx_begin(ctx, &tx);
    for (size_t i = 0; !e && i < all.n; i++)
        if (!student_id || all.persons[i] == student_id)
            e = put_alikes(ctx, g, &all, i);
    e = e ? e : apart_drop_alike(ctx, student_id);
    e = e ? e : tx_commit(&tx);
    gallery_destroy(g);
    return e;
}

static bool is_used(struct ctx *ctx)
{
    bool used = enrolment_ready(ctx, FACE_USE_VERIFY) == ERR_OK;

    fault_clear(ctx);
    return used;
}

enum err apart_find_for(struct ctx *ctx, int64_t student_id)
{
    return is_used(ctx) ? find(ctx, student_id) : ERR_OK;
}

enum err apart_find_all(struct ctx *ctx)
{
    return is_used(ctx) ? find(ctx, 0) : ERR_OK;
}

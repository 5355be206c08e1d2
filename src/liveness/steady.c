/* SPDX-License-Identifier: MIT */
/* Frames of one face, until enough of them agree. */
#include "liveness/steady.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"

enum { FRAMES_MAX = 300, CROWDED_MAX = 5 };

static const double SAME_PERSON = 0.50; /* face.md: same person across shots */
static const double YAW_MAX = 20;
static const double PASSIVE_HEIGHT = 100;

struct steady {
    int64_t created_ms, expires_ms, last_ms;
    uint32_t last_number;
    size_t frames, crowded, n, n_passive;
    uint8_t digests[FRAMES_MAX][LIVE_DIGEST];
    float first[FACE_DIM];
    double sum[FACE_DIM];
    double passive;
    uint32_t best_number;
    double best_norm, best_height, best_sharpness;
    enum live_state state;
    enum live_refusal reason;
    enum live_hint hint;
};

struct steady *steady_create(int64_t created_ms, int64_t expires_ms)
{
    struct steady *s = MEM_NEW(struct steady);

    s->created_ms = s->last_ms = created_ms;
    s->expires_ms = expires_ms;
    s->hint = LIVE_HINT_LOOK_STRAIGHT;
    return s;
}

void steady_destroy(struct steady *s)
{
    if (!s)
        return;
    secret_wipe(s, sizeof(*s));
    mem_free(s);
}

static void refuse(struct steady *s, enum live_refusal why)
{
    s->state = LIVE_REFUSED;
    s->reason = why;
}

static bool check_order(struct steady *s, const struct live_frame *f)
{
    if (f->at_ms < s->last_ms)
        refuse(s, LIVE_REFUSED_CLOCK_JUMP);
    else if (f->at_ms >= s->expires_ms)
        refuse(s, LIVE_REFUSED_EXPIRED);
    else if (s->frames && f->number <= s->last_number)
        refuse(s, LIVE_REFUSED_REORDERED);
    else if (s->frames == FRAMES_MAX)
        refuse(s, LIVE_REFUSED_TOO_MANY_FRAMES);
    for (size_t i = 0; !s->state && i < s->frames; i++)
        if (memcmp(s->digests[i], f->digest, LIVE_DIGEST) == 0)
            refuse(s, LIVE_REFUSED_REPLAYED_FRAME);
    return s->state == LIVE_ONGOING;
}

static double cosine(const float a[FACE_DIM], const float b[FACE_DIM])
{
    double sum = 0;

    for (size_t i = 0; i < FACE_DIM; i++)
        sum += (double)a[i] * (double)b[i];
    return sum;
}

static void add(struct steady *s, const struct live_frame *f)
{
    const struct face_found *face = f->faces;

    if (s->n == 0)
        memcpy(s->first, face->embedding, sizeof(s->first));
    /* Written so that NAN is refused too. */
    if (!(cosine(s->first, face->embedding) >= SAME_PERSON)) {
        refuse(s, LIVE_REFUSED_ANOTHER_PERSON);
        return;
    }
    for (size_t i = 0; i < FACE_DIM; i++)
        s->sum[i] += (double)face->embedding[i];
    s->n++;
    if (isfinite(f->passive) && face->box.height >= PASSIVE_HEIGHT) {
        s->passive += f->passive;
        s->n_passive++;
    }
    if (face->norm > s->best_norm) {
        s->best_norm = face->norm;
        s->best_height = face->box.height;
        s->best_sharpness = face->sharpness;
        s->best_number = f->number;
    }
    if (s->n == STEADY_FRAMES)
        s->state = LIVE_PASSED;
}

struct live_progress steady_feed(struct steady *s, const struct live_frame *f, bool clear)
{
    if (s->state == LIVE_ONGOING && check_order(s, f)) {
        memcpy(s->digests[s->frames++], f->digest, LIVE_DIGEST);
        s->last_ms = f->at_ms;
        s->last_number = f->number;
        s->hint = LIVE_HINT_LOOK_STRAIGHT;
        if (f->n == 0)
            s->hint = LIVE_HINT_NO_FACE;
        else if (face_count_close(f->faces, f->n) > 1)
            s->hint = LIVE_HINT_ONE_PERSON;
        else if (clear && f->faces->embedded && fabs(f->faces->yaw_deg) < YAW_MAX)
            add(s, f);
        if (s->hint == LIVE_HINT_ONE_PERSON && ++s->crowded > CROWDED_MAX)
            refuse(s, LIVE_REFUSED_SECOND_FACE);
    }
    return (struct live_progress){
        .state = s->state,
        .hint = s->state ? LIVE_HINT_NONE : s->hint,
        .left_ms = s->expires_ms > f->at_ms ? s->expires_ms - f->at_ms : 0,
    };
}

struct live_result steady_result(const struct steady *s)
{
    struct live_result r = {
        .passed = s->state == LIVE_PASSED,
        .passive = s->n_passive ? s->passive / (double)s->n_passive : NAN,
        .passive_frames = s->n_passive,
        .embedded = s->state == LIVE_PASSED,
        .embedding_frames = s->n,
        .best_number = s->best_number,
        .best_norm = s->best_norm,
        .best_height_px = s->best_height,
        .best_sharpness = s->best_sharpness,
        .frames = s->frames,
    };
    double square = 0;

    for (size_t i = 0; i < FACE_DIM; i++)
        square += s->sum[i] * s->sum[i];
    for (size_t i = 0; r.embedded && square > 0 && i < FACE_DIM; i++)
        r.embedding[i] = (float)(s->sum[i] / sqrt(square));
    if (!r.passed) {
        r.reasons[0] = s->state == LIVE_REFUSED ? s->reason : LIVE_REFUSED_UNFINISHED;
        r.n_reasons = 1;
    }
    return r;
}

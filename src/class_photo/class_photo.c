/* SPDX-License-Identifier: MIT */
/* Making a proposal, showing it and forgetting it. */
#include "class_photo/class_photo.h"

#include "base/mem.h"
#include "base/settings.h"

#include "class_photo/class_photo_store.h"
#include "class_photo/look.h"
#include "class_photo/show.h"
#include "db/tx.h"
#include "enrolment/enrolment.h"
#include "enrolment/sealing.h"
#include "liveness/policy.h"
#include "sessions/sessions.h"

enum { HOUR_MS = 3600 * 1000 };

static enum err check_open(struct ctx *ctx, int64_t session_id, bool *ret_passive)
{
    enum live_policy live = LIVE_OFF;
    struct session s = {0};
    enum err e = session_get_for(ctx, session_id, &s);

    if (e)
        return e;
    if (!session_is(&s, "open"))
        return fail(ctx, ERR_SESSION_NOT_OPEN, "the register is %s", s.state.at);
    if (ctx->now < s.opens_at)
        return fail(ctx, ERR_SESSION_NOT_OPEN, "check-in opens at %s",
                    time_format(&ctx->arena, s.opens_at).at);
    e = liveness_policy_for(ctx, "class_photo", s.kind, &live);
    *ret_passive = live != LIVE_OFF;
    return e;
}

static struct strs reasons_of(struct ctx *ctx, unsigned reasons)
{
    static const char *const names[] = {"ambiguous",  "near_threshold", "low_quality",
                                        "look_alike", "seen_twice",     "not_alive"};
    struct strs out = {ARENA_NEW_N(&ctx->arena, struct str, COUNT(names)), 0};

    for (size_t i = 0; i < COUNT(names); i++)
        if (reasons & 1U << i)
            out.at[out.n++] = str_of(names[i]);
    return out;
}

static struct kept_face kept_face_of(struct ctx *ctx, const struct sighting *s)
{
    const struct face_box *b = &s->found.box;
    struct kept_face k = {
        .face = s->face,
        .photo = s->photo,
        .x = b->x,
        .y = b->y,
        .width = b->width,
        .height = b->height,
        .quality = s->found.norm,
        .flaws = {ARENA_NEW_N(&ctx->arena, struct str, s->flaws.n), s->flaws.n},
    };

    for (size_t i = 0; i < s->flaws.n; i++)
        k.flaws.at[i] = str_of(face_flaw_name(s->flaws.at[i].flaw));
    return k;
}

static struct kept_person kept_person_of(struct ctx *ctx, const struct gathered *g)
{
    static const char *const buckets[] = {"sure", "unsure", "unknown"};
    const struct face_match *m = &g->faces[0]->match;
    enum decision_kind kind = decision_of(m, &g->faces[0]->flaws);
    struct kept_face *faces = ARENA_NEW_N(&ctx->arena, struct kept_face, g->n);
    struct kept_candidate *candidates =
        ARENA_NEW_N(&ctx->arena, struct kept_candidate, g->n_candidates);

    if (kind == DECISION_MATCH && g->reasons & REASON_NOT_ALIVE)
        kind = DECISION_SPOOF_SUSPECTED;
    for (size_t i = 0; i < g->n; i++)
        faces[i] = kept_face_of(ctx, g->faces[i]);
    for (size_t i = 0; i < g->n_candidates; i++)
        candidates[i] = (struct kept_candidate){
            .student_id = g->candidates[i].person,
            .similarity = g->candidates[i].similarity,
            .margin = g->candidates[i].person == m->person
                          ? m->margin
                          : g->candidates[i].similarity - m->similarity,
        };
    return (struct kept_person){
        .bucket = str_of(buckets[g->bucket]),
        .decision = str_of(decision_name(kind)),
        .student_id = kind == DECISION_MATCH ? m->person : 0,
        .similarity = m->similarity,
        .margin = m->margin,
        .threshold = m->threshold,
        .min_margin = m->min_margin,
        .strict = m->strict,
        .has_next = m->next != 0,
        .liveness = g->faces[0]->live,
        .reasons = reasons_of(ctx, g->reasons),
        .candidates = {candidates, g->n_candidates},
        .faces = {faces, g->n},
    };
}

static void keep(struct ctx *ctx, const struct look *look, size_t n_photos, bool anybody,
                 struct kept *ret)
{
    struct gathered *all;
    size_t n = gather(ctx, look->faces, look->n, &all);
    struct kept_person *persons = ARENA_NEW_N(&ctx->arena, struct kept_person, n);

    for (size_t i = 0; i < n; i++)
        persons[i] = kept_person_of(ctx, &all[i]);
    *ret = (struct kept){
        .outcome = !anybody ? STR("no_consent")
                   : n      ? STR("")
                            : STR("no_face"),
        .model = str_of(face_model_id(ctx->services->models)),
        .photos = {look->pictures, n_photos},
        .persons = {persons, n},
    };
}

static struct str crop_context(struct ctx *ctx, int64_t id, int64_t face)
{
    return arena_printf(&ctx->arena, "class-photo:%lld:%lld", (long long)id, (long long)face);
}

/* A session's number is wrapped below zero, so it is never taken for a student's. */
static int64_t key_owner(int64_t session_id)
{
    return -session_id;
}

static enum err store_crops(struct ctx *ctx, int64_t id, const struct look *look,
                            const unsigned char key[VAULT_KEY_BYTES])
{
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < look->n; i++) {
        const struct sighting *s = &look->faces[i];
        e = class_photo_insert_crop(ctx, id, s->face,
                                    vault_seal(ctx, key, s->crop, crop_context(ctx, id, s->face)));
    }
    return e;
}

/* One line of the verification log for each person. */
static enum err log_decisions(struct ctx *ctx, int64_t session_id, const struct kept *kept)
{
    const struct decision_place place = {.way = "class_photo", .session_id = session_id};
    const struct kept_person *p = kept->persons.at;
    struct decision d;
    enum err e = ERR_OK;

    if (kept->outcome.len) {
        class_photo_word_whole(ctx, kept, &d);
        e = decision_log(ctx, &place, &d);
    }
    for (size_t i = 0; !e && i < kept->persons.n; i++) {
        class_photo_word(ctx, kept, &p[i], (struct opt_str){0}, &d);
        e = decision_log(ctx, &place, &d);
    }
    return e;
}

static enum err store(struct ctx *ctx, int64_t session_id, const struct look *look,
                      const struct kept *kept, struct class_photo_row *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    unsigned char key[VAULT_KEY_BYTES] = {0};
    struct sealed_key sealed = {0};
    struct class_photo_new new = {
        .session_id = session_id,
        .expires_at = ctx->now + ctx->services->settings->crops_hours * HOUR_MS,
        .kept = kept_write(ctx, kept),
    };
    int64_t id = 0;
    enum err e = tx_begin(ctx, &tx);

    e = e ? e : sealing_new_key(ctx, key_owner(session_id), key, &sealed);
    new.master_key_id = sealed.master_key_id;
    new.wrapped = sealed.wrapped;
    e = e ? e : class_photo_delete_own(ctx, session_id);
    e = e ? e : class_photo_insert(ctx, &new, &id);
    e = e ? e : store_crops(ctx, id, look, key);
    secret_wipe(key, sizeof(key));
    e = e ? e : log_decisions(ctx, session_id, kept);
    e = e ? e : tx_commit(&tx);
    if (!e)
        *ret = (struct class_photo_row){
            .id = id,
            .session_id = session_id,
            .created_at = ctx->now,
            .expires_at = new.expires_at,
        };
    return e;
}

enum err class_photo_create(struct ctx *ctx, int64_t session_id, struct files photos,
                            struct class_photo *ret)
{
    cleanup(roster_finish) struct roster roster = {0};
    int64_t began = clock_mono_us();
    struct class_photo_row row = {0};
    struct kept kept = {0};
    struct look look = {0};
    bool passive = false;
    enum err e = check_open(ctx, session_id, &passive);

    e = e ? e : enrolment_ready(ctx, FACE_USE_ROSTER);
    e = e ? e : enrolment_roster(ctx, session_id, &roster);
    e = e ? e : class_photo_look(ctx, photos, &roster, passive, &look);
    if (e)
        return e;
    keep(ctx, &look, photos.n, gallery_persons(roster.gallery) > 0, &kept);
    kept.ms = (double)(clock_mono_us() - began) / 1000;
    e = store(ctx, session_id, &look, &kept, &row);
    return e ? e : class_photo_show(ctx, &row, &kept, ret);
}

/* An open proposal of a session that the caller may see. */
static enum err fetch_open(struct ctx *ctx, int64_t session_id, int64_t id,
                           struct class_photo_row *ret)
{
    struct session s = {0};
    enum err e = session_get_for(ctx, session_id, &s);

    e = e ? e : class_photo_fetch(ctx, session_id, id, ret);
    if (!e && !str_is(ret->state, "open"))
        e = fail(ctx, ERR_NOT_FOUND, "the class photo was confirmed");
    return e;
}

enum err class_photo_get(struct ctx *ctx, int64_t session_id, int64_t id, struct class_photo *ret)
{
    struct class_photo_row row = {0};
    struct kept kept = {0};
    enum err e = fetch_open(ctx, session_id, id, &row);

    e = e ? e : kept_read(ctx, row.kept, &kept);
    return e ? e : class_photo_show(ctx, &row, &kept, ret);
}

/* ERR_NOT_FOUND: of a key that is not here, as after a backup was restored with a later one. */
static enum err crop_key(struct ctx *ctx, int64_t session_id, const struct crop_row *crop,
                         unsigned char key[VAULT_KEY_BYTES])
{
    const struct vault *v = ctx->services->vault;
    enum err e = vault_unwrap(ctx, v, key_owner(session_id), crop->wrapped, key);

    if (e != ERR_INTERNAL || vault_has_key(ctx, v, crop->master_key_id))
        return e;
    fault_clear(ctx);
    return fail(ctx, ERR_NOT_FOUND,
                "the master key of this proposal is gone: take the photos again");
}

enum err class_photo_crop(struct ctx *ctx, int64_t session_id, int64_t id, int64_t face,
                          struct str *ret_jpeg)
{
    unsigned char key[VAULT_KEY_BYTES] = {0};
    struct class_photo_row row = {0};
    struct crop_row crop = {0};
    enum err e = fetch_open(ctx, session_id, id, &row);

    e = e ? e : class_photo_fetch_crop(ctx, &row, face, &crop);
    e = e ? e : crop_key(ctx, session_id, &crop, key);
    e = e ? e : vault_unseal(ctx, key, crop.sealed, crop_context(ctx, id, face), ret_jpeg);
    secret_wipe(key, sizeof(key));
    return e;
}

enum err class_photo_discard(struct ctx *ctx, int64_t session_id, int64_t id)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct class_photo_row row = {0};
    struct session s = {0};
    enum err e = session_get_for(ctx, session_id, &s);

    e = e ? e : tx_begin(ctx, &tx);
    e = e ? e : class_photo_hold(ctx, session_id, id, &row);
    if (!e && !str_is(row.state, "open"))
        return fail(ctx, ERR_NOT_FOUND, "the class photo was confirmed");
    e = e ? e : class_photo_delete(ctx, id);
    return e ? e : tx_commit(&tx);
}

enum err class_photo_trim(struct ctx *ctx, int64_t before, int64_t *ret_n)
{
    cleanup(tx_finish) struct tx tx = {0};
    int64_t n = 0;
    enum err e = tx_begin(ctx, &tx);

    e = e ? e : class_photo_delete_ended(ctx, before, &n);
    e = e ? e : tx_commit(&tx);
    if (!e)
        *ret_n = n;
    return e;
}

enum err class_photo_due(struct ctx *ctx, int64_t before, struct opt_i64 *ret_oldest,
                         int64_t *ret_due)
{
    return class_photo_count_ended(ctx, before, ret_oldest, ret_due);
}

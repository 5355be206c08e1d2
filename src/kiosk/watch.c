/* SPDX-License-Identifier: MIT */
/* Frame by frame: follow the faces, name a track once it is decided, mark and log once. */
#include "kiosk/watch.h"

#include <string.h>

#include "base/mem.h"

#include "attendance/sight.h"
#include "enrolment/enrolment.h"
#include "face/passive.h"
#include "face/track.h"

enum { NAME_BYTES = 128, NUMBER_BYTES = 4, AGE_BYTES = 4, LOGGED_MAX = 512 };

/* A track that was named, and what became of it. */
struct named {
    int64_t track, session_id;
    char name[NAME_BYTES];
};

struct watch {
    struct tracks *tracks;
    struct named named[TRACKS_MAX];
    size_t next_named;
    int64_t logged[LOGGED_MAX]; /* persons whose match is in the log; the oldest is forgotten */
    size_t n_logged;
    bool given_names;
    bool no_passive; /* that net is missing */
};

void watch_place_live(struct watch_place *place, enum live_policy policy)
{
    place->passive = policy != LIVE_OFF;
    place->blink = policy == LIVE_CHALLENGE;
}

struct watch *watch_create(void)
{
    struct watch *w = MEM_NEW(struct watch);

    w->tracks = tracks_create();
    return w;
}

void watch_destroy(void *watch)
{
    struct watch *w = watch;

    if (!w)
        return;
    tracks_destroy(w->tracks);
    secret_wipe(w, sizeof(*w));
    mem_free(w);
}

void watch_given_names(struct watch *w)
{
    w->given_names = true;
}

static struct named *named_of(struct watch *w, int64_t track)
{
    for (size_t i = 0; i < TRACKS_MAX; i++)
        if (w->named[i].track == track)
            return &w->named[i];
    return NULL;
}

/* Up to the first blank, cut at a whole character. */
static void keep_name(const struct watch *w, struct str name, char *ret)
{
    size_t n = 0;

    while (n < name.len && n < NAME_BYTES - 1 && !(w->given_names && n && name.at[n] == ' '))
        n++;
    while (n < name.len && n && ((unsigned char)name.at[n] & 0xC0) == 0x80)
        n--;
    if (n)
        memcpy(ret, name.at, n);
    ret[n] = '\0';
}

/* True the first time. */
static bool log_first(struct watch *w, int64_t person)
{
    size_t kept = w->n_logged < LOGGED_MAX ? w->n_logged : LOGGED_MAX;

    for (size_t i = 0; i < kept; i++)
        if (w->logged[i] == person)
            return false;
    w->logged[w->n_logged++ % LOGGED_MAX] = person;
    return true;
}

/* One frame at work. */
struct look {
    struct ctx *ctx;
    struct watch *watch;
    const struct watch_place *place;
    struct sight sight;
    struct track_seen *seen;
};

static void look_finish(struct look *l)
{
    sight_finish(&l->sight);
}

static bool live_of(void *user, size_t i, double *ret)
{
    struct look *l = user;
    enum err e = face_passive(l->ctx, &l->sight.image, &l->sight.found[i], ret);

    if (e == ERR_MODELS_UNAVAILABLE)
        l->watch->no_passive = true;
    if (e)
        fault_clear(l->ctx);
    return e == ERR_OK;
}

static bool asks_for_life(const struct look *l)
{
    return l->place->passive && !l->watch->no_passive;
}

/* Marks in the first session that the student is of. */
static enum err mark(struct look *l, size_t i, struct named *named, struct recognised_face *ret)
{
    const struct track_seen *seen = &l->seen[i];
    struct attendance *record = ARENA_NEW(&l->ctx->arena, struct attendance);
    struct attendance_evidence evidence = {
        .way = l->place->way,
        .similarity = seen->match.similarity,
        .margin = seen->match.margin,
        .threshold = seen->match.threshold,
        .model = face_model_id(l->ctx->services->models),
        .quality = {.set = true, .v = l->sight.found[i].norm},
        .liveness = seen->live,
        .device_id = l->place->device_id,
    };
    enum err e = ERR_NOT_FOUND;

    for (size_t s = 0; e == ERR_NOT_FOUND && s < l->place->n; s++) {
        fault_clear(l->ctx);
        e = attendance_mark_face(l->ctx, &l->place->sessions[s], seen->match.person, &evidence,
                                 record, &ret->already);
    }
    if (e)
        return e;
    ret->record.at = record;
    named->track = seen->track;
    named->session_id = record->session_id;
    keep_name(l->watch, record->student_name, named->name);
    return ERR_OK;
}

static enum decision_kind kind_of(const struct track_seen *seen)
{
    switch (seen->state) {
    case TRACK_NAMED:
        /* Look-alikes for whom a face is not enough: nobody is named by it. */
        return seen->match.second_factor ? DECISION_AMBIGUOUS : DECISION_MATCH;
    case TRACK_AMBIGUOUS:
        return DECISION_AMBIGUOUS;
    case TRACK_SPOOF:
        return DECISION_SPOOF_SUSPECTED;
    case TRACK_LOOKING:
    case TRACK_UNKNOWN:
        break;
    }
    return DECISION_UNKNOWN;
}

static enum err decide(struct look *l, size_t i, enum decision_kind kind, const struct named *named,
                       struct recognised_face *ret)
{
    const struct track_seen *seen = &l->seen[i];
    struct decision *d = ARENA_NEW(&l->ctx->arena, struct decision);
    struct decision_facts facts = {
        .kind = kind,
        .match = &seen->match,
        .face = &l->sight.found[i],
        .liveness = seen->live,
        .policy = "track",
        .ms = sight_ms(&l->sight),
    };
    struct decision_place place = {.way = l->place->way};
    bool first = ret->record.at && !ret->already;

    if (named) {
        facts.student_name = (struct opt_str){.set = true, .v = str_of(named->name)};
        place.session_id = named->session_id;
    } else if (l->place->n == 1) {
        place.session_id = l->place->sessions[0].id;
    }
    decision_make(l->ctx, &facts, d);
    ret->outcome.at = d;
    if (kind == DECISION_MATCH)
        first = (ret->record.at && log_first(l->watch, seen->match.person)) || first;
    else
        first = seen->news;
    return first ? decision_log(l->ctx, &place, d) : ERR_OK;
}

static enum err face_out(struct look *l, size_t i, struct recognised_face *ret)
{
    const struct track_seen *seen = &l->seen[i];
    enum decision_kind kind = kind_of(seen);
    struct named *named = NULL;
    enum err e = ERR_OK;

    ret->box.at = &l->sight.found[i].box;
    ret->flaws = sight_flaws(l->ctx, &l->sight.flaws[i]);
    ret->track = (struct opt_i64){.set = seen->track != 0, .v = seen->track};
    if (seen->track == 0)
        return ERR_OK;
    if (seen->state == TRACK_LOOKING) {
        ret->votes = (struct opt_i64){.set = true, .v = seen->votes};
        ret->asks_blink = seen->asks_blink;
        ret->votes_needed = (struct opt_i64){.set = true, .v = TRACK_AGREE};
        return ERR_OK;
    }
    if (kind == DECISION_MATCH) {
        named = named_of(l->watch, seen->track);
        ret->already = named != NULL;
        if (!named) {
            named = &l->watch->named[l->watch->next_named++ % TRACKS_MAX];
            *named = (struct named){0};
            e = mark(l, i, named, ret);
        }
        /* No longer of any session that is open here: nobody is named. */
        if (e == ERR_NOT_FOUND) {
            fault_clear(l->ctx);
            return ERR_OK;
        }
    }
    return e ? e : decide(l, i, kind, named, ret);
}

/* The decision about a picture in which nobody can be looked for. */
static struct decision *about_picture(struct look *l, enum decision_kind kind)
{
    struct decision *d = ARENA_NEW(&l->ctx->arena, struct decision);
    struct decision_facts facts = {.kind = kind, .policy = "track", .ms = sight_ms(&l->sight)};

    decision_make(l->ctx, &facts, d);
    return d;
}

/* Whose faces these are, as far as the tracks know. *nobody: the roster is empty. */
static enum err follow(struct look *l, bool *nobody)
{
    cleanup(roster_finish) struct roster r = {0};
    struct ctx *ctx = l->ctx;
    size_t n = l->sight.n;
    struct i64s ids = {ARENA_NEW_N(&ctx->arena, int64_t, l->place->n), l->place->n};
    struct track_look *looks = ARENA_NEW_N(&ctx->arena, struct track_look, n);
    struct track_rule rule = {.roster = &r, .user = l};
    enum err e = ERR_OK;

    l->seen = ARENA_NEW_N(&ctx->arena, struct track_seen, n);
    for (size_t i = 0; i < ids.n; i++)
        ids.at[i] = l->place->sessions[i].id;
    if (n)
        e = enrolment_roster_of(ctx, ids, &r);
    if (e)
        return e;
    *nobody = n && gallery_persons(r.gallery) == 0;
    rule.blink = l->place->blink;
    if (asks_for_life(l))
        rule.live = live_of;
    for (size_t i = 0; i < n; i++)
        looks[i] = (struct track_look){&l->sight.found[i], l->sight.flaws[i].n == 0};
    tracks_feed(l->watch->tracks, &rule, looks, *nobody ? 0 : n, clock_mono_ms(), l->seen);
    return ERR_OK;
}

enum err watch_look(struct ctx *ctx, struct watch *w, const struct watch_place *place,
                    struct str picture, struct recognised *ret)
{
    cleanup(look_finish) struct look l = {.ctx = ctx, .watch = w, .place = place};
    struct recognised_face *faces;
    bool nobody = false;
    enum err e = enrolment_ready(ctx, FACE_USE_ROSTER);

    e = e ? e : sight_take(ctx, picture, place->blink ? FACE_EYES : 0, &l.sight);
    e = e ? e : follow(&l, &nobody);
    if (e)
        return e;
    faces = ARENA_NEW_N(&ctx->arena, struct recognised_face, l.sight.n);
    for (size_t i = 0; !e && i < l.sight.n; i++)
        e = face_out(&l, i, &faces[i]);
    if (e)
        return e;
    *ret = (struct recognised){
        .faces = {faces, l.sight.n},
        .more_faces = (int64_t)l.sight.more,
        .width = l.sight.image.width,
        .height = l.sight.image.height,
        .ms = sight_ms(&l.sight),
    };
    if (l.sight.n == 0 || nobody)
        ret->outcome.at = about_picture(&l, l.sight.n ? DECISION_NO_CONSENT : DECISION_NO_FACE);
    return ERR_OK;
}

enum err watch_frame_read(struct ctx *ctx, bool binary, struct str data, struct watch_frame *ret)
{
    const unsigned char *at = (const unsigned char *)data.at;
    size_t head = NUMBER_BYTES;

    *ret = (struct watch_frame){0};
    if (!binary || data.len <= NUMBER_BYTES)
        return fail(ctx, ERR_BAD_REQUEST, "a frame is binary: its number, then a JPEG");
    ret->number = ((int64_t)at[0] << 24) | (at[1] << 16) | (at[2] << 8) | at[3];
    if (at[head] == 0) {
        if (data.len <= NUMBER_BYTES + AGE_BYTES)
            return fail(ctx, ERR_BAD_REQUEST, "the frame ends before its picture");
        ret->age_ms = (at[5] << 16) | (at[6] << 8) | at[7];
        head += AGE_BYTES;
    }
    ret->picture = (struct str){data.at + head, data.len - head};
    return ERR_OK;
}

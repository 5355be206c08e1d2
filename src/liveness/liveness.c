/* SPDX-License-Identifier: MIT */
/* Beginning a liveness session: who may, what is asked, and how often. */
#include "liveness/liveness.h"

#include <string.h>

#include "base/json.h"
#include "base/settings.h"

#include "auth/token.h"
#include "check_in/check_in.h"
#include "db/tx.h"
#include "enrolment/enrolment.h"
#include "liveness/finish.h"
#include "liveness/liveness_store.h"
#include "liveness/runs.h"
#include "sessions/sessions.h"

enum { SECOND = 1000, ATTEMPTS_MS = 5 * 60 * SECOND };

#define F(...) FIELD(struct live_opened, __VA_ARGS__)
static const struct field opened_fields[] = {
    F(id, "Number of the liveness session", .required = true),
    F(nonce, "256 random bits, told once; the frames carry it", .required = true,
      .example = "\"aVeryLongRandomText\""),
    F(policy, "How much liveness is asked for", .required = true,
      .one_of = ONE_OF("off", "passive", "challenge")),
    F(challenges, "What to do, in this order; empty: look at the camera", .required = true),
    F(expires_at, "Latest end", .required = true, .format = "date-time"),
};
#undef F
const struct schema live_opened_schema =
    SCHEMA_NAMED("liveness_opened", live_opened, opened_fields);

struct challenge_names {
    struct strs challenges;
};
static const struct field names_fields[] = {
    FIELD(struct challenge_names, challenges, "Names"),
};

static enum err check_enrolled(struct ctx *ctx, int64_t student_id)
{
    cleanup(roster_finish) struct roster r = {0};
    struct consent c = {0};
    enum err e = consent_get(ctx, student_id, &c);

    if (!e && !str_is(c.state, "given"))
        return fail(ctx, ERR_CONSENT_REQUIRED, "consent to face recognition is not given");
    e = e ? e : enrolment_roster_one(ctx, student_id, &r);
    if (!e && gallery_persons(r.gallery) == 0)
        return fail(ctx, ERR_NOT_ENROLLED, "no face is enrolled for this student");
    return e;
}

static enum err check_attempts(struct ctx *ctx, int64_t student_id)
{
    int64_t most = ctx->services->settings->liveness_attempts;
    int64_t n = 0;
    int64_t first = 0;
    enum err e = live_store_recent(ctx, student_id, ctx->now - ATTEMPTS_MS, &n, &first);

    if (e || n < most)
        return e;
    ctx->fault.retry_after_s = (first + ATTEMPTS_MS - ctx->now) / SECOND + 1;
    return fail(ctx, ERR_TOO_MANY_REQUESTS, "%lld check-ins by face within 5 minutes; at most %lld",
                (long long)n, (long long)most);
}

/* By the kind of the session to check in to; for trying the camera, the rule for any kind. */
static enum err find_policy(struct ctx *ctx, const struct live_wish *in, enum live_policy *ret)
{
    struct session s = {.kind = STR("any")};
    enum err e = ERR_OK;

    if (in->session_id.set)
        e = session_get_for(ctx, in->session_id.v, &s);
    return e ? e : liveness_policy_for(ctx, "self", s.kind, ret);
}

static enum err check_wish(struct ctx *ctx, const struct live_wish *in)
{
    bool check_in = str_is(in->purpose, "check_in");

    if (check_in && !in->session_id.set)
        return fail_field(ctx, "/session_id", "required", "", "which session to check in to");
    if (!check_in && in->session_id.set)
        return fail_field(ctx, "/session_id", "unknown", "", "a test is of no session");
    return ERR_OK;
}

static enum err check_may(struct ctx *ctx, const struct live_wish *in, enum live_policy *ret)
{
    int64_t student_id = ctx->actor.student_id;
    struct str blind = {0};
    enum err e = check_wish(ctx, in);

    e = e ? e : enrolment_ready(ctx, FACE_USE_VERIFY);
    if (!e && in->session_id.set)
        e = live_check_window(ctx, in->session_id.v);
    e = e ? e : check_enrolled(ctx, student_id);
    e = e ? e : check_attempts(ctx, student_id);
    e = e ? e : find_policy(ctx, in, ret);
    if (e || *ret != LIVE_CHALLENGE)
        return e;
    /* A blink is always among what is asked: not every pack of models can see one. */
    blind = face_models_eyes_problem(ctx->services->models);
    return blind.len ? fail(ctx, ERR_MODELS_UNAVAILABLE, "%.*s", (int)blind.len, blind.at) : ERR_OK;
}

static struct str names_text(struct ctx *ctx, const struct strs *names)
{
    struct buf b = BUF(1 << 10);
    struct challenge_names list = {*names};
    struct str out;

    json_write_field(&b, &names_fields[0], &list.challenges);
    out = arena_str(&ctx->arena, buf_view(&b));
    buf_finish(&b);
    return out;
}

static void pick(struct ctx *ctx, enum live_policy policy, struct live_run *run,
                 struct strs *ret_names)
{
    enum live_challenge asked[LIVE_PICKED];
    uint32_t random = 0;
    size_t n = policy == LIVE_CHALLENGE ? LIVE_PICKED : 0;

    ret_names->at = ARENA_NEW_N(&ctx->arena, struct str, LIVE_PICKED);
    if (n == 0) {
        run->steady = steady_create(run->created_ms, run->expires_ms);
        return;
    }
    ctx->ports->random(&random, sizeof(random));
    live_pick(random, asked);
    run->engine = liveness_create(asked, n, run->created_ms, run->expires_ms);
    for (size_t i = 0; i < n; i++)
        ret_names->at[ret_names->n++] = str_of(live_challenge_name(asked[i]));
}

/* The row and the run; what is not taken over is destroyed. */
static enum err begin(struct ctx *ctx, const struct live_row *row, struct live_run *run,
                      int64_t *ret_id)
{
    cleanup(tx_finish) struct tx tx = {0};
    enum err e = tx_begin(ctx, &tx);

    e = e ? e : live_store_supersede(ctx, row->student_id, live_reason_text(ctx, "superseded"));
    e = e ? e : live_store_insert(ctx, row, names_text(ctx, &row->challenges), &run->id);
    if (!e) {
        e = live_runs_add(ctx, ctx->services->live_runs, run);
        if (!e)
            run->engine = NULL, run->steady = NULL;
    }
    *ret_id = run->id;
    liveness_destroy(run->engine);
    steady_destroy(run->steady);
    return e ? e : tx_commit(&tx);
}

/* Where a check-in comes from, and from which browser. */
static enum err note_origin(struct ctx *ctx, const struct live_wish *in, struct live_run *run)
{
    struct str client = {"", 0};
    enum err e = ERR_OK;

    if (!run->session_id)
        return ERR_OK;
    e = place_of_session(ctx, run->session_id, in->place.at, &run->found);
    e = e ? e : check_in_client(ctx, run->session_id, in->client, &client);
    if (!e && client.len < sizeof(run->client))
        memcpy(run->client, client.at, client.len);
    return e;
}

enum err live_session_open(struct ctx *ctx, const struct live_wish *in, struct live_opened *ret)
{
    enum live_policy policy = LIVE_CHALLENGE;
    struct live_run run = {
        .student_id = ctx->actor.student_id,
        .session_id = in->session_id.v,
        .created_ms = ctx->now,
        .last_ms = ctx->now,
        .expires_ms = ctx->now + ctx->services->settings->liveness_seconds * SECOND,
    };
    struct live_row row;
    struct str hash;
    enum err e = check_may(ctx, in, &policy);

    e = e ? e : note_origin(ctx, in, &run);
    if (e)
        return e;
    run.challenged = policy == LIVE_CHALLENGE;
    *ret = (struct live_opened){
        .nonce = token_opaque(ctx),
        .policy = str_of(live_policy_name(policy)),
        .expires_at = run.expires_ms,
    };
    hash = token_hash(ctx, ret->nonce);
    memcpy(run.nonce_hash, hash.at, hash.len < sizeof(run.nonce_hash) ? hash.len : 0);
    pick(ctx, policy, &run, &ret->challenges);
    row = (struct live_row){
        .student_id = run.student_id,
        .session_id = in->session_id,
        .purpose = in->purpose,
        .policy = ret->policy,
        .challenges = ret->challenges,
        .nonce_hash = hash,
        .created_at = run.created_ms,
        .expires_at = run.expires_ms,
    };
    return begin(ctx, &row, &run, &ret->id);
}

enum err live_session_get(struct ctx *ctx, int64_t id, struct live_session *ret)
{
    return live_read(ctx, id, ctx->actor.student_id, ret);
}

enum err live_session_trim(struct ctx *ctx)
{
    int64_t days = ctx->services->settings->keep_verification_days;
    int64_t old = ctx->now - days * 24 * 3600 * SECOND;
    enum err e = live_store_expire(ctx, ctx->now, live_reason_text(ctx, "expired"));

    return e ? e : live_store_forget(ctx, old);
}

/* SPDX-License-Identifier: MIT */
/* The end of a liveness session: the verdict, the 1:1 comparison on the same frames, the mark. */
#include "liveness/finish.h"

#include <math.h>

#include "base/json.h"
#include "base/log.h"
#include "base/mem.h"

#include "check_in/check_in.h"
#include "db/tx.h"
#include "enrolment/enrolment.h"
#include "liveness/liveness_store.h"
#include "recognition/decision.h"

enum { REASONS_MAX = LIVE_REFUSAL_COUNT + 2, MINUTE = 60 * 1000 };

/* What is kept of the end, beside the decision; the same members as of the session itself. */
#define F(...) FIELD(struct live_task, __VA_ARGS__)
static const struct field task_fields[] = {
    F(challenge, "What was asked", .required = true,
      .one_of = ONE_OF("blink", "turn_left", "turn_right", "come_closer")),
    F(passed, "Whether it was done", .required = true),
    F(measured, "What was measured; null: nothing yet", .required = true),
    F(limit, "What is asked for, in the same measure", .required = true),
};
#undef F
static const struct schema task_schema = SCHEMA_NAMED("liveness_challenge", live_task, task_fields);

#define REASONS                                                                                    \
    FIELD(struct live_session, reasons,                                                            \
          "Why it did not pass: expired, replayed_frame, reordered, clock_jump, too_fast, "        \
          "too_slow, too_many_frames, second_face, face_lost, another_person, still_picture, "     \
          "injected_still, wrong_movement, challenge_failed, no_frames, no_face_data, "            \
          "unfinished, foreign_frame, no_match, no_consent, session_closed, superseded",           \
          .required = true)
#define CHALLENGES                                                                                 \
    FIELD(struct live_session, challenges, "What was asked, in order", .required = true,           \
          .items = &task_schema, .max = LIVE_MAX_CHALLENGES)
#define PASSIVE                                                                                    \
    FIELD(struct live_session, passive, "Passive score, mean over frames, 0..1; advisory",         \
          .required = true)
#define FRAMES FIELD(struct live_session, frames, "Frames looked at", .required = true)
#define ALREADY                                                                                    \
    FIELD(struct live_session, already, "Whether the student had been marked before",              \
          .required = true)
#define STATUS                                                                                     \
    FIELD(struct live_session, status, "Status in the register, of a check-in that passed",        \
          .required = true)

#define INTAKE                                                                                     \
    FIELD(struct live_session, intake,                                                             \
          "What became of a check-in that passed: kept is written down, but not counted",          \
          .one_of = ONE_OF("counted", "already", "kept", "replayed", "locked", "conflict"))
#define WHY                                                                                        \
    FIELD(struct live_session, why, "Why the register says what it says",                          \
          .items = &check_in_words_schema)

static const struct field ending_fields[] = {
    REASONS, CHALLENGES, PASSIVE, FRAMES, ALREADY, STATUS, INTAKE, WHY,
};
static const struct schema ending_schema =
    SCHEMA_NAMED("liveness_ending", live_session, ending_fields);
/* What is kept when nothing was marked: an object that is not there cannot be read again as null.
 */
static const struct schema unmarked_ending_schema = {
    .name = "liveness_ending",
    .size = sizeof(struct live_session),
    .fields = ending_fields,
    .n = COUNT(ending_fields) - 1,
};

#define F(...) FIELD(struct live_session, __VA_ARGS__)
static const struct field session_fields[] = {
    F(id, "Number of the liveness session", .required = true),
    F(purpose, "What for", .required = true, .one_of = ONE_OF("check_in", "test")),
    F(session_id, "Session of a check-in", .required = true),
    F(state, "State; all but pending are final", .required = true,
      .one_of = ONE_OF("pending", "passed", "failed", "expired")),
    F(policy, "How much liveness was asked for", .required = true,
      .one_of = ONE_OF("off", "passive", "challenge")),
    REASONS,
    CHALLENGES,
    PASSIVE,
    FRAMES,
    F(outcome, "What was decided about the face; null: nothing was", .items = &decision_schema),
    ALREADY,
    STATUS,
    INTAKE,
    WHY,
    F(created_at, "Begin", .required = true, .format = "date-time"),
    F(expires_at, "Latest end", .required = true, .format = "date-time"),
    F(finished_at, "When it ended", .required = true, .format = "date-time"),
};
#undef F
const struct schema live_session_schema =
    SCHEMA_NAMED("liveness_session", live_session, session_fields);

/* What ends, while it ends. */
struct ending {
    struct live_run *run;
    struct live_result seen;
    struct live_session *to;
    struct str reasons[REASONS_MAX];
    bool compared;
    struct face_match match;
    struct decision outcome;
};

static void add_reason(struct ending *x, const char *name)
{
    struct strs *r = &x->to->reasons;

    r->at = x->reasons;
    if (r->n < REASONS_MAX)
        x->reasons[r->n++] = str_of(name);
}

static struct opt_f64 number(double v)
{
    return isfinite(v) ? (struct opt_f64){.set = true, .v = v} : (struct opt_f64){0};
}

static void tell_tasks(struct ctx *ctx, const struct live_result *r, struct list *ret)
{
    struct live_task *tasks = ARENA_NEW_N(&ctx->arena, struct live_task, r->n_steps);

    for (size_t i = 0; i < r->n_steps; i++)
        tasks[i] = (struct live_task){
            .challenge = str_of(live_challenge_name(r->steps[i].challenge)),
            .passed = r->steps[i].passed,
            .measured = number(r->steps[i].measured),
            .limit = number(r->steps[i].limit),
        };
    *ret = (struct list){tasks, r->n_steps};
}

/* Refusals that a person in front of the camera has no way to bring about by clumsiness. */
static bool is_suspect(enum live_refusal r)
{
    return r == LIVE_REFUSED_REPLAYED_FRAME || r == LIVE_REFUSED_REORDERED ||
           r == LIVE_REFUSED_ANOTHER_PERSON || r == LIVE_REFUSED_STILL_PICTURE ||
           r == LIVE_REFUSED_INJECTED_STILL;
}

static void decide(struct ctx *ctx, struct ending *x, enum decision_kind kind)
{
    struct face_found face = {.embedded = x->seen.embedded, .norm = x->seen.best_norm};
    struct decision_facts facts = {
        .kind = kind,
        .match = x->compared ? &x->match : NULL,
        .face = &face,
        .liveness = number(x->seen.passive),
        .policy = "verify",
        .ms = (double)x->run->spent_us / 1000.0,
    };

    decision_make(ctx, &facts, &x->outcome);
    x->to->outcome.at = &x->outcome;
}

/* What the refusal says about the face, if anything. */
static void judge_refused(struct ctx *ctx, struct ending *x)
{
    bool suspect = x->run->foreign;
    bool faceless = false;
    bool poor = false;

    if (x->run->foreign)
        add_reason(x, "foreign_frame");
    for (size_t i = 0; i < x->seen.n_reasons; i++) {
        enum live_refusal r = x->seen.reasons[i];

        /* It was the foreign frame that ended it: what was not done yet says nothing. */
        if (x->run->foreign && (r == LIVE_REFUSED_UNFINISHED || r == LIVE_REFUSED_NO_FRAMES))
            continue;
        add_reason(x, live_refusal_name(r));
        suspect = suspect || is_suspect(r);
        faceless = faceless || r == LIVE_REFUSED_NO_FRAMES;
        poor = poor || r == LIVE_REFUSED_NO_FACE_DATA;
        if (r == LIVE_REFUSED_EXPIRED)
            x->to->state = STR("expired");
    }
    if (suspect)
        decide(ctx, x, DECISION_SPOOF_SUSPECTED);
    else if (faceless)
        decide(ctx, x, DECISION_NO_FACE);
    else if (poor)
        decide(ctx, x, DECISION_LOW_QUALITY);
}

/* The same frames against the student's own templates. */
static enum err compare(struct ctx *ctx, struct ending *x)
{
    cleanup(roster_finish) struct roster r = {0};
    enum err e = enrolment_roster_one(ctx, x->run->student_id, &r);

    if (e)
        return e;
    if (gallery_persons(r.gallery) == 0) {
        add_reason(x, "no_consent");
        decide(ctx, x, DECISION_NO_CONSENT);
        return ERR_OK;
    }
    if (!x->seen.embedded) {
        add_reason(x, live_refusal_name(LIVE_REFUSED_NO_FACE_DATA));
        decide(ctx, x, DECISION_LOW_QUALITY);
        return ERR_OK;
    }
    r.verify = true;
    x->match = roster_identify(&r, x->seen.embedding);
    x->compared = true;
    decide(ctx, x, decision_of(&x->match, NULL));
    if (x->match.decision == FACE_MATCH)
        x->to->state = STR("passed");
    else
        add_reason(x, "no_match");
    return ERR_OK;
}

enum err live_check_window(struct ctx *ctx, int64_t session_id)
{
    struct session s = {0};
    int64_t closes;
    enum err e = session_get_for(ctx, session_id, &s);

    if (e)
        return e;
    /* Where leaving is checked too, until the end. */
    closes = s.check_out ? s.ends_at : s.starts_at + (s.absent_after_min + 1) * MINUTE;
    if (!session_is(&s, "open"))
        return fail(ctx, ERR_SESSION_NOT_OPEN, "the register is %s", s.state.at);
    if (ctx->now < s.opens_at)
        return fail(ctx, ERR_SESSION_NOT_OPEN, "check-in opens at %s",
                    time_format(&ctx->arena, s.opens_at).at);
    if (ctx->now >= closes)
        return fail(ctx, ERR_SESSION_NOT_OPEN, "check-in was possible until %s",
                    time_format(&ctx->arena, closes).at);
    return ERR_OK;
}

static enum err mark(struct ctx *ctx, struct ending *x)
{
    struct session s = {0};
    struct check_in_result result = {0};
    struct words *why = ARENA_NEW(&ctx->arena, struct words);
    struct attendance_evidence evidence = {
        .way = "self",
        .similarity = x->match.similarity,
        .margin = x->match.margin,
        .threshold = x->match.threshold,
        .model = face_model_id(ctx->services->models),
        .quality = number(x->seen.best_norm),
        .liveness = number(x->seen.passive),
    };
    struct check_in c = {
        .student_id = x->run->student_id,
        .way = WAY_SELF,
        .facts = x->run->found.facts | (x->run->challenged ? FACT_LIVE : 0),
        .client = str_of(x->run->client),
        .evidence = &evidence,
        .note = place_note(ctx, &x->run->found),
    };
    enum err e = live_check_window(ctx, x->run->session_id);

    e = e ? e : session_get_for(ctx, x->run->session_id, &s);
    c.direction = s.check_out ? GOING_UNKNOWN : GOING_IN;
    e = e ? e : attendance_check_in(ctx, &s, &c, 1, &result);
    e = e ? e : check_in_explain(ctx, &s, WAY_SELF, &result, &x->run->found, why);
    if (e)
        return e;
    x->to->already = result.was_marked;
    x->to->status = (struct opt_str){.set = true, .v = result.record.status};
    x->to->intake = (struct opt_str){.set = true, .v = str_of(intake_name(result.intake))};
    x->to->why.at = why;
    return ERR_OK;
}

static struct str text_of(struct ctx *ctx, const struct schema *s, const void *at)
{
    struct buf b = BUF(64 << 10);
    struct str out;

    json_write(&b, s, at);
    out = arena_str(&ctx->arena, buf_view(&b));
    buf_finish(&b);
    return out;
}

struct str live_reason_text(struct ctx *ctx, const char *reason)
{
    struct str name = str_of(reason);
    struct live_session s = {.reasons = {&name, 1}};

    return text_of(ctx, &unmarked_ending_schema, &s);
}

/* It is not pending any more: ended by another request, or gone with the student's consent. */
static enum err say_why_not(struct ctx *ctx, const struct live_run *run)
{
    struct live_row row = {0};
    enum err e = live_store_get(ctx, run->id, run->student_id, &row);

    return e ? e : fail(ctx, ERR_LIVENESS_DONE, "the session has ended: its result is final");
}

static enum err write_down(struct ctx *ctx, void *arg)
{
    struct ending *x = arg;
    bool passed = str_is(x->to->state, "passed");
    bool check_in = x->run->session_id != 0;
    struct decision_place place = {.way = "self", .session_id = x->run->session_id};
    struct live_ending end = {.id = x->run->id, .state = x->to->state};
    enum err e = ERR_OK;

    if (passed && check_in)
        e = mark(ctx, x);
    if (e)
        return e;
    end.result = text_of(ctx, x->to->why.at ? &ending_schema : &unmarked_ending_schema, x->to);
    if (x->to->outcome.at)
        end.outcome =
            (struct opt_str){.set = true, .v = text_of(ctx, &decision_schema, x->to->outcome.at)};
    e = live_store_finish(ctx, &end);
    if (e == ERR_NOT_FOUND)
        return say_why_not(ctx, x->run);
    if (!e && x->to->outcome.at)
        e = decision_log(ctx, &place, &x->outcome);
    if (!e && check_in && !str_is(x->to->state, "expired"))
        e = live_store_count(ctx, x->run->student_id, !passed);
    return e;
}

enum err live_finish(struct ctx *ctx, struct live_run *run, struct live_session *ret)
{
    struct ending *x = ARENA_NEW(&ctx->arena, struct ending);
    enum err e = ERR_OK;

    *x = (struct ending){.run = run, .to = ARENA_NEW(&ctx->arena, struct live_session)};
    x->seen = run->engine ? liveness_result(run->engine) : steady_result(run->steady);
    x->to->state = STR("failed");
    x->to->passive = number(x->seen.passive);
    x->to->frames = (int64_t)x->seen.frames;
    tell_tasks(ctx, &x->seen, &x->to->challenges);
    if (!x->seen.passed || run->foreign)
        judge_refused(ctx, x);
    else
        e = compare(ctx, x);
    e = e ? e : db_transact(ctx, write_down, x);
    if (e == ERR_SESSION_NOT_OPEN) {
        /* Closed meanwhile: the face was the right one, but there is nothing to mark any more. */
        fault_clear(ctx);
        x->to->state = STR("failed");
        add_reason(x, "session_closed");
        e = db_transact(ctx, write_down, x);
    }
    secret_wipe(x->seen.embedding, sizeof(x->seen.embedding));
    if (e)
        return e;
    log_info(ctx, "liveness.finished", LI("liveness_session", run->id), LS("state", x->to->state),
             LI("frames", x->to->frames));
    return live_read(ctx, run->id, run->student_id, ret);
}

static enum err read_ending(struct ctx *ctx, const struct live_row *row, struct live_session *ret)
{
    enum err e = ERR_OK;

    if (row->result.set)
        e = json_bind(ctx, &ending_schema, row->result.v, ret);
    if (!e && row->outcome.set) {
        struct decision *d = ARENA_NEW(&ctx->arena, struct decision);

        e = json_bind(ctx, &decision_schema, row->outcome.v, d);
        ret->outcome.at = d;
    }
    return e ? fail(ctx, ERR_INTERNAL, "a stored liveness result cannot be read") : ERR_OK;
}

static void tell_asked(struct ctx *ctx, struct strs names, struct list *ret)
{
    struct live_task *tasks = ARENA_NEW_N(&ctx->arena, struct live_task, names.n);

    for (size_t i = 0; i < names.n; i++)
        tasks[i] = (struct live_task){.challenge = names.at[i]};
    *ret = (struct list){tasks, names.n};
}

enum err live_read(struct ctx *ctx, int64_t id, int64_t student_id, struct live_session *ret)
{
    struct live_row row = {0};
    enum err e = live_store_get(ctx, id, student_id, &row);

    if (e)
        return e;
    *ret = (struct live_session){
        .id = row.id,
        .purpose = row.purpose,
        .session_id = row.session_id,
        .state = row.state,
        .policy = row.policy,
        .created_at = row.created_at,
        .expires_at = row.expires_at,
        .finished_at = row.finished_at,
    };
    if (str_is(row.state, "pending") && row.expires_at <= ctx->now) {
        ret->state = STR("expired");
        row.result = (struct opt_str){.set = true, .v = live_reason_text(ctx, "expired")};
    }
    e = read_ending(ctx, &row, ret);
    if (!e && ret->challenges.n == 0)
        tell_asked(ctx, row.challenges, &ret->challenges);
    return e;
}

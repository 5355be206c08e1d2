/* SPDX-License-Identifier: MIT */
/* What becomes of a justification: words, signatures, decisions, and their end. */
#include "base/log.h"
#include "base/settings.h"
#include "base/zone.h"

#include "db/tx.h"
#include "guardians/guardians.h"
#include "justifications/justifications_store.h"
#include "justifications/parts.h"
#include "students/students.h"

enum { AT_ONCE = 500 };

static struct opt_str some(struct str s)
{
    return (struct opt_str){.set = true, .v = s};
}

static enum err check_words(struct ctx *ctx, struct str message, const char *pointer)
{
    if (str_trim(message).len)
        return ERR_OK;
    return fail_field(ctx, pointer, "blank", "", "must not be blank");
}

/* What every step ends with: told, and read as the caller sees it, all or nothing. */
static enum err finish(struct ctx *ctx, struct tx *tx, int64_t id, struct justification *ret)
{
    enum err e = justification_tell(ctx, id);

    e = e ? e : justification_get(ctx, id, ret);
    return e ? e : tx_commit(tx);
}

enum err justification_answered(struct ctx *ctx, const struct justification *j)
{
    if (!str_is(j->state, "needs_info") || ctx->actor.role == ROLE_ADMIN)
        return ERR_OK;
    return justifications_store_set_state(ctx, j->id, "pending");
}

static const char *state_after_words(const struct ctx *ctx, const struct justification *j)
{
    if (str_is(j->state, "awaiting_guardian"))
        return "awaiting_guardian";
    return str_is(j->state, "needs_info") && ctx->actor.role == ROLE_ADMIN ? "needs_info"
                                                                           : "pending";
}

enum err justification_room_to_say(struct ctx *ctx, int64_t id)
{
    struct list steps = {0};
    enum err e = justifications_store_steps(ctx, id, &steps);

    if (!e && steps.n >= JUSTIFICATION_STEPS_MAX)
        e = fail(ctx, ERR_CONFLICT, "its history has %d entries: no more are taken",
                 JUSTIFICATION_STEPS_MAX);
    return e;
}

enum err justification_say(struct ctx *ctx, int64_t id, struct str message,
                           struct justification *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct justification j = {0};
    enum err e = check_words(ctx, message, "/message");

    e = e ? e : tx_begin(ctx, &tx);
    e = e ? e : justification_hold(ctx, id, 0, &j);
    if (!e && !justification_is_open(&j))
        e = justification_wrong_state(ctx, &j, "there is nothing to say any more");
    e = e ? e : justification_room_to_say(ctx, id);
    e = e ? e : justification_answered(ctx, &j);
    e = e ? e : justification_note(ctx, id, "message", state_after_words(ctx, &j), message);
    return e ? e : finish(ctx, &tx, id, ret);
}

enum err justification_sign(struct ctx *ctx, int64_t id, struct str statement,
                            struct justification *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct justification j = {0};
    bool may = false;
    enum err e = check_words(ctx, statement, "/statement");

    e = e ? e : tx_begin(ctx, &tx);
    e = e ? e : justification_hold(ctx, id, 0, &j);
    e = e ? e : guardian_may_sign(ctx, j.student_id, &may);
    if (!e && !may)
        e = fail(ctx, ERR_FORBIDDEN, "this guardian may not sign for the student");
    if (!e && !str_is(j.state, "awaiting_guardian"))
        e = justification_wrong_state(ctx, &j, "there is nothing to sign");
    e = e ? e : justifications_store_sign(ctx, id);
    e = e ? e : justification_note(ctx, id, "signed", "pending", statement);
    return e ? e : finish(ctx, &tx, id, ret);
}

enum err justification_withdraw(struct ctx *ctx, int64_t id, struct justification *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct justification j = {0};
    enum err e = tx_begin(ctx, &tx);

    e = e ? e : justification_hold(ctx, id, 0, &j);
    if (!e && !justification_is_open(&j))
        e = justification_wrong_state(ctx, &j, "it cannot be withdrawn");
    e = e ? e : justifications_store_set_state(ctx, id, "withdrawn");
    e = e ? e : justification_note(ctx, id, "withdrawn", "withdrawn", STR(""));
    return e ? e : finish(ctx, &tx, id, ret);
}

static enum err check_decision(struct ctx *ctx, const struct justification_decision *in,
                               const struct justification *j)
{
    bool approve = str_is(in->decision, "approve");

    if (!justification_is_open(j) || str_is(j->state, "awaiting_guardian"))
        return justification_wrong_state(ctx, j, "it is not to be decided now");
    if (approve && j->needs_document && !j->n_documents && !in->without_document.v)
        return fail(ctx, ERR_CONFLICT,
                    "the reason needs a paper and there is none: ask for it, or approve with "
                    "without_document");
    return ERR_OK;
}

static enum err write_decision(struct ctx *ctx, const struct justification_decision *in)
{
    const struct settings *s = ctx->services->settings;
    bool ask = str_is(in->decision, "needs_info"), approve = str_is(in->decision, "approve");
    const char *state = ask ? "needs_info" : approve ? "approved" : "rejected";
    struct opt_i64 due = {.set = ask,
                          .v = zone_days_later(ctx_school_zone(ctx), ctx->now, s->info_days)};
    struct str words = in->message.set ? in->message.v : STR("");
    int64_t id = in->justification_id;
    enum err e = justifications_store_decide(ctx, id, state, some(words), due);

    e = e ? e : justification_note(ctx, id, state, state, words);
    return e || !approve ? e : cover_add(ctx, id);
}

enum err justification_decide(struct ctx *ctx, int64_t version,
                              const struct justification_decision *in, struct justification *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct justification j = {0};
    enum err e = ERR_OK;

    if (!str_is(in->decision, "approve") && !in->message.set)
        e = fail_field(ctx, "/message", "required", "words for the family",
                       "is required with reject and needs_info");
    else if (!str_is(in->decision, "approve"))
        e = check_words(ctx, in->message.v, "/message");
    e = e ? e : tx_begin(ctx, &tx);
    e = e ? e : justification_hold(ctx, in->justification_id, version, &j);
    e = e ? e : check_decision(ctx, in, &j);
    e = e ? e : write_decision(ctx, in);
    return e ? e : finish(ctx, &tx, in->justification_id, ret);
}

enum err justification_revoke(struct ctx *ctx, int64_t id, struct str message,
                              struct justification *ret)
{
    cleanup(tx_finish) struct tx tx = {0};
    struct justification j = {0};
    enum err e = check_words(ctx, message, "/message");

    e = e ? e : tx_begin(ctx, &tx);
    e = e ? e : justification_hold(ctx, id, 0, &j);
    if (!e && !str_is(j.state, "approved"))
        e = justification_wrong_state(ctx, &j, "there is no approval to take back");
    e = e ? e : cover_remove(ctx, id);
    e = e ? e : justifications_store_decide(ctx, id, "revoked", some(message), (struct opt_i64){0});
    e = e ? e : justification_note(ctx, id, "revoked", "revoked", message);
    return e ? e : finish(ctx, &tx, id, ret);
}

static enum err expire(struct ctx *ctx, void *arg)
{
    const int64_t *id = arg;
    const struct str words = STR(JUSTIFICATION_NOT_ANSWERED);
    struct justification j = {0};
    int64_t n = 0;
    enum err e = justifications_store_hold(ctx, *id, 0, &n);

    e = e ? e : justifications_store_get(ctx, *id, &j);
    if (e || !str_is(j.state, "needs_info") || j.due_at.v >= ctx->now)
        return e; /* answered meanwhile */
    e = justifications_store_decide(ctx, *id, "rejected", some(words), (struct opt_i64){0});
    e = e ? e : justification_note(ctx, *id, "expired", "rejected", words);
    return e ? e : justification_tell(ctx, *id);
}

/* Who is born on this day comes of age today at the school, as student_is_minor() counts. */
static struct str adult_since(struct ctx *ctx)
{
    struct local_time t = {.year = 1970, .month = 1, .day = 1};

    (void)zone_local(ctx_school_zone(ctx), ctx->now, &t);
    return arena_printf(&ctx->arena, "%04lld-%02d-%02d",
                        (long long)(t.year - ctx->services->settings->adult_age), t.month, t.day);
}

static enum err release(struct ctx *ctx, void *arg)
{
    const int64_t *id = arg;
    struct justification j = {0};
    struct student student = {0};
    int64_t n = 0, signers = 0;
    bool minor;
    enum err e = justifications_store_hold(ctx, *id, 0, &n);

    e = e ? e : justifications_store_get(ctx, *id, &j);
    e = e ? e : student_get(ctx, j.student_id, &student);
    e = e ? e : justifications_store_signers(ctx, j.student_id, &signers);
    minor = !e && guardian_required(ctx, &student, ctx->now);
    if (e || !str_is(j.state, "awaiting_guardian") || (minor && signers))
        return e; /* signed meanwhile, or somebody can */
    e = justifications_store_release(ctx, *id, minor);
    e = e ? e
          : justification_note(ctx, *id, "message", "pending",
                               minor ? STR(JUSTIFICATION_NO_GUARDIAN) : STR(JUSTIFICATION_OF_AGE));
    return e ? e : justification_tell(ctx, *id);
}

/* One that fails keeps no other waiting; the first failure is the job's. */
static enum err each(struct ctx *ctx, const struct i64s *ids,
                     enum err (*work)(struct ctx *ctx, void *id))
{
    enum err first = ERR_OK;

    for (size_t i = 0; i < ids->n; i++) {
        enum err e = db_transact(ctx, work, &ids->at[i]);

        first = first ? first : e;
        if (e)
            fault_clear(ctx);
    }
    return first;
}

static enum err expire_all(struct ctx *ctx)
{
    struct i64s due = {0};
    enum err e = justifications_store_due(ctx, AT_ONCE, &due);

    e = e ? e : each(ctx, &due, expire);
    if (!e && due.n)
        log_info(ctx, "justifications.expired", LI("n", (int64_t)due.n));
    return e;
}

/* A signature that nobody can or need give keeps no student waiting for ever. */
static enum err release_all(struct ctx *ctx)
{
    struct i64s waiting = {0};
    enum err e = justifications_store_in_vain(ctx, adult_since(ctx), AT_ONCE, &waiting);

    return e ? e : each(ctx, &waiting, release);
}

enum err justifications_tend(struct ctx *ctx)
{
    enum err expired = expire_all(ctx);
    enum err released = release_all(ctx);
    enum err covered = cover_tend(ctx);

    return expired ? expired : released ? released : covered;
}

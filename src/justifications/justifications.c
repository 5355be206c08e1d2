/* SPDX-License-Identifier: MIT */
/* Reading justifications: what each caller sees of them and may do with them. */
#include "justifications/justifications.h"

#include "base/words.h"

#include "events/events.h"
#include "guardians/guardians.h"
#include "justifications/documents.h"
#include "justifications/justifications_store.h"
#include "justifications/parts.h"

#define STATES                                                                                     \
    ONE_OF("awaiting_guardian", "pending", "needs_info", "approved", "rejected", "withdrawn",      \
           "revoked")

#define F(...) FIELD(struct justification_step, __VA_ARGS__)
static const struct field step_fields[] = {
    F(id, "Number of the step", .required = true),
    F(at, "When", .required = true, .format = "date-time"),
    F(kind,
      "What happened; `removed`: a paper was taken out; `expired`: a question was not answered in "
      "time",
      .required = true,
      .one_of = ONE_OF("made", "signed", "message", "document", "removed", "needs_info", "approved",
                       "rejected", "withdrawn", "revoked", "expired")),
    F(state, "The state since then", .required = true, .one_of = STATES),
    F(message, "The words that came with it", .required = true, .example = "\"\""),
    F(message_words, "The message in each language, when the server wrote it",
      .items = &words_schema),
    F(by_user_id, "Whose account did it; null: the server", .required = true),
    F(by_name, "The name of that account", .required = true),
};
#undef F
static const struct schema step_schema =
    SCHEMA_NAMED("justification_step", justification_step, step_fields);

/* clang-format off */
#define F(...) FIELD(struct justification, __VA_ARGS__)
#define ITEM_FIELDS                                                                                \
    F(id, "Number of the justification", .required = true, .example = "12"),                       \
    F(student_id, "Who was or will be away", .required = true, .example = "7"),                    \
    F(student_number, "The school's own number", .required = true),                                \
    F(student_name, "The student's name", .required = true),                                       \
    F(scope, "`span`: all sessions between two times; `sessions`: those named", .required = true,  \
      .one_of = ONE_OF("span", "sessions")),                                                       \
    F(starts_at, "From when", .required = true, .format = "date-time"),                            \
    F(ends_at, "Until when", .required = true, .format = "date-time"),                             \
    F(partial, "Whether it is for a part of one day", .required = true),                           \
    F(reason_id, "Reason", .required = true, .example = "1"),                                      \
    F(reason_code, "Its short name", .required = true, .example = "\"illness\""),                  \
    F(reason_en, "It in English", .required = true, .example = "\"Illness\""),                     \
    F(reason_fr, "It in French", .required = true, .example = "\"Maladie\""),                      \
    F(reason_ar, "It in Arabic", .required = true, .example = "\"مرض\""),                           \
    F(needs_document, "Whether the reason is to be proved by a paper", .required = true),          \
    F(state, "`awaiting_guardian`: a guardian has to sign for a minor; `pending`: the school "     \
      "decides; `needs_info`: the school asked something", .required = true, .one_of = STATES),    \
    F(late, "Whether it came after the school's time for it", .required = true),                   \
    F(guardian_missing, "A minor's, but no guardian has an account that could sign",               \
      .required = true),                                                                           \
    F(message, "The words of who made it; null for trainers", .required = true),                   \
    F(answer, "The last words of the school; null for trainers", .required = true),                \
    F(created_by, "Whose account made it; null for trainers, as all accounts", .required = true),  \
    F(created_by_name, "The name of that account", .required = true),                              \
    F(created_at, "When", .required = true, .format = "date-time"),                                \
    F(signed_by, "The guardian who signed", .required = true),                                     \
    F(signed_by_name, "The guardian's name", .required = true),                                    \
    F(signed_at, "When", .required = true, .format = "date-time"),                                 \
    F(decided_by, "Who decided or asked last; null also when the server did", .required = true),   \
    F(decided_by_name, "The name of that account", .required = true),                              \
    F(decided_at, "When", .required = true, .format = "date-time"),                                \
    F(due_at, "Until when a question is to be answered", .required = true, .format = "date-time"), \
    F(n_documents, "Papers that it has; 0 for trainers", .required = true, .example = "1"),        \
    F(forgotten, "Papers that were deleted when their time was over", .required = true,            \
      .example = "0"),                                                                             \
    F(version, "Counts the changes", .required = true, .example = "2"),                            \
    F(status_code, "The reason's code", .hidden = true)
static const struct field item_fields[] = {ITEM_FIELDS};
const struct schema justification_item_schema =
    SCHEMA_NAMED("justification_item", justification, item_fields);
static const struct field whole_fields[] = {
    ITEM_FIELDS,
    F(session_ids, "The sessions named; empty for a span", .required = true, .example = "[]"),
    F(documents, "Its papers, oldest first", .required = true,
      .items = &justification_document_schema),
    F(steps, "Its history, oldest first", .required = true, .items = &step_schema),
    F(actions, "What the caller may do with it now: `say`, `add_document`, `sign`, `withdraw`, "
      "`decide`, `revoke`", .required = true, .example = "[\"withdraw\"]"),
    F(answer_words, "The answer in each language, when the server wrote it",
      .items = &words_schema),
};
const struct schema justification_schema = SCHEMA(justification, whole_fields);
#undef F
/* clang-format on */

struct justification_event {
    int64_t justification_id, student_id;
    struct str state;
};
#define F(...) FIELD(struct justification_event, __VA_ARGS__)
static const struct field event_fields[] = {
    F(justification_id, "Number of the justification"),
    F(student_id, "Whose"),
    F(state, "Its state"),
};
#undef F
static const struct schema event_schema = SCHEMA(justification_event, event_fields);

enum err justification_tell(struct ctx *ctx, int64_t id)
{
    struct justification j;
    struct justification_event ev;
    enum err e = justifications_store_get(ctx, id, &j);

    if (e)
        return e;
    ev = (struct justification_event){id, j.student_id, j.state};
    return event_emit(ctx, "justification.changed", &event_schema, &ev,
                      (struct audience){.student_id = j.student_id});
}

bool justification_is_full(const struct ctx *ctx)
{
    return ctx->actor.role != ROLE_TRAINER;
}

bool justification_is_open(const struct justification *j)
{
    return str_is(j->state, "awaiting_guardian") || str_is(j->state, "pending") ||
           str_is(j->state, "needs_info");
}

/* A trainer plans lessons with it, and needs no more than who, when, and whether. */
static void minimise(struct justification *j)
{
    j->message = j->answer = (struct opt_str){0};
    j->created_by = j->signed_by = j->decided_by = (struct opt_i64){0};
    j->created_by_name = j->signed_by_name = j->decided_by_name = (struct opt_str){0};
    j->n_documents = j->forgotten = 0;
}

static enum err actions_of(struct ctx *ctx, struct justification *j)
{
    const struct actor *a = &ctx->actor;
    bool open = justification_is_open(j), may_sign = false;
    struct str *at = ARENA_NEW_N(&ctx->arena, struct str, 6);
    size_t n = 0;
    enum err e = ERR_OK;

    if (a->role == ROLE_GUARDIAN && str_is(j->state, "awaiting_guardian"))
        e = guardian_may_sign(ctx, j->student_id, &may_sign);
    if (open) {
        at[n++] = STR("say");
        at[n++] = STR("add_document");
        at[n++] = STR("withdraw");
    }
    if (may_sign)
        at[n++] = STR("sign");
    if (a->role == ROLE_ADMIN && open && !str_is(j->state, "awaiting_guardian"))
        at[n++] = STR("decide");
    if (a->role == ROLE_ADMIN && str_is(j->state, "approved"))
        at[n++] = STR("revoke");
    j->actions = (struct strs){at, n};
    return e;
}

static enum err not_there(struct ctx *ctx, enum err e)
{
    return e == ERR_NOT_FOUND ? fail(ctx, e, "there is no such justification") : e;
}

/* Of the server itself; what a person wrote stays as it is. */
static struct words *said_by_us(struct ctx *ctx, struct opt_i64 by, struct str text)
{
    static const struct words_row said[] = {
        {JUSTIFICATION_NOT_ANSWERED, "la question est restée sans réponse dans le délai",
         "لم تتم الإجابة عن السؤال في الأجل"},
        {JUSTIFICATION_NO_GUARDIAN, "plus aucun responsable ne peut signer",
         "لم يعد بإمكان أي ولي أمر التوقيع"},
        {JUSTIFICATION_OF_AGE, "l’étudiant est majeur : aucune signature n’est nécessaire",
         "الطالب راشد: لا حاجة إلى توقيع"},
    };

    return by.set ? NULL : words_of(&ctx->arena, said, COUNT(said), text);
}

static void say_all(struct ctx *ctx, struct justification *j)
{
    struct justification_step *step = j->steps.at;

    for (size_t i = 0; i < j->steps.n; i++)
        step[i].message_words.at = said_by_us(ctx, step[i].by_user_id, step[i].message);
    if (j->answer.set)
        j->answer_words.at = said_by_us(ctx, j->decided_by, j->answer.v);
}

enum err justification_get(struct ctx *ctx, int64_t id, struct justification *ret)
{
    struct justification j;
    enum err e = not_there(ctx, justifications_store_get_for(ctx, id, &j));

    if (e)
        return e;
    e = justifications_store_sessions(ctx, id, &j.session_ids);
    if (!e && justification_is_full(ctx)) {
        e = document_list(ctx, id, &j.documents);
        e = e ? e : justifications_store_steps(ctx, id, &j.steps);
        say_all(ctx, &j);
        e = e ? e : actions_of(ctx, &j);
    } else {
        minimise(&j);
    }
    if (!e)
        *ret = j;
    return e;
}

enum err justification_list(struct ctx *ctx, const struct justification_filter *f, struct page *ret)
{
    enum err e = justifications_store_page(ctx, f, ret);
    struct justification *j = ret->items.at;

    for (size_t i = 0; !e && !justification_is_full(ctx) && i < ret->items.n; i++)
        minimise(&j[i]);
    return e;
}

enum err justification_hold(struct ctx *ctx, int64_t id, int64_t version, struct justification *ret)
{
    struct justification j;
    int64_t n = 0;
    enum err e = not_there(ctx, justifications_store_get_for(ctx, id, &j));

    if (!e && !justification_is_full(ctx))
        e = fail(ctx, ERR_NOT_FOUND, "there is no such justification");
    e = e ? e : justifications_store_hold(ctx, id, version, &n);
    if (!e && !n)
        e = fail(ctx, ERR_VERSION_MISMATCH, "it was changed meanwhile: read it again");
    /* Again: what was read before may have waited for somebody else's change. */
    return e ? e : not_there(ctx, justifications_store_get_for(ctx, id, ret));
}

enum err justification_wrong_state(struct ctx *ctx, const struct justification *j, const char *what)
{
    return fail(ctx, ERR_CONFLICT, "%s: the justification is %.*s", what, (int)j->state.len,
                j->state.at);
}

enum err justification_note(struct ctx *ctx, int64_t id, const char *kind, const char *state,
                            struct str message)
{
    const struct justification_step step = {
        .kind = str_of(kind), .state = str_of(state), .message = message};

    return justifications_store_note(ctx, id, &step);
}

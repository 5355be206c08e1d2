/* SPDX-License-Identifier: MIT */
/* Justifications over HTTP. */
#include "justifications/justifications_api.h"

#include "justifications/justifications.h"

#define F(...) FIELD(struct justification_new, __VA_ARGS__)
static const struct field new_fields[] = {
    F(student_id, "Who was or will be away; a student: the own number, when absent too", .min = 1,
      .no_null = true, .example = "7"),
    F(from, "First whole day, by the school's clocks; a day ahead or behind, as you like",
      .format = "date", .max = 10, .no_null = true, .example = "\"2026-11-23\""),
    F(to, "Last whole day; `from` when absent", .format = "date", .max = 10, .no_null = true,
      .example = "\"2026-11-24\""),
    F(starts_at, "Instead of days: from when", .format = "date-time", .no_null = true),
    F(ends_at, "Instead of days: until when", .format = "date-time", .no_null = true),
    F(session_ids, "Instead of both: sessions of the student", .max = JUSTIFICATION_SESSIONS_MAX),
    F(reason_id, "Reason", .required = true, .min = 1, .example = "3"),
    F(message, "What there is to say about it", .max = JUSTIFICATION_MESSAGE_MAX, .no_null = true,
      .example = "\"A cousin's wedding\""),
};
#undef F
static const struct schema new_in = SCHEMA(justification_new, new_fields);

struct justification_ref {
    int64_t justification_id;
};
#define ID_FIELD(type_)                                                                            \
    FIELD(type_, justification_id, "Number of the justification", .in = IN_PATH, .min = 1,         \
          .example = "12")
static const struct field ref_fields[] = {ID_FIELD(struct justification_ref)};
static const struct schema ref_in = SCHEMA(justification_ref, ref_fields);

struct justification_words {
    int64_t justification_id;
    struct str message;
};
static const struct field words_fields[] = {
    ID_FIELD(struct justification_words),
    FIELD(struct justification_words, message, "The words", .required = true, .min = 1,
          .max = JUSTIFICATION_MESSAGE_MAX, .example = "\"It was the 3rd, not the 4th.\""),
};
static const struct schema words_in = SCHEMA(justification_words, words_fields);

struct justification_signature {
    int64_t justification_id;
    struct str statement;
};
static const struct field sign_fields[] = {
    ID_FIELD(struct justification_signature),
    FIELD(struct justification_signature, statement, "What the guardian says: that it was read",
          .required = true, .min = 1, .max = 500, .example = "\"I have read it and agree.\""),
};
static const struct schema sign_in = SCHEMA(justification_signature, sign_fields);

static const struct field decision_fields[] = {
    ID_FIELD(struct justification_decision),
    FIELD(struct justification_decision, decision, "What is decided", .required = true,
          .one_of = ONE_OF("approve", "reject", "needs_info"), .example = "\"approve\""),
    FIELD(struct justification_decision, message,
          "Words for the family; obligatory for `reject` and `needs_info`",
          .max = JUSTIFICATION_MESSAGE_MAX, .no_null = true, .example = "\"Get well soon.\""),
    FIELD(struct justification_decision, without_document,
          "Approves although the reason needs a paper and there is none", .no_null = true,
          .example = "true"),
};
static const struct schema decision_in = SCHEMA(justification_decision, decision_fields);

#define F(...) FIELD(struct justification_filter, __VA_ARGS__)
static const struct field list_fields[] = {
    PAGE_FIELDS(struct justification_filter),
    PAGE_FIELD(struct justification_filter, sort, "Order of the list",
               .one_of = ONE_OF("created_at", "-created_at", "starts_at", "-starts_at"),
               .fallback = "-created_at", .example = "\"-created_at\""),
    F(state, "Only in this state", .in = IN_QUERY,
      .one_of = ONE_OF("awaiting_guardian", "pending", "needs_info", "approved", "rejected",
                       "withdrawn", "revoked"),
      .example = "\"pending\""),
    F(student_id, "Only of this student", .in = IN_QUERY, .min = 1, .example = "7"),
    F(group_id, "Only of students who are in this group now", .in = IN_QUERY, .min = 1,
      .example = "2"),
    F(reason_id, "Only for this reason", .in = IN_QUERY, .min = 1, .example = "1"),
    F(from, "Only those that end after it", .in = IN_QUERY, .format = "date-time"),
    F(to, "Only those that begin before it", .in = IN_QUERY, .format = "date-time"),
};
#undef F
static const struct schema list_in = SCHEMA(justification_filter, list_fields);
static const struct field page_fields[] = PAGE_OUT(justification_item_schema);
static const struct schema page_out = SCHEMA_NAMED("justification_page", page, page_fields);

static enum err list(struct req *req)
{
    return justification_list(req->ctx, req->in, req->out);
}

static enum err create(struct req *req)
{
    return justification_create(req->ctx, req->in, req->out);
}

static enum err get(struct req *req)
{
    const struct justification_ref *in = req->in;

    return justification_get(req->ctx, in->justification_id, req->out);
}

static enum err say(struct req *req)
{
    const struct justification_words *in = req->in;

    return justification_say(req->ctx, in->justification_id, in->message, req->out);
}

static enum err sign(struct req *req)
{
    const struct justification_signature *in = req->in;

    return justification_sign(req->ctx, in->justification_id, in->statement, req->out);
}

static enum err withdraw(struct req *req)
{
    const struct justification_ref *in = req->in;

    return justification_withdraw(req->ctx, in->justification_id, req->out);
}

static enum err decide(struct req *req)
{
    return justification_decide(req->ctx, req->if_match.v, req->in, req->out);
}

static enum err revoke(struct req *req)
{
    const struct justification_words *in = req->in;

    return justification_revoke(req->ctx, in->justification_id, in->message, req->out);
}

#define PATH "/api/v1/justifications/{justification_id}"

static const struct route routes[] = {
    {
        .id = "justification_list",
        .method = HTTP_GET,
        .path = "/api/v1/justifications",
        .handler = list,
        .in = &list_in,
        .out = &page_out,
        .need = PERM_JUSTIFICATIONS_READ,
        .status = 200,
        .errors = ERRORS(ERR_INVALID),
        .summary = "List justifications",
        .description = "A student's own, a guardian's wards', all for administrators. Trainers get "
                       "those that touch their sessions, without words, papers and accounts.",
    },
    {
        .id = "justification_create",
        .method = HTTP_POST,
        .path = "/api/v1/justifications",
        .handler = create,
        .in = &new_in,
        .out = &justification_schema,
        .need = PERM_JUSTIFICATIONS_MAKE,
        .status = 201,
        .errors = ERRORS(ERR_INVALID, ERR_NOT_FOUND, ERR_CONFLICT),
        .summary = "Justify an absence, or announce one",
        .description = "For whole days, a span of time, or sessions. At most 12 months ahead; what "
                       "comes more than `justify_days` after the end is taken and marked `late`. A "
                       "minor's waits for a guardian's signature. At most 50 of a family's wait "
                       "for a decision.",
    },
    {
        .id = "justification_get",
        .method = HTTP_GET,
        .path = PATH,
        .handler = get,
        .in = &ref_in,
        .out = &justification_schema,
        .need = PERM_JUSTIFICATIONS_READ,
        .status = 200,
        .versioned = true,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Read a justification with its papers and history",
    },
    {
        .id = "justification_say",
        .method = HTTP_POST,
        .path = PATH "/messages",
        .handler = say,
        .in = &words_in,
        .out = &justification_schema,
        .need = PERM_JUSTIFICATIONS_MAKE,
        .status = 201,
        .errors = ERRORS(ERR_INVALID, ERR_NOT_FOUND, ERR_CONFLICT, ERR_VERSION_MISMATCH),
        .summary = "Add words, or answer a question",
        .description = "An answer of the family makes it pending again.",
    },
    {
        .id = "justification_sign",
        .method = HTTP_POST,
        .path = PATH "/sign",
        .handler = sign,
        .in = &sign_in,
        .out = &justification_schema,
        .need = PERM_JUSTIFICATIONS_SIGN,
        .status = 200,
        .errors =
            ERRORS(ERR_INVALID, ERR_NOT_FOUND, ERR_FORBIDDEN, ERR_CONFLICT, ERR_VERSION_MISMATCH),
        .summary = "Sign with a minor",
        .description = "For a guardian who may sign; the statement, the time and the account are "
                       "kept in the history.",
    },
    {
        .id = "justification_withdraw",
        .method = HTTP_POST,
        .path = PATH "/withdraw",
        .handler = withdraw,
        .in = &ref_in,
        .out = &justification_schema,
        .need = PERM_JUSTIFICATIONS_MAKE,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_CONFLICT, ERR_VERSION_MISMATCH),
        .summary = "Withdraw a justification that is not decided",
    },
    {
        .id = "justification_decide",
        .method = HTTP_PUT,
        .path = PATH "/decision",
        .handler = decide,
        .in = &decision_in,
        .out = &justification_schema,
        .need = PERM_JUSTIFICATIONS_DECIDE,
        .status = 200,
        .versioned = true,
        .errors = ERRORS(ERR_INVALID, ERR_NOT_FOUND, ERR_CONFLICT, ERR_VERSION_MISMATCH),
        .summary = "Approve, reject, or ask the family",
        .description = "An approval changes the records of all sessions it covers at once; of "
                       "sessions to come it counts when their register closes. Questions are to be "
                       "answered within `info_days`, else it is rejected.",
    },
    {
        .id = "justification_revoke",
        .method = HTTP_POST,
        .path = PATH "/revoke",
        .handler = revoke,
        .in = &words_in,
        .out = &justification_schema,
        .need = PERM_JUSTIFICATIONS_DECIDE,
        .status = 200,
        .errors = ERRORS(ERR_INVALID, ERR_NOT_FOUND, ERR_CONFLICT, ERR_VERSION_MISMATCH),
        .summary = "Take an approval back, and the records with it",
    },
};
const struct route_table justifications_api =
    ROUTE_TABLE("justifications", "Why a student is away, and what the school says", routes);

/* SPDX-License-Identifier: MIT */
/* Disputes over HTTP. */
#include "registers/disputes_api.h"

#include "registers/disputes.h"

#define F(...) FIELD(struct dispute_filter, __VA_ARGS__)
static const struct field list_fields[] = {
    PAGE_FIELDS(struct dispute_filter),
    F(state, "Only those in this state", .in = IN_QUERY,
      .one_of = ONE_OF("open", "accepted", "rejected", "withdrawn"), .example = "\"open\""),
    F(session_id, "Only those of this session", .in = IN_QUERY, .min = 1, .example = "12"),
    F(student_id, "Only those of this student", .in = IN_QUERY, .min = 1, .example = "7"),
};
#undef F
static const struct schema list_in = SCHEMA_NAMED("dispute_list", dispute_filter, list_fields);
static const struct field page_fields[] = PAGE_OUT(dispute_schema);
static const struct schema page_out = SCHEMA_NAMED("dispute_page", page, page_fields);

#define F(...) FIELD(struct dispute_new, __VA_ARGS__)
static const struct field new_fields[] = {
    F(session_id, "Session", .in = IN_PATH, .min = 1, .example = "12"),
    F(claimed, "What the mark should be", .required = true,
      .one_of = ONE_OF("present", "late", "partial", "left_early", "excused", "remote"),
      .example = "\"present\""),
    F(message, "Why it is wrong", .required = true, .min = 1, .max = 1000,
      .example = "\"I sat in the last row.\""),
};
#undef F
static const struct schema new_in = SCHEMA(dispute_new, new_fields);

struct dispute_ref {
    int64_t dispute_id;
};
static const struct field ref_fields[] = {
    FIELD(struct dispute_ref, dispute_id, "Dispute", .in = IN_PATH, .min = 1, .example = "3"),
};
static const struct schema ref_in = SCHEMA(dispute_ref, ref_fields);

#define F(...) FIELD(struct dispute_decision, __VA_ARGS__)
static const struct field accept_fields[] = {
    F(dispute_id, "Dispute", .in = IN_PATH, .min = 1, .example = "3"),
    F(status, "What to set, when it is not what was claimed", .no_null = true,
      .one_of = ONE_OF("present", "late", "partial", "left_early", "excused", "remote"),
      .example = "\"late\""),
    F(message, "The answer; also the note of the correction", .min = 1, .max = 500, .no_null = true,
      .example = "\"You are right.\""),
};
static const struct field reject_fields[] = {
    F(dispute_id, "Dispute", .in = IN_PATH, .min = 1, .example = "3"),
    F(message, "The answer: why the mark stays", .required = true, .min = 1, .max = 500,
      .no_null = true, .example = "\"The whole row was empty at 9:10.\""),
};
#undef F
static const struct schema accept_in =
    SCHEMA_NAMED("dispute_accept", dispute_decision, accept_fields);
static const struct schema reject_in =
    SCHEMA_NAMED("dispute_reject", dispute_decision, reject_fields);

static enum err list(struct req *req)
{
    return dispute_list(req->ctx, req->in, req->out);
}

static enum err get(struct req *req)
{
    return dispute_get(req->ctx, ((const struct dispute_ref *)req->in)->dispute_id, req->out);
}

static enum err create(struct req *req)
{
    return dispute_open(req->ctx, req->in, req->out);
}

static enum err accept_it(struct req *req)
{
    return dispute_accept(req->ctx, req->in, req->out);
}

static enum err reject(struct req *req)
{
    return dispute_reject(req->ctx, req->in, req->out);
}

static enum err withdraw(struct req *req)
{
    return dispute_withdraw(req->ctx, ((const struct dispute_ref *)req->in)->dispute_id);
}

static const struct route routes[] = {
    {
        .id = "dispute_list",
        .method = HTTP_GET,
        .path = "/api/v1/disputes",
        .handler = list,
        .in = &list_in,
        .out = &page_out,
        .need = PERM_DISPUTES_READ,
        .status = 200,
        .errors = ERRORS(ERR_INVALID),
        .summary = "List disputes, oldest first",
        .description = "A student sees the own ones, a guardian those of the students that he or "
                       "she answers for, a trainer those of the own sessions.",
    },
    {
        .id = "dispute_get",
        .method = HTTP_GET,
        .path = "/api/v1/disputes/{dispute_id}",
        .handler = get,
        .in = &ref_in,
        .out = &dispute_schema,
        .need = PERM_DISPUTES_READ,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Read a dispute",
    },
    {
        .id = "dispute_create",
        .method = HTTP_POST,
        .path = "/api/v1/sessions/{session_id}/disputes",
        .handler = create,
        .in = &new_in,
        .out = &dispute_schema,
        .need = PERM_DISPUTES_MAKE,
        .status = 201,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_SESSION_STATE, ERR_INVALID, ERR_CONFLICT),
        .summary = "Say that the own mark is wrong",
        .description = "Within `dispute_days` of the session, also of a confirmed register; one "
                       "open dispute at a time.",
    },
    {
        .id = "dispute_accept",
        .method = HTTP_POST,
        .path = "/api/v1/disputes/{dispute_id}/accept",
        .handler = accept_it,
        .in = &accept_in,
        .out = &dispute_schema,
        .need = PERM_DISPUTES_DECIDE,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_CONFLICT, ERR_SESSION_STATE, ERR_SESSION_NOT_OPEN),
        .summary = "Accept a dispute and correct the mark",
        .description = "A confirmed register must be reopened first: `session-state`.",
    },
    {
        .id = "dispute_reject",
        .method = HTTP_POST,
        .path = "/api/v1/disputes/{dispute_id}/reject",
        .handler = reject,
        .in = &reject_in,
        .out = &dispute_schema,
        .need = PERM_DISPUTES_DECIDE,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_CONFLICT),
        .summary = "Reject a dispute: the mark stays",
    },
    {
        .id = "dispute_withdraw",
        .method = HTTP_DELETE,
        .path = "/api/v1/disputes/{dispute_id}",
        .handler = withdraw,
        .in = &ref_in,
        .need = PERM_DISPUTES_MAKE,
        .status = 204,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_CONFLICT),
        .summary = "Withdraw the own dispute",
    },
};

const struct route_table disputes_api =
    ROUTE_TABLE("disputes", "Students who say that a mark is wrong", routes);

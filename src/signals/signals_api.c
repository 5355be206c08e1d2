/* SPDX-License-Identifier: MIT */
/* Signals over HTTP. */
#include "signals/signals_api.h"

#include "signals/signals.h"

#define F(...) FIELD(struct signal_filter, __VA_ARGS__)
static const struct field list_fields[] = {
    PAGE_FIELDS(struct signal_filter),
    F(kind, "Only those of this kind", .in = IN_QUERY,
      .one_of = ONE_OF("shared_device", "impossible_travel", "duplicate", "liveness_failures",
                       "foreign_network", "clock_skew"),
      .example = "\"shared_device\""),
    F(state, "Only those in this state", .in = IN_QUERY,
      .one_of = ONE_OF("open", "harmless", "confirmed"), .example = "\"open\""),
    F(session_id, "Only those of this session", .in = IN_QUERY, .min = 1, .example = "12"),
    F(student_id, "Only those of this student", .in = IN_QUERY, .min = 1, .example = "7"),
};
#undef F
static const struct schema list_in = SCHEMA_NAMED("signal_list", signal_filter, list_fields);
static const struct field page_fields[] = PAGE_OUT(signal_schema);
static const struct schema page_out = SCHEMA_NAMED("signal_page", page, page_fields);

#define F(...) FIELD(struct signal_verdict, __VA_ARGS__)
static const struct field verdict_fields[] = {
    F(signal_id, "Signal", .in = IN_PATH, .min = 1, .example = "5"),
    F(outcome, "What a person found", .required = true, .one_of = ONE_OF("harmless", "confirmed"),
      .example = "\"harmless\""),
    F(message, "What was done or said", .min = 1, .max = 500, .no_null = true,
      .example = "\"Two friends, one telephone.\""),
};
#undef F
static const struct schema verdict_in = SCHEMA(signal_verdict, verdict_fields);

static enum err list(struct req *req)
{
    return signal_list(req->ctx, req->in, req->out);
}

static enum err review(struct req *req)
{
    return signal_review(req->ctx, req->in, req->out);
}

static const struct route routes[] = {
    {
        .id = "signal_list",
        .method = HTTP_GET,
        .path = "/api/v1/signals",
        .handler = list,
        .in = &list_in,
        .out = &page_out,
        .need = PERM_SIGNALS_REVIEW,
        .status = 200,
        .errors = ERRORS(ERR_INVALID),
        .summary = "List signals, oldest first",
        .description = "What a person should look at, since it may be a cheat and may be nothing: "
                       "a signal changes no mark. A trainer sees those of the own sessions.",
    },
    {
        .id = "signal_review",
        .method = HTTP_POST,
        .path = "/api/v1/signals/{signal_id}/review",
        .handler = review,
        .in = &verdict_in,
        .out = &signal_schema,
        .need = PERM_SIGNALS_REVIEW,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_CONFLICT),
        .summary = "Judge a signal, once",
        .description = "Marks stay as they are: who wants to change one does it in the register.",
    },
};

const struct route_table signals_api =
    ROUTE_TABLE("signals", "What a person should look at", routes);

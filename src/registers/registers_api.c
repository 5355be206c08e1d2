/* SPDX-License-Identifier: MIT */
/* Registers that were not taken, and hand-overs, over HTTP. */
#include "registers/registers_api.h"

#include "registers/registers.h"

#define F(...) FIELD(struct register_due_filter, __VA_ARGS__)
static const struct field due_fields[] = {
    PAGE_FIELDS(struct register_due_filter),
    F(from, "Sessions that start at this time or later", .in = IN_QUERY, .format = "date-time",
      .example = "\"2026-02-02T00:00:00Z\""),
    F(to, "Sessions that start before this time", .in = IN_QUERY, .format = "date-time",
      .example = "\"2026-02-09T00:00:00Z\""),
    F(trainer_id, "Only those of this trainer", .in = IN_QUERY, .min = 1, .example = "4"),
};
#undef F
static const struct schema due_in =
    SCHEMA_NAMED("register_due_list", register_due_filter, due_fields);
static const struct field due_page_fields[] = PAGE_OUT(register_due_schema);
static const struct schema due_page = SCHEMA_NAMED("register_due_page", page, due_page_fields);

#define F(...) FIELD(struct hand_over_new, __VA_ARGS__)
static const struct field hand_over_fields[] = {
    F(session_id, "Session", .in = IN_PATH, .min = 1, .example = "12"),
    F(trainer_id, "Trainer who takes over", .required = true, .min = 1, .example = "5"),
    F(reason, "Why", .required = true, .min = 1, .max = 500, .example = "\"ill\""),
};
#undef F
static const struct schema hand_over_in = SCHEMA(hand_over_new, hand_over_fields);

struct hand_over_filter {
    struct page_query page;
    int64_t session_id;
};
static const struct field hand_overs_fields[] = {
    PAGE_FIELDS(struct hand_over_filter),
    FIELD(struct hand_over_filter, session_id, "Session", .in = IN_PATH, .min = 1, .example = "12"),
};
static const struct schema hand_overs_in =
    SCHEMA_NAMED("hand_over_list", hand_over_filter, hand_overs_fields);
static const struct field hand_over_page_fields[] = PAGE_OUT(hand_over_schema);
static const struct schema hand_over_page =
    SCHEMA_NAMED("hand_over_page", page, hand_over_page_fields);

static enum err not_taken(struct req *req)
{
    return register_not_taken(req->ctx, req->in, req->out);
}

static enum err hand_over(struct req *req)
{
    return register_hand_over(req->ctx, req->in, req->out);
}

static enum err hand_overs(struct req *req)
{
    const struct hand_over_filter *in = req->in;

    return register_hand_overs(req->ctx, in->session_id, &in->page, req->out);
}

static const struct route routes[] = {
    {
        .id = "register_not_taken",
        .method = HTTP_GET,
        .path = "/api/v1/registers/not-taken",
        .handler = not_taken,
        .in = &due_in,
        .out = &due_page,
        .need = PERM_SESSIONS_RUN,
        .status = 200,
        .errors = ERRORS(ERR_INVALID),
        .summary = "List registers that were not taken, oldest first",
        .description = "Sessions that ended and were not closed, and sessions that began more than "
                       "30 minutes ago and were not opened; a trainer's own only. Ten minutes "
                       "after the end the event `register.not_taken` tells the trainer, a day "
                       "after it the administrators, once each.",
    },
    {
        .id = "register_hand_over",
        .method = HTTP_POST,
        .path = "/api/v1/sessions/{session_id}/hand-over",
        .handler = hand_over,
        .in = &hand_over_in,
        .out = &hand_over_schema,
        .need = PERM_SESSIONS_RUN,
        .status = 201,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_SESSION_STATE, ERR_INVALID),
        .summary = "Give a scheduled or open session to another trainer",
        .description = "The new trainer may mark from now on, the former one not any more. Both "
                       "are told by `register.handed_over`.",
    },
    {
        .id = "register_hand_overs",
        .method = HTTP_GET,
        .path = "/api/v1/sessions/{session_id}/hand-overs",
        .handler = hand_overs,
        .in = &hand_overs_in,
        .out = &hand_over_page,
        .need = PERM_SESSIONS_RUN,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND, ERR_INVALID),
        .summary = "List who gave a session to whom, oldest first",
    },
};

const struct route_table registers_api =
    ROUTE_TABLE("registers", "Registers that were not taken, and who took over", routes);

/* SPDX-License-Identifier: MIT */
/* How far recognition can be trusted, over HTTP: calibration, threshold, look-alikes. */
#include "recognition/recognition_api.h"

#include "enrolment/apart.h"
#include "recognition/calibration.h"

static const struct field wish_fields[] = {
    FIELD(struct threshold_wish, threshold,
          "Similarity to ask for in rosters; null: what the models ask", .example = "0.5"),
};
static const struct schema threshold_in =
    SCHEMA_NAMED("recognition_threshold", threshold_wish, wish_fields);

static const struct field pairs_in_fields[] = {PAGE_FIELDS(struct apart_query)};
static const struct schema pairs_in =
    SCHEMA_NAMED("recognition_pairs_query", apart_query, pairs_in_fields);
static const struct field pairs_fields[] = PAGE_OUT(apart_pair_schema);
static const struct schema pairs_out = SCHEMA_NAMED("recognition_pairs", page, pairs_fields);

#define F(...) FIELD(struct apart_change, __VA_ARGS__)
static const struct field change_fields[] = {
    F(pair_id, "Pair", .in = IN_PATH, .min = 1, .example = "3"),
    F(second_factor, "Whether a face alone must not mark either of them", .no_null = true,
      .example = "true"),
    F(seen, "Mark as seen", .no_null = true, .example = "true"),
};
#undef F
static const struct schema change_in =
    SCHEMA_NAMED("recognition_change", apart_change, change_fields);

static enum err calibration(struct req *req)
{
    return calibration_get(req->ctx, req->out);
}

static enum err drawing(struct req *req)
{
    enum err e = calibration_svg(req->ctx, &req->reply->raw);

    if (!e)
        req->reply->raw_type = "image/svg+xml";
    return e;
}

static enum err set_threshold(struct req *req)
{
    return calibration_set_threshold(req->ctx, req->in, req->out);
}

static enum err pairs(struct req *req)
{
    return apart_pairs(req->ctx, req->in, req->out);
}

static enum err change_pair(struct req *req)
{
    return apart_set(req->ctx, req->in, req->out);
}

static const struct route routes[] = {
    {
        .id = "recognition_calibration",
        .method = HTTP_GET,
        .path = "/api/v1/recognition/calibration",
        .handler = calibration,
        .out = &calibration_schema,
        .need = PERM_RECOGNITION_MANAGE,
        .status = 200,
        .errors = ERRORS(ERR_BIOMETRICS_OFF, ERR_MODELS_UNAVAILABLE),
        .summary = "Measure recognition on the school's own templates",
        .description = "Templates are opened in memory for the moment and wiped; nothing is kept.",
    },
    {
        .id = "recognition_drawing",
        .method = HTTP_GET,
        .path = "/api/v1/recognition/calibration.svg",
        .handler = drawing,
        .need = PERM_RECOGNITION_MANAGE,
        .status = 200,
        .produces = "image/svg+xml",
        .errors = ERRORS(ERR_BIOMETRICS_OFF, ERR_MODELS_UNAVAILABLE),
        .summary = "The same as a drawing, without names",
    },
    {
        .id = "recognition_set_threshold",
        .method = HTTP_PUT,
        .path = "/api/v1/recognition/threshold",
        .handler = set_threshold,
        .in = &threshold_in,
        .out = &calibration_schema,
        .need = PERM_RECOGNITION_MANAGE,
        .status = 200,
        .errors = ERRORS(ERR_BIOMETRICS_OFF, ERR_MODELS_UNAVAILABLE),
        .summary = "Ask for more similarity than the models do",
        .description = "Only ever raises: what the size of a roster asks for holds in any case. "
                       "Comparisons with one's own templates alone are not concerned.",
    },
    {
        .id = "recognition_pairs",
        .method = HTTP_GET,
        .path = "/api/v1/recognition/pairs",
        .handler = pairs,
        .in = &pairs_in,
        .out = &pairs_out,
        .need = PERM_RECOGNITION_MANAGE,
        .status = 200,
        .summary = "List students who are kept apart with more care",
        .description = "Corrections first, the newest before, then look-alikes, the most alike "
                       "before.",
    },
    {
        .id = "recognition_change_pair",
        .method = HTTP_PUT,
        .path = "/api/v1/recognition/pairs/{pair_id}",
        .handler = change_pair,
        .in = &change_in,
        .out = &apart_pair_schema,
        .need = PERM_RECOGNITION_MANAGE,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Ask for a second factor, or mark as seen",
    },
};

const struct route_table recognition_api =
    ROUTE_TABLE("recognition", "Trust in recognition", routes);

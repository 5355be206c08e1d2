/* SPDX-License-Identifier: MIT */
/* Cases of look-alikes over HTTP. */
#include "enrolment/duplicates_api.h"

#include "enrolment/duplicates.h"

#define F(...) FIELD(struct duplicate_filter, __VA_ARGS__)
static const struct field list_fields[] = {
    PAGE_FIELDS(struct duplicate_filter),
    F(state, "Only those with this verdict", .in = IN_QUERY,
      .one_of = ONE_OF("open", "same_person", "different_people"), .example = "\"open\""),
    F(student_id, "Only those with this student", .in = IN_QUERY, .min = 1, .example = "7"),
};
#undef F
static const struct schema list_in = SCHEMA_NAMED("duplicate_list", duplicate_filter, list_fields);
static const struct field page_fields[] = PAGE_OUT(duplicate_case_schema);
static const struct schema page_out = SCHEMA_NAMED("duplicate_page", page, page_fields);

#define F(...) FIELD(struct duplicate_verdict, __VA_ARGS__)
static const struct field verdict_fields[] = {
    F(case_id, "Number of the case", .in = IN_PATH, .min = 1, .example = "4"),
    F(verdict, "What a person found", .required = true,
      .one_of = ONE_OF("same_person", "different_people"), .example = "\"different_people\""),
    F(note, "Why", .max = 500, .example = "\"twins\""),
};
#undef F
static const struct schema verdict_in = SCHEMA(duplicate_verdict, verdict_fields);

static enum err list(struct req *req)
{
    return duplicate_list(req->ctx, req->in, req->out);
}

static enum err resolve(struct req *req)
{
    return duplicate_resolve(req->ctx, req->in, req->out);
}

static const struct route routes[] = {
    {
        .id = "duplicate_list",
        .method = HTTP_GET,
        .path = "/api/v1/duplicates",
        .handler = list,
        .in = &list_in,
        .out = &page_out,
        .need = PERM_ENROLMENT_MANAGE,
        .status = 200,
        .errors = ERRORS(ERR_INVALID),
        .summary = "List cases of students who look like an enrolled one",
        .description = "The newest first.",
    },
    {
        .id = "duplicate_resolve",
        .method = HTTP_POST,
        .path = "/api/v1/duplicates/{case_id}/resolve",
        .handler = resolve,
        .in = &verdict_in,
        .out = &duplicate_case_schema,
        .need = PERM_ENROLMENT_MANAGE,
        .status = 200,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Judge whether two records are one person",
        .description = "After `different_people` the student can be enrolled and the two are kept "
                       "apart with more care; after `same_person` the enrolment stays refused: "
                       "archive one of the two records. A verdict can be changed.",
    },
};

const struct route_table duplicates_api =
    ROUTE_TABLE("duplicates", "Students who look like an enrolled one", routes);

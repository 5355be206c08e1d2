/* SPDX-License-Identifier: MIT */
/* Moves between groups over HTTP, and a student's groups over time. */
#include "groups/moves_api.h"

#include "groups/groups.h"

#define STUDENT_ID(type_)                                                                          \
    FIELD(type_, student_id, "Number of the student", .in = IN_PATH, .required = true, .min = 1,   \
          .example = "31")

#define F(...) FIELD(struct student_move, __VA_ARGS__)
static const struct field move_fields[] = {
    STUDENT_ID(struct student_move),
    F(from_group_id, "Group to leave; may be absent for who is in one or none that day",
      .no_null = true, .min = 1, .example = "2"),
    F(to_group_id, "Group to join", .required = true, .min = 1, .example = "5"),
    F(on, "First day in the new group", .required = true, .format = "date", .max = 10,
      .example = "\"2027-01-11\""),
};
#undef F
static const struct schema move_in = SCHEMA(student_move, move_fields);

static const struct field list_fields[] = {
    STUDENT_ID(struct stay_filter),
    PAGE_FIELDS(struct stay_filter),
};
static const struct schema list_in = SCHEMA_NAMED("membership_list", stay_filter, list_fields);
static const struct field page_fields[] = PAGE_OUT(stay_schema);
static const struct schema stay_page = SCHEMA_NAMED("membership_page", page, page_fields);

static enum err move(struct req *req)
{
    return group_move_student(req->ctx, req->in, req->out);
}

static enum err list(struct req *req)
{
    return group_stays(req->ctx, req->in, req->out);
}

static const struct route routes[] = {
    {
        .id = "student_move",
        .method = HTTP_POST,
        .path = "/api/v1/students/{student_id}/move",
        .handler = move,
        .in = &move_in,
        .out = &membership_schema,
        .need = PERM_STRUCTURE_MANAGE,
        .status = 200,
        .errors = ERRORS(ERR_INVALID, ERR_NOT_FOUND, ERR_CONFLICT),
        .summary = "Move a student to another group",
        .description = "The old membership ends and the new one begins on the day `on`, past or to "
                       "come; both stay known. Sessions before that day expect the student in the "
                       "old group as before. Refused when registers of either group were taken "
                       "since that day: they would change.",
    },
    {
        .id = "student_membership_list",
        .method = HTTP_GET,
        .path = "/api/v1/students/{student_id}/memberships",
        .handler = list,
        .in = &list_in,
        .out = &stay_page,
        .need = PERM_STUDENTS_READ,
        .status = 200,
        .errors = ERRORS(ERR_INVALID, ERR_NOT_FOUND),
        .summary = "List the groups a student was, is and will be in",
        .description = "Newest first; for whoever may see the student.",
    },
};
const struct route_table moves_api = ROUTE_TABLE("groups", "Groups and their students", routes);

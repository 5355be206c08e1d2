/* SPDX-License-Identifier: MIT */
/* Groups and their members over HTTP. */
#include "groups/groups_api.h"

#include "groups/groups.h"
#include "students/students.h"

static const struct field page_fields[] = PAGE_OUT(group_schema);
static const struct schema group_page = SCHEMA_NAMED("group_page", page, page_fields);
static const struct field member_page_fields[] = PAGE_OUT(student_schema);
static const struct schema member_page =
    SCHEMA_NAMED("group_student_page", page, member_page_fields);

#define GROUP_ID(type_)                                                                            \
    FIELD(type_, group_id, "Number of the group", .in = IN_PATH, .required = true, .min = 1,       \
          .example = "2")

static const struct field list_fields[] = {
    PAGE_FIELDS_BY_NAME(struct group_filter),
    FIELD(struct group_filter, programme_id, "Only groups of this programme", .in = IN_QUERY,
          .min = 1, .example = "3"),
};
static const struct schema list_in = SCHEMA_NAMED("group_list", group_filter, list_fields);

#define F(...) FIELD(struct group_new, __VA_ARGS__)
static const struct field new_fields[] = {
    F(programme_id, "The programme it follows", .required = true, .min = 1, .example = "3"),
    F(code, "Short name, taken once", .required = true, .format = "name", .min = 1, .max = 40,
      .example = "\"INF-1A\""),
    F(name, "Full name", .required = true, .format = "name", .min = 1, .max = 200,
      .example = "\"Informatique 1A\""),
};
#undef F
static const struct schema group_new = SCHEMA(group_new, new_fields);

#define F(...) FIELD(struct group_change, __VA_ARGS__)
static const struct field change_fields[] = {
    GROUP_ID(struct group_change),
    F(programme_id, "The programme it follows", .no_null = true, .min = 1, .example = "3"),
    F(code, "Short name, taken once", .no_null = true, .format = "name", .min = 1, .max = 40,
      .example = "\"INF-1B\""),
    F(name, "Full name", .no_null = true, .format = "name", .min = 1, .max = 200,
      .example = "\"Informatique 1B\""),
    F(archived, "true takes it out of use, false brings it back", .no_null = true,
      .example = "true"),
};
#undef F
static const struct schema group_change = SCHEMA(group_change, change_fields);

struct group_in {
    int64_t group_id;
};
static const struct field one_fields[] = {GROUP_ID(struct group_in)};
static const struct schema one_in = SCHEMA(group_in, one_fields);

static const struct field member_list_fields[] = {
    GROUP_ID(struct member_filter),
    PAGE_FIELDS_BY_NAME(struct member_filter),
};
static const struct schema member_list_in =
    SCHEMA_NAMED("group_student_list", member_filter, member_list_fields);

static const struct field member_new_fields[] = {
    GROUP_ID(struct member_new),
    FIELD(struct member_new, student_id, "Who joins", .required = true, .min = 1, .example = "31"),
    FIELD(struct member_new, from, "First day; today when absent", .no_null = true,
          .format = "date", .max = 10, .example = "\"2026-09-01\""),
};
static const struct schema member_new =
    SCHEMA_NAMED("group_student_new", member_new, member_new_fields);

struct member_in {
    int64_t group_id, student_id;
};
static const struct field member_in_fields[] = {
    GROUP_ID(struct member_in),
    FIELD(struct member_in, student_id, "Who leaves", .in = IN_PATH, .required = true, .min = 1,
          .example = "31"),
};
static const struct schema member_in = SCHEMA(member_in, member_in_fields);

static enum err list(struct req *req)
{
    return group_list(req->ctx, req->in, req->out);
}

static enum err create(struct req *req)
{
    return group_create(req->ctx, req->in, req->out);
}

static enum err get(struct req *req)
{
    const struct group_in *in = req->in;

    return group_get_for(req->ctx, in->group_id, req->out);
}

static enum err change(struct req *req)
{
    return group_update(req->ctx, req->if_match, req->in, req->out);
}

static enum err list_students(struct req *req)
{
    return group_students(req->ctx, req->in, req->out);
}

static enum err add_student(struct req *req)
{
    return group_add_student(req->ctx, req->in, req->out);
}

static enum err remove_student(struct req *req)
{
    const struct member_in *in = req->in;

    return group_remove_student(req->ctx, in->group_id, in->student_id);
}

static const struct route routes[] = {
    {
        .id = "group_list",
        .method = HTTP_GET,
        .path = "/api/v1/groups",
        .handler = list,
        .in = &list_in,
        .out = &group_page,
        .need = PERM_STRUCTURE_READ,
        .status = 200,
        .errors = ERRORS(ERR_INVALID),
        .summary = "List groups",
        .description = "Sorted by name; `q` looks into name and code. A student gets only the "
                       "groups he or she is or was in.",
    },
    {
        .id = "group_create",
        .method = HTTP_POST,
        .path = "/api/v1/groups",
        .handler = create,
        .in = &group_new,
        .out = &group_schema,
        .need = PERM_STRUCTURE_MANAGE,
        .status = 201,
        .versioned = true,
        .errors = ERRORS(ERR_INVALID, ERR_CONFLICT),
        .summary = "Add a group",
        .description = "The code must not be taken, the programme not be archived.",
    },
    {
        .id = "group_get",
        .method = HTTP_GET,
        .path = "/api/v1/groups/{group_id}",
        .handler = get,
        .in = &one_in,
        .out = &group_schema,
        .need = PERM_STRUCTURE_READ,
        .status = 200,
        .versioned = true,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Read a group",
        .description = "Archived ones are found as well; a student finds only the own groups.",
    },
    {
        .id = "group_update",
        .method = HTTP_PATCH,
        .path = "/api/v1/groups/{group_id}",
        .handler = change,
        .in = &group_change,
        .out = &group_schema,
        .need = PERM_STRUCTURE_MANAGE,
        .status = 200,
        .versioned = true,
        .errors = ERRORS(ERR_INVALID, ERR_NOT_FOUND, ERR_VERSION_MISMATCH, ERR_CONFLICT),
        .summary = "Change or archive a group",
        .description = "Only the members that are there change. Nothing is ever deleted: "
                       "`archived` takes it out of use.",
    },
    {
        .id = "group_student_list",
        .method = HTTP_GET,
        .path = "/api/v1/groups/{group_id}/students",
        .handler = list_students,
        .in = &member_list_in,
        .out = &member_page,
        .need = PERM_STUDENTS_READ,
        .status = 200,
        .errors = ERRORS(ERR_INVALID, ERR_NOT_FOUND),
        .summary = "List the students of a group",
        .description = "Members of today, by name. For admins and who teaches the group; for "
                       "others there is no such group.",
    },
    {
        .id = "group_student_add",
        .method = HTTP_POST,
        .path = "/api/v1/groups/{group_id}/students",
        .handler = add_student,
        .in = &member_new,
        .out = &membership_schema,
        .need = PERM_STRUCTURE_MANAGE,
        .status = 201,
        .errors = ERRORS(ERR_INVALID, ERR_NOT_FOUND, ERR_CONFLICT),
        .summary = "Put a student into a group",
        .description = "From a day on. Memberships in other groups go on.",
    },
    {
        .id = "group_student_remove",
        .method = HTTP_DELETE,
        .path = "/api/v1/groups/{group_id}/students/{student_id}",
        .handler = remove_student,
        .in = &member_in,
        .need = PERM_STRUCTURE_MANAGE,
        .status = 204,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Take a student out of a group",
        .description = "The membership ends today and stays known; one that begins today or later "
                       "is forgotten.",
    },
};
const struct route_table groups_api = ROUTE_TABLE("groups", "Groups and their students", routes);

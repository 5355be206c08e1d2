/* SPDX-License-Identifier: MIT */
/* Guardians over HTTP. */
#include "guardians/guardians_api.h"

#include "guardians/guardians.h"
#include "guardians/guardians_store.h"
#include "students/students.h"

#define STUDENT_ID(type_)                                                                          \
    FIELD(type_, student_id, "Number of the student", .in = IN_PATH, .required = true, .min = 1,   \
          .example = "31")

static const struct field page_fields[] = PAGE_OUT(guardian_schema);
static const struct schema guardian_page = SCHEMA_NAMED("guardian_page", page, page_fields);
static const struct field ward_page_fields[] = PAGE_OUT(student_schema);
static const struct schema ward_page = SCHEMA_NAMED("ward_page", page, ward_page_fields);

static const struct field list_fields[] = {
    STUDENT_ID(struct guardian_filter),
    PAGE_FIELDS(struct guardian_filter),
};
static const struct schema list_in = SCHEMA_NAMED("guardian_list", guardian_filter, list_fields);

#define F(...) FIELD(struct guardian_new, __VA_ARGS__)
static const struct field new_fields[] = {
    STUDENT_ID(struct guardian_new),
    F(email, "Of the guardian's account, which is made when there is none", .required = true,
      .format = "email", .min = 3, .max = 254, .example = "\"s.brahimi@mail.example\""),
    F(relation, "What the guardian is to the student", .required = true,
      .one_of = ONE_OF("mother", "father", "guardian", "other"), .example = "\"mother\""),
    F(may_sign, "May sign justifications and consent; yes when absent", .no_null = true,
      .example = "true"),
    F(name, "Full name; for a new account", .no_null = true, .format = "name", .min = 1, .max = 200,
      .example = "\"Samira Brahimi\""),
    F(password, "At least 10 characters, not a known one; for a new account", .no_null = true,
      .secret = true, .format = "password", .min = 10, .max = 200,
      .example = "\"seven-Teal-otters\""),
    F(locale, "Language of the pages; for a new account", .no_null = true,
      .one_of = ONE_OF("en", "fr", "ar"), .example = "\"fr\""),
    F(time_zone, "IANA time zone; for a new account", .no_null = true, .format = "time-zone",
      .min = 1, .max = 64, .example = "\"Africa/Algiers\""),
};
#undef F
static const struct schema new_in = SCHEMA_NAMED("guardian_new", guardian_new, new_fields);

struct guardian_in {
    int64_t student_id, guardian_id;
};
static const struct field one_fields[] = {
    STUDENT_ID(struct guardian_in),
    FIELD(struct guardian_in, guardian_id, "Number of the guardian's account", .in = IN_PATH,
          .required = true, .min = 1, .example = "61"),
};
static const struct schema one_in = SCHEMA(guardian_in, one_fields);

struct ward_list {
    struct page_query page;
};
static const struct field ward_list_fields[] = {PAGE_FIELDS_BY_NAME(struct ward_list)};
static const struct schema ward_list_in = SCHEMA(ward_list, ward_list_fields);

static enum err list(struct req *req)
{
    return guardian_list(req->ctx, req->in, req->out);
}

static enum err create(struct req *req)
{
    return guardian_add(req->ctx, req->in, req->out);
}

static enum err delete (struct req *req) {
    const struct guardian_in *in = req->in;

    return guardian_remove(req->ctx, in->student_id, in->guardian_id);
}

static enum err list_wards(struct req *req)
{
    const struct ward_list *in = req->in;

    return guardian_wards(req->ctx, &in->page, req->out);
}

static const struct route routes[] = {
    {
        .id = "guardian_list",
        .method = HTTP_GET,
        .path = "/api/v1/students/{student_id}/guardians",
        .handler = list,
        .in = &list_in,
        .out = &guardian_page,
        .need = PERM_GUARDIANS_MANAGE,
        .status = 200,
        .errors = ERRORS(ERR_INVALID, ERR_NOT_FOUND),
        .summary = "List the guardians of a student",
        .description = "At most 8, oldest first.",
    },
    {
        .id = "guardian_add",
        .method = HTTP_POST,
        .path = "/api/v1/students/{student_id}/guardians",
        .handler = create,
        .in = &new_in,
        .out = &guardian_schema,
        .need = PERM_GUARDIANS_MANAGE,
        .status = 201,
        .errors = ERRORS(ERR_INVALID, ERR_NOT_FOUND, ERR_CONFLICT, ERR_BUSY),
        .summary = "Give a student a guardian",
        .description = "By the e-mail of a guardian's account. When there is no account with it, "
                       "one is made with `name` and `password`; when there is, leave them out. At "
                       "most 8 guardians for a student and 8 students for a guardian.",
    },
    {
        .id = "guardian_remove",
        .method = HTTP_DELETE,
        .path = "/api/v1/students/{student_id}/guardians/{guardian_id}",
        .handler = delete,
        .in = &one_in,
        .need = PERM_GUARDIANS_MANAGE,
        .status = 204,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Take a guardian from a student",
        .description = "From then on the guardian sees nothing of the student; live streams end. "
                       "The account stays, and that it was a guardian's stays known.",
    },
    {
        .id = "guardian_wards",
        .method = HTTP_GET,
        .path = "/api/v1/guardians/me/students",
        .handler = list_wards,
        .in = &ward_list_in,
        .out = &ward_page,
        .need = PERM_STUDENTS_READ,
        .status = 200,
        .errors = ERRORS(ERR_INVALID),
        .summary = "List the students the caller answers for",
        .description = "Sorted by name; empty for who is no guardian.",
    },
};
const struct route_table guardians_api =
    ROUTE_TABLE("guardians", "Who answers for a student", routes);

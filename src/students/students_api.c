/* SPDX-License-Identifier: MIT */
/* Students over HTTP. */
#include "students/students_api.h"

#include "students/students.h"

static const struct field page_fields[] = PAGE_OUT(student_schema);
static const struct schema student_page = SCHEMA_NAMED("student_page", page, page_fields);

#define F(...) FIELD(struct student_filter, __VA_ARGS__)
static const struct field list_fields[] = {
    PAGE_FIELDS_BY_NAME(struct student_filter),
    F(group_id, "Only members of this group today", .in = IN_QUERY, .min = 1, .example = "2"),
    F(enrolled, "Only those with, or without, face templates", .in = IN_QUERY, .example = "false"),
};
#undef F
static const struct schema list_in = SCHEMA_NAMED("student_list", student_filter, list_fields);

#define F(...) FIELD(struct student_new, __VA_ARGS__)
static const struct field new_fields[] = {
    F(student_number, "The school's own number, taken once", .required = true, .format = "name",
      .min = 1, .max = 40, .example = "\"2026-0031\""),
    F(name, "Full name", .required = true, .format = "name", .min = 1, .max = 200,
      .example = "\"Yacine Brahimi\""),
    F(birth_date, "Tells minors from adults; null when unknown", .format = "date", .max = 10,
      .example = "\"2007-05-14\""),
    F(email, "To sign in with; needs a password", .no_null = true, .format = "email", .min = 3,
      .max = 254, .example = "\"y.brahimi@ecole.example\""),
    F(password, "At least 10 characters, not a known one; needs an e-mail", .no_null = true,
      .secret = true, .format = "password", .min = 10, .max = 200,
      .example = "\"seven-Teal-otters\""),
    F(locale, "Language of the pages", .no_null = true, .one_of = ONE_OF("en", "fr", "ar"),
      .example = "\"fr\""),
    F(time_zone, "IANA time zone; the school's when absent", .no_null = true, .format = "time-zone",
      .min = 1, .max = 64, .example = "\"Africa/Algiers\""),
};
#undef F
static const struct schema student_new = SCHEMA(student_new, new_fields);

#define F(...) FIELD(struct student_change, __VA_ARGS__)
static const struct field change_fields[] = {
    F(student_id, "Number of the student", .in = IN_PATH, .required = true, .min = 1,
      .example = "31"),
    F(student_number, "The school's own number, taken once", .no_null = true, .format = "name",
      .min = 1, .max = 40, .example = "\"2026-0131\""),
    F(name, "Full name", .no_null = true, .format = "name", .min = 1, .max = 200,
      .example = "\"Yacine Brahimi\""),
    F(birth_date, "Tells minors from adults; null when unknown", .format = "date", .max = 10,
      .example = "null"),
    F(email, "Signs in with it; with a password it makes the account of who has none",
      .no_null = true, .format = "email", .min = 3, .max = 254,
      .example = "\"y.brahimi@ecole.example\""),
    F(password, "A new one; every login of the account ends", .no_null = true, .secret = true,
      .format = "password", .min = 10, .max = 200, .example = "\"seven-Teal-otters\""),
    F(archived, "true takes student and account out of use, false brings them back",
      .no_null = true, .example = "true"),
};
#undef F
static const struct schema student_change = SCHEMA(student_change, change_fields);

struct student_in {
    int64_t student_id;
};
static const struct field one_fields[] = {
    FIELD(struct student_in, student_id, "Number of the student", .in = IN_PATH, .required = true,
          .min = 1, .example = "31"),
};
static const struct schema one_in = SCHEMA(student_in, one_fields);

static enum err list(struct req *req)
{
    return student_list(req->ctx, req->in, req->out);
}

static enum err create(struct req *req)
{
    return student_create(req->ctx, req->in, req->out);
}

static enum err get(struct req *req)
{
    const struct student_in *in = req->in;

    return student_get_for(req->ctx, in->student_id, req->out);
}

static enum err change(struct req *req)
{
    return student_update(req->ctx, req->if_match, req->in, req->out);
}

static const struct route routes[] = {
    {
        .id = "student_list",
        .method = HTTP_GET,
        .path = "/api/v1/students",
        .handler = list,
        .in = &list_in,
        .out = &student_page,
        .need = PERM_STUDENTS_READ,
        .status = 200,
        .errors = ERRORS(ERR_INVALID),
        .summary = "List students",
        .description = "Sorted by name; `q` looks into name and student number. A trainer gets the "
                       "students in groups of the own sessions, a student only the own row.",
    },
    {
        .id = "student_create",
        .method = HTTP_POST,
        .path = "/api/v1/students",
        .handler = create,
        .in = &student_new,
        .out = &student_schema,
        .need = PERM_USERS_MANAGE,
        .status = 201,
        .versioned = true,
        .errors = ERRORS(ERR_INVALID, ERR_CONFLICT, ERR_BUSY),
        .summary = "Add a student",
        .description = "With e-mail and password the account is made too. Put the student into a "
                       "group by `POST /api/v1/groups/{group_id}/students`.",
    },
    {
        .id = "student_get",
        .method = HTTP_GET,
        .path = "/api/v1/students/{student_id}",
        .handler = get,
        .in = &one_in,
        .out = &student_schema,
        .need = PERM_STUDENTS_READ,
        .status = 200,
        .versioned = true,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Read a student",
        .description = "Archived ones are found as well. Not found is also who the caller may not "
                       "see.",
    },
    {
        .id = "student_update",
        .method = HTTP_PATCH,
        .path = "/api/v1/students/{student_id}",
        .handler = change,
        .in = &student_change,
        .out = &student_schema,
        .need = PERM_USERS_MANAGE,
        .status = 200,
        .versioned = true,
        .errors = ERRORS(ERR_INVALID, ERR_NOT_FOUND, ERR_VERSION_MISMATCH, ERR_CONFLICT, ERR_BUSY),
        .summary = "Change or archive a student",
        .description = "Only the members that are there change. Archiving archives the account "
                       "too and ends its logins.",
    },
};
const struct route_table students_api = ROUTE_TABLE("students", "Those who attend", routes);

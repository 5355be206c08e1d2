/* SPDX-License-Identifier: MIT */
/* Accounts over HTTP, for admins. */
#include "users/users_api.h"

#include "users/users.h"

static const struct field page_fields[] = PAGE_OUT(user_schema);
static const struct schema user_page = SCHEMA_NAMED("user_page", page, page_fields);

#define F(...) FIELD(struct user_filter, __VA_ARGS__)
static const struct field list_fields[] = {
    PAGE_FIELDS_BY_NAME(struct user_filter),
    F(role, "Only this role", .in = IN_QUERY,
      .one_of = ONE_OF("admin", "trainer", "student", "guardian"), .example = "\"trainer\""),
    F(active, "Only those who may sign in, or may not", .in = IN_QUERY, .example = "true"),
};
#undef F
static const struct schema list_in = SCHEMA_NAMED("user_list", user_filter, list_fields);

#define F(...) FIELD(struct user_new, __VA_ARGS__)
static const struct field new_fields[] = {
    F(email, "Signs in with it; taken once", .required = true, .format = "email", .min = 3,
      .max = 254, .example = "\"amina.haddad@ecole.example\""),
    F(name, "Full name", .required = true, .format = "name", .min = 1, .max = 200,
      .example = "\"Amina Haddad\""),
    F(role, "What the account may do", .required = true,
      .one_of = ONE_OF("admin", "trainer", "guardian"), .example = "\"trainer\""),
    F(locale, "Language of the pages", .no_null = true, .one_of = ONE_OF("en", "fr", "ar"),
      .example = "\"fr\""),
    F(time_zone, "IANA time zone; the school's when absent", .no_null = true, .format = "time-zone",
      .min = 1, .max = 64, .example = "\"Africa/Algiers\""),
    F(password, "At least 10 characters, not a known one", .required = true, .secret = true,
      .format = "password", .min = 10, .max = 200, .example = "\"seven-Teal-otters\""),
};
#undef F
static const struct schema user_new = SCHEMA_NAMED("user_new", user_new, new_fields);

#define F(...) FIELD(struct user_change, __VA_ARGS__)
static const struct field change_fields[] = {
    F(user_id, "Number of the account", .in = IN_PATH, .required = true, .min = 1, .example = "12"),
    F(email, "Signs in with it; taken once", .no_null = true, .format = "email", .min = 3,
      .max = 254, .example = "\"a.haddad@ecole.example\""),
    F(name, "Full name", .no_null = true, .format = "name", .min = 1, .max = 200,
      .example = "\"Amina Haddad\""),
    F(role, "admin and trainer may change into each other", .no_null = true,
      .one_of = ONE_OF("admin", "trainer", "student", "guardian"), .example = "\"admin\""),
    F(locale, "Language of the pages", .no_null = true, .one_of = ONE_OF("en", "fr", "ar"),
      .example = "\"ar\""),
    F(time_zone, "IANA time zone", .no_null = true, .format = "time-zone", .min = 1, .max = 64,
      .example = "\"Europe/Paris\""),
    F(active, "false keeps the user from signing in", .no_null = true, .example = "false"),
    F(archived, "true takes it out of use, false brings it back", .no_null = true,
      .example = "true"),
    F(password, "A new one; every login of the account ends", .no_null = true, .secret = true,
      .format = "password", .min = 10, .max = 200, .example = "\"seven-Teal-otters\""),
};
#undef F
static const struct schema user_change = SCHEMA_NAMED("user_change", user_change, change_fields);

struct user_in {
    int64_t user_id;
};
static const struct field one_fields[] = {
    FIELD(struct user_in, user_id, "Number of the account", .in = IN_PATH, .required = true,
          .min = 1, .example = "12"),
};
static const struct schema one_in = SCHEMA(user_in, one_fields);

static enum err list(struct req *req)
{
    return user_list(req->ctx, req->in, req->out);
}

static enum err create(struct req *req)
{
    return user_create(req->ctx, req->in, req->out);
}

static enum err get(struct req *req)
{
    const struct user_in *in = req->in;

    return user_get(req->ctx, in->user_id, req->out);
}

static enum err change(struct req *req)
{
    return user_update(req->ctx, req->if_match, req->in, req->out);
}

static const struct route routes[] = {
    {
        .id = "user_list",
        .method = HTTP_GET,
        .path = "/api/v1/users",
        .handler = list,
        .in = &list_in,
        .out = &user_page,
        .need = PERM_USERS_MANAGE,
        .status = 200,
        .errors = ERRORS(ERR_INVALID),
        .summary = "List accounts",
        .description = "Sorted by name; `q` looks into name and e-mail.",
    },
    {
        .id = "user_create",
        .method = HTTP_POST,
        .path = "/api/v1/users",
        .handler = create,
        .in = &user_new,
        .out = &user_schema,
        .need = PERM_USERS_MANAGE,
        .status = 201,
        .versioned = true,
        .errors = ERRORS(ERR_INVALID, ERR_CONFLICT, ERR_BUSY),
        .summary = "Add an account",
        .description = "For admins, trainers and guardians; a trainer is listed among the trainers "
                       "as well, a guardian sees the students that are given to it. A student's "
                       "account is made with the student.",
    },
    {
        .id = "user_get",
        .method = HTTP_GET,
        .path = "/api/v1/users/{user_id}",
        .handler = get,
        .in = &one_in,
        .out = &user_schema,
        .need = PERM_USERS_MANAGE,
        .status = 200,
        .versioned = true,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Read an account",
        .description = "Archived ones are found as well.",
    },
    {
        .id = "user_update",
        .method = HTTP_PATCH,
        .path = "/api/v1/users/{user_id}",
        .handler = change,
        .in = &user_change,
        .out = &user_schema,
        .need = PERM_USERS_MANAGE,
        .status = 200,
        .versioned = true,
        .errors = ERRORS(ERR_INVALID, ERR_NOT_FOUND, ERR_VERSION_MISMATCH, ERR_CONFLICT, ERR_IN_USE,
                         ERR_BUSY),
        .summary = "Change, block or archive an account",
        .description = "Only the members that are there change. A new password, another role, "
                       "`active: false` and `archived: true` end every login of the account. The "
                       "last active admin stays one.",
    },
};
const struct route_table users_api =
    ROUTE_TABLE("users", "Accounts: who may sign in, and as what", routes);

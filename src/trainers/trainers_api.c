/* SPDX-License-Identifier: MIT */
/* Trainers over HTTP. */
#include "trainers/trainers_api.h"

#include "trainers/trainers.h"

static const struct field page_fields[] = PAGE_OUT(trainer_schema);
static const struct schema trainer_page = SCHEMA_NAMED("trainer_page", page, page_fields);

static const struct field list_fields[] = {PAGE_FIELDS_BY_NAME(struct trainer_filter)};
static const struct schema list_in = SCHEMA_NAMED("trainer_list", trainer_filter, list_fields);

#define F(...) FIELD(struct trainer_new, __VA_ARGS__)
static const struct field new_fields[] = {
    F(email, "Signs in with it; taken once", .required = true, .format = "email", .min = 3,
      .max = 254, .example = "\"amina.haddad@ecole.example\""),
    F(name, "Full name", .required = true, .format = "name", .min = 1, .max = 200,
      .example = "\"Amina Haddad\""),
    F(password, "At least 10 characters, not a known one", .required = true, .secret = true,
      .format = "password", .min = 10, .max = 200, .example = "\"seven-Teal-otters\""),
    F(specialities, "What they teach, in words", .no_null = true, .format = "name", .max = 500,
      .example = "\"réseaux, systèmes\""),
    F(locale, "Language of the pages", .no_null = true, .one_of = ONE_OF("en", "fr", "ar"),
      .example = "\"fr\""),
    F(time_zone, "IANA time zone; the school's when absent", .no_null = true, .format = "time-zone",
      .min = 1, .max = 64, .example = "\"Africa/Algiers\""),
};
#undef F
static const struct schema trainer_new = SCHEMA(trainer_new, new_fields);

#define F(...) FIELD(struct trainer_change, __VA_ARGS__)
static const struct field change_fields[] = {
    F(trainer_id, "Number of the trainer", .in = IN_PATH, .required = true, .min = 1,
      .example = "4"),
    F(email, "Signs in with it; taken once", .no_null = true, .format = "email", .min = 3,
      .max = 254, .example = "\"a.haddad@ecole.example\""),
    F(name, "Full name", .no_null = true, .format = "name", .min = 1, .max = 200,
      .example = "\"Amina Haddad\""),
    F(password, "A new one; every login of the account ends", .no_null = true, .secret = true,
      .format = "password", .min = 10, .max = 200, .example = "\"seven-Teal-otters\""),
    F(specialities, "What they teach, in words", .no_null = true, .format = "name", .max = 500,
      .example = "\"réseaux\""),
    F(archived, "true takes trainer and account out of use, false brings them back",
      .no_null = true, .example = "true"),
};
#undef F
static const struct schema trainer_change = SCHEMA(trainer_change, change_fields);

struct trainer_in {
    int64_t trainer_id;
};
static const struct field one_fields[] = {
    FIELD(struct trainer_in, trainer_id, "Number of the trainer", .in = IN_PATH, .required = true,
          .min = 1, .example = "4"),
};
static const struct schema one_in = SCHEMA(trainer_in, one_fields);

static enum err list(struct req *req)
{
    return trainer_list(req->ctx, req->in, req->out);
}

static enum err create(struct req *req)
{
    return trainer_create(req->ctx, req->in, req->out);
}

static enum err get(struct req *req)
{
    const struct trainer_in *in = req->in;

    return trainer_get_for(req->ctx, in->trainer_id, req->out);
}

static enum err change(struct req *req)
{
    return trainer_update(req->ctx, req->if_match, req->in, req->out);
}

static const struct route routes[] = {
    {
        .id = "trainer_list",
        .method = HTTP_GET,
        .path = "/api/v1/trainers",
        .handler = list,
        .in = &list_in,
        .out = &trainer_page,
        .need = PERM_PEOPLE_READ,
        .status = 200,
        .errors = ERRORS(ERR_INVALID),
        .summary = "List trainers",
        .description = "Sorted by name; `q` looks into name and e-mail. A trainer gets only the "
                       "own row.",
    },
    {
        .id = "trainer_create",
        .method = HTTP_POST,
        .path = "/api/v1/trainers",
        .handler = create,
        .in = &trainer_new,
        .out = &trainer_schema,
        .need = PERM_USERS_MANAGE,
        .status = 201,
        .versioned = true,
        .errors = ERRORS(ERR_INVALID, ERR_CONFLICT, ERR_BUSY),
        .summary = "Add a trainer with an account",
        .description = "Account and trainer are made together, or neither is.",
    },
    {
        .id = "trainer_get",
        .method = HTTP_GET,
        .path = "/api/v1/trainers/{trainer_id}",
        .handler = get,
        .in = &one_in,
        .out = &trainer_schema,
        .need = PERM_PEOPLE_READ,
        .status = 200,
        .versioned = true,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Read a trainer",
        .description = "Archived ones are found as well. A trainer finds only the own row.",
    },
    {
        .id = "trainer_update",
        .method = HTTP_PATCH,
        .path = "/api/v1/trainers/{trainer_id}",
        .handler = change,
        .in = &trainer_change,
        .out = &trainer_schema,
        .need = PERM_USERS_MANAGE,
        .status = 200,
        .versioned = true,
        .errors = ERRORS(ERR_INVALID, ERR_NOT_FOUND, ERR_VERSION_MISMATCH, ERR_CONFLICT, ERR_IN_USE,
                         ERR_BUSY),
        .summary = "Change or archive a trainer",
        .description = "Only the members that are there change. Archiving archives the account "
                       "too and ends its logins.",
    },
};
const struct route_table trainers_api = ROUTE_TABLE("trainers", "Those who give sessions", routes);

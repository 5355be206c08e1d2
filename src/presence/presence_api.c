/* SPDX-License-Identifier: MIT */
/* Status codes and presence policies over HTTP. */
#include "presence/presence_api.h"

#include "presence/codes.h"
#include "presence/policy.h"

#define CATEGORIES ONE_OF("present", "late", "partial", "left_early", "excused", "absent", "remote")
#define KINDS      ONE_OF("any", "course", "lab", "workshop", "exam")

static const struct field page_fields[] = PAGE_OUT(status_code_schema);
static const struct schema code_page = SCHEMA_NAMED("status_code_page", page, page_fields);

static const struct field list_fields[] = {
    PAGE_FIELDS(struct status_code_filter),
    PAGE_FIELD(struct status_code_filter, archived, "Only archived ones instead of only the others",
               .fallback = "false", .example = "false"),
};
static const struct schema list_in =
    SCHEMA_NAMED("status_code_list", status_code_filter, list_fields);

#define LABEL(type_, member_, language_, example_, ...)                                            \
    FIELD(type_, member_, "Meaning in " language_, .format = "name", .min = 1, .max = 80,          \
          .example = example_, __VA_ARGS__)
#define F(...) FIELD(struct status_code_new, __VA_ARGS__)
static const struct field new_fields[] = {
    F(code, "What stands in the register, taken once", .required = true, .format = "name", .min = 1,
      .max = 8, .example = "\"MED\""),
    F(category, "What it counts as", .required = true, .one_of = CATEGORIES,
      .example = "\"excused\""),
    LABEL(struct status_code_new, label_en, "English", "\"Medical appointment\"", .required = true),
    LABEL(struct status_code_new, label_fr, "French", "\"Rendez-vous médical\"", .required = true),
    LABEL(struct status_code_new, label_ar, "Arabic", "\"موعد طبي\"", .required = true),
    F(colour, "Colour of the letter", .required = true, .min = 7, .max = 7,
      .example = "\"#1d4ed8\""),
    F(weight, "Thousandths of a session attended; as the category's default when absent",
      .max = 1000, .example = "0"),
    F(position, "Place in lists; last when absent", .min = 1, .max = 10000, .example = "8"),
    F(is_default, "Whether the rules give it for its category from now on", .example = "false"),
};
#undef F
static const struct schema code_new = SCHEMA(status_code_new, new_fields);

#define F(...) FIELD(struct status_code_change, __VA_ARGS__)
static const struct field change_fields[] = {
    F(id, "Number of the code", .in = IN_PATH, .required = true, .min = 1, .example = "2"),
    LABEL(struct status_code_change, label_en, "English", "\"Late\"", .no_null = true),
    LABEL(struct status_code_change, label_fr, "French", "\"En retard\"", .no_null = true),
    LABEL(struct status_code_change, label_ar, "Arabic", "\"متأخر\"", .no_null = true),
    F(colour, "Colour of the letter", .no_null = true, .min = 7, .max = 7,
      .example = "\"#b45309\""),
    F(weight, "Thousandths of a session attended", .no_null = true, .max = 1000, .example = "1000"),
    F(position, "Place in lists", .no_null = true, .min = 1, .max = 10000, .example = "2"),
    F(is_default, "true: the rules give it for its category from now on", .no_null = true,
      .example = "true"),
    F(archived, "true takes it out of use, false brings it back", .no_null = true,
      .example = "false"),
};
#undef F
static const struct schema code_change = SCHEMA(status_code_change, change_fields);

struct code_in {
    int64_t id;
};
static const struct field one_fields[] = {
    FIELD(struct code_in, id, "Number of the code", .in = IN_PATH, .required = true, .min = 1,
          .example = "2"),
};
static const struct schema one_in = SCHEMA_NAMED("status_code_in", code_in, one_fields);

struct preset_in {
    struct str preset;
};
static const struct field preset_fields[] = {
    FIELD(struct preset_in, preset, "Which set of codes", .required = true,
          .one_of = ONE_OF("basic", "french", "england"), .example = "\"basic\""),
};
static const struct schema preset_in =
    SCHEMA_NAMED("status_code_preset_in", preset_in, preset_fields);

struct policies {
    struct list policies;
};
static const struct field policies_fields[] = {
    FIELD(struct policies, policies, "Any kind, then each kind", .required = true,
          .items = &presence_policy_view_schema),
};
static const struct schema policies_out =
    SCHEMA_NAMED("presence_policies", policies, policies_fields);

struct kind_in {
    struct str kind;
};
#define KIND(type_)                                                                                \
    FIELD(type_, kind, "Kind of session; any: kinds without a rule of their own", .in = IN_PATH,   \
          .required = true, .one_of = KINDS, .example = "\"exam\"")
static const struct field kind_fields[] = {KIND(struct kind_in)};
static const struct schema kind_in = SCHEMA_NAMED("presence_policy_in", kind_in, kind_fields);

#define F(...) FIELD(struct presence_policy_set, __VA_ARGS__)
static const struct field set_fields[] = {
    KIND(struct presence_policy_set),
    F(ways,
      "What counts as a check-in: any, manual, or alternatives with | of ways and conditions "
      "with +",
      .required = true, .min = 1, .max = 200, .example = "\"kiosk|qr+subnet\""),
    F(open_before_min, "Minutes before the start at which it opens; null: the server's option",
      .max = 720, .example = "15"),
    F(late_after_min, "Late after so many minutes; null: the server's option", .max = 720,
      .example = "5"),
    F(absent_after_min, "Absent after so many minutes; null: the server's option", .min = 1,
      .max = 720, .example = "20"),
    F(check_out, "Leaving is checked too", .required = true, .example = "false"),
    F(min_minutes, "Minutes to be there to count as present; 0: no such rule", .required = true,
      .max = 1440, .example = "0"),
    F(apply_to_scheduled, "Sessions that wait for their day take it over too", .required = true,
      .example = "false"),
};
#undef F
static const struct schema policy_set = SCHEMA(presence_policy_set, set_fields);

static enum err list(struct req *req)
{
    return code_list(req->ctx, req->in, req->out);
}

static enum err create(struct req *req)
{
    return code_create(req->ctx, req->in, req->out);
}

static enum err get(struct req *req)
{
    const struct code_in *in = req->in;

    return code_get(req->ctx, in->id, req->out);
}

static enum err change(struct req *req)
{
    return code_update(req->ctx, req->if_match, req->in, req->out);
}

static enum err preset(struct req *req)
{
    const struct preset_in *in = req->in;

    return code_preset(req->ctx, in->preset, req->out);
}

static enum err policy_list(struct req *req)
{
    struct policies *out = req->out;

    return presence_policy_all(req->ctx, &out->policies);
}

static enum err policy_get(struct req *req)
{
    const struct kind_in *in = req->in;

    return presence_policy_get(req->ctx, in->kind, req->out);
}

static enum err policy_put(struct req *req)
{
    return presence_policy_put(req->ctx, req->if_match, req->in, req->out);
}

static enum err policy_drop(struct req *req)
{
    const struct kind_in *in = req->in;

    return presence_policy_drop(req->ctx, in->kind);
}

static const struct route routes[] = {
    {
        .id = "status_code_list",
        .method = HTTP_GET,
        .path = "/api/v1/status-codes",
        .handler = list,
        .in = &list_in,
        .out = &code_page,
        .need = PERM_PRESENCE_READ,
        .status = 200,
        .errors = ERRORS(ERR_INVALID),
        .summary = "List the school's status codes",
        .description = "By position; `archived` lists those that only old records have.",
    },
    {
        .id = "status_code_create",
        .method = HTTP_POST,
        .path = "/api/v1/status-codes",
        .handler = create,
        .in = &code_new,
        .out = &status_code_schema,
        .need = PERM_PRESENCE_MANAGE,
        .status = 201,
        .versioned = true,
        .errors = ERRORS(ERR_INVALID, ERR_CONFLICT),
        .summary = "Add a status code",
        .description = "Within one of the fixed categories. Excused codes weigh nothing: what is "
                       "excused does not count.",
    },
    {
        .id = "status_code_get",
        .method = HTTP_GET,
        .path = "/api/v1/status-codes/{id}",
        .handler = get,
        .in = &one_in,
        .out = &status_code_schema,
        .need = PERM_PRESENCE_READ,
        .status = 200,
        .versioned = true,
        .errors = ERRORS(ERR_NOT_FOUND),
        .summary = "Read a status code",
    },
    {
        .id = "status_code_update",
        .method = HTTP_PATCH,
        .path = "/api/v1/status-codes/{id}",
        .handler = change,
        .in = &code_change,
        .out = &status_code_schema,
        .need = PERM_PRESENCE_MANAGE,
        .status = 200,
        .versioned = true,
        .errors =
            ERRORS(ERR_INVALID, ERR_NOT_FOUND, ERR_VERSION_MISMATCH, ERR_IN_USE, ERR_CONFLICT),
        .summary = "Change or archive a status code",
        .description = "Code and category are fixed. A new weight goes to all records at once; a "
                       "default is moved by making another code the default.",
    },
    {
        .id = "status_code_preset",
        .method = HTTP_POST,
        .path = "/api/v1/status-codes/preset",
        .handler = preset,
        .in = &preset_in,
        .out = &status_code_preset_schema,
        .need = PERM_PRESENCE_MANAGE,
        .status = 200,
        .errors = ERRORS(ERR_INVALID, ERR_IN_USE),
        .summary = "Take over a ready-made set of status codes",
        .description = "Codes that records have stay, archived. docs/presence.md lists the sets.",
    },
    {
        .id = "presence_policy_list",
        .method = HTTP_GET,
        .path = "/api/v1/presence/policies",
        .handler = policy_list,
        .out = &policies_out,
        .need = PERM_PRESENCE_READ,
        .status = 200,
        .errors = ERRORS(ERR_INVALID),
        .summary = "Read what the school asks of a check-in",
        .description = "For each kind of session what holds, and where it comes from.",
    },
    {
        .id = "presence_policy_get",
        .method = HTTP_GET,
        .path = "/api/v1/presence/policies/{kind}",
        .handler = policy_get,
        .in = &kind_in,
        .out = &presence_policy_view_schema,
        .need = PERM_PRESENCE_READ,
        .status = 200,
        .versioned = true,
        .errors = ERRORS(ERR_INVALID, ERR_NOT_FOUND),
        .summary = "Read what holds for a kind of session",
    },
    {
        .id = "presence_policy_put",
        .method = HTTP_PUT,
        .path = "/api/v1/presence/policies/{kind}",
        .handler = policy_put,
        .in = &policy_set,
        .out = &presence_policy_view_schema,
        .need = PERM_PRESENCE_MANAGE,
        .status = 200,
        .versioned = true,
        .errors = ERRORS(ERR_INVALID, ERR_NOT_FOUND, ERR_VERSION_MISMATCH),
        .summary = "Set what a kind of session asks of a check-in",
        .description = "For sessions planned from now on; with `apply_to_scheduled` also for those "
                       "that are planned and not yet open, whatever was chosen for them.",
    },
    {
        .id = "presence_policy_drop",
        .method = HTTP_DELETE,
        .path = "/api/v1/presence/policies/{kind}",
        .handler = policy_drop,
        .in = &kind_in,
        .need = PERM_PRESENCE_MANAGE,
        .status = 204,
        .errors = ERRORS(ERR_INVALID, ERR_NOT_FOUND),
        .summary = "Give a kind of session back to the general rule",
        .description = "Sessions that are planned keep what they have.",
    },
};
const struct route_table presence_api =
    ROUTE_TABLE("presence", "What counts as a check-in, and the codes of the register", routes);

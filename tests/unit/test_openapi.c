/* SPDX-License-Identifier: MIT */
/* The documents made from the route tables, read back as JSON. */
#include <jansson.h>

#include "ctx_test.h"
#include "http/openapi.h"
#include "http/route_errors.h"

struct part {
    int64_t x;
};

struct pet {
    int64_t id;
    struct str name;
    struct opt_str nick;
    struct str kind;
    struct opt_str mood;
    int64_t born_at;
    double weight;
    struct list parts;
    struct obj owner;
    struct i64s groups;
    struct strs tags;
    struct json extra;
    struct file photo;
    struct files photos;
    struct str password;
    struct opt_bool tame;
    int64_t version;
    int64_t limit;
    struct str next_cursor;
    struct str x_device_name;
};

#define P(...) FIELD(struct part, __VA_ARGS__)
static const struct field part_fields[] = {P(x, "Place")};
#undef P
static const struct schema part_schema = SCHEMA(part, part_fields);

#define F(...) FIELD(struct pet, __VA_ARGS__)
static const struct field pet_fields[] = {
    F(id, "Number", .example = "7"),
    F(name, "Name", .max = 20),
    F(nick, "Short name"),
    F(kind, "Kind", .one_of = ONE_OF("cat", "dog")),
    F(mood, "Mood", .one_of = ONE_OF("good", "bad")),
    F(born_at, "Born", .format = "date-time"),
    F(weight, "Kilograms"),
    F(parts, "Parts", .items = &part_schema),
    F(owner, "Owner, if any", .items = &part_schema),
    F(groups, "Groups"),
    F(tags, "Tags", .one_of = ONE_OF("a", "b")),
    F(extra, "Anything"),
    F(password, "Never shown", .hidden = true),
    F(version, "Version"),
};
static const struct field make_fields[] = {
    F(name, "Name", .required = true, .min = 1, .max = 20),
    F(nick, "Short name"),
    F(weight, "Kilograms", .min = 1, .max = 90),
    F(password, "Password", .required = true, .secret = true, .min = 10),
    F(groups, "Groups", .max = 5),
    F(kind, "Kind", .one_of = ONE_OF("cat", "dog")),
};
static const struct field change_fields[] = {
    F(id, "Number", .in = IN_PATH, .min = 1),
    F(tame, "Whether it bites"),
};
static const struct field list_fields[] = {
    F(limit, "How many", .in = IN_QUERY, .min = 1, .max = 200, .fallback = "50"),
    F(tags, "Order", .in = IN_QUERY, .fallback = "a,b", .one_of = ONE_OF("a", "b")),
    F(groups, "Groups", .in = IN_QUERY, .fallback = "1,2"),
    F(tame, "Only tame ones", .in = IN_QUERY),
    F(x_device_name, "Device", .in = IN_HEADER),
};
static const struct field page_fields[] = {
    F(parts, "Pets", .items = &part_schema),
    F(next_cursor, "Where the next page begins"),
};
static const struct field form_fields[] = {
    F(photo, "Picture", .required = true, .max = 100),
    F(photos, "Pictures", .min = 1, .max = 5),
};
#undef F
static const struct schema pet_schema = SCHEMA(pet, pet_fields);
static const struct schema make_in = SCHEMA_NAMED("pet_make", pet, make_fields);
static const struct schema change_in = SCHEMA_NAMED("pet_change", pet, change_fields);
static const struct schema list_in = SCHEMA_NAMED("pet_list", pet, list_fields);
static const struct schema page_schema = SCHEMA_NAMED("pet_page", pet, page_fields);
static const struct schema form_in = SCHEMA_NAMED("pet_form", pet, form_fields);

static enum err nothing(struct req *req)
{
    (void)req;
    return ERR_OK;
}

/* clang-format off */
#define ROW(id_, method_, path_, ...)                                                              \
    {.id = id_, .method = method_, .path = path_, .handler = nothing, .summary = "Sum " id_,       \
     .description = "Text <b>", __VA_ARGS__}
/* clang-format on */

static const struct route pets[] = {
    ROW("pet_list", HTTP_GET, "/api/v1/pets", .need = PERM_SELF, .status = 200, .in = &list_in,
        .out = &page_schema),
    ROW("pet_make", HTTP_POST, "/api/v1/pets", .need = PERM_USERS_MANAGE, .status = 201,
        .in = &make_in, .out = &pet_schema, .errors = ERRORS(ERR_CONFLICT)),
    ROW("pet_change", HTTP_PATCH, "/api/v1/pets/{id}", .need = PERM_PEOPLE_READ, .status = 200,
        .in = &change_in, .out = &pet_schema, .versioned = true),
    ROW("pet_form", HTTP_POST, "/api/v1/form", .need = PERM_PUBLIC, .status = 204, .in = &form_in,
        .consumes = "multipart/form-data", .cookies = true, .no_csrf = true),
    ROW("pet_events", HTTP_GET, "/api/v1/stream", .need = PERM_SELF, .status = 200,
        .kind = ROUTE_SSE),
    ROW("pet_frames", HTTP_GET, "/api/v1/frames", .need = PERM_SELF, .status = 101,
        .kind = ROUTE_WS, .ws_in = &part_schema, .ws_out = &pet_schema),
};
static const struct route system_rows[] = {
    ROW("health", HTTP_GET, "/healthz", .need = PERM_PUBLIC, .status = 200, .per_minute = -1,
        .produces = "text/plain"),
};
static const struct route_table pet_table = ROUTE_TABLE("pets", "All about pets", pets);
static const struct route_table system_table = ROUTE_TABLE("system", "The server", system_rows);
static const struct route_table *const tables[] = {&pet_table, &system_table, NULL};
static const struct routes routes = {tables};

static struct str document(struct ctx *ctx)
{
    cleanup(buf_finish) struct buf b = BUF(1 << 20);

    openapi_write(ctx, &routes, &b);
    assert_false(b.failed);
    return arena_str(&ctx->arena, buf_view(&b));
}

/* Every test reads the document anew. */
static json_t *parsed(struct ctx *ctx)
{
    struct str text = document(ctx);
    json_error_t why;
    json_t *root = json_loadb(text.at, text.len, JSON_REJECT_DUPLICATES, &why);

    if (!root)
        print_error("line %d: %s\n", why.line, why.text);
    assert_non_null(root);
    return root;
}

/* The value at "a b c"; a number picks from an array. Owned by the root. */
static const json_t *at(const json_t *v, const char *path)
{
    struct str rest = str_of(path);

    while (v && rest.len) {
        struct str key = str_cut(&rest, ' ');
        int64_t i;

        if (json_is_array(v) && str_to_i64(key, &i))
            v = json_array_get(v, (size_t)i);
        else
            v = json_object_getn(v, key.at, key.len);
    }
    return v;
}

static void assert_at(const json_t *root, const char *path, const char *want)
{
    char *have = at(root, path) ? json_dumps(at(root, path), JSON_COMPACT | JSON_ENCODE_ANY) : NULL;

    if (!have || strcmp(have, want) != 0)
        print_error("%s: %s, not %s\n", path, have ? have : "(absent)", want);
    assert_true(have && strcmp(have, want) == 0);
    mem_free(have);
}

static void assert_absent(const json_t *root, const char *path)
{
    if (at(root, path))
        print_error("%s is there\n", path);
    assert_null(at(root, path));
}

static void the_table_is_sound(void **state)
{
    const char *bad = routes_check(*state, &routes);

    assert_string_equal(bad ? bad : "sound", "sound");
}

static void the_same_tables_give_the_same_bytes(void **state)
{
    struct str one = document(*state);
    struct str two = document(*state);

    assert_true(str_eq(one, two));
    assert_int_equal(one.at[one.len - 1], '\n');
    assert_non_null(strstr(one.at, "{\n  \"openapi\": \"3.1.0\",\n  \"info\": {\n    \"title\""));
}

static void answers_are_described(void **state)
{
    json_t *root = parsed(*state);
    const json_t *pet = at(root, "components schemas pet");
    const json_t *p = at(pet, "properties");

    assert_at(p, "id",
              "{\"description\":\"Number\",\"type\":\"integer\",\"format\":\"int64\","
              "\"examples\":[7]}");
    assert_at(p, "name", "{\"description\":\"Name\",\"type\":\"string\"}");
    assert_at(p, "nick type", "[\"string\",\"null\"]");
    assert_at(p, "kind enum", "[\"cat\",\"dog\"]");
    assert_at(p, "mood enum", "[\"good\",\"bad\",null]");
    assert_at(p, "born_at type", "\"string\"");
    assert_at(p, "born_at format", "\"date-time\"");
    assert_at(p, "weight type", "\"number\"");
    assert_at(p, "parts items", "{\"$ref\":\"#/components/schemas/part\"}");
    assert_at(p, "owner anyOf", "[{\"$ref\":\"#/components/schemas/part\"},{\"type\":\"null\"}]");
    assert_at(p, "groups items type", "\"integer\"");
    assert_at(p, "tags items enum", "[\"a\",\"b\"]");
    assert_at(p, "extra", "{\"description\":\"Anything\"}");
    assert_absent(p, "password");
    assert_int_equal(json_array_size(at(pet, "required")), 13);
    assert_absent(pet, "additionalProperties");
    json_decref(root);
}

static void requests_are_described(void **state)
{
    json_t *root = parsed(*state);
    const json_t *make = at(root, "components schemas pet_make");
    const json_t *form = at(root, "components schemas pet_form properties");

    assert_at(make, "required", "[\"name\",\"password\"]");
    assert_at(make, "additionalProperties", "false");
    assert_at(make, "properties name minLength", "1");
    assert_at(make, "properties name maxLength", "20");
    assert_at(make, "properties nick maxLength", "1000");
    assert_at(make, "properties weight minimum", "1");
    assert_at(make, "properties weight maximum", "90");
    assert_at(make, "properties groups maxItems", "5");
    assert_at(make, "properties password writeOnly", "true");
    assert_at(form, "photo format", "\"binary\"");
    assert_at(form, "photos items format", "\"binary\"");
    assert_at(form, "photos maxItems", "5");
    /* Only what stands in bodies becomes a schema. */
    assert_at(root, "components schemas pet_change properties tame type", "[\"boolean\",\"null\"]");
    assert_absent(root, "components schemas pet_change properties id");
    assert_absent(root, "components schemas pet_list");
    /* Sent by a WebSocket client: input, although answers hold it too. */
    assert_at(root, "components schemas part additionalProperties", "false");
    json_decref(root);
}

static void operations_are_described(void **state)
{
    json_t *root = parsed(*state);
    const json_t *paths = at(root, "paths");
    const json_t *list = at(paths, "/api/v1/pets get");
    const json_t *make = at(paths, "/api/v1/pets post");
    const json_t *change = at(paths, "/api/v1/pets/{id} patch");
    const json_t *form = at(paths, "/api/v1/form post");

    assert_at(list, "operationId", "\"pet_list\"");
    assert_at(list, "tags", "[\"pets\"]");
    assert_at(list, "x-permission", "\"self\"");
    assert_at(list, "x-roles", "[\"admin\",\"trainer\",\"student\",\"guardian\"]");
    assert_at(list, "parameters 0",
              "{\"name\":\"limit\",\"in\":\"query\",\"description\":\"How many\",\"schema\":{"
              "\"type\":\"integer\",\"format\":\"int64\",\"minimum\":1,\"maximum\":200,"
              "\"default\":50}}");
    assert_at(list, "parameters 1 schema default", "[\"a\",\"b\"]");
    assert_at(list, "parameters 1 explode", "false");
    assert_at(list, "parameters 2 schema default", "[1,2]");
    assert_at(list, "parameters 3 schema type", "\"boolean\"");
    assert_at(list, "parameters 4 name", "\"X-Device-Name\"");
    assert_at(list, "parameters 4 in", "\"header\"");
    assert_at(list, "responses 200 headers Link", "{\"$ref\":\"#/components/headers/link\"}");
    assert_absent(list, "requestBody");

    assert_at(make, "x-roles", "[\"admin\"]");
    assert_at(make, "security", "[{\"bearer\":[]},{\"cookie\":[]}]");
    assert_at(make, "requestBody required", "true");
    assert_at(make, "requestBody content application/json schema $ref",
              "\"#/components/schemas/pet_make\"");
    assert_at(make, "parameters", "[{\"$ref\":\"#/components/parameters/idempotency_key\"}]");
    assert_at(make, "responses 201 headers Location",
              "{\"$ref\":\"#/components/headers/location\"}");

    assert_at(change, "parameters 0 required", "true");
    assert_at(change, "parameters 1", "{\"$ref\":\"#/components/parameters/if_match\"}");
    assert_at(change, "requestBody required", "false");
    assert_at(change, "responses 200 headers ETag", "{\"$ref\":\"#/components/headers/etag\"}");
    assert_at(change, "responses 412 $ref", "\"#/components/responses/version-mismatch\"");

    assert_at(form, "security", "[]");
    assert_at(form, "x-roles",
              "[\"none\",\"admin\",\"trainer\",\"student\",\"guardian\",\"kiosk\"]");
    assert_non_null(at(form, "requestBody content multipart/form-data"));
    assert_absent(form, "responses 204 content");
    assert_absent(form, "parameters");
    json_decref(root);
}

static void streams_and_plain_text_are_described(void **state)
{
    json_t *root = parsed(*state);
    const json_t *paths = at(root, "paths");

    assert_at(paths, "/api/v1/stream get responses 200 content",
              "{\"text/event-stream\":{\"schema\":{\"type\":\"string\"}}}");
    assert_at(paths, "/api/v1/frames get x-websocket",
              "{\"client\":{\"$ref\":\"#/components/schemas/part\"},"
              "\"server\":{\"$ref\":\"#/components/schemas/pet\"}}");
    assert_non_null(at(paths, "/api/v1/frames get responses 101"));
    assert_non_null(at(paths, "/api/v1/frames get responses default"));
    assert_at(paths, "/healthz get responses 200 content",
              "{\"text/plain\":{\"schema\":{\"type\":\"string\"}}}");
    assert_absent(paths, "/healthz get responses 429");
    json_decref(root);
}

/* Changing needs a version, making something new does not. */
static void only_changes_need_a_version(void **state)
{
    struct route make = pets[1];

    (void)state;
    make.versioned = true;
    assert_false(route_may_fail(&make, ERR_PRECONDITION_REQUIRED));
    assert_true(route_may_fail(&pets[2], ERR_PRECONDITION_REQUIRED));
    assert_true(route_may_fail(&pets[2], ERR_VERSION_MISMATCH));
    assert_false(route_may_fail(&pets[0], ERR_VERSION_MISMATCH));
}

static void problems_are_described(void **state)
{
    json_t *root = parsed(*state);
    const json_t *type = at(root, "components schemas problem properties type enum");
    const json_t *make = at(root, "paths /api/v1/pets post responses");

    assert_int_equal(json_array_size(type), ERR_COUNT - 1);
    assert_string_equal(json_string_value(json_array_get(type, 0)), "/problems/bad-request");
    for (enum err e = ERR_OK + 1; e < ERR_COUNT; e++) {
        char status[16];

        (void)snprintf(status, sizeof(status), "%d", err_info(e)->status);
        if (route_may_fail(&pets[1], e))
            assert_non_null(at(make, status));
    }
    assert_non_null(strstr(json_string_value(at(make, "409 description")), "`conflict`"));
    assert_at(make, "401 $ref", "\"#/components/responses/unauthenticated\"");
    assert_absent(make, "404");
    assert_non_null(at(root, "components responses too-many-requests headers Retry-After"));
    json_decref(root);
}

/* Every $ref leads somewhere, and every component is used. */
static void references_hold(void **state)
{
    static const char *const kinds[] = {"schemas", "parameters", "headers", "responses"};
    struct ctx *ctx = *state;
    struct str text = document(ctx);
    json_t *root = parsed(ctx);

    for (const char *p = strstr(text.at, "#/components/"); p; p = strstr(p + 1, "#/components/")) {
        struct str rest = str_of(p + strlen("#/components/"));
        struct str ref = str_cut(&rest, '"');
        struct str kind = str_cut(&ref, '/');

        assert_non_null(at(root, arena_printf(&ctx->arena, "components %.*s %.*s", (int)kind.len,
                                              kind.at, (int)ref.len, ref.at)
                                     .at));
    }
    for (size_t k = 0; k < COUNT(kinds); k++) {
        json_t *all = json_object_get(json_object_get(root, "components"), kinds[k]);
        const char *name;
        json_t *value;

        json_object_foreach(all, name, value)
        {
            const char *ref =
                arena_printf(&ctx->arena, "\"#/components/%s/%s\"", kinds[k], name).at;

            assert_says(text.at, ref, k);
        }
    }
    json_decref(root);
}

static void pages_list_every_row(void **state)
{
    cleanup(buf_finish) struct buf errors = BUF(1 << 20);
    cleanup(buf_finish) struct buf rights = BUF(1 << 20);

    (void)state;
    errors_write(&routes, &errors);
    permissions_write(&routes, &rights);
    buf_putc(&errors, '\0');
    buf_putc(&rights, '\0');
    for (enum err e = ERR_OK + 1; e < ERR_COUNT; e++)
        assert_says(errors.at, err_info(e)->slug, (size_t)e);
    assert_says(errors.at, "| `/problems/conflict` | 409 | It already exists | `pet_make` |", 0);
    for (enum perm p = PERM_PUBLIC; p < PERM_COUNT; p++)
        assert_says(rights.at, perm_name(p), (size_t)p);
    assert_says(rights.at, "| `users:manage` | yes | – | – |", 0);
    assert_says(rights.at, "| `PATCH /api/v1/pets/{id}` | `people:read` | – | yes | yes | – |", 0);
    assert_says(rights.at, "| `GET /healthz` | `public` | yes | yes | yes | yes |", 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        ctx_test(the_table_is_sound),
        ctx_test(the_same_tables_give_the_same_bytes),
        ctx_test(answers_are_described),
        ctx_test(requests_are_described),
        ctx_test(operations_are_described),
        ctx_test(streams_and_plain_text_are_described),
        ctx_test(only_changes_need_a_version),
        ctx_test(problems_are_described),
        ctx_test(references_hold),
        ctx_test(pages_list_every_row),
    };

    return cmocka_run_group_tests_name("openapi", tests, NULL, NULL);
}

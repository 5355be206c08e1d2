/* SPDX-License-Identifier: MIT */
/* Route tables: matching, the checks that refuse unsound rows, permissions by role. */
#include "ctx_test.h"
#include "http/openapi.h"
#include "http/router.h"

/* Rows say only in what they differ from a sound one. */
#pragma GCC diagnostic ignored "-Woverride-init"

struct thing {
    int64_t id;
    struct str name;
    int64_t version;
};

#define F(...) FIELD(struct thing, __VA_ARGS__)
static const struct field thing_fields[] = {
    F(id, "Number"),
    F(name, "Name"),
    F(version, "Version"),
};
static const struct field by_id_fields[] = {
    F(id, "Number", .in = IN_PATH, .min = 1),
};
#undef F
static const struct schema thing_schema = SCHEMA(thing, thing_fields);
static const struct schema by_id = SCHEMA_NAMED("thing_by_id", thing, by_id_fields);

static enum err nothing(struct req *req)
{
    (void)req;
    return ERR_OK;
}

/* clang-format off */
#define ROW(id_, method_, path_, ...)                                                              \
    {.id = id_, .method = method_, .path = path_, .handler = nothing, .need = PERM_SELF,           \
     .status = 200, .out = &thing_schema, .summary = "S", .description = "D", __VA_ARGS__}
/* clang-format on */

static const struct route rows[] = {
    ROW("root", HTTP_GET, "/"),
    ROW("list", HTTP_GET, "/api/v1/things"),
    ROW("make", HTTP_POST, "/api/v1/things"),
    ROW("get", HTTP_GET, "/api/v1/things/{id}", .in = &by_id),
    ROW("change", HTTP_PATCH, "/api/v1/things/{id}", .in = &by_id, .versioned = true),
    ROW("special", HTTP_GET, "/api/v1/things/special"),
    ROW("deep_any", HTTP_GET, "/api/v1/{id}/deep/special", .in = &by_id),
    ROW("deep_things", HTTP_GET, "/api/v1/things/{id}/special", .in = &by_id),
};
static const struct route_table table = ROUTE_TABLE("system", "Things", rows);
static const struct route_table *const tables[] = {&table, NULL};
static const struct routes routes = {tables};

static void matches(void **state)
{
    static const struct {
        enum http_method method;
        const char *path, *id, *param, *allow;
    } cases[] = {
        {HTTP_GET, "/", "root", "", ""},
        {HTTP_GET, "/api/v1/things", "list", "", ""},
        {HTTP_POST, "/api/v1/things", "make", "", ""},
        {HTTP_GET, "/api/v1/things/7", "get", "7", ""},
        {HTTP_PATCH, "/api/v1/things/7", "change", "7", ""},
        {HTTP_GET, "/api/v1/things/special", "special", "", ""},
        {HTTP_PATCH, "/api/v1/things/special", "change", "special", ""},
        {HTTP_GET, "/api/v1/things/deep/special", "deep_things", "deep", ""},
        {HTTP_GET, "/api/v1/other/deep/special", "deep_any", "other", ""},
        {HTTP_GET, "/api/v1/things/{id}", "get", "{id}", ""},
        {HTTP_DELETE, "/api/v1/things", NULL, "", "GET, HEAD, POST, OPTIONS"},
        {HTTP_METHODS, "/api/v1/things/7", NULL, "", "GET, HEAD, PATCH, OPTIONS"},
        {HTTP_GET, "/api/v1/things/", NULL, "", NULL},
        {HTTP_GET, "/api/v1//things", NULL, "", NULL},
        {HTTP_GET, "/api/v1/thing", NULL, "", NULL},
        {HTTP_GET, "/api/v1/things/7/8", NULL, "", NULL},
        {HTTP_GET, "api/v1/things", NULL, "", NULL},
        {HTTP_GET, "", NULL, "", NULL},
        {HTTP_GET, "//", NULL, "", NULL},
        {HTTP_GET, "/API/v1/things", NULL, "", NULL},
    };
    struct ctx *ctx = *state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct route_match m = routes_match(ctx, &routes, cases[i].method, str_of(cases[i].path));

        if (cases[i].id)
            assert_string_equal(m.route ? m.route->id : "none", cases[i].id);
        else
            assert_null(m.route);
        assert_true(str_is(m.params[0], cases[i].param));
        assert_int_equal(m.found_path, cases[i].allow != NULL);
        if (cases[i].allow)
            assert_true(str_is(m.allow, cases[i].allow));
    }
}

static void roles_hold_permissions(void **state)
{
    static const char *const holders[] = {
#define X(id, name, roles) [PERM_##id] = roles,
        PERM_LIST(X)
#undef X
    };

    (void)state;
    for (enum perm p = PERM_UNSET; p < PERM_COUNT; p++) {
        assert_int_equal(perm_allows(p, ROLE_ADMIN), strchr(holders[p], 'a') != NULL);
        assert_int_equal(perm_allows(p, ROLE_TRAINER), strchr(holders[p], 't') != NULL);
        assert_int_equal(perm_allows(p, ROLE_STUDENT), strchr(holders[p], 's') != NULL);
        assert_int_equal(perm_allows(p, ROLE_NONE), p == PERM_PUBLIC);
        assert_false(p != PERM_PUBLIC && perm_allows(p, ROLE_COUNT));
    }
    assert_false(perm_allows(PERM_COUNT, ROLE_ADMIN));
    assert_false(perm_allows(PERM_USERS_MANAGE, ROLE_TRAINER));
    assert_true(perm_allows(PERM_USERS_MANAGE, ROLE_ADMIN));
    assert_string_equal(perm_name(PERM_USERS_MANAGE), "users:manage");
    assert_string_equal(perm_name(PERM_COUNT), "");
}

static const char *check_rows(struct ctx *ctx, const char *tag, const struct route *at, size_t n)
{
    const struct route_table t = {tag, "Doc", at, n};
    const struct route_table *const all[] = {&t, NULL};
    const struct routes r = {all};

    return routes_check(ctx, &r);
}

static void sound_table_passes(void **state)
{
    struct ctx *ctx = *state;
    const char *bad = routes_check(ctx, &routes);

    assert_string_equal(bad ? bad : "sound", "sound");
}

/* Each row is wrong in one way; the sentence must say which. */
struct unsound {
    const char *says;
    struct route route;
};

struct upload {
    int64_t id;
    struct file photo;
    struct str note;
    struct list things;
};

#define F(...) FIELD(struct upload, __VA_ARGS__)
static const struct field upload_fields[] = {F(photo, "Picture", .max = 100)};
static const struct field no_max_fields[] = {F(photo, "Picture")};
static const struct field query_file_fields[] = {F(photo, "P", .max = 1, .in = IN_QUERY)};
static const struct field no_doc_fields[] = {F(note, "")};
static const struct field twice_fields[] = {F(note, "A"), F(note, "B")};
static const struct field range_fields[] = {F(note, "A", .min = 5, .max = 2)};
static const struct field fallback_fields[] = {
    F(id, "A", .in = IN_QUERY, .min = 1, .max = 9, .fallback = "10")};
static const struct field body_fallback_fields[] = {F(id, "A", .fallback = "1")};
static const struct field no_items_fields[] = {F(things, "A")};
static const struct field form_list_fields[] = {F(things, "A", .items = &thing_schema)};
static const struct field stray_fields[] = {F(id, "A", .in = IN_PATH)};
static const struct field header_fields[] = {F(note, "A", .in = IN_HEADER)};
static const struct field list_path_fields[] = {FIELD(struct upload, id, "A", .in = IN_QUERY)};
#undef F
#define S(name_) static const struct schema name_ = SCHEMA_NAMED(#name_, upload, name_##_fields)
S(upload);
S(no_max);
S(query_file);
S(no_doc);
S(twice);
S(range);
S(fallback);
S(body_fallback);
S(no_items);
S(form_list);
S(stray);
S(header);
S(list_path);
static const struct schema clash = SCHEMA_NAMED("thing", upload, upload_fields);
static const struct schema problem = SCHEMA_NAMED("problem", upload, upload_fields);

#define PATH "/api/v1/x"
#define FORM "multipart/form-data"

static const struct unsound unsound_rows[] = {
    {"no permission", ROW("a", HTTP_GET, PATH, .need = PERM_UNSET)},
    {"no permission", ROW("a", HTTP_GET, PATH, .need = PERM_COUNT)},
    {"no id", ROW(NULL, HTTP_GET, PATH)},
    {"no id", ROW("", HTTP_GET, PATH)},
    {"snake_case", ROW("A-b", HTTP_GET, PATH)},
    {"no summary", ROW("a", HTTP_GET, PATH, .summary = NULL)},
    {"no description", ROW("a", HTTP_GET, PATH, .description = "")},
    {"no handler", ROW("a", HTTP_GET, PATH, .handler = NULL)},
    {"begin with /", ROW("a", HTTP_GET, NULL)},
    {"begin with /", ROW("a", HTTP_GET, "api/v1/x")},
    {"outside /api/v1", ROW("a", HTTP_GET, "/x")},
    {"not end with /", ROW("a", HTTP_GET, "/api/v1/x/")},
    {"bound to no", ROW("a", HTTP_GET, "/api/v1/{id}")},
    {"bound to no", ROW("a", HTTP_GET, "/api/v1/{no}", .in = &by_id)},
    {"bound to no", ROW("a", HTTP_GET, "/api/v1/{id}", .in = &list_path)},
    {"fill its path segment", ROW("a", HTTP_GET, "/api/v1/x{id}", .in = &by_id)},
    {"not a parameter of the path", ROW("a", HTTP_GET, PATH, .in = &stray)},
    {"take no body", ROW("a", HTTP_GET, PATH, .in = &body_fallback)},
    {"take no body", ROW("a", HTTP_DELETE, PATH, .in = &body_fallback)},
    {"needs multipart", ROW("a", HTTP_POST, PATH, .in = &upload)},
    {"needs a max", ROW("a", HTTP_POST, PATH, .in = &no_max, .consumes = FORM)},
    {"only a body", ROW("a", HTTP_GET, PATH, .in = &query_file)},
    {"form part", ROW("a", HTTP_POST, PATH, .in = &form_list, .consumes = FORM)},
    {"consumes must be", ROW("a", HTTP_POST, PATH, .consumes = "text/plain")},
    {"no name or no doc", ROW("a", HTTP_POST, PATH, .in = &no_doc)},
    {"there twice", ROW("a", HTTP_POST, PATH, .in = &twice)},
    {"min is above max", ROW("a", HTTP_POST, PATH, .in = &range)},
    {"no items", ROW("a", HTTP_POST, PATH, .in = &no_items)},
    {"named x_", ROW("a", HTTP_GET, PATH, .in = &header)},
    {"own fallback is refused", ROW("a", HTTP_GET, PATH, .in = &fallback)},
    {"may be absent", ROW("a", HTTP_POST, PATH, .in = &body_fallback)},
    {"without an out-schema", ROW("a", HTTP_GET, PATH, .out = NULL)},
    {"without an out-schema", ROW("a", HTTP_POST, PATH, .out = NULL, .status = 201)},
    {"with an out-schema", ROW("a", HTTP_POST, PATH, .status = 204)},
    {"must be 2xx", ROW("a", HTTP_GET, PATH, .status = 0)},
    {"must be 2xx", ROW("a", HTTP_GET, PATH, .status = 302)},
    {"no out-schema", ROW("a", HTTP_GET, PATH, .kind = ROUTE_SSE)},
    {"status 101", ROW("a", HTTP_GET, PATH, .kind = ROUTE_WS, .out = NULL)},
    {"status 200", ROW("a", HTTP_POST, PATH, .kind = ROUTE_SSE, .out = NULL)},
    {"for WebSocket routes", ROW("a", HTTP_GET, PATH, .ws_in = &thing_schema)},
    {"unknown error", ROW("a", HTTP_GET, PATH, .errors = ERRORS((enum err)ERR_COUNT))},
    {"has no version", ROW("a", HTTP_GET, PATH, .out = &by_id, .versioned = true)},
    {"public routes only", ROW("a", HTTP_POST, PATH, .no_csrf = true)},
    {"named problem", ROW("a", HTTP_GET, PATH, .out = &problem)},
};

static void unsound_rows_are_named(void **state)
{
    struct ctx *ctx = *state;

    for (size_t i = 0; i < COUNT(unsound_rows); i++) {
        const char *bad = check_rows(ctx, "things", &unsound_rows[i].route, 1);

        assert_says(bad, unsound_rows[i].says, i);
    }
}

static void two_rows_may_not_collide(void **state)
{
    static const struct route same_id[] = {
        ROW("a", HTTP_GET, "/api/v1/a"),
        ROW("a", HTTP_GET, "/api/v1/b"),
    };
    static const struct route same_path[] = {
        ROW("a", HTTP_GET, "/api/v1/a/{id}", .in = &by_id),
        ROW("b", HTTP_GET, "/api/v1/a/{id}", .in = &by_id),
    };
    static const struct route same_name[] = {
        ROW("a", HTTP_GET, "/api/v1/a"),
        ROW("b", HTTP_GET, "/api/v1/b", .out = &clash),
    };
    static const struct route sound[] = {
        ROW("a", HTTP_GET, "/api/v1/a/{id}", .in = &by_id),
        ROW("b", HTTP_DELETE, "/api/v1/a/{id}", .in = &by_id, .status = 204, .out = NULL),
        ROW("c", HTTP_GET, "/api/v1/a/b"),
    };
    struct ctx *ctx = *state;

    assert_non_null(strstr(check_rows(ctx, "x", same_id, 2), "taken twice"));
    assert_non_null(strstr(check_rows(ctx, "x", same_path, 2), "same method and path"));
    assert_non_null(strstr(check_rows(ctx, "x", same_name, 2), "two schemas are named thing"));
    assert_null(check_rows(ctx, "x", sound, 3));
    assert_non_null(check_rows(ctx, "", sound, 3));
}

struct secret_in {
    struct str password, name;
};
static const struct field required_fields[] = {
    FIELD(struct secret_in, password, "Secret", .required = true, .format = "password"),
    FIELD(struct secret_in, name, "Name"),
};
static const struct schema required_in = SCHEMA(secret_in, required_fields);
static const struct field optional_fields[] = {
    FIELD(struct secret_in, name, "Name"),
    FIELD(struct secret_in, password, "Secret", .format = "password"),
};
static const struct schema optional_in = SCHEMA(secret_in, optional_fields);

static void what_hashes_a_password_is_known(void **state)
{
    static const struct route login = ROW("login", HTTP_POST, "/login", .in = &required_in);
    static const struct route change = ROW("change", HTTP_PATCH, "/x", .in = &optional_in);

    (void)state;
    assert_true(route_hashes(&login, STR("")));
    assert_true(route_hashes(&login, STR("{\"password\":\"x\"}")));
    assert_true(route_hashes(&change, STR("{\"name\":\"n\", \"password\" : \"x\"}")));
    assert_false(route_hashes(&change, STR("{\"name\":\"n\"}")));
    assert_false(route_hashes(&change, (struct str){NULL, 0}));
    assert_false(route_hashes(&rows[1], STR("password")));
    assert_false(route_hashes(&rows[3], STR("{\"password\":\"x\"}")));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        ctx_test(matches),
        ctx_test(roles_hold_permissions),
        ctx_test(sound_table_passes),
        ctx_test(unsound_rows_are_named),
        ctx_test(two_rows_may_not_collide),
        ctx_test(what_hashes_a_password_is_known),
    };

    return cmocka_run_group_tests_name("route", tests, NULL, NULL);
}

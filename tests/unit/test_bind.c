/* SPDX-License-Identifier: MIT */
/* Requests into structs: path, query, headers, JSON, forms; every error told at once. */
#include "ctx_test.h"
#include "http/bind.h"
#include "http/media.h"
#include "http/query.h"

struct args {
    int64_t id;
    struct str code;
    int64_t limit;
    struct opt_bool archived;
    struct i64s groups;
    struct strs sort;
    struct opt_str q;
    int64_t from;
    struct str x_device;
    struct str name;
    struct opt_i64 room;
    struct file photo;
    struct files photos;
    struct opt_bool single;
};

#define F(...) FIELD(struct args, __VA_ARGS__)
static const struct field list_fields[] = {
    F(id, "Number", .in = IN_PATH, .min = 1),
    F(code, "Code", .in = IN_PATH, .max = 5),
    F(limit, "Limit", .in = IN_QUERY, .min = 1, .max = 200, .fallback = "50"),
    F(archived, "Archived", .in = IN_QUERY),
    F(groups, "Groups", .in = IN_QUERY),
    F(sort, "Order", .in = IN_QUERY),
    F(q, "Words", .in = IN_QUERY, .max = 20),
    F(from, "Begin", .in = IN_QUERY, .format = "date-time"),
    F(x_device, "Device", .in = IN_HEADER, .max = 10),
};
static const struct field make_fields[] = {
    F(id, "Number", .in = IN_PATH, .min = 1),
    F(name, "Name", .required = true, .min = 1, .max = 10),
    F(room, "Room", .min = 1),
    F(limit, "Must be said", .in = IN_QUERY, .required = true),
};
static const struct field form_fields[] = {
    F(photo, "Picture", .required = true, .min = 2, .max = 6),
    F(photos, "Pictures", .min = 2, .max = 3),
    F(single, "Only one"),
    F(name, "Name", .max = 5),
};
static const struct field optional_fields[] = {F(room, "Room")};
#undef F
static const struct schema list_in = SCHEMA_NAMED("list", args, list_fields);
static const struct schema make_in = SCHEMA_NAMED("make", args, make_fields);
static const struct schema form_in = SCHEMA_NAMED("form", args, form_fields);
static const struct schema optional_in = SCHEMA_NAMED("optional", args, optional_fields);

static const struct route list_route = {
    .id = "list", .method = HTTP_GET, .path = "/api/v1/a/{id}/b/{code}", .in = &list_in};
static const struct route make_route = {
    .id = "make", .method = HTTP_POST, .path = "/api/v1/a/{id}", .in = &make_in};
static const struct route form_route = {.id = "form",
                                        .method = HTTP_POST,
                                        .path = "/api/v1/f",
                                        .in = &form_in,
                                        .consumes = "multipart/form-data"};
static const struct route optional_route = {
    .id = "optional", .method = HTTP_POST, .path = "/api/v1/o", .in = &optional_in};
static const struct route bare_route = {.id = "bare", .method = HTTP_POST, .path = "/api/v1/bare"};
static const struct route bare_get = {.id = "bare_get", .method = HTTP_GET, .path = "/api/v1/b"};

/* "field:code field:code" of all field errors, sorted as they were found. */
static const char *said(struct ctx *ctx)
{
    struct str text = STR("");

    for (const struct field_error *fe = ctx->fault.fields; fe; fe = fe->next)
        text = arena_printf(&ctx->arena, "%.*s%s%.*s:%s", (int)text.len, text.at,
                            text.len ? " " : "", (int)fe->pointer.len, fe->pointer.at, fe->code);
    return text.at;
}

static enum err bind_list(struct ctx *ctx, const char *id, const char *code, const char *query,
                          struct args *ret)
{
    struct bind_source src = {
        .params = {str_of(id), str_of(code)},
        .query = str_of(query),
    };

    fault_clear(ctx);
    return bind_request(ctx, &list_route, &src, ret);
}

static void path_and_query_are_bound(void **state)
{
    struct ctx *ctx = *state;
    struct args a = {0};

    assert_int_equal(bind_list(ctx, "7", "ab%", "", &a), ERR_OK);
    assert_int_equal(a.id, 7);
    assert_true(str_is(a.code, "ab%"));
    assert_int_equal(a.limit, 50);
    assert_false(a.archived.set);

    a = (struct args){0};
    assert_int_equal(bind_list(ctx, "1", "x",
                               "limit=200&archived=true&groups=1,2,3&sort=name,-id&"
                               "q=%C3%A9t%c3%a9+a%2Bb&from=2026-01-02T03:04:05Z&&",
                               &a),
                     ERR_OK);
    assert_int_equal(a.limit, 200);
    assert_true(a.archived.set && a.archived.v);
    assert_int_equal(a.groups.n, 3);
    assert_int_equal(a.groups.at[2], 3);
    assert_int_equal(a.sort.n, 2);
    assert_true(str_is(a.sort.at[1], "-id"));
    assert_true(str_is(a.q.v, "été a+b"));
    assert_int_equal(a.from, 1767323045000);
}

static void wrong_parameters_are_all_told(void **state)
{
    static const struct {
        const char *id, *code, *query, *says;
    } rows[] = {
        {"x", "a", "", "id:type"},
        {"0", "a", "", "id:min"},
        {"9223372036854775808", "a", "", "id:type"},
        {"1", "abcdef", "", "code:max_length"},
        {"1", "\xff", "", "code:encoding"},
        {"1", "a", "limit=0", "limit:min"},
        {"1", "a", "limit=201", "limit:max"},
        {"1", "a", "limit=5;drop", "limit:type"},
        {"1", "a", "limit=", "limit:type"},
        {"1", "a", "limit", "limit:type"},
        {"1", "a", "limit=5&limit=5", "limit:duplicate"},
        {"1", "a", "archived=maybe", "archived:type"},
        {"1", "a", "groups=1,x", "groups:type"},
        {"1", "a", "from=yesterday", "from:type"},
        {"1", "a", "nope=1", "nope:unknown"},
        {"1", "a", "id=2", "id:unknown"},
        {"1", "a", "q=%zz", "?:encoding"},
        {"1", "a", "q=%4", "?:encoding"},
        {"1", "a", "q=%00", "?:encoding"},
        {"1", "a", "q=%ff", "?:encoding"},
        {"1", "a", "%ff=1", "?:encoding"},
        {"1", "a", "=1", ":unknown"},
        {"1", "a", "q=aaaaaaaaaaaaaaaaaaaaa", "q:max_length"},
        {"x", "abcdef", "limit=0&nope=1&archived=2",
         "id:type code:max_length limit:min nope:unknown archived:type"},
    };
    struct ctx *ctx = *state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct args a = {0};

        assert_int_equal(bind_list(ctx, rows[i].id, rows[i].code, rows[i].query, &a), ERR_INVALID);
        assert_string_equal(said(ctx), rows[i].says);
    }
}

static void too_many_parameters_end_it(void **state)
{
    struct ctx *ctx = *state;
    struct args a = {0};
    char query[400] = "";

    for (size_t i = 0; i + 3 < sizeof(query); i += 2)
        memcpy(query + i, "a&", 3);
    assert_int_equal(bind_list(ctx, "1", "a", query, &a), ERR_INVALID);
    assert_non_null(strstr(said(ctx), "?:max_items"));
}

static struct str a_header(void *user, const char *name)
{
    return strcmp(name, "X-Device") == 0 ? str_of(user) : (struct str){0};
}

static void headers_are_bound(void **state)
{
    static char device[] = "door 4", longer[] = "a device with a long name";
    struct ctx *ctx = *state;
    struct args a = {0};
    struct bind_source src = {.params = {STR("1"), STR("a")}, .header = a_header, .user = device};

    assert_int_equal(bind_request(ctx, &list_route, &src, &a), ERR_OK);
    assert_true(str_is(a.x_device, "door 4"));
    src.user = longer;
    assert_int_equal(bind_request(ctx, &list_route, &src, &a), ERR_INVALID);
    assert_string_equal(said(ctx), "x_device:max_length");
}

static enum err bind_make(struct ctx *ctx, const char *type, const char *query, const char *body,
                          struct args *ret)
{
    struct bind_source src = {
        .params = {STR("3")},
        .query = str_of(query),
        .content_type = str_of(type),
        .body = str_of(body),
        .has_body = body != NULL,
    };

    fault_clear(ctx);
    *ret = (struct args){0};
    return bind_request(ctx, &make_route, &src, ret);
}

static void json_bodies_are_bound(void **state)
{
    struct ctx *ctx = *state;
    struct args a = {0};

    assert_int_equal(
        bind_make(ctx, "application/json", "limit=1", "{\"name\":\"Ada\",\"room\":null}", &a),
        ERR_OK);
    assert_true(str_is(a.name, "Ada"));
    assert_true(a.room.set && a.room.null);
    assert_int_equal(a.id, 3);

    assert_int_equal(bind_make(ctx, "application/json", "limit=x&b=1", "{\"room\":0,\"c\":1}", &a),
                     ERR_INVALID);
    assert_string_equal(said(ctx), "/room:min /c:unknown /name:required limit:type b:unknown");

    /* A body that cannot be read is told alone. */
    assert_int_equal(bind_make(ctx, "application/json", "limit=x", "{\"name\":", &a),
                     ERR_BAD_REQUEST);
    assert_string_equal(said(ctx), "");

    /* No body at all: its members and the query's are missing. */
    assert_int_equal(bind_make(ctx, "", "", NULL, &a), ERR_INVALID);
    assert_string_equal(said(ctx), "/name:required limit:required");
}

static void content_types_are_checked(void **state)
{
    static const struct {
        const char *type;
        enum err e;
    } rows[] = {
        {"application/json", ERR_OK},
        {"Application/JSON ; Charset=UTF-8", ERR_OK},
        {"application/json;charset=\"utf-8\"", ERR_OK},
        {"application/json; charset=latin1", ERR_UNSUPPORTED_MEDIA},
        {"application/jsonp", ERR_UNSUPPORTED_MEDIA},
        {"text/plain", ERR_UNSUPPORTED_MEDIA},
        {"application/x-www-form-urlencoded", ERR_UNSUPPORTED_MEDIA},
        {"multipart/form-data; boundary=x", ERR_UNSUPPORTED_MEDIA},
        {"", ERR_UNSUPPORTED_MEDIA},
    };
    struct ctx *ctx = *state;

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct args a = {0};

        assert_int_equal(bind_make(ctx, rows[i].type, "limit=1", "{\"name\":\"Ada\"}", &a),
                         rows[i].e);
    }
    assert_true(media_is(STR("multipart/form-data; boundary=x"), "multipart/form-data"));
    assert_false(media_is(STR("multipart/form-datax"), "multipart/form-data"));
}

static void optional_bodies_may_be_absent(void **state)
{
    struct ctx *ctx = *state;
    struct args a = {0};
    struct bind_source none = {0};
    struct bind_source empty = {
        .content_type = STR("application/json"), .body = STR("{}"), .has_body = true};
    struct bind_source member = {
        .content_type = STR("application/json"), .body = STR("{\"a\":1}"), .has_body = true};
    struct bind_source array = {
        .content_type = STR("application/json"), .body = STR("[]"), .has_body = true};

    assert_int_equal(bind_request(ctx, &optional_route, &none, &a), ERR_OK);
    assert_int_equal(bind_request(ctx, &optional_route, &empty, &a), ERR_OK);
    assert_int_equal(bind_request(ctx, &bare_route, &none, &a), ERR_OK);
    assert_int_equal(bind_request(ctx, &bare_route, &empty, &a), ERR_OK);
    assert_int_equal(bind_request(ctx, &bare_route, &member, &a), ERR_INVALID);
    assert_int_equal(bind_request(ctx, &bare_route, &array, &a), ERR_INVALID);
    fault_clear(ctx);
    assert_int_equal(bind_request(ctx, &bare_get, &none, &a), ERR_OK);
    assert_int_equal(bind_request(ctx, &bare_get, &empty, &a), ERR_BAD_REQUEST);
}

#define FILE_PART(name_, data_)                                                                    \
    {                                                                                              \
        .name = STR(name_), .is_file = true, .file = {.name = STR("a.jpg"), .data = STR(data_) }   \
    }
#define TEXT_PART(name_, data_)                                                                    \
    {                                                                                              \
        .name = STR(name_), .file = {.data = STR(data_) }                                          \
    }

static enum err bind_form(struct ctx *ctx, struct form_part *parts, size_t n, struct args *ret)
{
    struct bind_source src = {
        .content_type = STR("multipart/form-data; boundary=b"), .has_body = true, .form = parts};

    for (size_t i = 0; i + 1 < n; i++)
        parts[i].next = &parts[i + 1];
    fault_clear(ctx);
    *ret = (struct args){0};
    return bind_request(ctx, &form_route, &src, ret);
}

static void forms_are_bound(void **state)
{
    struct ctx *ctx = *state;
    struct args a;
    struct form_part all[] = {
        FILE_PART("photo", "12345"), FILE_PART("photos", "1"), FILE_PART("photos", "2"),
        TEXT_PART("single", "true"), TEXT_PART("name", "Ada"),
    };

    assert_int_equal(bind_form(ctx, all, COUNT(all), &a), ERR_OK);
    assert_true(str_is(a.photo.data, "12345"));
    assert_true(str_is(a.photo.name, "a.jpg"));
    assert_int_equal(a.photos.n, 2);
    assert_true(str_is(a.photos.at[1].data, "2"));
    assert_true(a.single.set && a.single.v);
    assert_true(str_is(a.name, "Ada"));
}

static void wrong_forms_are_told(void **state)
{
    struct ctx *ctx = *state;
    struct args a;
    struct form_part unknown[] = {FILE_PART("photo", "123"), TEXT_PART("what", "1")};
    struct form_part twice[] = {FILE_PART("photo", "12"), FILE_PART("photo", "12"),
                                FILE_PART("photo", "12")};
    struct form_part large[] = {FILE_PART("photo", "1234567")};
    struct form_part small[] = {FILE_PART("photo", "1")};
    struct form_part text[] = {TEXT_PART("photo", "123")};
    struct form_part file[] = {FILE_PART("photo", "123"), FILE_PART("name", "1")};
    struct form_part few[] = {FILE_PART("photo", "123"), FILE_PART("photos", "1")};
    struct form_part many[] = {FILE_PART("photo", "123"), FILE_PART("photos", "1"),
                               FILE_PART("photos", "2"), FILE_PART("photos", "3"),
                               FILE_PART("photos", "4")};
    struct form_part several[] = {TEXT_PART("single", "perhaps"), TEXT_PART("name", "toolong"),
                                  TEXT_PART("\xff", "1")};
    const struct {
        struct form_part *parts;
        size_t n;
        const char *says;
    } rows[] = {
        {unknown, COUNT(unknown), "what:unknown"},
        {twice, COUNT(twice), "photo:duplicate"},
        {large, COUNT(large), "photo:max_bytes"},
        {small, COUNT(small), "photo:min_bytes"},
        {text, COUNT(text), "photo:type"},
        {file, COUNT(file), "name:type"},
        {few, COUNT(few), "photos:min_items"},
        {many, COUNT(many), "photos:max_items"},
        {several, COUNT(several), "single:type name:max_length ?:unknown photo:required"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(bind_form(ctx, rows[i].parts, rows[i].n, &a), ERR_INVALID);
        assert_string_equal(said(ctx), rows[i].says);
    }
}

static void forms_want_their_content_type(void **state)
{
    struct ctx *ctx = *state;
    struct args a = {0};
    struct bind_source json = {
        .content_type = STR("application/json"), .body = STR("{}"), .has_body = true};
    struct bind_source none = {0};

    assert_int_equal(bind_request(ctx, &form_route, &json, &a), ERR_UNSUPPORTED_MEDIA);
    fault_clear(ctx);
    assert_int_equal(bind_request(ctx, &form_route, &none, &a), ERR_INVALID);
    assert_string_equal(said(ctx), "photo:required");
}

static void queries_are_written_as_they_are_read(void **state)
{
    cleanup(buf_finish) struct buf b = BUF(100);
    struct ctx *ctx = *state;
    struct query_pair pair;

    query_escape(&b, STR("a b&c=é/~+%"), "/");
    assert_true(str_is(buf_view(&b), "a%20b%26c%3D%C3%A9/~%2B%25"));
    struct str rest = buf_view(&b);
    assert_true(query_next(&ctx->arena, &rest, &pair));
    assert_true(str_is(pair.name, "a b&c=é/~+%"));
    assert_false(query_next(&ctx->arena, &rest, &pair));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        ctx_test(path_and_query_are_bound),
        ctx_test(wrong_parameters_are_all_told),
        ctx_test(too_many_parameters_end_it),
        ctx_test(headers_are_bound),
        ctx_test(json_bodies_are_bound),
        ctx_test(content_types_are_checked),
        ctx_test(optional_bodies_may_be_absent),
        ctx_test(forms_are_bound),
        ctx_test(wrong_forms_are_told),
        ctx_test(forms_want_their_content_type),
        ctx_test(queries_are_written_as_they_are_read),
    };

    return cmocka_run_group_tests_name("bind", tests, NULL, NULL);
}

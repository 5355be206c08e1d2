/* SPDX-License-Identifier: MIT */
/*
 * Route match and binder: a request as text goes the whole way of http_handle. What must hold: a
 * handler sees only values within their bounds, and every answer is JSON in UTF-8.
 *
 *     POST /api/v1/pets?limit=5
 *     type: application/json
 *     (blank line)
 *     {"name": "Rex"}
 *
 * The parts of a form are records "name=text" or "name@bytes", ended by a byte 0x1E.
 */
#include <assert.h>
#include <jansson.h>
#include <string.h>

#include "base/json.h"
#include "base/log.h"

#include "fuzz.h"
#include "http/handle.h"
#include "http/limit.h"
#include "http/reply.h"
#include "http/router.h"
#include "http/target.h"

struct place {
    int64_t x;
    struct str label;
};

struct pet {
    int64_t id;
    struct str code;
    struct str name;
    struct opt_str nick;
    struct opt_i64 age;
    struct opt_f64 weight;
    struct opt_bool tame;
    int64_t born_at;
    struct str born;
    struct str email;
    struct list places;
    struct obj home;
    struct i64s groups;
    struct strs tags;
    struct json extra;
    struct file photo;
    struct files photos;
    struct str kind;
    int64_t limit;
    struct str x_device;
    int64_t version;
    struct opt_str next_cursor;
};

#define P(...) FIELD(struct place, __VA_ARGS__)
static const struct field place_fields[] = {
    P(x, "X", .required = true, .min = -5, .max = 5),
    P(label, "Label", .max = 8),
};
#undef P
static const struct schema place_schema = SCHEMA(place, place_fields);

#define F(...) FIELD(struct pet, __VA_ARGS__)
static const struct field make_fields[] = {
    F(name, "Name", .required = true, .min = 1, .max = 20),
    F(nick, "Nick", .max = 5),
    F(age, "Age", .max = 200),
    F(weight, "Weight", .min = 1),
    F(tame, "Tame"),
    F(born_at, "Born", .format = "date-time"),
    F(born, "Born", .format = "date"),
    F(email, "Mail", .format = "email"),
    F(places, "Places", .items = &place_schema, .max = 4),
    F(home, "Home", .items = &place_schema),
    F(groups, "Groups", .max = 4),
    F(tags, "Tags", .min = 1),
    F(extra, "Extra"),
    F(kind, "Kind", .one_of = ONE_OF("cat", "dog")),
    F(limit, "Limit", .in = IN_QUERY, .min = 1, .max = 200, .fallback = "50"),
};
static const struct field list_fields[] = {
    F(id, "Id", .in = IN_PATH, .min = 1),
    F(code, "Code", .in = IN_PATH, .min = 2, .max = 6),
    F(limit, "Limit", .in = IN_QUERY, .required = true, .max = 9),
    F(groups, "Groups", .in = IN_QUERY, .max = 3),
    F(tags, "Tags", .in = IN_QUERY, .max = 3),
    F(age, "Age", .in = IN_QUERY, .min = -1, .max = 1),
    F(weight, "Weight", .in = IN_QUERY),
    F(tame, "Tame", .in = IN_QUERY),
    F(born_at, "Born", .in = IN_QUERY, .format = "date-time"),
    F(nick, "Nick", .in = IN_QUERY),
    F(x_device, "Device", .in = IN_HEADER, .max = 5),
};
static const struct field form_fields[] = {
    F(photo, "Photo", .required = true, .min = 1, .max = 16),
    F(photos, "Photos", .min = 1, .max = 3),
    F(tame, "Tame"),
    F(kind, "Kind", .one_of = ONE_OF("cat", "dog")),
    F(age, "Age"),
};
static const struct field change_fields[] = {
    F(id, "Id", .in = IN_PATH, .min = 1),
    F(nick, "Nick", .max = 5),
};
static const struct field out_fields[] = {
    F(id, "Id"),
    F(version, "Version"),
    F(next_cursor, "Next page"),
};
#undef F
static const struct schema make_in = SCHEMA_NAMED("make", pet, make_fields);
static const struct schema list_in = SCHEMA_NAMED("list", pet, list_fields);
static const struct schema form_in = SCHEMA_NAMED("form", pet, form_fields);
static const struct schema change_in = SCHEMA_NAMED("change", pet, change_fields);
static const struct schema out_schema = SCHEMA_NAMED("pet", pet, out_fields);

/* Checks what reached the handler once more, and puts all of it through the writer. */
static enum err look(struct req *req)
{
    cleanup(buf_finish) struct buf b = BUF(1 << 20);
    const struct schema *s = req->route->in;
    const struct pet *in = req->in;
    struct pet *out = req->out;

    for (size_t i = 0; i < s->n; i++) {
        const struct field *f = &s->fields[i];

        /* What was optional and not sent has no value to be in bounds. */
        if (f->required || f->in == IN_PATH || f->fallback)
            assert(field_check(req->ctx, f, f->name, req->in) == ERR_OK);
    }
    json_write(&b, s, req->in);
    assert(!b.failed && str_is_utf8(buf_view(&b)));
    out->version = 3;
    out->next_cursor = (struct opt_str){.set = in->code.len > 0, .v = in->code};
    return ERR_OK;
}

/* clang-format off */
#define ROW(id_, method_, path_, in_, ...)                                                         \
    {.id = id_, .method = method_, .path = path_, .in = in_, .out = &out_schema, .handler = look,  \
     .need = PERM_SELF, .status = 200, .summary = "S", .description = "D", __VA_ARGS__}
/* clang-format on */

static const struct route rows[] = {
    ROW("make", HTTP_POST, "/api/v1/pets", &make_in, .errors = NULL),
    ROW("list", HTTP_GET, "/api/v1/pets/{id}/all/{code}", &list_in, .versioned = true),
    ROW("change", HTTP_PATCH, "/api/v1/pets/{id}", &change_in, .versioned = true),
    ROW("form", HTTP_POST, "/api/v1/pets/form", &form_in, .consumes = "multipart/form-data"),
};
static const struct route_table table = ROUTE_TABLE("pets", "Pets", rows);
static const struct route_table *const tables[] = {&table, NULL};
static const struct routes routes = {tables};

static enum err authenticate(struct ctx *ctx, struct str authorization, struct str cookie,
                             bool *by_cookie)
{
    ctx->actor = (struct actor){.role = ROLE_ADMIN, .user_id = 1};
    *by_cookie = cookie.len && !authorization.len;
    return str_is(authorization, "bad") ? ERR_UNAUTHENTICATED : ERR_OK;
}

static struct form_part *read_form(struct ctx *ctx, struct str body)
{
    struct form_part *first = NULL;
    struct form_part **last = &first;

    while (body.len) {
        struct form_part *part = ARENA_NEW(&ctx->arena, struct form_part);
        struct str data = str_cut(&body, 0x1E);

        part->is_file = str_has(data, '@');
        part->name = str_cut(&data, part->is_file ? '@' : '=');
        part->file.data = data;
        *last = part;
        last = &part->next;
    }
    return first;
}

static struct str device;

static struct str header(void *user, const char *name)
{
    (void)user;
    return strcmp(name, "X-Device") == 0 ? device : (struct str){0};
}

static void read_header(struct http_request *in, struct str line)
{
    const struct {
        const char *name;
        struct str *at;
    } known[] = {
        {"type", &in->source.content_type},
        {"origin", &in->origin},
        {"cookie", &in->cookie},
        {"auth", &in->authorization},
        {"csrf", &in->csrf_token},
        {"site", &in->fetch_site},
        {"if-match", &in->if_match},
        {"if-none-match", &in->if_none_match},
        {"key", &in->idempotency_key},
        {"device", &device},
    };
    struct str name = str_cut(&line, ':');

    for (size_t i = 0; i < COUNT(known); i++)
        if (str_is(name, known[i].name))
            *known[i].at = str_trim(line);
}

static enum http_method method_of(struct str name)
{
    for (enum http_method m = HTTP_GET; m < HTTP_METHODS; m++)
        if (str_is(name, http_method_name(m)))
            return m;
    return HTTP_METHODS;
}

static void read_request(struct ctx *ctx, struct str text, struct http_request *in)
{
    struct str line = str_cut(&text, '\n');
    struct target target = {0};

    in->method = method_of(str_cut(&line, ' '));
    in->host = STR("pets.example");
    if (target_read(&ctx->arena, line, &target))
        target.path = STR("/");
    in->path = target.path;
    in->source.query = target.query;
    device = (struct str){0};
    for (line = str_cut(&text, '\n'); line.len; line = str_cut(&text, '\n'))
        read_header(in, line);
    in->source.has_body = text.len > 0;
    in->source.header = header;
    in->match = routes_match(ctx, &routes, in->method, in->path);
    if (in->match.route && in->match.route->consumes)
        in->source.form = read_form(ctx, text);
    else
        in->source.body = text;
    memcpy(in->source.params, in->match.params, sizeof(in->source.params));
}

static void check_answer(const struct http_answer *a)
{
    assert(a->kind == ANSWER_BODY && a->status >= 200 && a->status < 600);
    assert(a->status != 500);
    for (const struct reply_header *h = a->headers; h; h = h->next)
        assert(!str_has(h->value, '\n') && !str_has(h->value, '\r'));
    if (!a->body.len)
        return;

    json_t *root = json_loadb(a->body.at, a->body.len, 0, NULL);
    assert(root);
    json_decref(root);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct http_options o = {
        .routes = &routes,
        .public_url = "https://pets.example",
        .hooks = {.authenticate = authenticate},
        .strict_errors = true,
    };
    struct ctx ctx = {0};
    struct http_request in = {0};
    struct http_answer a;

    log_setup(LOG_ERROR + 1, LOG_JSON);
    ctx_reset(&ctx);
    ctx.request_id = STR("r");
    read_request(&ctx, (struct str){(const char *)data, size}, &in);
    http_handle(&ctx, &o, &in, &a);
    check_answer(&a);
    arena_finish(&ctx.arena);
    return 0;
}

/* SPDX-License-Identifier: MIT */
#pragma once
/* Requests without a socket: a small route table, hooks that answer as told, ways to ask. */
#include "ctx_test.h"
#include "http/handle.h"

struct item {
    int64_t id;
    struct str name;
    int64_t version;
    int64_t limit;
    struct str cursor;
};

extern const struct schema item_schema;

/* What the fake hooks answer and what they saw. */
struct fake {
    enum err auth;
    bool by_cookie;
    struct actor actor;
    enum err handler;
    int again; /* so many times a failed handler may run again; the last try succeeds */
    int64_t handled;
    int64_t if_match;
    struct str key, fingerprint;
    int kept_status;
    struct str kept_body;
    bool stored;
    int dropped;
};
extern struct fake fake;

/* The handler of most rows: counts itself, answers as `fake` says. */
enum err handle_work(struct req *req);

/* clang-format off */
#define ROW(id_, method_, path_, ...)                                                              \
    {.id = id_, .method = method_, .path = path_, .handler = handle_work, .need = PERM_SELF,              \
     .status = 200, .out = &item_schema, .summary = "S", .description = "D", __VA_ARGS__}
/* clang-format on */

struct http_options options(void);
/* A request of nobody yet, matched. */
struct http_request request(struct ctx *ctx, enum http_method m, const char *path);
void set_body(struct http_request *in, const char *text);
struct http_answer ask(struct ctx *ctx, const struct http_request *in);
/* `part` must be in the body; may be NULL. */
void assert_status(const struct http_answer *a, int status, const char *part);
void assert_header(const struct http_answer *a, const char *name, const char *value);

/* Begins as an admin with a bearer token. */
int handle_setup(void **state);
#define handle_test(fn_) cmocka_unit_test_setup_teardown(fn_, handle_setup, ctx_teardown)

/* SPDX-License-Identifier: MIT */
/*
 * JSON in by schema: what is taken must be within its bounds and come out again as the same
 * struct; what is refused must say why.
 */
#include <assert.h>
#include <string.h>

#include "base/json.h"

#include "fuzz.h"

struct leaf {
    int64_t n;
    struct opt_str text;
};

struct tree {
    struct str name;
    int64_t count;
    double ratio;
    bool on;
    int64_t at;
    struct opt_i64 more;
    struct list leaves;
    struct obj leaf;
    struct i64s numbers;
    struct strs words;
    struct json any;
};

#define L(...) FIELD(struct leaf, __VA_ARGS__)
static const struct field leaf_fields[] = {L(n, "N", .required = true), L(text, "Text")};
#undef L
static const struct schema leaf_schema = SCHEMA(leaf, leaf_fields);

#define F(...) FIELD(struct tree, __VA_ARGS__)
static const struct field tree_fields[] = {
    F(name, "Name", .required = true, .min = 1, .max = 9),
    F(count, "Count", .required = true, .min = -3, .max = 300),
    F(ratio, "Ratio", .max = 2),
    F(on, "On"),
    F(at, "At", .format = "date-time"),
    F(more, "More"),
    F(leaves, "Leaves", .items = &leaf_schema, .max = 5),
    F(leaf, "Leaf", .items = &leaf_schema),
    F(numbers, "Numbers"),
    F(words, "Words"),
    F(any, "Any"),
};
#undef F
static const struct schema tree_schema = SCHEMA(tree, tree_fields);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx ctx = {0};
    struct tree t = {0};
    struct buf b = BUF(4 << 20);
    enum err e;

    ctx_reset(&ctx);
    e = json_bind(&ctx, &tree_schema, (struct str){(const char *)data, size}, &t);
    if (e == ERR_OK) {
        assert(t.name.len > 0 && str_points(t.name) <= 9 && str_is_utf8(t.name));
        assert(t.count >= -3 && t.count <= 300 && t.leaves.n <= 5);
        json_write(&b, &tree_schema, &t);
        assert(!b.failed && str_is_utf8(buf_view(&b)));
    } else {
        assert(e == ERR_BAD_REQUEST || (e == ERR_INVALID && ctx.fault.fields));
    }
    buf_finish(&b);
    arena_finish(&ctx.arena);
    return 0;
}

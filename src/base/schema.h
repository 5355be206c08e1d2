/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A schema says what a C struct looks like from outside: JSON body, path and query parameters,
 * multipart fields, SQL rows, config options, event payloads. One table serves them all.
 * JSON name = C name = SQL column name.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"
#include "base/str.h"

/* Absent and null: a PATCH leaves an absent member alone and clears a null one. An SQL NULL reads
 * as absent; in output both read as null. */
struct opt_bool {
    bool set, null;
    bool v;
};
struct opt_i64 {
    bool set, null;
    int64_t v;
};
struct opt_f64 {
    bool set, null;
    double v;
};
struct opt_str {
    bool set, null;
    struct str v;
};

/* What is neither absent nor null goes into *to. */
static inline void take_bool(bool *to, struct opt_bool v)
{
    if (v.set && !v.null)
        *to = v.v;
}
static inline void take_i64(int64_t *to, struct opt_i64 v)
{
    if (v.set && !v.null)
        *to = v.v;
}
static inline void take_str(struct str *to, struct opt_str v)
{
    if (v.set && !v.null)
        *to = v.v;
}

/* n structs described by the field's `.items`. */
struct list {
    void *at;
    size_t n;
};
/* One struct described by the field's `.items`, or NULL. */
struct obj {
    void *at;
};
struct i64s {
    int64_t *at;
    size_t n;
};
struct strs {
    struct str *at;
    size_t n;
};
/* JSON text that is passed through as it is. */
struct json {
    struct str text;
};
/* One uploaded part of multipart/form-data (or a raw body). */
struct file {
    struct str name;
    struct str type;
    struct str data;
};
struct files {
    struct file *at;
    size_t n;
};

enum field_type {
    FIELD_BOOL = 1,
    FIELD_I64,
    FIELD_F64,
    FIELD_STR,
    FIELD_OPT_BOOL,
    FIELD_OPT_I64,
    FIELD_OPT_F64,
    FIELD_OPT_STR,
    FIELD_LIST,
    FIELD_OBJ,
    FIELD_I64S,
    FIELD_STRS,
    FIELD_JSON,
    FIELD_FILE,
    FIELD_FILES,
};

enum field_in { IN_BODY, IN_PATH, IN_QUERY, IN_HEADER };

struct schema;

struct field {
    const char *name;
    const char *doc;
    size_t offset;
    enum field_type type;
    enum field_in in;
    bool required;
    bool secret;               /* never logged, never printed */
    bool hidden;               /* read from SQL, never written to JSON */
    bool no_null;              /* an optional member of a body that may be absent, but not null */
    int64_t min, max;          /* a number's range, a string's length in code points, a file's
                                  bytes, a list's items; 0,0 = any (strings: at most 1000) */
    const char *const *one_of; /* NULL-terminated */
    const char *format;        /* "date-time" (an int64_t of epoch ms in C, RFC 3339 in JSON),
                                  "date", "email", "binary", "password", "uuid", "time-zone",
                                  "name" (see base/text.h: put into its form when read) */
    const struct schema *items;
    const char *fallback; /* default of a query parameter or option, as text */
    const char *example;  /* as JSON text */
};

struct schema {
    const char *name;
    size_t size;
    const struct field *fields;
    size_t n;
};

/* clang-format off */

/* The member's own C type picks the JSON type, so the two cannot disagree. */
#define FIELD_TYPE(type_, member_)                                                                 \
    _Generic(((type_ *)0)->member_,                                                                \
        bool: FIELD_BOOL, int64_t: FIELD_I64, double: FIELD_F64, struct str: FIELD_STR,            \
        struct opt_bool: FIELD_OPT_BOOL, struct opt_i64: FIELD_OPT_I64,                            \
        struct opt_f64: FIELD_OPT_F64, struct opt_str: FIELD_OPT_STR,                              \
        struct list: FIELD_LIST, struct obj: FIELD_OBJ, struct i64s: FIELD_I64S,                   \
        struct strs: FIELD_STRS, struct json: FIELD_JSON,                                          \
        struct file: FIELD_FILE, struct files: FIELD_FILES)

#define FIELD(type_, member_, doc_, ...)                                                           \
    {.name = #member_, .doc = doc_, .offset = offsetof(type_, member_),                            \
     .type = FIELD_TYPE(type_, member_), __VA_ARGS__}

#define SCHEMA(tag_, fields_)                                                                      \
    {.name = #tag_, .size = sizeof(struct tag_), .fields = fields_, .n = COUNT(fields_)}

/* For several in-structs with the same fields as another struct: names the schema itself. */
#define SCHEMA_NAMED(name_, tag_, fields_)                                                         \
    {.name = name_, .size = sizeof(struct tag_), .fields = fields_, .n = COUNT(fields_)}

#define ONE_OF(...) ((const char *const[]){__VA_ARGS__, NULL})
/* clang-format on */

/* NULL when there is none. */
const struct field *schema_field(const struct schema *s, struct str name);
/* Where the field lives in the struct `at`. */
static inline void *field_at(const struct field *f, void *at)
{
    return (char *)at + f->offset;
}
static inline const void *field_at_const(const struct field *f, const void *at)
{
    return (const char *)at + f->offset;
}
bool field_is_optional(const struct field *f);
bool one_of_has(const char *const *one_of, struct str v);
/*
 * Whether two structs of the schema say the same, hidden members too: for a PATCH that changes
 * nothing. Absent and null are alike, lists of numbers or texts are sets; lists of objects, JSON
 * and files are not looked at.
 */
bool schema_same(const struct schema *s, const void *a, const void *b);

/* SPDX-License-Identifier: MIT */
/* File names and CSV lines → one row per student, in the order in which students appear. */
#include "imports/photo_list.h"

#include <string.h>

#include "base/csv.h"
#include "base/text.h"

#include "imports/imports.h"

enum { NUMBER_MAX = 40 };

static bool ends_with(struct str s, const char *tail)
{
    size_t n = strlen(tail);

    return s.len > n && str_eq_nocase((struct str){s.at + s.len - n, n}, str_of(tail));
}

/* Students' numbers are kept in normal form C; some systems write file names in another one. */
static struct str normal(struct ctx *ctx, struct str s)
{
    struct str out = s;

    return text_name(&ctx->arena, s, &out) ? out : s;
}

static bool is_photo(struct str name)
{
    return ends_with(name, ".jpg") || ends_with(name, ".jpeg") || ends_with(name, ".png") ||
           ends_with(name, ".webp");
}

static struct str stem_of(struct str name)
{
    size_t n = name.len;

    while (n > 0 && name.at[n - 1] != '.')
        n--;
    return (struct str){name.at, n ? n - 1 : name.len};
}

/* "1234_2" → "1234"; false when it does not end so. */
static bool cut_count(struct str stem, struct str *ret)
{
    size_t n = stem.len;

    while (n > 0 && stem.at[n - 1] >= '0' && stem.at[n - 1] <= '9')
        n--;
    if (n == stem.len || n < 2 || stem.at[n - 1] != '_')
        return false;
    *ret = (struct str){stem.at, n - 1};
    return true;
}

/* The row of that student, made when there is none; `room` is how many files may come. */
static struct photo_row *row_of(struct list *rows, struct str number, struct str source)
{
    struct photo_row *row = rows->at;

    for (size_t i = 0; i < rows->n; i++)
        if (str_eq(row[i].student_number, number))
            return &row[i];
    row += rows->n++;
    *row = (struct photo_row){.student_number = number, .source = source};
    return row;
}

static void reject(struct photo_row *row, struct str wrong, struct str why)
{
    if (row->wrong.len)
        return;
    row->wrong = wrong;
    row->why = why;
}

static void add_file(struct ctx *ctx, struct photo_row *row, struct str name)
{
    if (!row->files.at)
        row->files.at = ARENA_NEW_N(&ctx->arena, struct str, PHOTOS_PER_STUDENT);
    if (row->files.n == PHOTOS_PER_STUDENT)
        reject(row, STR("too_many_photos"), STR("at most 10 photos of a student"));
    else
        row->files.at[row->files.n++] = name;
    if (!is_photo(name))
        reject(row, STR("not_a_photo"), STR("names end with .jpg, .jpeg, .png or .webp"));
}

static enum err number_in(struct ctx *ctx, struct str name,
                          enum err (*known)(struct ctx *ctx, struct str number, bool *ret),
                          struct str *ret)
{
    struct str stem = normal(ctx, stem_of(name)), cut = {0};
    bool found = false;
    enum err e = stem.len <= NUMBER_MAX ? known(ctx, stem, &found) : ERR_OK;

    *ret = !e && !found && cut_count(stem, &cut) ? cut : stem;
    return e;
}

enum err photo_list_from_names(struct ctx *ctx, struct strs names, struct str source,
                               enum err (*known)(struct ctx *ctx, struct str number, bool *ret),
                               struct list *ret)
{
    struct list rows = {ARENA_NEW_N(&ctx->arena, struct photo_row, names.n), 0};
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < names.n; i++) {
        struct str number = {0};
        struct photo_row *row;

        e = number_in(ctx, names.at[i], known, &number);
        row = row_of(&rows, number, source);
        add_file(ctx, row, names.at[i]);
        if (number.len == 0 || number.len > NUMBER_MAX)
            reject(row, STR("no_such_student"), STR("the name is no student number"));
    }
    if (!e)
        *ret = rows;
    return e;
}

/* Reading the list: the file names that are there, and the rows so far. */
struct reader {
    struct ctx *ctx;
    struct csv csv;
    struct strs names, normal; /* as they are, and in one form */
    struct str fallback;       /* source of rows that say none */
    struct list rows;
};

static enum err bad_line(struct reader *r, const char *code, const char *why)
{
    return fail_field(r->ctx, "list", code, "", "line %lld %s", (long long)r->csv.line, why);
}

static enum err read_line(struct reader *r, struct str values[CSV_COLUMNS_MAX], size_t *n)
{
    switch (csv_read(&r->csv, values, n)) {
    case CSV_COLUMNS:
        return bad_line(r, "columns", "has too many columns");
    case CSV_QUOTE:
        return bad_line(r, "quote", "has a quote that is not closed");
    case CSV_RECORD:
    case CSV_END:
        break;
    }
    return ERR_OK;
}

struct columns {
    size_t number, file, source; /* CSV_COLUMNS_MAX: there is none */
};

static enum err read_header(struct reader *r, struct columns *ret)
{
    struct str values[CSV_COLUMNS_MAX];
    struct columns out = {CSV_COLUMNS_MAX, CSV_COLUMNS_MAX, CSV_COLUMNS_MAX};
    size_t n = 0;
    enum err e = read_line(r, values, &n);

    if (e)
        return e;
    for (size_t i = 0; i < n; i++) {
        if (str_eq_nocase(values[i], STR("student_number")))
            out.number = i;
        else if (str_eq_nocase(values[i], STR("file")))
            out.file = i;
        else if (str_eq_nocase(values[i], STR("source")))
            out.source = i;
    }
    if (out.number == CSV_COLUMNS_MAX || out.file == CSV_COLUMNS_MAX)
        return bad_line(r, "header", "must name the columns student_number and file");
    *ret = out;
    return ERR_OK;
}

static struct strs all_normal(struct ctx *ctx, struct strs names)
{
    struct strs out = {ARENA_NEW_N(&ctx->arena, struct str, names.n + 1), names.n};

    for (size_t i = 0; i < names.n; i++)
        out.at[i] = normal(ctx, names.at[i]);
    return out;
}

static bool find(struct strs names, struct str name, size_t *ret)
{
    for (size_t i = 0; i < names.n; i++)
        if (str_eq(names.at[i], name)) {
            *ret = i;
            return true;
        }
    return false;
}

/* The archive's own name for it: the very same one, or else one that reads the same. */
static bool find_file(const struct reader *r, struct str name, struct str *ret)
{
    size_t i;

    if (!find(r->names, name, &i) && !find(r->normal, normal(r->ctx, name), &i))
        return false;
    *ret = r->names.at[i];
    return true;
}

static enum err check_line(struct reader *r, const struct columns *c, const struct str *values,
                           size_t n)
{
    if (c->number >= n || c->file >= n || !values[c->number].len || !values[c->file].len)
        return bad_line(r, "required", "lacks a student number or a file");
    if (values[c->number].len > NUMBER_MAX || values[c->file].len > IMPORT_NAME_MAX)
        return bad_line(r, "too_long", "has a number or a file name that is too long");
    return ERR_OK;
}

static enum err take_line(struct reader *r, const struct columns *c)
{
    struct str values[CSV_COLUMNS_MAX], source = r->fallback, file;
    struct photo_row *row;
    bool found;
    size_t n = 0;
    enum err e = read_line(r, values, &n);

    if (e || (n == 1 && values[0].len == 0))
        return e;
    e = check_line(r, c, values, n);
    if (e)
        return e;
    if (c->source < n && values[c->source].len)
        source = values[c->source];
    if (!str_is(source, "photos") && !str_is(source, "id_photo"))
        return bad_line(r, "one_of", "has a source other than photos and id_photo");
    if (r->rows.n == IMPORT_ENTRIES_MAX)
        return bad_line(r, "too_many_rows", "is one too many: at most 5,000 students");
    file = values[c->file];
    found = find_file(r, file, &file);
    row = row_of(&r->rows, normal(r->ctx, values[c->number]), source);
    add_file(r->ctx, row, file);
    if (!found)
        reject(row, STR("no_such_file"), STR("a file of the list is not in the archive"));
    return ERR_OK;
}

enum err photo_list_from_csv(struct ctx *ctx, struct str text, struct strs names, struct str source,
                             struct list *ret)
{
    struct reader r = {
        .ctx = ctx,
        .names = names,
        .normal = all_normal(ctx, names),
        .fallback = source,
        .rows = {ARENA_NEW_N(&ctx->arena, struct photo_row, IMPORT_ENTRIES_MAX), 0},
    };
    struct columns c = {0};
    enum err e;

    if (!csv_open(ctx, text, &r.csv))
        return fail_field(ctx, "list", "encoding", "UTF-8", "is not UTF-8");
    e = read_header(&r, &c);
    while (!e && r.csv.rest.len)
        e = take_line(&r, &c);
    if (!e && r.rows.n == 0)
        e = fail_field(ctx, "list", "empty", "", "names no student");
    if (!e)
        *ret = r.rows;
    return e;
}

/* SPDX-License-Identifier: MIT */
/* Rows into structs: columns meet fields by name, once for each statement and schema. */
#include <jansson.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"

#include "db/db_internal.h"

static enum err misfit(struct ctx *ctx, const char *event, const char *sql, const char *column)
{
    log_error(ctx, event, LC("column", column), LC("sql", sql));
    return fail(ctx, ERR_INTERNAL, "a column of the database does not fit the program");
}

enum err db_row_map(struct ctx *ctx, struct db_conn *c, struct db_stmt *st, const struct schema *s,
                    const struct db_row_map **ret)
{
    size_t n = c->driver->columns(st);
    struct db_row_map *map;

    for (map = st->maps; map; map = map->next) {
        if (map->schema != s || map->n != n)
            continue;
        *ret = map;
        return ERR_OK;
    }
    map = mem_alloc(sizeof(*map) + n * sizeof(map->fields[0]));
    map->schema = s;
    map->n = n;
    for (size_t i = 0; i < n; i++) {
        const char *name = c->driver->column_name(st, i);

        map->fields[i] = schema_field(s, str_of(name));
        if (!map->fields[i]) {
            enum err e = misfit(ctx, "db.column_unknown", st->sql, name);

            mem_free(map);
            return e;
        }
    }
    map->next = st->maps;
    st->maps = map;
    *ret = map;
    return ERR_OK;
}

static bool as_i64(const struct db_cell *cell, int64_t *ret)
{
    if (cell->type == CELL_TEXT)
        return str_to_i64(cell->str, ret);
    *ret = cell->i64;
    return cell->type == CELL_I64;
}

static bool as_f64(const struct db_cell *cell, double *ret)
{
    if (cell->type == CELL_TEXT)
        return str_to_f64(cell->str, ret);
    *ret = cell->type == CELL_I64 ? (double)cell->i64 : cell->f64;
    return cell->type == CELL_I64 || cell->type == CELL_F64;
}

static bool as_str(struct ctx *ctx, const struct db_cell *cell, struct str *ret)
{
    if (cell->type != CELL_TEXT && cell->type != CELL_BLOB)
        return false;
    *ret = arena_str(&ctx->arena, cell->str);
    return true;
}

/* "[1, 2]" or "1,2". */
static bool as_i64s(struct ctx *ctx, const struct db_cell *cell, struct i64s *ret)
{
    struct str rest = str_trim(cell->str);
    size_t n = 1;

    if (cell->type != CELL_TEXT)
        return false;
    if (rest.len >= 2 && rest.at[0] == '[' && rest.at[rest.len - 1] == ']')
        rest = str_trim((struct str){rest.at + 1, rest.len - 2});
    if (rest.len == 0)
        return true;
    for (size_t i = 0; i < rest.len; i++)
        n += rest.at[i] == ',';
    ret->at = ARENA_NEW_N(&ctx->arena, int64_t, n);
    ret->n = n;
    for (size_t i = 0; i < n; i++)
        if (!str_to_i64(str_trim(str_cut(&rest, ',')), &ret->at[i]))
            return false;
    return true;
}

static void json_free(json_t **root)
{
    json_decref(*root);
}

static bool as_strs(struct ctx *ctx, const struct db_cell *cell, struct strs *ret)
{
    cleanup(json_free) json_t *root = NULL;

    if (cell->type != CELL_TEXT)
        return false;
    root = json_loadb(cell->str.at, cell->str.len, JSON_REJECT_DUPLICATES, NULL);
    if (!root || !json_is_array(root))
        return false;
    ret->n = json_array_size(root);
    ret->at = ARENA_NEW_N(&ctx->arena, struct str, ret->n ? ret->n : 1);
    for (size_t i = 0; i < ret->n; i++) {
        const json_t *item = json_array_get(root, i);

        if (!json_is_string(item))
            return false;
        ret->at[i] =
            arena_str(&ctx->arena, (struct str){json_string_value(item), json_string_length(item)});
    }
    return true;
}

static bool set_opt(struct ctx *ctx, const struct field *f, const struct db_cell *cell, void *at)
{
    struct opt_bool *b = at;
    struct opt_i64 *i = at;
    struct opt_f64 *d = at;
    struct opt_str *s = at;
    int64_t n;

    if (f->type == FIELD_OPT_BOOL) {
        *b = (struct opt_bool){.set = as_i64(cell, &n)};
        b->v = b->set && n != 0;
        return b->set;
    }
    if (f->type == FIELD_OPT_I64)
        return i->set = as_i64(cell, &i->v);
    if (f->type == FIELD_OPT_F64)
        return d->set = as_f64(cell, &d->v);
    return s->set = as_str(ctx, cell, &s->v);
}

static bool set_bool(const struct db_cell *cell, bool *ret)
{
    int64_t n;

    if (!as_i64(cell, &n))
        return false;
    *ret = n != 0;
    return true;
}

static bool set_field(struct ctx *ctx, const struct field *f, const struct db_cell *cell, void *at)
{
    switch (f->type) {
    case FIELD_BOOL:
        return set_bool(cell, at);
    case FIELD_I64:
        return as_i64(cell, at);
    case FIELD_F64:
        return as_f64(cell, at);
    case FIELD_STR:
        return as_str(ctx, cell, at);
    case FIELD_OPT_BOOL:
    case FIELD_OPT_I64:
    case FIELD_OPT_F64:
    case FIELD_OPT_STR:
        return set_opt(ctx, f, cell, at);
    case FIELD_I64S:
        return as_i64s(ctx, cell, at);
    case FIELD_STRS:
        return as_strs(ctx, cell, at);
    case FIELD_JSON:
        return as_str(ctx, cell, &((struct json *)at)->text);
    case FIELD_LIST:
    case FIELD_OBJ:
    case FIELD_FILE:
    case FIELD_FILES:
        return false;
    }
    return false;
}

enum err db_row_read(struct ctx *ctx, struct db_conn *c, const struct db_stmt *st,
                     const struct db_row_map *map, void *ret)
{
    for (size_t i = 0; i < map->n; i++) {
        const struct field *f = map->fields[i];
        struct db_cell cell = {0};

        c->driver->cell(ctx, st, i, &cell);
        if (cell.type != CELL_NULL && !set_field(ctx, f, &cell, field_at(f, ret)))
            return misfit(ctx, "db.column_type", st->sql, f->name);
    }
    return ERR_OK;
}

enum err db_cell_i64(struct ctx *ctx, const struct db_cell *cell, int64_t *ret)
{
    int64_t v = 0;

    if (cell->type != CELL_NULL && !as_i64(cell, &v))
        return misfit(ctx, "db.column_type", "", "the first");
    *ret = v;
    return ERR_OK;
}

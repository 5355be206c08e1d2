/* SPDX-License-Identifier: MIT */
/* The SQL of programmes, modules and rooms: the same statements over three tables. */
#include "structure/structure_store.h"

#include "db/db.h"

#define F(...) FIELD(struct structure_item, __VA_ARGS__)
static const struct field row_fields[] = {
    F(id, "Its number"),
    F(programme_id, "A module's programme"),
    F(code, "Short name"),
    F(name, "Full name"),
    F(name_norm, "Search form"),
    F(hours, "A module's hours"),
    F(capacity, "A room's places"),
    F(archived, "Out of use"),
    F(version, "Counts the changes"),
};
#undef F
static const struct schema row_schema = SCHEMA_NAMED("structure_row", structure_item, row_fields);

struct statements {
    const char *get, *page, *page_down, *insert, *update;
    size_t more; /* how many of the kind's own columns: a size, a programme */
};

#define SELECT(table_, more_)                                                                      \
    "SELECT id, code, name, name_norm, archived, version" more_ " FROM " table_
#define PAGE(table_, more_, where_, op_, dir_)                                                     \
    SELECT(table_, more_)                                                                          \
    " WHERE archived = $1 AND (CAST($2 AS TEXT) IS NULL OR name_norm LIKE $2 ESCAPE '!')"          \
    " AND (CAST($3 AS BIGINT) IS NULL" where_ ") AND (name_norm, id) " op_                         \
    " ($4, $5)"                                                                                    \
    " ORDER BY name_norm " dir_ ", id " dir_ " LIMIT $6"
#define RETURNING(more_) " RETURNING id, code, name, name_norm, archived, version" more_

#define STATEMENTS(table_, more_, values_, sets_, where_)                                          \
    .get = SELECT(table_, more_) " WHERE id = $1",                                                 \
    .page = PAGE(table_, more_, where_, ">", "ASC"),                                               \
    .page_down = PAGE(table_, more_, where_, "<", "DESC"),                                         \
    .insert = "INSERT INTO " table_ " (code, name, name_norm" more_                                \
              ")"                                                                                  \
              " VALUES ($1, $2, $3" values_ ")" RETURNING(more_),                                  \
    .update = "UPDATE " table_ " SET code = $3, name = $4, name_norm = $5, archived = $6" sets_    \
              ", version = version + 1 WHERE id = $1 AND version = $2" RETURNING(more_)

static const struct statements statements[STRUCTURE_KINDS] = {
    [STRUCTURE_PROGRAMME] = {STATEMENTS("programme", "", "", "", ""), .more = 0},
    [STRUCTURE_ROOM] = {STATEMENTS("room", ", capacity", ", $4", ", capacity = $7", ""), .more = 1},
    [STRUCTURE_MODULE] = {STATEMENTS("module", ", hours, programme_id", ", $4, $5",
                                     ", hours = $7, programme_id = $8", " OR programme_id = $3"),
                          .more = 2},
};

enum err structure_store_get(struct ctx *ctx, enum structure_kind kind, int64_t id,
                             struct structure_item *ret)
{
    return db_one(ctx, &row_schema, ret, statements[kind].get, ARGS(A(id)));
}

enum err structure_store_page(struct ctx *ctx, enum structure_kind kind,
                              const struct structure_filter *filter, struct opt_str like,
                              struct page *ret)
{
    const struct statements *s = &statements[kind];
    bool down = page_is_descending(&filter->page);
    struct db_page page = {
        .cursor = filter->page.cursor,
        .limit = filter->page.limit,
        .key = "name_norm",
        .descending = down,
    };
    enum err e = db_page(ctx, &row_schema, &page, down ? s->page_down : s->page,
                         ARGS(A(filter->page.archived), A(like), A(filter->programme_id)));

    if (e)
        return e;
    *ret = (struct page){page.rows, {.set = page.next.len > 0, .v = page.next}};
    return ERR_OK;
}

static struct opt_i64 size_of(const struct structure_item *item)
{
    return item->capacity.set ? item->capacity : item->hours;
}

enum err structure_store_insert(struct ctx *ctx, enum structure_kind kind,
                                const struct structure_item *item, struct structure_item *ret)
{
    struct db_args args = ARGS(A(item->code), A(item->name), A(item->name_norm), A(size_of(item)),
                               A(item->programme_id));

    args.n = 3 + statements[kind].more;
    return db_one(ctx, &row_schema, ret, statements[kind].insert, args);
}

enum err structure_store_update(struct ctx *ctx, enum structure_kind kind,
                                const struct structure_item *item, struct structure_item *ret)
{
    struct db_args args =
        ARGS(A(item->id), A(item->version), A(item->code), A(item->name), A(item->name_norm),
             A(item->archived), A(size_of(item)), A(item->programme_id));

    args.n = 6 + statements[kind].more;
    return db_one(ctx, &row_schema, ret, statements[kind].update, args);
}

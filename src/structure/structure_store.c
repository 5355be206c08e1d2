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
    F(network, "A room's addresses"),
    F(latitude, "Where a room is"),
    F(longitude, "Where a room is"),
    F(radius_m, "How far around"),
    F(archived, "Out of use"),
    F(version, "Counts the changes"),
};
#undef F
static const struct schema row_schema = SCHEMA_NAMED("structure_row", structure_item, row_fields);

struct statements {
    const char *get, *page, *page_down, *insert, *update;
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
    [STRUCTURE_PROGRAMME] = {STATEMENTS("programme", "", "", "", "")},
    [STRUCTURE_ROOM] = {STATEMENTS("room", ", capacity, network, latitude, longitude, radius_m",
                                   ", $4, $5, $6, $7, $8",
                                   ", capacity = $7, network = $8, latitude = $9, longitude = $10,"
                                   " radius_m = $11",
                                   "")},
    [STRUCTURE_MODULE] = {STATEMENTS("module", ", hours, programme_id", ", $4, $5",
                                     ", hours = $7, programme_id = $8", " OR programme_id = $3")},
};

enum err structure_store_get(struct ctx *ctx, enum structure_kind kind, int64_t id,
                             struct structure_item *ret)
{
    return db_one(ctx, &row_schema, ret, statements[kind].get, ARGS(A(id)));
}

bool structure_store_same(const struct structure_item *a, const struct structure_item *b)
{
    return schema_same(&row_schema, a, b);
}

enum err structure_store_page(struct ctx *ctx, enum structure_kind kind,
                              const struct structure_filter *filter, struct opt_str like,
                              struct page *ret)
{
    const struct statements *s = &statements[kind];
    struct db_page page = db_page_asked(&filter->page, "name_norm");
    enum err e = db_page(ctx, &row_schema, &page, page.descending ? s->page_down : s->page,
                         ARGS(A(filter->page.archived), A(like), A(filter->programme_id)));

    if (!e)
        *ret = db_page_answer(&page);
    return e;
}

/* The kind's own columns in the order of its statements; how many they are. */
static size_t own_args(enum structure_kind kind, const struct structure_item *item,
                       struct db_arg *at)
{
    switch (kind) {
    case STRUCTURE_ROOM:
        at[0] = A(item->capacity);
        at[1] = A(item->network);
        at[2] = A(item->latitude);
        at[3] = A(item->longitude);
        at[4] = A(item->radius_m);
        return 5;
    case STRUCTURE_MODULE:
        at[0] = A(item->hours);
        at[1] = A(item->programme_id);
        return 2;
    case STRUCTURE_PROGRAMME:
    case STRUCTURE_KINDS:
        break;
    }
    return 0;
}

enum err structure_store_insert(struct ctx *ctx, enum structure_kind kind,
                                const struct structure_item *item, struct structure_item *ret)
{
    struct db_arg at[8] = {A(item->code), A(item->name), A(item->name_norm)};
    size_t n = 3 + own_args(kind, item, at + 3);

    return db_one(ctx, &row_schema, ret, statements[kind].insert, (struct db_args){at, n});
}

enum err structure_store_update(struct ctx *ctx, enum structure_kind kind,
                                const struct structure_item *item, struct structure_item *ret)
{
    struct db_arg at[11] = {A(item->id),   A(item->version),   A(item->code),
                            A(item->name), A(item->name_norm), A(item->archived)};
    size_t n = 6 + own_args(kind, item, at + 6);

    return db_one(ctx, &row_schema, ret, statements[kind].update, (struct db_args){at, n});
}

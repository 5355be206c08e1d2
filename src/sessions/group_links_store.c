/* SPDX-License-Identifier: MIT */
/* The tables session_group, series_group and session_request_group: alike but for their names. */
#include "db/db.h"
#include "sessions/group_links.h"

enum { BATCH = 50 };

#define TEN_OF(n_)                                                                                 \
    "$" #n_ "0, $" #n_ "1, $" #n_ "2, $" #n_ "3, $" #n_ "4, $" #n_ "5, $" #n_ "6, $" #n_           \
    "7, $" #n_ "8, $" #n_ "9"
#define STATEMENTS(table_, key_)                                                                   \
    {                                                                                              \
        .read = "SELECT l." key_ " AS linked_id, g.id, g.name FROM " table_                        \
                " l"                                                                               \
                " JOIN class_group g ON g.id = l.group_id WHERE l." key_                           \
                " IN"                                                                              \
                " ($1, $2, $3, $4, $5, $6, $7, $8, $9, " TEN_OF(1) ", " TEN_OF(2) ", " TEN_OF(     \
                    3) ", " TEN_OF(4) ", $50) ORDER BY g.name_norm, g.id",                         \
        .clear = "DELETE FROM " table_ " WHERE " key_ " = $1",                                     \
        .add = "INSERT INTO " table_ " (" key_                                                     \
               ", group_id) VALUES ($1, $2)"                                                       \
               " ON CONFLICT DO NOTHING",                                                          \
    }

static const struct {
    const char *read, *clear, *add;
} statements[] = {
    [LINK_SESSION] = STATEMENTS("session_group", "session_id"),
    [LINK_SERIES] = STATEMENTS("series_group", "series_id"),
    [LINK_REQUEST] = STATEMENTS("session_request_group", "request_id"),
};

struct link_row {
    int64_t linked_id, id;
    struct str name;
};
#define F(...) FIELD(struct link_row, __VA_ARGS__)
static const struct field link_fields[] = {
    F(linked_id, "What it is for"),
    F(id, "Group"),
    F(name, "Its name"),
};
#undef F
static const struct schema link_schema = SCHEMA(link_row, link_fields);

static void take(struct ctx *ctx, const struct group_linked *to, const struct list *rows)
{
    const struct link_row *r = rows->at;
    size_t n = 0;

    for (size_t i = 0; i < rows->n; i++)
        n += r[i].linked_id == to->id;
    *to->ids = (struct i64s){ARENA_NEW_N(&ctx->arena, int64_t, n), 0};
    *to->names = (struct strs){ARENA_NEW_N(&ctx->arena, struct str, n), 0};
    for (size_t i = 0; i < rows->n; i++) {
        if (r[i].linked_id != to->id)
            continue;
        to->ids->at[to->ids->n++] = r[i].id;
        to->names->at[to->names->n++] = r[i].name;
    }
}

static enum err read_batch(struct ctx *ctx, const char *sql, const struct group_linked *at,
                           size_t n)
{
    struct db_arg ids[BATCH];
    struct list rows = {0};
    enum err e;

    for (size_t i = 0; i < BATCH; i++)
        ids[i] = A(i < n ? at[i].id : (int64_t)0);
    e = db_list(ctx, &link_schema, &rows, sql, (struct db_args){ids, BATCH});
    for (size_t i = 0; !e && i < n; i++)
        take(ctx, &at[i], &rows);
    return e;
}

enum err group_links_read(struct ctx *ctx, enum group_link link, const struct group_linked *at,
                          size_t n)
{
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < n; i += BATCH)
        e = read_batch(ctx, statements[link].read, at + i, n - i < BATCH ? n - i : BATCH);
    return e;
}

enum err group_links_write(struct ctx *ctx, enum group_link link, int64_t id, struct i64s groups)
{
    enum err e = db_exec(ctx, statements[link].clear, ARGS(A(id)));

    for (size_t i = 0; !e && i < groups.n; i++)
        e = db_exec(ctx, statements[link].add, ARGS(A(id), A(groups.at[i])));
    return e;
}

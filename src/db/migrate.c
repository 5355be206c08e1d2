/* SPDX-License-Identifier: MIT */
/*
 * Applying and reverting migrations. Each takes the database's lock inside its own transaction and
 * then looks again what is applied, so a second runner waits and finds the work done.
 */
#include "db/migrate.h"

#include <inttypes.h>
#include <sodium.h>
#include <string.h>

#include "base/log.h"

#include "db/db_internal.h"
#include "db/migrate_internal.h"

struct applied_row {
    int64_t number;
    struct str name;
    struct str checksum;
    int64_t applied_at;
};

#define F(...) FIELD(struct applied_row, __VA_ARGS__)
static const struct field applied_row_fields[] = {
    F(number, "Its number"),
    F(name, "Its name"),
    F(checksum, "SHA-256 of both files when it was applied"),
    F(applied_at, "When"),
};
#undef F
static const struct schema applied_row_schema = SCHEMA(applied_row, applied_row_fields);

#define F(...) FIELD(struct migration_state, __VA_ARGS__)
static const struct field migration_state_fields[] = {
    F(number, "Its number"),
    F(name, "Its name"),
    F(applied, "Whether the database has it"),
    F(applied_at, "When it was applied", .format = "date-time"),
    F(problem, "Why nothing can be applied or reverted; empty when all is well"),
};
#undef F
const struct schema migration_state_schema = SCHEMA(migration_state, migration_state_fields);

struct list migrations_embedded(struct ctx *ctx)
{
    struct list all = {0};

    while (migrations_table[all.n].number)
        all.n++;
    all.at = ARENA_NEW_N(&ctx->arena, struct migration, all.n);
    memcpy(all.at, migrations_table, all.n * sizeof(struct migration));
    return all;
}

static struct str checksum_of(struct ctx *ctx, const struct migration *m)
{
    unsigned char sum[crypto_hash_sha256_BYTES];
    char *hex = arena_alloc(&ctx->arena, 2 * sizeof(sum) + 1);
    crypto_hash_sha256_state state;

    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const unsigned char *)m->up.at, m->up.len);
    crypto_hash_sha256_update(&state, (const unsigned char *)"", 1);
    crypto_hash_sha256_update(&state, (const unsigned char *)m->down.at, m->down.len);
    crypto_hash_sha256_final(&state, sum);
    sodium_bin2hex(hex, 2 * sizeof(sum) + 1, sum, sizeof(sum));
    return (struct str){hex, 2 * sizeof(sum)};
}

static const struct migration *find(struct list migrations, int64_t number)
{
    const struct migration *m = migrations.at;

    for (size_t i = 0; i < migrations.n; i++)
        if (m[i].number == number)
            return &m[i];
    return NULL;
}

/* Reading must not write: a database without the table has nothing applied. */
static enum err read_applied(struct ctx *ctx, struct list *ret)
{
    const char *exists = db_engine(ctx) == DB_SQLITE
                             ? "SELECT count(*) FROM sqlite_master"
                               " WHERE type = 'table' AND name = 'schema_migration'"
                             : "SELECT count(*) FROM pg_tables WHERE tablename ="
                               " 'schema_migration' AND schemaname = current_schema()";
    int64_t n;
    enum err e = db_i64(ctx, exists, ARGS(), &n);

    if (e)
        return e;
    if (n == 0) {
        *ret = (struct list){0};
        return ERR_OK;
    }
    return db_list(ctx, &applied_row_schema, ret,
                   "SELECT number, name, checksum, applied_at FROM schema_migration"
                   " ORDER BY number",
                   ARGS());
}

static struct migration_state state_of(struct ctx *ctx, struct list migrations,
                                       const struct applied_row *row)
{
    const struct migration *m = find(migrations, row->number);
    struct migration_state state = {
        .number = row->number,
        .name = row->name,
        .applied = true,
        .applied_at = {.set = true, .v = row->applied_at},
    };

    if (!m)
        state.problem = STR("unknown to this program");
    else if (!str_eq(checksum_of(ctx, m), row->checksum) || !str_eq(m->name, row->name))
        state.problem = STR("altered");
    return state;
}

enum err migrate_status(struct ctx *ctx, struct list migrations, struct list *ret)
{
    const struct migration *m = migrations.at;
    const struct applied_row *row;
    struct migration_state *states;
    struct list applied;
    size_t n = 0, j = 0;
    enum err e = read_applied(ctx, &applied);

    if (e)
        return e;
    row = applied.at;
    states = ARENA_NEW_N(&ctx->arena, struct migration_state, migrations.n + applied.n);
    for (size_t i = 0; i < migrations.n; i++) {
        while (j < applied.n && row[j].number < m[i].number)
            states[n++] = state_of(ctx, migrations, &row[j++]);
        if (j < applied.n && row[j].number == m[i].number)
            states[n++] = state_of(ctx, migrations, &row[j++]);
        else
            states[n++] = (struct migration_state){.number = m[i].number, .name = m[i].name};
    }
    while (j < applied.n)
        states[n++] = state_of(ctx, migrations, &row[j++]);
    *ret = (struct list){states, n};
    return ERR_OK;
}

static enum err refuse_problems(struct ctx *ctx, struct list states)
{
    const struct migration_state *s = states.at;

    for (size_t i = 0; i < states.n; i++)
        if (s[i].problem.len)
            return fail(ctx, ERR_CONFLICT, "migration %04" PRId64 "_%.*s is %.*s", s[i].number,
                        (int)s[i].name.len, s[i].name.at, (int)s[i].problem.len, s[i].problem.at);
    return ERR_OK;
}

/* Waits for another runner, then makes sure of the table of what is applied. */
static enum err lock(struct ctx *ctx)
{
    static const char sqlite[] =
        "CREATE TABLE IF NOT EXISTS schema_migration (number INTEGER PRIMARY KEY,"
        " name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT";
    /* The lock: any number that nobody else takes, "sp_m" in ASCII. */
    static const char postgres[] =
        "SELECT pg_advisory_xact_lock(1936744301);"
        " CREATE TABLE IF NOT EXISTS schema_migration (number BIGINT PRIMARY KEY,"
        " name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)";

    return db_script(ctx, db_engine(ctx) == DB_SQLITE ? sqlite : postgres);
}

static enum err is_applied(struct ctx *ctx, int64_t number, bool *ret)
{
    int64_t n;
    enum err e =
        db_i64(ctx, "SELECT count(*) FROM schema_migration WHERE number = $1", ARGS(A(number)), &n);

    if (!e)
        *ret = n > 0;
    return e;
}

static enum err record(struct ctx *ctx, const struct migration *m, bool up)
{
    if (!up)
        return db_exec(ctx, "DELETE FROM schema_migration WHERE number = $1", ARGS(A(m->number)));
    return db_exec(ctx,
                   "INSERT INTO schema_migration (number, name, checksum, applied_at)"
                   " VALUES ($1, $2, $3, $4)",
                   ARGS(A(m->number), A(m->name), A(checksum_of(ctx, m)), A(ctx->now)));
}

/* SQLite enforces no foreign keys inside a migration, so they are looked at when it is done. */
static enum err check_references(struct ctx *ctx)
{
    int64_t n;
    enum err e;

    if (db_engine(ctx) != DB_SQLITE)
        return ERR_OK;
    e = db_i64(ctx, "SELECT count(*) FROM pragma_foreign_key_check", ARGS(), &n);
    if (e)
        return e;
    if (n > 0)
        return fail(ctx, ERR_IN_USE, "%" PRId64 " rows would refer to nothing", n);
    return ERR_OK;
}

static enum err change(struct ctx *ctx, const struct migration *m, bool up, bool *ret_done)
{
    cleanup(tx_finish) struct tx tx = {0};
    const char *sql;
    bool applied;
    enum err e = migration_expand(ctx, db_engine(ctx), up ? m->up : m->down, &sql);

    if (e)
        return e;
    e = db_schema_begin(ctx, &tx);
    if (e)
        return e;
    e = lock(ctx);
    if (!e)
        e = is_applied(ctx, m->number, &applied);
    if (e)
        return e;
    if (applied != up) {
        e = db_script(ctx, sql);
        if (!e)
            e = record(ctx, m, up);
        if (!e)
            e = check_references(ctx);
        if (e)
            return e;
    }
    *ret_done = applied != up;
    return tx_commit(&tx);
}

static enum err step(struct ctx *ctx, const struct migration *m, bool up, int64_t *count)
{
    bool done = false;
    struct str why;
    enum err e;

    ctx->db->message = (struct str){"", 0};
    e = change(ctx, m, up, &done);
    if (e) {
        why = ctx->db->message.len ? ctx->db->message : ctx->fault.detail;
        fault_clear(ctx);
        return fail(ctx, e, "migration %04" PRId64 "_%.*s (%s): %.*s", m->number, (int)m->name.len,
                    m->name.at, up ? "up" : "down", (int)why.len, why.at);
    }
    *count += done;
    if (done)
        log_info(ctx, up ? "migration.applied" : "migration.reverted", LI("number", m->number),
                 LS("name", m->name));
    return ERR_OK;
}

static enum err prepare(struct ctx *ctx, struct list migrations, int64_t to, struct list *ret)
{
    enum err e;

    if (to && !find(migrations, to))
        return fail(ctx, ERR_NOT_FOUND, "no migration has the number %" PRId64, to);
    e = migrate_status(ctx, migrations, ret);
    if (e)
        return e;
    return refuse_problems(ctx, *ret);
}

enum err migrate_upgrade(struct ctx *ctx, struct list migrations, int64_t to, int64_t *ret)
{
    const struct migration_state *s;
    struct list states;
    int64_t count = 0;
    enum err e = prepare(ctx, migrations, to, &states);

    if (e)
        return e;
    s = states.at;
    for (size_t i = 0; i < states.n; i++) {
        if (s[i].applied || (to && s[i].number > to))
            continue;
        e = step(ctx, find(migrations, s[i].number), true, &count);
        if (e)
            return e;
    }
    *ret = count;
    return ERR_OK;
}

enum err migrate_downgrade(struct ctx *ctx, struct list migrations, int64_t to, int64_t *ret)
{
    const struct migration_state *s;
    struct list states;
    int64_t count = 0;
    enum err e = prepare(ctx, migrations, to, &states);

    if (e)
        return e;
    s = states.at;
    for (size_t i = states.n; i-- > 0;) {
        if (!s[i].applied || s[i].number <= to)
            continue;
        e = step(ctx, find(migrations, s[i].number), false, &count);
        if (e)
            return e;
    }
    *ret = count;
    return ERR_OK;
}

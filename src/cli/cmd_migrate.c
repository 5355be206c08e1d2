/* SPDX-License-Identifier: MIT */
/* `smartpresence migrate`: what form the database has, forth and back; and the next pair of files.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/fs.h"
#include "base/json.h"

#include "cli/cli.h"
#include "db/migrate.h"

static const char *const FOLDER = "migrations";

struct status {
    struct str engine;
    int64_t pending;
    struct list migrations;
};
#define F(...) FIELD(struct status, __VA_ARGS__)
static const struct field status_fields[] = {
    F(engine, "sqlite or postgres"),
    F(pending, "How many are to be applied"),
    F(migrations, "All of them", .items = &migration_state_schema),
};
#undef F
static const struct schema status_schema = SCHEMA(status, status_fields);

static enum err open_and_look(struct cli *cli, struct list *ret)
{
    struct ctx *ctx = cli->ctx;
    enum err e = app_open(ctx, cli->app, APP_DB);

    return e ? e : migrate_status(ctx, migrations_embedded(ctx), ret);
}

static void print_table(struct ctx *ctx, const struct status *s)
{
    const struct migration_state *m = s->migrations.at;
    int width = 4;

    for (size_t i = 0; i < s->migrations.n; i++)
        width = (int)m[i].name.len > width ? (int)m[i].name.len : width;
    printf("%-6s  %-*s  %s\n", "number", width, "name", "applied");
    for (size_t i = 0; i < s->migrations.n; i++) {
        struct str when = m[i].applied ? time_format(&ctx->arena, m[i].applied_at.v) : STR("no");

        printf("  %04" PRId64 "  %-*.*s  %.*s%s%.*s\n", m[i].number, width, (int)m[i].name.len,
               m[i].name.at, (int)when.len, when.at, m[i].problem.len ? "  " : "",
               (int)m[i].problem.len, m[i].problem.at);
    }
    printf("%" PRId64 " to apply (%s)\n", s->pending, s->engine.at);
}

static int show_status(struct cli *cli)
{
    cleanup(buf_finish) struct buf b = BUF(1 << 20);
    bool json = cli_flag(cli, "--json");
    struct status s = {0};
    bool problem = false;
    enum err e;

    if (!cli_done(cli))
        return EXIT_USAGE;
    e = open_and_look(cli, &s.migrations);
    if (e)
        return cli_failed(cli, e);
    s.engine = db_engine(cli->ctx) == DB_SQLITE ? STR("sqlite") : STR("postgres");
    for (size_t i = 0; i < s.migrations.n; i++) {
        const struct migration_state *m = (const struct migration_state *)s.migrations.at + i;

        s.pending += !m->applied;
        problem = problem || m->problem.len;
    }
    if (json) {
        json_write(&b, &status_schema, &s);
        printf("%.*s\n", (int)b.len, b.at);
    } else {
        print_table(cli->ctx, &s);
    }
    return problem ? EXIT_FAILED : EXIT_DONE;
}

/* `--to N`; false when it is there and no number. */
static bool take_to(struct cli *cli, struct opt_i64 *ret)
{
    const char *to = cli_value(cli, "--to");

    if (!to)
        return true;
    ret->set = str_to_i64(str_of(to), &ret->v);
    return ret->set && ret->v >= 0;
}

static int upgrade(struct cli *cli)
{
    struct ctx *ctx = cli->ctx;
    struct opt_i64 to = {0};
    int64_t n = 0;
    enum err e;

    if (!take_to(cli, &to) || (to.set && to.v == 0))
        return cli_usage(cli, "--to takes the number of a migration");
    if (!cli_done(cli))
        return EXIT_USAGE;
    e = app_open(ctx, cli->app, APP_DB);
    if (!e)
        e = migrate_upgrade(ctx, migrations_embedded(ctx), to.v, &n);
    if (e)
        return cli_failed(cli, e);
    printf("%" PRId64 " applied\n", n);
    return EXIT_DONE;
}

/* The number that is the last one when the newest applied one is gone. */
static int64_t one_back(struct list states)
{
    const struct migration_state *m = states.at;
    int64_t last = 0, before = 0;

    for (size_t i = 0; i < states.n; i++) {
        if (!m[i].applied)
            continue;
        before = last;
        last = m[i].number;
    }
    return before;
}

static int downgrade(struct cli *cli)
{
    struct ctx *ctx = cli->ctx;
    struct opt_i64 to = {0};
    struct list states;
    int64_t n = 0;
    enum err e;

    if (!take_to(cli, &to))
        return cli_usage(cli, "--to takes the number of a migration, or 0 for none at all");
    if (!cli_done(cli))
        return EXIT_USAGE;
    e = open_and_look(cli, &states);
    if (!e)
        e = migrate_downgrade(ctx, migrations_embedded(ctx), to.set ? to.v : one_back(states), &n);
    if (e)
        return cli_failed(cli, e);
    printf("%" PRId64 " reverted\n", n);
    return EXIT_DONE;
}

/* The number in front of "NNNN_name.up.sql"; 0 for any other file. */
static int64_t number_of(struct str file)
{
    struct str digits = str_cut(&file, '_');
    int64_t n = 0;

    return digits.len == 4 && file.len && str_to_i64(digits, &n) && n > 0 ? n : 0;
}

static enum err write_pair(struct ctx *ctx, int64_t number, struct str name)
{
    static const struct {
        const char *way, *text;
    } files[] = {
        {"up", "-- What changes. See migrations/README.md for the types.\n"},
        {"down", "-- Takes it back.\n"},
    };

    for (size_t i = 0; i < COUNT(files); i++) {
        struct str path = arena_printf(&ctx->arena, "%s/%04" PRId64 "_%.*s.%s.sql", FOLDER, number,
                                       (int)name.len, name.at, files[i].way);
        enum err e = fs_write(ctx, path.at, str_of(files[i].text), 0644);

        if (e)
            return e;
        puts(path.at);
    }
    return ERR_OK;
}

static int add(struct cli *cli)
{
    struct ctx *ctx = cli->ctx;
    struct strs files;
    struct str name;
    int64_t number = 0;
    enum err e;

    if (cli->argc != 2)
        return cli_usage(cli, "add takes one name");
    name = str_of(cli->argv[1]);
    if (!migration_name_is_valid(name))
        return cli_usage(cli, "a name is 1 to 60 of the characters a-z, 0-9 and _");
    e = fs_list(ctx, FOLDER, &files);
    if (e)
        return cli_failed(cli, e);
    for (size_t i = 0; i < files.n; i++)
        number = number_of(files.at[i]) > number ? number_of(files.at[i]) : number;
    if (number >= 9999)
        return cli_usage(cli, "the numbers end at 9999");
    e = write_pair(ctx, number + 1, name);
    return e ? cli_failed(cli, e) : EXIT_DONE;
}

int cmd_migrate(struct cli *cli)
{
    static const struct {
        const char *name;
        command_fn *run;
    } actions[] = {
        {"status", show_status},
        {"upgrade", upgrade},
        {"downgrade", downgrade},
        {"add", add},
    };

    for (size_t i = 0; cli->argc > 1 && i < COUNT(actions); i++) {
        if (strcmp(cli->argv[1], actions[i].name) != 0)
            continue;
        /* What is left stands after the action. */
        for (int k = 1; k < cli->argc; k++)
            cli->argv[k] = cli->argv[k + 1];
        cli->argc--;
        return actions[i].run(cli);
    }
    return cli_usage(cli, "say status, upgrade, downgrade or add");
}

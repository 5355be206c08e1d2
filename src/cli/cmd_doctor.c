/* SPDX-License-Identifier: MIT */
/* `smartpresence doctor`: each thing that must be there, and how to mend what is not. */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/json.h"

#include "cli/cli.h"
#include "db/migrate.h"
#include "enrolment/signing.h"
#include "face/face.h"

struct finding {
    struct str what;
    bool good;
    struct str detail;
    struct str mend;
};

#define F(...) FIELD(struct finding, __VA_ARGS__)
static const struct field finding_fields[] = {
    F(what, "What was looked at"),
    F(good, "Whether it is well"),
    F(detail, "What was found"),
    F(mend, "How to mend it"),
};
#undef F
static const struct schema finding_schema = SCHEMA(finding, finding_fields);

struct report {
    struct cli *cli;
    struct list findings;
    bool good;
};
#define F(...) FIELD(struct report, __VA_ARGS__)
static const struct field report_fields[] = {
    F(good, "Whether all is well"),
    F(findings, "One by one", .items = &finding_schema),
};
#undef F
static const struct schema report_schema = SCHEMA(report, report_fields);

enum { FINDINGS_MAX = 32 };

static void add(struct report *r, const char *what, bool good, struct str detail, const char *mend)
{
    struct arena *a = &r->cli->ctx->arena;

    if (r->findings.n == FINDINGS_MAX)
        return;
    /* Copies: what was looked at may be closed before the report is printed. */
    ((struct finding *)r->findings.at)[r->findings.n] = (struct finding){
        .what = arena_str(a, str_of(what)),
        .good = good,
        .detail = arena_str(a, detail),
        .mend = str_of(good ? "" : mend),
    };
    r->findings.n++;
    r->good = r->good && good;
}

/* The folder, or what of its path is there. */
static const char *existing(struct cli *cli, const char *dir)
{
    char *path = (char *)(uintptr_t)arena_str(&cli->ctx->arena, str_of(dir)).at;
    char *slash;

    while (!fs_exists(path) && (slash = strrchr(path, '/')) != NULL) {
        if (slash == path)
            return "/";
        *slash = '\0';
    }
    return *path && fs_exists(path) ? path : ".";
}

/* Looks only: a doctor leaves nothing behind. */
static void check_folder(struct cli *cli, struct report *r)
{
    const char *dir = cli->app->options.settings.data_dir.at;
    const char *there = existing(cli, dir);
    bool good = fs_is_folder(there) && access(there, W_OK | X_OK) == 0;

    add(r, "data folder", good,
        good && !fs_exists(dir) ? arena_printf(&cli->ctx->arena, "%s, made at the first start", dir)
                                : str_of(dir),
        "make it writable, or give --data-dir");
}

static void check_migrations(struct cli *cli, struct report *r)
{
    struct ctx *ctx = cli->ctx;
    struct list states = {0};
    const struct migration_state *odd = NULL;
    int64_t pending = 0;
    enum err e = migrate_status(ctx, migrations_embedded(ctx), &states);
    struct str detail = e ? ctx->fault.detail : STR("all are applied");

    for (size_t i = 0; !e && i < states.n; i++) {
        const struct migration_state *m = (const struct migration_state *)states.at + i;

        pending += !m->applied;
        odd = !odd && m->problem.len ? m : odd;
    }
    if (pending)
        detail = arena_printf(&ctx->arena, "%lld to apply, which the next start of the server does",
                              (long long)pending);
    if (odd)
        detail =
            arena_printf(&ctx->arena, "number %lld is %s", (long long)odd->number, odd->problem.at);
    add(r, "migrations", !e && !odd, detail,
        "use the program that wrote this database, or bring back the backup");
    fault_clear(ctx);
}

/* A database of SQLite that is not there yet. */
static bool is_still_to_be_made(const char *url)
{
    return str_starts(str_of(url), "sqlite:") && !fs_exists(url + strlen("sqlite:")) &&
           strcmp(url, "sqlite::memory:") != 0;
}

static void check_database(struct cli *cli, struct report *r)
{
    struct ctx *ctx = cli->ctx;
    enum err e;

    if (is_still_to_be_made(cli->app->options.settings.database_url.at))
        return add(r, "database", true, STR("made at the first start"), "");
    e = app_open(ctx, cli->app, APP_DB);
    e = e ? e : db_ping(ctx);
    add(r, "database", !e, e ? ctx->fault.detail : STR("answers"),
        "check SP_DATABASE_URL, and that the database server runs");
    if (e)
        return fault_clear(ctx);
    check_migrations(cli, r);
}

static void check_key_files(struct cli *cli, struct report *r)
{
    const struct settings *s = &cli->app->options.settings;
    const char *const files[] = {s->master_key_file.at, s->token_keys_file.at,
                                 s->signing_keys_file.at};
    bool all_well = true;

    for (size_t i = 0; i < COUNT(files); i++) {
        struct fs_exposure x = fs_exposure(cli->ctx, files[i]);

        if (!x.problem)
            continue;
        all_well = false;
        add(r, "key files", false, arena_printf(&cli->ctx->arena, "%s %s", files[i], x.problem),
            x.mend);
    }
    if (all_well)
        add(r, "key files", true, STR("none is open to others than its owner"), "");
}

static void check_models(struct cli *cli, struct report *r)
{
    const struct settings *s = &cli->app->options.settings;
    struct face_models *m = face_models_open_chosen(cli->ctx, s);
    struct list models = face_models_list(cli->ctx, m);
    struct str problem = face_models_problem(m);
    const char *mend = strcmp(face_pack_id(m), "default") == 0
                           ? "./scripts/fetch-models.sh"
                           : "smartpresence face models verify (it says what is wrong)";

    add(r, "recognition", !problem.len, problem.len ? problem : STR("runtime and models are there"),
        mend);
    for (size_t i = 0; i < models.n; i++) {
        const struct face_model_info *info = (const struct face_model_info *)models.at + i;

        add(r, arena_printf(&cli->ctx->arena, "model %s", info->file.at).at, !info->problem.len,
            info->problem.len ? info->problem : info->sha256, mend);
    }
    face_models_close(m);
    fault_clear(cli->ctx);
}

static void check_signing_key(struct cli *cli, struct report *r)
{
    const char *path = cli->app->options.settings.signing_keys_file.at;
    struct signing_public keys = {0};
    enum err e = fs_exists(path) ? signing_read(cli->ctx, path, &keys) : ERR_OK;

    add(r, "key of certificates", !e,
        e              ? cli->ctx->fault.detail
        : keys.key.len ? keys.key
                       : STR("made at the first start"),
        "bring signing.keys back from the backup of the keys");
    fault_clear(cli->ctx);
}

static void check_port(struct cli *cli, struct report *r)
{
    const struct settings *s = &cli->app->options.settings;
    struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICHOST, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    const char *port = arena_printf(&cli->ctx->arena, "%lld", (long long)s->http_port).at;
    struct str where = arena_printf(&cli->ctx->arena, "%s port %s", s->http_address.at, port);
    int yes = 1;
    int fd = -1;
    bool good = getaddrinfo(s->http_address.at, port, &hints, &found) == 0;

    if (good) {
        fd = socket(found->ai_family, found->ai_socktype | SOCK_CLOEXEC, 0);
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
        good = fd >= 0 && bind(fd, found->ai_addr, found->ai_addrlen) == 0;
        if (!good)
            where = arena_printf(&cli->ctx->arena, "%s: %s", where.at, strerror(errno));
        freeaddrinfo(found);
    }
    if (fd >= 0)
        close(fd);
    add(r, "address", good, where, "stop what listens there, or give --http-port");
}

static void check_tls(struct cli *cli, struct report *r)
{
    const struct settings *s = &cli->app->options.settings;

    if (s->tls_cert.len)
        add(r, "certificate", access(s->tls_cert.at, R_OK) == 0, s->tls_cert,
            "make the file readable");
    if (s->tls_key.len)
        add(r, "private key", access(s->tls_key.at, R_OK) == 0, s->tls_key,
            "make the file readable");
}

static void print_human(const struct report *r)
{
    for (size_t i = 0; i < r->findings.n; i++) {
        const struct finding *f = (const struct finding *)r->findings.at + i;

        printf("%-4s %-24s %.*s\n", f->good ? "ok" : "BAD", f->what.at, (int)f->detail.len,
               f->detail.at);
        if (!f->good)
            printf("     to mend: %s\n", f->mend.at);
    }
    puts(r->good ? "All is well." : "Something needs mending.");
}

int cmd_doctor(struct cli *cli)
{
    cleanup(buf_finish) struct buf b = BUF(1 << 20);
    bool json = cli_flag(cli, "--json");
    struct report r = {.cli = cli, .good = true};

    if (!cli_done(cli))
        return EXIT_USAGE;
    r.findings.at = ARENA_NEW_N(&cli->ctx->arena, struct finding, FINDINGS_MAX);
    check_folder(cli, &r);
    check_database(cli, &r);
    check_models(cli, &r);
    check_key_files(cli, &r);
    check_signing_key(cli, &r);
    check_port(cli, &r);
    check_tls(cli, &r);
    if (json) {
        json_write(&b, &report_schema, &r);
        puts(b.at);
    } else {
        print_human(&r);
    }
    return r.good ? EXIT_DONE : EXIT_FAILED;
}

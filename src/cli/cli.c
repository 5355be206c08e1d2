/* SPDX-License-Identifier: MIT */
/* From argv to a command. */
#include "cli/cli.h"

#include <locale.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

static const struct command commands[] = {
    {"serve", cmd_serve, "run the server",
     "serve [--port-file FILE] [OPTIONS]\n\nRuns in the foreground until SIGTERM or SIGINT."},
    {"migrate", cmd_migrate, "show, upgrade or downgrade the database's form",
     "migrate status [--json]\n       smartpresence migrate upgrade [--to N]\n"
     "       smartpresence migrate downgrade [--to N]\n       smartpresence migrate add NAME\n\n"
     "status: what is applied, and whether it was altered since. upgrade: all, or up to N.\n"
     "downgrade: the newest, or down to N, which stays. add: a new pair of files in migrations/."},
    {"create-admin", cmd_create_admin, "make an administrator's account",
     "create-admin [--email E] [--name N]\n\nAsks for what is missing. Without a terminal the "
     "password is the first line of\nstandard input, or SP_ADMIN_PASSWORD of the environment."},
    {"demo", cmd_demo, "fill an empty database with a demo school",
     "demo [--portraits DIR] [--seed N]\n       smartpresence demo --students N [--weeks N] "
     "[--seed "
     "N]\n\n"
     "Does nothing when the demo school is there. --students: a large school without faces, with "
     "all\nregisters of so many weeks (12), for measuring."},
    {"face", cmd_face, "detect, compare and evaluate faces",
     "face detect [--tiled] IMAGE… [--json]\n       smartpresence face compare A B [--json]\n"
     "       smartpresence face eval --root DIR (--pairs FILE | --all-pairs) [--aligned] [--json]\n"
     "       smartpresence face identify --gallery DIR --probes DIR [--templates N] [--quality] "
     "[--curve] [--json]\n"
     "       smartpresence face calibrate [--json] [--svg FILE]\n"
     "       smartpresence face models list [--json] | verify [PACK] | use PACK | prune MODEL "
     "--yes\n\n"
     "eval: DIR/NAME/NAME_0001.jpg; FILE in the form of LFW's pairs.txt, judged in ten folds.\n"
     "identify: one folder per person in both; a probe whose folder is not in the gallery is a "
     "stranger's.\n"
     "N: how many pictures of each person are templates (5). hit_rate: probes of people in the "
     "gallery\nthat got the right name; fnir: those that did not; fpir: probes of strangers "
     "that got a\nname; wrong_name_rate: of all probes, those that got a name that is not theirs.\n"
     "--quality: too bad a picture gets no name, as in sessions. --curve: also by threshold and by "
     "size of\nroster.\n"
     "calibrate: leave-one-out over the school's own templates: what to expect at the rosters' "
     "sizes,\nand the threshold that follows. FILE gets both distributions as a drawing.\n"
     "--aligned: the pictures are 112 x 112 aligned faces. --tiled: finds smaller faces.\n"
     "--models-dir DIR and --runtime FILE: other models, another ONNX Runtime."},
    {"openapi", cmd_openapi, "print the API's description",
     "openapi [--errors | --permissions]\n\nPrints the OpenAPI 3.1 document; or docs/errors.md; "
     "or docs/permissions.md."},
    {"config", cmd_config, "show the settings in force and where they come from",
     "config show | --doc | --env-example | rotate-token-key\n\n"
     "show: each option, its value and where it was set; secrets are not printed.\n"
     "--doc, --env-example: docs/config.md and .env.example.\n"
     "rotate-token-key: a new key for access tokens; those in use stay valid."},
    {"certificate", cmd_certificate, "check a certificate of deletion",
     "certificate verify FILE [--key PUBLIC]\n       smartpresence certificate key | rotate-key\n\n"
     "verify: needs no server and no database; exit status 1 when the file is not as it was\n"
     "signed, or by another key than PUBLIC. key: the school's public keys. rotate-key: a new one\n"
     "signs, the old ones stay published."},
    {"key", cmd_key, "exchange the master key",
     "key rotate [--batch N] [--pause-ms N]\n       smartpresence key rotate --old FILE --new "
     "FILE\n"
     "       smartpresence key status [--json]\n       smartpresence key new\n\n"
     "rotate: a new master key in the key file wraps the keys of students, papers, offline\n"
     "clients and class photos again, while the server runs; cut off, it goes on when called\n"
     "again. status: what each master key wraps; exit status 1 while not all is wrapped by the\n"
     "one in force. --old, --new: for a key that is not in that file, with "
     "the\n"
     "server stopped. new: prints a random key for SP_MASTER_KEY or a systemd credential."},
    {"ledger", cmd_ledger, "prove that no event was changed and that the records follow",
     "ledger verify [--session N] [--chain] [--json]\n\n"
     "Computes the hash of every event anew, in all sessions or one, while the server runs; names\n"
     "the first broken link of each session and what is wrong with it: hash, previous, missing,\n"
     "head or note (docs/ledger.md). Then derives every record anew from the events and names the\n"
     "first of each session that differs, and in what; not so with --chain. Exit status 1 when\n"
     "something is wrong."},
    {"retention", cmd_retention, "delete what was kept long enough",
     "retention run [--dry-run] [--json]\n\n"
     "The server does it every hour by itself. --dry-run: says what is due and deletes nothing.\n"
     "Exit status 1 when one of the jobs failed."},
    {"doctor", cmd_doctor, "say what is missing and how to mend it",
     "doctor [--json]\n\nLooks at the data folder, the keys, the database and its migrations, the "
     "runtime and the\nmodels with their checksums, the port and the certificate. Exit status 1 "
     "when something\nis to be mended."},
    {"version", cmd_version, "print the version", "version"},
};

static void print_help(FILE *to)
{
    fputs(
        "SmartPresence: presence management for schools.\n\n"
        "Usage: smartpresence COMMAND [ARGUMENTS] [OPTIONS]\n\n",
        to);
    for (size_t i = 0; i < COUNT(commands); i++)
        fprintf(to, "  %-14s %s\n", commands[i].name, commands[i].summary);
    fputs(
        "\nEach command has --help. Options (docs/config.md) are flags of every command: "
        "--data-dir DIR,\n--http-port N, --config FILE …\n",
        to);
}

static const struct command *find(const char *name)
{
    for (size_t i = 0; i < COUNT(commands); i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

int cli_failed(const struct cli *cli, enum err e)
{
    const struct fault *f = &cli->ctx->fault;

    fprintf(stderr, "smartpresence %s: %s", cli->argv[0], err_info(e)->title);
    if (f->detail.len)
        fprintf(stderr, ": %s", f->detail.at);
    fputc('\n', stderr);
    for (const struct field_error *fe = f->fields; fe; fe = fe->next)
        fprintf(stderr, "  %s %s\n", fe->pointer.at, fe->detail.at);
    return EXIT_FAILED;
}

int cli_usage(const struct cli *cli, const char *why)
{
    fprintf(stderr, "smartpresence %s: %s\nSee: smartpresence %s --help\n", cli->argv[0], why,
            cli->argv[0]);
    return EXIT_USAGE;
}

static void drop(struct cli *cli, int at, int n)
{
    for (int i = at; i + n <= cli->argc; i++)
        cli->argv[i] = cli->argv[i + n];
    cli->argc -= n;
}

bool cli_flag(struct cli *cli, const char *flag)
{
    for (int i = 1; i < cli->argc; i++) {
        if (strcmp(cli->argv[i], flag) == 0) {
            drop(cli, i, 1);
            return true;
        }
    }
    return false;
}

const char *cli_value(struct cli *cli, const char *flag)
{
    size_t n = strlen(flag);

    for (int i = 1; i < cli->argc; i++) {
        char *arg = cli->argv[i];

        if (strncmp(arg, flag, n) == 0 && arg[n] == '=') {
            drop(cli, i, 1);
            return arg + n + 1;
        }
        if (strcmp(arg, flag) == 0 && i + 1 < cli->argc) {
            const char *value = cli->argv[i + 1];

            drop(cli, i, 2);
            return value;
        }
    }
    return NULL;
}

bool cli_done(const struct cli *cli)
{
    if (cli->argc <= 1)
        return true;
    fprintf(stderr, "smartpresence %s: \"%s\" is not understood\n", cli->argv[0], cli->argv[1]);
    return false;
}

static bool is_option(struct ctx *ctx, struct str flag)
{
    for (size_t i = 0; i < settings_schema.n; i++)
        if (str_eq(config_flag_name(&ctx->arena, &settings_schema.fields[i]), flag))
            return true;
    return false;
}

/* Moves the flags of the option table out of the command's arguments. */
static char **take_options(struct cli *cli)
{
    char **flags = ARENA_NEW_N(&cli->ctx->arena, char *, (size_t)cli->argc + 2);
    size_t n = 0;

    for (int i = 1; i < cli->argc;) {
        struct str value = str_of(cli->argv[i]);
        struct str name = str_cut(&value, '=');
        bool joined = str_has(str_of(cli->argv[i]), '=');
        int width = joined || i + 1 >= cli->argc ? 1 : 2;

        if (!is_option(cli->ctx, name)) {
            i++;
            continue;
        }
        for (int k = 0; k < width; k++)
            flags[n++] = cli->argv[i + k];
        drop(cli, i, width);
    }
    return flags;
}

static int run(struct cli *cli, const struct command *c)
{
    const char *file = cli_value(cli, "--config");
    enum err e = options_load(cli->ctx, file, take_options(cli), &cli->app->options);

    return e ? cli_failed(cli, e) : c->run(cli);
}

int cli_main(int argc, char **argv)
{
    struct ctx ctx = {.ports = &system_ports};
    struct app app = {0};
    struct cli cli = {.ctx = &ctx, .app = &app, .argc = argc - 1};
    const struct command *c = argc > 1 ? find(argv[1]) : NULL;
    int code;

    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        print_help(argc < 2 ? stderr : stdout);
        return argc < 2 ? EXIT_USAGE : EXIT_DONE;
    }
    if (strcmp(argv[1], "--version") == 0)
        c = find("version");
    if (!c) {
        fprintf(stderr, "smartpresence: there is no command \"%s\"; see smartpresence --help\n",
                argv[1]);
        return EXIT_USAGE;
    }
    if (sodium_init() < 0) {
        fputs("smartpresence: libsodium cannot be started\n", stderr);
        return EXIT_FAILED;
    }
    ctx_reset(&ctx);
    cli.argv = ARENA_NEW_N(&ctx.arena, char *, (size_t)argc + 1);
    for (int i = 1; i < argc; i++)
        cli.argv[i - 1] = argv[i];
    if (cli_flag(&cli, "--help")) {
        printf("Usage: smartpresence %s\n", c->usage);
        code = EXIT_DONE;
    } else {
        code = run(&cli, c);
    }
    app_close(&ctx, &app);
    arena_finish(&ctx.arena);
    return code;
}

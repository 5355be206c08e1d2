/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The commands of the one binary. Options of app/options.c may stand anywhere as flags
 * (`--data-dir D`), `--config FILE` too; what is left is the command's own.
 * Exit codes: 0 done, 1 failed (the reason is on stderr), 2 wrong use.
 */
#include "base/ctx.h"

#include "app/app.h"

struct cli {
    struct ctx *ctx;
    struct app *app; /* settings are loaded, nothing is open */
    int argc;
    char **argv; /* argv[0] is the command's name; NULL-terminated */
};

typedef int command_fn(struct cli *cli);

struct command {
    const char *name;
    command_fn *run;
    const char *summary;
    const char *usage; /* shown by --help, after "Usage: smartpresence " */
};

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

command_fn cmd_serve, cmd_migrate, cmd_create_admin, cmd_demo, cmd_face, cmd_openapi, cmd_config,
    cmd_doctor, cmd_version, cmd_certificate, cmd_key, cmd_retention, cmd_ledger;

/* Runs the command that argv names. */
int cli_main(int argc, char **argv);

/* Prints the failure of ctx on stderr, field errors line by line, and gives EXIT_FAILED back. */
int cli_failed(const struct cli *cli, enum err e);
/* Prints `why` and where help is, and gives EXIT_USAGE back. */
int cli_usage(const struct cli *cli, const char *why);

/* Takes the flag out of the arguments; true when it was there. */
bool cli_flag(struct cli *cli, const char *flag);
/* Takes `flag VALUE` or `flag=VALUE` out of the arguments; NULL when it was not there. */
const char *cli_value(struct cli *cli, const char *flag);
/* True when nothing but the command's name is left; else says what is not understood. */
bool cli_done(const struct cli *cli);

/* SPDX-License-Identifier: MIT */
/* `smartpresence retention`: forgets what is old now, or says what would be. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"

#include "cli/cli.h"
#include "privacy/retention.h"

static void print_table(struct ctx *ctx, const struct retention_report *r, bool dry)
{
    const struct retention_job *job = r->jobs.at;

    for (size_t i = 0; i < r->jobs.n; i++) {
        struct str oldest =
            job[i].oldest_at.set ? time_format(&ctx->arena, job[i].oldest_at.v) : STR("none");
        long long n = dry ? job[i].due : job[i].last_deleted.v;

        printf("%-24s kept %lld %s: %lld %s, oldest %.*s%s%.*s\n", job[i].job.at,
               (long long)job[i].keep, job[i].unit.at, n, dry ? "due" : "deleted", (int)oldest.len,
               oldest.at, job[i].last_error.len ? ", FAILED: " : "", (int)job[i].last_error.len,
               job[i].last_error.at);
    }
}

int cmd_retention(struct cli *cli)
{
    cleanup(buf_finish) struct buf b = BUF(1 << 20);
    bool dry = cli_flag(cli, "--dry-run");
    bool json = cli_flag(cli, "--json");
    struct retention_report report = {0};
    const struct retention_job *job;
    int code = EXIT_DONE;
    enum err e;

    if (cli->argc != 2 || strcmp(cli->argv[1], "run") != 0)
        return cli_usage(cli, "say run");
    e = app_open(cli->ctx, cli->app, APP_DB | APP_KEYS);
    e = e ? e : retention_run(cli->ctx, dry, &report);
    if (e)
        return cli_failed(cli, e);
    if (json) {
        json_write(&b, &retention_report_schema, &report);
        puts(b.at);
    } else {
        print_table(cli->ctx, &report, dry);
    }
    job = report.jobs.at;
    for (size_t i = 0; !dry && i < report.jobs.n; i++)
        code = job[i].last_error.len ? EXIT_FAILED : code;
    return code;
}

/* SPDX-License-Identifier: MIT */
/* `smartpresence ledger verify`: computes every hash anew and names the first broken links, derives
 * every record anew and names the first that differ. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/text.h"

#include "attendance/ledger.h"
#include "cli/cli.h"

static const char *meaning(struct str what)
{
    if (str_is(what, "hash"))
        return "the event is not what was hashed";
    if (str_is(what, "previous"))
        return "it does not follow from the one before";
    if (str_is(what, "missing"))
        return "it is gone";
    if (str_is(what, "note"))
        return "the note is another one";
    return "the session knows another end";
}

static void show_progress(void *arg, int64_t done, int64_t of)
{
    (void)arg;
    fprintf(stderr, "\r%lld of %lld sessions", (long long)done, (long long)of);
    if (done >= of)
        fputc('\n', stderr);
}

/* A note is somebody's words: one line, without what would steer the terminal. */
static const char *said(struct ctx *ctx, struct opt_str s)
{
    return s.set ? text_to_name(&ctx->arena, s.v).at : "nothing";
}

static void print_differences(struct ctx *ctx, const struct ledger_report *r)
{
    const struct ledger_difference *d = r->differences.at;

    for (size_t i = 0; i < r->differences.n; i++)
        printf("session %lld, student %lld%s, %s: the record says %s, the events say %s\n",
               (long long)d[i].session_id, (long long)d[i].student_id,
               d[i].student_id ? "" : " (the session itself)", d[i].field.at,
               said(ctx, d[i].stored), said(ctx, d[i].derived));
    printf("%lld records, of %lld of them from before the ledger only the status: %s\n",
           (long long)r->records, (long long)r->records_before,
           r->differences.n ? "DIFFERENT" : "all follow from the events");
}

static void print_report(struct ctx *ctx, const struct ledger_report *r, bool chain_only)
{
    const struct ledger_fault *f = r->faults.at;

    for (size_t i = 0; i < r->faults.n; i++)
        printf("session %lld, seq %lld, event %lld: %s (%s)\n", (long long)f[i].session_id,
               (long long)f[i].seq, (long long)f[i].event_id, f[i].what.at, meaning(f[i].what));
    if (!chain_only)
        print_differences(ctx, r);
    printf("%lld sessions, %lld events, %lld of them from before the ledger: %s\n",
           (long long)r->sessions, (long long)r->events, (long long)r->before,
           r->faults.n ? "BROKEN" : "the ledger holds");
}

int cmd_ledger(struct cli *cli)
{
    cleanup(buf_finish) struct buf b = BUF(16 << 20);
    bool json = cli_flag(cli, "--json");
    const char *session = cli_value(cli, "--session");
    struct ledger_wish wish = {
        .chain_only = cli_flag(cli, "--chain"),
        .progress = isatty(STDERR_FILENO) ? show_progress : NULL,
    };
    struct ledger_report report = {0};
    enum err e;

    if (session && (!str_to_i64(str_of(session), &wish.session_id) || wish.session_id < 1))
        return cli_usage(cli, "--session takes the number of a session");
    if (cli->argc != 2 || strcmp(cli->argv[1], "verify") != 0)
        return cli_usage(cli, "say verify");
    e = app_open(cli->ctx, cli->app, APP_DB);
    e = e ? e : ledger_verify(cli->ctx, &wish, &report);
    if (e)
        return cli_failed(cli, e);
    if (json) {
        json_write(&b, &ledger_report_schema, &report);
        puts(b.at);
    } else {
        print_report(cli->ctx, &report, wish.chain_only);
    }
    return report.faults.n || report.differences.n ? EXIT_FAILED : EXIT_DONE;
}

/* SPDX-License-Identifier: MIT */
/* `face calibrate`: what the school's own templates say. No names: ids only. */
#include <stdio.h>
#include <string.h>

#include "base/fs.h"
#include "base/json.h"

#include "cli/cmd_face.h"
#include "recognition/calibration.h"

enum { OUT_MAX = 1 << 20 };

static void print_missing(struct buf *b, const struct calibration_report *r)
{
    buf_printf(b, "Not enough to say something: %lld persons, %lld templates.\n",
               (long long)r->persons, (long long)r->templates);
    for (size_t i = 0; i < r->missing.n; i++)
        buf_puts(b, str_is(r->missing.at[i], "two_persons")
                        ? "  Enrol at least two persons with consent.\n"
                        : "  Enrol at least one person by two photos or more.\n");
}

static void print_text(struct buf *b, const struct calibration_report *r)
{
    const struct calibration_roster *rosters = r->rosters.at;

    if (!r->ready) {
        print_missing(b, r);
        return;
    }
    buf_printf(b,
               "persons            %lld (%lld templates)\n"
               "the same person    %lld comparisons, mean %.3f, least %.3f\n"
               "different persons  %lld comparisons, mean %.3f, most %.3f\n"
               "look-alikes        %lld of %lld pairs\n\n"
               "roster  threshold  FPIR %%  (95 %% interval)    FNIR %%  (95 %% interval)\n",
               (long long)r->persons, (long long)r->templates, (long long)r->genuine_n,
               r->genuine_mean, r->genuine_least, (long long)r->impostor_n, r->impostor_mean,
               r->impostor_most, (long long)r->look_alikes, (long long)r->pairs);
    for (size_t i = 0; i < r->rosters.n; i++)
        buf_printf(b, "%6lld  %9.3f  %6.2f  (%.2f to %.2f)  %6.2f  (%.2f to %.2f)\n",
                   (long long)rosters[i].persons, rosters[i].threshold, 100 * rosters[i].fpir,
                   100 * rosters[i].fpir_low, 100 * rosters[i].fpir_high, 100 * rosters[i].fnir,
                   100 * rosters[i].fnir_low, 100 * rosters[i].fnir_high);
    buf_printf(b, "\nsuggested threshold %.2f; never below %.3f\n%.*s\n", r->suggested, r->floor,
               (int)r->method.len, r->method.at);
}

static enum err run(struct cli *cli, bool json, const char *svg)
{
    cleanup(buf_finish) struct buf b = BUF(OUT_MAX);
    struct ctx *ctx = cli->ctx;
    struct calibration_report report = {0};
    struct str drawing = {"", 0};
    const unsigned parts = APP_DB | APP_KEYS | APP_MODELS;
    enum err e = app_open(ctx, cli->app, (enum app_parts)parts);

    e = e ? e : calibration_get(ctx, &report);
    if (!e && svg) {
        e = calibration_svg(ctx, &drawing);
        e = e ? e : fs_write(ctx, svg, drawing, 0644);
    }
    if (e)
        return e;
    if (json) {
        json_write(&b, &calibration_schema, &report);
        buf_putc(&b, '\n');
    } else {
        print_text(&b, &report);
    }
    if (b.failed || fwrite(b.at, 1, b.len, stdout) != b.len || fflush(stdout))
        return fail(ctx, ERR_INTERNAL, "the result could not be written");
    return ERR_OK;
}

int face_calibrate(struct cli *cli)
{
    bool json = cli_flag(cli, "--json");
    const char *svg = cli_value(cli, "--svg");
    enum err e;

    if (cli->argc > 2)
        return cli_usage(cli, "calibrate takes --json and --svg FILE");
    e = run(cli, json, svg);
    return e ? cli_failed(cli, e) : EXIT_DONE;
}

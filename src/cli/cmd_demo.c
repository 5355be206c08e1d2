/* SPDX-License-Identifier: MIT */
/* `smartpresence demo`: fills an empty database; progress on stderr, what to do on stdout. */
#include <stdio.h>

#include "base/fs.h"

#include "cli/cli.h"
#include "cli/demo.h"
#include "cli/demo_large.h"

static void print_progress(struct str line)
{
    fprintf(stderr, "  %.*s\n", (int)line.len, line.at);
}

static void print_login(const char *role, const char *email, const char *name)
{
    printf("  %-8s  %-30s  %s\n", role, email, name);
}

static void print_logins(struct demo *d)
{
    printf("Logins, all with the password  %s\n\n", DEMO_PASSWORD);
    print_login("admin", DEMO_ADMIN_EMAIL, demo_admin_name);
    for (size_t i = 0; i < DEMO_TRAINERS; i++)
        print_login("trainer", demo_email(d, demo_trainers[i].login).at, demo_trainers[i].name);
    print_login("student", demo_email(d, demo_students[0].login).at, demo_students[0].name);
}

/* The first trainer who has something to open, and a face for it. */
static enum err print_what_to_try(struct demo *d)
{
    struct session s;
    size_t student = 0;
    size_t trainer = 0;
    enum err e = ERR_NOT_FOUND;

    for (size_t i = 0; e == ERR_NOT_FOUND && i < DEMO_TRAINERS; i++) {
        trainer = i;
        e = demo_session_now(d, i, &s);
    }
    if (e)
        return e == ERR_NOT_FOUND ? ERR_OK : e;
    printf(
        "\nWhat to try:\n"
        "  1. Log in as %s, open today's session \"%s\" and its register.\n",
        demo_email(d, demo_trainers[trainer].login).at, s.module_name.at);
    e = d->portraits ? demo_face_of(d, &s, &student) : ERR_NOT_FOUND;
    if (!e)
        printf(
            "  2. Start the camera and hold this photo in front of it, or give it as a file:\n"
            "     %s/%s.jpg\n"
            "     %s turns present.\n",
            d->portraits, demo_students[student].portrait, demo_students[student].name);
    else
        printf("  2. Mark the students by hand: nobody of this session waits to be recognised.\n");
    printf("  3. Open the same register in a second browser: it changes there too, at once.\n");
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err run(struct cli *cli, struct demo *d)
{
    const unsigned basis = APP_DB | APP_SCHEMA | APP_KEYS;
    enum demo_found found = DEMO_EMPTY;
    enum err e = app_open(cli->ctx, cli->app, (enum app_parts)basis);

    e = e ? e : demo_find(d, &found);
    if (!e && found == DEMO_OTHER)
        return fail(cli->ctx, ERR_CONFLICT,
                    "the database holds other data, and the demo school needs an empty one:"
                    " give another --data-dir or --database-url");
    if (!e && d->portraits && d->n_enrolled == 0)
        e = app_open(cli->ctx, cli->app, APP_MODELS);
    if (e)
        return e;
    fprintf(stderr,
            found == DEMO_THERE ? "The demo school is there.\n" : "Making the demo school:\n");
    return found == DEMO_THERE ? demo_refresh(d) : demo_fill(d);
}

/* `flag`'s value in [1, max]; `fallback` when it was not given; -1: wrong. */
static int64_t size_of(struct cli *cli, const char *flag, int64_t max, int64_t fallback)
{
    const char *text = cli_value(cli, flag);
    int64_t n = fallback;

    if (text && (!str_to_i64(str_of(text), &n) || n < 1 || n > max))
        return -1;
    return n;
}

static int large(struct cli *cli, const struct demo *d, int64_t students, int64_t weeks)
{
    const unsigned basis = APP_DB | APP_SCHEMA | APP_KEYS;
    struct large l = {.demo = *d, .students = students, .weeks = weeks};
    enum err e = app_open(cli->ctx, cli->app, (enum app_parts)basis);

    fprintf(stderr, "Making a school of %lld students:\n", (long long)students);
    e = e ? e : large_fill(&l);
    if (e)
        return cli_failed(cli, e);
    printf(
        "%lld sessions, %lld records, %lld events.\n"
        "Logins, all with the password  %s\n\n",
        (long long)l.n_sessions, (long long)l.n_records, (long long)l.n_events, DEMO_PASSWORD);
    print_login("admin", DEMO_ADMIN_EMAIL, demo_admin_name);
    print_login("trainer", "t0001@" DEMO_DOMAIN, "and so on");
    print_login("student", "s00001@" DEMO_DOMAIN, "and so on");
    return EXIT_DONE;
}

int cmd_demo(struct cli *cli)
{
    struct demo d = {.ctx = cli->ctx, .seed = 1, .progress = print_progress};
    int64_t students = size_of(cli, "--students", LARGE_STUDENTS_MAX, 0);
    int64_t weeks = size_of(cli, "--weeks", LARGE_WEEKS_MAX, students ? 12 : 0);
    const char *seed;
    enum err e;

    if (students < 0 || weeks < 0)
        return cli_usage(cli, "--students takes 1 to 200000, --weeks 1 to 52");
    if (weeks && !students)
        return cli_usage(cli, "--weeks is for a school of --students");
    d.portraits = cli_value(cli, "--portraits");
    seed = cli_value(cli, "--seed");
    if (seed && (!str_to_i64(str_of(seed), &d.seed) || d.seed < 0))
        return cli_usage(cli, "--seed takes a number from 0");
    if (students && d.portraits)
        return cli_usage(cli, "a school of --students has no portraits");
    if (!cli_done(cli))
        return EXIT_USAGE;
    if (students)
        return large(cli, &d, students, weeks);
    e = run(cli, &d);
    if (e)
        return cli_failed(cli, e);
    print_logins(&d);
    e = print_what_to_try(&d);
    if (e)
        return cli_failed(cli, e);
    fprintf(stderr, "Start the server with: smartpresence serve\n");
    return EXIT_DONE;
}

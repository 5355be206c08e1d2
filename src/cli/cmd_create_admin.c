/* SPDX-License-Identifier: MIT */
/* `smartpresence create-admin`: the first account, since there is no default password. */
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/json.h"
#include "base/mem.h"

#include "cli/cli.h"
#include "users/users.h"

/* One line of standard input without its end; `quiet`: not shown while typed. */
static struct str ask(struct ctx *ctx, const char *what, bool quiet)
{
    struct termios shown;
    bool terminal = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &shown) == 0;
    char line[512] = "";
    struct str answer;

    if (terminal) {
        struct termios hidden = shown;

        fprintf(stderr, "%s: ", what);
        if (quiet) {
            hidden.c_lflag &= ~(tcflag_t)ECHO;
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
        }
    }
    if (!fgets(line, sizeof(line), stdin))
        line[0] = '\0';
    if (terminal && quiet) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
        fputc('\n', stderr);
    }
    line[strcspn(line, "\r\n")] = '\0';
    answer = arena_str(&ctx->arena, str_of(line));
    secret_wipe(line, sizeof(line));
    return answer;
}

static struct str given(struct cli *cli, const char *flag, struct str option, const char *what)
{
    const char *value = cli_value(cli, flag);

    if (value)
        return str_of(value);
    return option.len ? option : ask(cli->ctx, what, false);
}

/* Reads them as POST /users does, for what did not come by HTTP. */
static enum err check(struct ctx *ctx, struct user_new *in)
{
    static const struct field fields[] = {
        FIELD(struct user_new, email, "E-mail", .min = 3, .max = 254, .format = "email"),
        FIELD(struct user_new, name, "Name", .format = "name", .min = 1, .max = 200),
    };
    enum err e = ERR_OK;

    for (size_t i = 0; i < COUNT(fields); i++) {
        enum err ei = field_bind_text(ctx, &fields[i], i ? in->name : in->email, in);

        e = e ? e : ei;
    }
    return e;
}

int cmd_create_admin(struct cli *cli)
{
    struct ctx *ctx = cli->ctx;
    const struct settings *s = &cli->app->options.settings;
    struct user_new in = {.role = STR("admin")};
    struct user made;
    enum err e;

    in.email = given(cli, "--email", s->admin_email, "E-mail");
    in.name = given(cli, "--name", s->admin_name, "Name");
    if (!cli_done(cli))
        return EXIT_USAGE;
    in.password = s->admin_password.len ? s->admin_password
                                        : ask(ctx, "Password (10 characters or more)", true);
    e = check(ctx, &in);
    e = e ? e : app_open(ctx, cli->app, APP_DB | APP_SCHEMA | APP_KEYS);
    e = e ? e : user_create(ctx, &in, &made);
    if (e)
        return cli_failed(cli, e);
    printf("Administrator %s has account %lld.\n", in.email.at, (long long)made.id);
    return EXIT_DONE;
}

/* SPDX-License-Identifier: MIT */
/* `smartpresence config`: settings in force, their documents, the token keys. */
#include <stdio.h>
#include <string.h>

#include "base/fs.h"

#include "auth/token.h"
#include "cli/cli.h"

static int print(struct buf *b)
{
    fputs(b->at ? b->at : "", stdout);
    buf_finish(b);
    return EXIT_DONE;
}

static int rotate(struct cli *cli)
{
    const struct settings *s = &cli->app->options.settings;
    enum err e = fs_mkdir(cli->ctx, s->data_dir.at);

    e = e ? e : auth_keys_rotate(cli->ctx, s->token_keys_file.at);
    if (e)
        return cli_failed(cli, e);
    puts(
        "A new key signs access tokens once the server is restarted; the two before it go on\n"
        "being accepted.");
    return EXIT_DONE;
}

int cmd_config(struct cli *cli)
{
    const struct options *o = &cli->app->options;
    struct buf b = BUF(1 << 20);
    const char *verb = cli->argc > 1 ? cli->argv[1] : "show";

    if (cli->argc > 2)
        return cli_usage(
            cli, arena_printf(&cli->ctx->arena, "\"%s\" is not understood", cli->argv[2]).at);
    if (strcmp(verb, "show") == 0) {
        config_write_show(cli->ctx, &settings_schema, &o->settings, o->origin, &b);
        return print(&b);
    }
    if (strcmp(verb, "--doc") == 0) {
        config_write_doc(cli->ctx, &settings_schema, &b);
        return print(&b);
    }
    if (strcmp(verb, "--env-example") == 0) {
        config_write_env_example(cli->ctx, &settings_schema, &b);
        return print(&b);
    }
    if (strcmp(verb, "rotate-token-key") == 0)
        return rotate(cli);
    return cli_usage(cli, "show, --doc, --env-example or rotate-token-key");
}

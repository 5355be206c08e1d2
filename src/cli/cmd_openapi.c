/* SPDX-License-Identifier: MIT */
/* `smartpresence openapi`: the documents that are made from the route tables. */
#include <stdio.h>

#include "app/routes.h"
#include "cli/cli.h"
#include "http/openapi.h"

enum { DOCUMENT_MAX = 8 << 20 };

static int print(struct buf *b)
{
    struct str text = buf_view(b);

    if (b->failed || fwrite(text.at, 1, text.len, stdout) != text.len || fflush(stdout) != 0)
        return EXIT_FAILED;
    return EXIT_DONE;
}

int cmd_openapi(struct cli *cli)
{
    cleanup(buf_finish) struct buf b = BUF(DOCUMENT_MAX);
    bool errors = cli_flag(cli, "--errors");
    bool permissions = cli_flag(cli, "--permissions");
    const char *unsound;

    if (!cli_done(cli) || (errors && permissions))
        return cli_usage(cli, "give --errors or --permissions, or nothing");
    unsound = routes_check(cli->ctx, &app_routes);
    if (unsound)
        return cli_failed(cli, fail(cli->ctx, ERR_INTERNAL, "%s", unsound));
    if (errors)
        errors_write(&app_routes, &b);
    else if (permissions)
        permissions_write(&app_routes, &b);
    else
        openapi_write(cli->ctx, &app_routes, &b);
    return print(&b);
}

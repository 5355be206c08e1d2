/* SPDX-License-Identifier: MIT */
/* `smartpresence certificate`: judges certificates of deletion offline; the key that signs them. */
#include <stdio.h>
#include <string.h>

#include "base/fs.h"

#include "cli/cli.h"
#include "enrolment/certificate.h"
#include "enrolment/signing.h"

enum { FILE_MAX = 64 << 10 };

static int verify(struct cli *cli)
{
    cleanup(buf_finish) struct buf text = {0};
    const char *key = cli_value(cli, "--key");
    struct certificate_check check = {0};
    enum err e;

    if (cli->argc != 3)
        return cli_usage(cli, "verify takes one file");
    e = fs_read(cli->ctx, cli->argv[2], FILE_MAX, &text);
    if (e)
        return cli_failed(cli, e);
    certificate_verify(cli->ctx, buf_view(&text), str_of(key), &check);
    puts(check.sentence.at);
    return check.good ? EXIT_DONE : EXIT_FAILED;
}

static int show_keys(struct cli *cli, bool rotate)
{
    const char *path = cli->app->options.settings.signing_keys_file.at;
    struct signing_public keys = {0};
    enum err e = ERR_OK;

    if (cli->argc != 2)
        return cli_usage(cli, "too many words");
    if (rotate)
        e = signing_rotate(cli->ctx, path);
    e = e ? e : signing_read(cli->ctx, path, &keys);
    if (e)
        return cli_failed(cli, e);
    puts(keys.key.at);
    for (size_t i = 0; i < keys.old_keys.n; i++)
        printf("%s (before)\n", keys.old_keys.at[i].at);
    return EXIT_DONE;
}

int cmd_certificate(struct cli *cli)
{
    const char *verb = cli->argc > 1 ? cli->argv[1] : "";

    if (strcmp(verb, "verify") == 0)
        return verify(cli);
    if (strcmp(verb, "key") == 0)
        return show_keys(cli, false);
    if (strcmp(verb, "rotate-key") == 0)
        return show_keys(cli, true);
    return cli_usage(cli, "say verify, key or rotate-key");
}

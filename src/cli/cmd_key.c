/* SPDX-License-Identifier: MIT */
/* `smartpresence key`: the master key that wraps the students' keys. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/fs.h"
#include "base/json.h"
#include "base/mem.h"

#include "cli/cli.h"
#include "enrolment/rotation.h"
#include "enrolment/vault.h"

enum { FILE_MAX = 1024, BATCH = 100, BATCH_MAX = 1000, PAUSE_MAX_MS = 60000 };

static int make_key(void)
{
    unsigned char key[VAULT_KEY_BYTES];
    char text[sodium_base64_ENCODED_LEN(VAULT_KEY_BYTES, sodium_base64_VARIANT_ORIGINAL)];

    randombytes_buf(key, sizeof(key));
    puts(sodium_bin2base64(text, sizeof(text), key, sizeof(key), sodium_base64_VARIANT_ORIGINAL));
    secret_wipe(key, sizeof(key));
    secret_wipe(text, sizeof(text));
    return EXIT_DONE;
}

static bool take_number(struct cli *cli, const char *flag, int64_t least, int64_t most,
                        int64_t *ret)
{
    const char *text = cli_value(cli, flag);

    return !text || (str_to_i64(str_of(text), ret) && *ret >= least && *ret <= most);
}

static enum err rotate_pair(struct cli *cli, const char *old, const char *new_key,
                            struct rotation *r)
{
    cleanup(buf_finish) struct buf old_text = {0};
    cleanup(buf_finish) struct buf new_text = {0};
    struct vault *v = NULL;
    enum err e = fs_read(cli->ctx, old, FILE_MAX, &old_text);

    e = e ? e : fs_read(cli->ctx, new_key, FILE_MAX, &new_text);
    if (!e)
        e = vault_open_text(cli->ctx, buf_view(&new_text), buf_view(&old_text),
                            "each of the two files", &v);
    e = e ? e : rotation_run(cli->ctx, v, r);
    vault_close(v);
    if (old_text.at)
        secret_wipe(old_text.at, old_text.len);
    if (new_text.at)
        secret_wipe(new_text.at, new_text.len);
    return e;
}

static int rotate(struct cli *cli)
{
    const struct settings *s = &cli->app->options.settings;
    const char *old = cli_value(cli, "--old");
    const char *new_key = cli_value(cli, "--new");
    struct rotation r = {.batch = BATCH};
    enum err e;

    if (!take_number(cli, "--batch", 1, BATCH_MAX, &r.batch) ||
        !take_number(cli, "--pause-ms", 0, PAUSE_MAX_MS, &r.pause_ms))
        return cli_usage(cli, "--batch takes 1 to 1000, --pause-ms 0 to 60000");
    if (!old != !new_key)
        return cli_usage(cli, "--old and --new go together");
    if (cli->argc != 2)
        return cli_usage(cli, "too many words");
    if (!old && (s->master_key.len || s->master_key_credential.len))
        return cli_usage(cli,
                         "the key is not in a file of ours: stop the server and give --old FILE "
                         "and --new FILE");
    e = app_open(cli->ctx, cli->app, APP_DB);
    if (!e)
        e = old ? rotate_pair(cli, old, new_key, &r)
                : rotation_of_file(cli->ctx, s->master_key_file.at, &r);
    if (e)
        return cli_failed(cli, e);
    printf("%lld students' keys are wrapped by the new master key.\n", (long long)r.wrapped);
    printf("%lld keys of papers, offline clients and class photos too.\n", (long long)r.others);
    puts(old ? "Start the server with the new key, and destroy the old one."
             : "A running server takes it by itself. The old key is gone; older backups need it.");
    return EXIT_DONE;
}

static bool is_whole(const struct rotation_status *s)
{
    const struct rotation_kind *k = s->kinds.at;

    for (size_t i = 0; i < s->kinds.n; i++)
        if (k[i].current != k[i].keys)
            return false;
    return true;
}

static void print_status(const struct rotation_status *s)
{
    const struct rotation_kind *k = s->kinds.at;

    printf("in force: %.*s\n", (int)s->key.len, s->key.at);
    for (size_t i = 0; i < s->old_keys.n; i++)
        printf("also opens: %.*s\n", (int)s->old_keys.at[i].len, s->old_keys.at[i].at);
    for (size_t i = 0; i < s->kinds.n; i++)
        printf("%-16.*s %lld keys: %lld by the one in force, %lld waiting, %lld lost\n",
               (int)k[i].kind.len, k[i].kind.at, (long long)k[i].keys, (long long)k[i].current,
               (long long)k[i].waiting, (long long)k[i].lost);
}

static int status(struct cli *cli)
{
    enum { REPORT_MAX = 1 << 16 };
    cleanup(buf_finish) struct buf b = BUF(REPORT_MAX);
    bool json = cli_flag(cli, "--json");
    struct rotation_status s = {0};
    enum err e;

    if (cli->argc != 2)
        return cli_usage(cli, "too many words");
    e = app_open(cli->ctx, cli->app, APP_DB | APP_KEYS);
    e = e ? e : rotation_status(cli->ctx, cli->app->services.vault, &s);
    if (e)
        return cli_failed(cli, e);
    if (json) {
        json_write(&b, &rotation_status_schema, &s);
        puts(b.at);
    } else {
        print_status(&s);
    }
    return is_whole(&s) ? EXIT_DONE : EXIT_FAILED;
}

int cmd_key(struct cli *cli)
{
    const char *verb = cli->argc > 1 ? cli->argv[1] : "";

    if (strcmp(verb, "rotate") == 0)
        return rotate(cli);
    if (strcmp(verb, "status") == 0)
        return status(cli);
    if (strcmp(verb, "new") == 0 && cli->argc == 2)
        return make_key();
    return cli_usage(cli, "say rotate, status or new");
}

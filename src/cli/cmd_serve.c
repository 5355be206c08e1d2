/* SPDX-License-Identifier: MIT */
/* `smartpresence serve`. */
#include <sys/prctl.h>

#include "base/log.h"

#include "cli/cli.h"

static enum log_level level_of(struct str name)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    enum log_level level = LOG_DEBUG;

    while (level < LOG_ERROR && !str_is(name, names[level]))
        level++;
    return level;
}

int cmd_serve(struct cli *cli)
{
    const struct settings *s = &cli->app->options.settings;
    const char *port_file = cli_value(cli, "--port-file");
    enum err e;

    if (!cli_done(cli))
        return EXIT_USAGE;
    log_setup(level_of(s->log_level), str_is(s->log_format, "json") ? LOG_JSON : LOG_LOGFMT);
    /* No core dumps: memory holds keys and, for moments, templates. */
    prctl(PR_SET_DUMPABLE, 0);
    e = app_serve(cli->ctx, cli->app, port_file);
    return e ? cli_failed(cli, e) : EXIT_DONE;
}

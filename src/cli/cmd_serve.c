/* SPDX-License-Identifier: MIT */
/* `smartpresence serve`. */
#include <sys/prctl.h>
#include <sys/resource.h>

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

/* Memory holds keys and, for moments, templates: no core dump, no debugger of the same user. */
static void forbid_core_dumps(void)
{
    prctl(PR_SET_DUMPABLE, 0);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
}

int cmd_serve(struct cli *cli)
{
    const struct settings *s = &cli->app->options.settings;
    const char *port_file = cli_value(cli, "--port-file");
    enum err e;

    if (!cli_done(cli))
        return EXIT_USAGE;
    log_setup(level_of(s->log_level), str_is(s->log_format, "json") ? LOG_JSON : LOG_LOGFMT);
    if (!s->allow_core_dumps)
        forbid_core_dumps();
    e = app_serve(cli->ctx, cli->app, port_file);
    return e ? cli_failed(cli, e) : EXIT_DONE;
}

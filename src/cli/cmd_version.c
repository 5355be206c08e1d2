/* SPDX-License-Identifier: MIT */
/* `smartpresence version`. */
#include <stdio.h>

#include "cli/cli.h"

int cmd_version(struct cli *cli)
{
    if (!cli_done(cli))
        return EXIT_USAGE;
    puts("smartpresence " SP_VERSION);
    return EXIT_DONE;
}

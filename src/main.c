/* SPDX-License-Identifier: MIT */
/* The one binary: everything it does is a command. */
#include "cli/cli.h"

int main(int argc, char **argv)
{
    return cli_main(argc, argv);
}

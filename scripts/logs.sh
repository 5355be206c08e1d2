#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Shows the server's log and follows it. usage: scripts/logs.sh [--data-dir DIR] [tail's options]
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
. "$SP_ROOT/scripts/lib/server.sh"

server_arguments "$@"
[ -f "$SP_LOG_FILE" ] || die "there is no log yet: $SP_LOG_FILE"
if [ "${#SP_ARGUMENTS[@]}" = 0 ]; then
    SP_ARGUMENTS=(-n 50 -f)
fi
exec tail "${SP_ARGUMENTS[@]}" "$SP_LOG_FILE"

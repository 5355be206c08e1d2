#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs the migrations. usage: scripts/migrate.sh [--data-dir DIR] [status | upgrade | downgrade | ...]
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
. "$SP_ROOT/scripts/lib/server.sh"

server_arguments "$@"
need_binary
if [ "${#SP_ARGUMENTS[@]}" = 0 ]; then
    SP_ARGUMENTS=(upgrade)
fi
exec "$SP_BINARY" migrate "${SP_ARGUMENTS[@]}"

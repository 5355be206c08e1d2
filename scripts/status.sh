#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Says whether the server runs and is ready. Exit status 0 when ready, 1 when not, 3 when not running.
# usage: scripts/status.sh [--data-dir DIR]
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
. "$SP_ROOT/scripts/lib/server.sh"

server_arguments "$@"
if ! pid=$(server_pid); then
    echo "not running (data folder $SP_DATA_DIR)"
    exit 3
fi
port=$(server_port)
status=$(http_status "$port" /readyz)
echo "running: process $pid, http://localhost:$port, data folder $SP_DATA_DIR"
if [ "$status" != 200 ]; then
    echo "not ready: /readyz answers $status"
    http_get "$port" /readyz | sed '1,/^$/d'
    exit 1
fi
echo "ready"

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Stops the server: running requests are finished first.
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
. "$SP_ROOT/scripts/lib/server.sh"

usage() {
    cat <<TEXT
usage: scripts/stop.sh [--data-dir DIR] [--force]

Stops the server of that data folder and waits until it has ended. --force kills it when it does
not end within 30 seconds.
TEXT
}

force=no
server_arguments "$@"
for argument in "${SP_ARGUMENTS[@]}"; do
    case $argument in
    --force) force=yes ;;
    -h | --help) usage && exit 0 ;;
    *) die "unknown argument: $argument" "See scripts/stop.sh --help" ;;
    esac
done

if ! pid=$(server_pid); then
    rm -f "$SP_PID_FILE"
    info "no server of $SP_DATA_DIR is running"
    exit 0
fi
kill -TERM "$pid"
for _ in $(seq 300); do
    if ! kill -0 "$pid" 2>/dev/null; then
        rm -f "$SP_PID_FILE"
        info "stopped"
        exit 0
    fi
    sleep 0.1
done
[ "$force" = yes ] || die "process $pid did not end within 30 seconds" \
    "See $SP_LOG_FILE, or use ./scripts/stop.sh --force"
kill -KILL "$pid"
rm -f "$SP_PID_FILE"
warn "killed"

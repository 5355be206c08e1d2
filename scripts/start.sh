#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# One command from a fresh machine to a running demo school; see --help.
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
. "$SP_ROOT/scripts/lib/packages.sh"
. "$SP_ROOT/scripts/lib/pins.sh"
. "$SP_ROOT/scripts/lib/fetch.sh"
. "$SP_ROOT/scripts/lib/node.sh"
. "$SP_ROOT/scripts/lib/build.sh"
. "$SP_ROOT/scripts/lib/server.sh"

usage() {
    cat <<TEXT
usage: scripts/start.sh [options]

Installs what is missing, builds, creates a demo school, starts the server and says where it is.
Run again, it does only what is left to do.

  --port N         port of the web page (default 8000)
  --data-dir DIR   database, keys, log (default $SP_DEFAULT_DATA)
  --no-demo        start empty; make the first account with scripts/create-admin.sh
  --foreground     stay in this terminal; Ctrl+C stops the server
  --help           this text

Fetched files are kept in $SP_CACHE (\$SP_CACHE_DIR).
TEXT
}

demo=yes
foreground=no
recognition_shown=no
server_arguments "$@"
port=${SP_HTTP_PORT:-$(dotenv SP_HTTP_PORT)}
port=${port:-8000}
set -- "${SP_ARGUMENTS[@]}"
while [ $# -gt 0 ]; do
    case $1 in
    --port)
        [ $# -ge 2 ] || die "--port needs a number"
        port=$2
        shift
        ;;
    --port=*) port=${1#*=} ;;
    --no-demo) demo=no ;;
    --foreground) foreground=yes ;;
    -h | --help) usage && exit 0 ;;
    *) die "unknown argument: $1" "See scripts/start.sh --help" ;;
    esac
    shift
done
if ! [[ $port =~ ^[1-9][0-9]{0,4}$ ]] || [ "$port" -gt 65535 ]; then
    die "--port takes a number from 1 to 65535, not '$port'"
fi

print_address() {
    printf '\nSmartPresence is running:  http://localhost:%s\n' "$(server_port)"
    if [ -f "$SP_DATA_DIR/demo.txt" ]; then
        printf '\n%s\n' "$(cat "$SP_DATA_DIR/demo.txt")"
    elif [ "$demo" = no ]; then
        printf '\nThe first account: ./scripts/create-admin.sh\n'
    fi
    printf '\nThe API is described at /docs. Stop it with ./scripts/stop.sh'
    [ "$SP_DATA_DIR" = "$SP_DEFAULT_DATA" ] || printf ' --data-dir %q' "$SP_DATA_DIR"
    if [ "$foreground" = yes ]; then
        printf ' or Ctrl+C\n'
    else
        printf '\nLog: %s\n' "$SP_LOG_FILE"
    fi
}

refuse_taken_port() {
    local owner
    if owner=$(/usr/bin/python3 "$SP_ROOT/scripts/lib/port_owner.py" "$port"); then
        die "port $port is taken by $owner" \
            "Stop that, or choose another port: ./scripts/start.sh --port $((port % 65535 + 1))"
    fi
}

# Recognition is off unless somebody asks for it; the demo school is there to show it.
show_recognition() {
    if [ "$demo" = yes ] && [ -z "${SP_FACE_RECOGNITION:-$(dotenv SP_FACE_RECOGNITION)}" ]; then
        export SP_FACE_RECOGNITION=roster
        recognition_shown=yes
    fi
}

# A school of its own keeps its own settings.
leave_school_alone() {
    warn "the database holds a school already: no demo school is made"
    rm -f "$SP_DATA_DIR/demo.part"
    if [ "$recognition_shown" = yes ]; then
        unset SP_FACE_RECOGNITION
    fi
}

create_demo() {
    local portraits=$SP_CACHE/portraits
    [ "$demo" = yes ] || return 0
    "$SP_ROOT/scripts/portraits.sh"
    step "Creating the demo school (left alone when it exists)"
    "$SP_BINARY" demo --data-dir "$SP_DATA_DIR" --portraits "$portraits" \
        >"$SP_DATA_DIR/demo.part" 2>>"$SP_LOG_FILE" || {
        if tail -n 1 "$SP_LOG_FILE" | grep -q "holds other data"; then
            leave_school_alone
            return 0
        fi
        tail -n 20 "$SP_LOG_FILE" >&2
        die "the demo school could not be created"
    }
    mv -f "$SP_DATA_DIR/demo.part" "$SP_DATA_DIR/demo.txt"
}

prepare_data() {
    if ! { mkdir -p "$SP_DATA_DIR" && chmod 700 "$SP_DATA_DIR"; } 2>/dev/null ||
        ! [ -w "$SP_DATA_DIR" ]; then
        die "the data folder $SP_DATA_DIR cannot be made or written to" \
            "Choose another one: ./scripts/start.sh --data-dir DIR"
    fi
}

keep_log_small() {
    if [ -f "$SP_LOG_FILE" ] && [ "$(stat -c %s "$SP_LOG_FILE")" -gt 20000000 ]; then
        mv -f "$SP_LOG_FILE" "$SP_LOG_FILE.1"
    fi
}

start_server() {
    printf '%s\n' "$port" >"$SP_PORT_FILE"
    step "Starting the server"
    if [ "$foreground" = yes ]; then
        # The server keeps this script's process id.
        echo $$ >"$SP_PID_FILE"
        (server_wait $$ 30 && print_address) 9>&- &
        exec "$SP_BINARY" serve --data-dir "$SP_DATA_DIR" --http-port "$port" 9>&-
    fi
    setsid "$SP_BINARY" serve --data-dir "$SP_DATA_DIR" --http-port "$port" \
        >>"$SP_LOG_FILE" 2>&1 </dev/null 9>&- &
    echo $! >"$SP_PID_FILE"
    server_wait $! 30
    print_address
}

if pid=$(server_pid); then
    info "the server of $SP_DATA_DIR already runs (process $pid); stop it first to start it anew"
    print_address
    exit 0
fi
ensure_packages build run
refuse_taken_port
prepare_data
with_lock start
"$SP_ROOT/scripts/fetch-models.sh" 9>&-
web_build
binary_build
keep_log_small
show_recognition
create_demo
start_server

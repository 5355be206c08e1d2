# shellcheck shell=bash
# The server that the scripts run: where its files are, whether it runs, and whether it is ready.

# server_use DATA_DIR: the data folder that the functions below speak of.
server_use() {
    case $1 in
    /*) SP_DATA_DIR=$1 ;;
    *) SP_DATA_DIR=$PWD/$1 ;;
    esac
    SP_PID_FILE=$SP_DATA_DIR/server.pid
    SP_LOG_FILE=$SP_DATA_DIR/server.log
    SP_PORT_FILE=$SP_DATA_DIR/server.port
    SP_MODELS_DIR=${SP_MODELS_DIR:-$SP_CACHE/models}
    SP_ONNXRUNTIME=${SP_ONNXRUNTIME:-$SP_CACHE/onnxruntime/libonnxruntime.so.1}
    export SP_DATA_DIR SP_MODELS_DIR SP_ONNXRUNTIME
    # The server reads .env of the folder that it is started in.
    cd "$SP_ROOT" || exit
}

# Prints the process id when the server of this data folder runs; fails when it does not.
server_pid() {
    local pid i
    local -a words=()
    pid=$(cat "$SP_PID_FILE" 2>/dev/null) || return 1
    # A pid file may outlive its process and the number be given to another one, maybe to the server
    # of another folder. The server lets nobody but root look into it (/proc/PID/exe, /proc/PID/fd);
    # its name and its arguments are open to all.
    [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = smartpresence ] || return 1
    mapfile -d '' -t words 2>/dev/null <"/proc/$pid/cmdline" || return 1
    for ((i = 1; i < ${#words[@]}; i++)); do
        if [ "${words[i - 1]}" = --data-dir ] &&
            { [ "${words[i]}" = "$SP_DATA_DIR" ] || [ "${words[i]}" -ef "$SP_DATA_DIR" ]; }; then
            echo "$pid"
            return 0
        fi
    done
    return 1
}

# dotenv NAME: prints what the file .env sets it to, if anything.
dotenv() {
    [ ! -f "$SP_ROOT/.env" ] || sed -n "s/^$1=//p" "$SP_ROOT/.env" | tail -n 1
}

server_port() {
    cat "$SP_PORT_FILE" 2>/dev/null || echo "${SP_HTTP_PORT:-8000}"
}

# http_get PORT PATH: prints status line, headers and body; no curl needed. Fails when nobody answers.
http_get() {
    (
        exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
        printf 'GET %s HTTP/1.1\r\nHost: localhost:%s\r\nConnection: close\r\n\r\n' "$2" "$1" >&3
        timeout 5 cat <&3
    ) 2>/dev/null | tr -d '\r'
}

# http_status PORT PATH: prints the status code, or 000.
http_status() {
    local line
    line=$(http_get "$1" "$2" | head -n 1) || true
    case $line in
    HTTP/*) echo "$line" | cut -d' ' -f2 ;;
    *) echo 000 ;;
    esac
}

# server_wait PID SECONDS: waits until /readyz answers 200.
server_wait() {
    local pid=$1 tries=$(($2 * 10)) port status=000
    port=$(server_port)
    while [ "$tries" -gt 0 ]; do
        status=$(http_status "$port" /readyz)
        [ "$status" != 200 ] || return 0
        if ! kill -0 "$pid" 2>/dev/null; then
            tail -n 20 "$SP_LOG_FILE" >&2
            rm -f "$SP_PID_FILE"
            die "the server ended at once" "The last lines of $SP_LOG_FILE are above."
        fi
        sleep 0.1
        tries=$((tries - 1))
    done
    http_get "$port" /readyz | tail -n 5 >&2
    die "the server runs (process $pid) but is not ready: /readyz answers $status" \
        "Its log: $SP_LOG_FILE" "What may be missing: $SP_BINARY doctor"
}

need_binary() {
    [ -x "$SP_BINARY" ] || die "$SP_BINARY is not built" "Run ./scripts/start.sh once."
}

# Takes --data-dir out of the arguments of a small script; the rest is left in SP_ARGUMENTS.
server_arguments() {
    local data=$SP_DEFAULT_DATA
    SP_ARGUMENTS=()
    while [ $# -gt 0 ]; do
        case $1 in
        --data-dir)
            [ $# -ge 2 ] || die "--data-dir needs a folder"
            data=$2
            shift
            ;;
        --data-dir=*) data=${1#*=} ;;
        *) SP_ARGUMENTS+=("$1") ;;
        esac
        shift
    done
    server_use "$data"
}

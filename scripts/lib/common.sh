# shellcheck shell=bash
# Shared by every script: where things are, progress lines, failing with a reason, running as root.

set -euo pipefail
umask 022

HOME=${HOME:-$(cd ~ && pwd)}
export HOME
SP_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
SP_CACHE=${SP_CACHE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/smartpresence}
SP_BUILD=$SP_ROOT/build
SP_BINARY=$SP_BUILD/smartpresence
SP_DEFAULT_DATA=${SP_DATA_DIR:-$HOME/.local/share/smartpresence}
# None of these is exported: the server takes every SP_ variable of its environment for an option.
export -n SP_ROOT SP_CACHE SP_BUILD SP_BINARY SP_DEFAULT_DATA

if [ -t 2 ] && [ -z "${NO_COLOR:-}" ]; then
    SP_BOLD=$'\e[1m' SP_RED=$'\e[31m' SP_YELLOW=$'\e[33m' SP_PLAIN=$'\e[0m'
else
    SP_BOLD='' SP_RED='' SP_YELLOW='' SP_PLAIN=''
fi

# Progress goes to stderr, so that stdout stays free for results.
step() {
    printf '%s==> %s%s\n' "$SP_BOLD" "$*" "$SP_PLAIN" >&2
}

info() {
    printf '    %s\n' "$*" >&2
}

warn() {
    printf '%swarning:%s %s\n' "$SP_YELLOW" "$SP_PLAIN" "$*" >&2
}

# Further arguments are lines that say how to mend it.
die() {
    printf '%serror:%s %s\n' "$SP_RED" "$SP_PLAIN" "$1" >&2
    shift
    if [ $# -gt 0 ]; then
        printf '       %s\n' "$@" >&2
    fi
    exit 1
}

have() {
    command -v "$1" >/dev/null 2>&1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif have sudo; then
        sudo "$@"
    else
        die "this step needs root and there is no sudo: $*" "Run the script as root."
    fi
}

# quietly LABEL COMMAND...: the output is shown only when the command fails.
quietly() {
    local label=$1 log start code=0
    shift
    log=$(mktemp)
    start=$SECONDS
    step "$label"
    "$@" >"$log" 2>&1 </dev/null || code=$?
    if [ "$code" != 0 ]; then
        tail -n 60 "$log" >&2
        rm -f "$log"
        die "$label: failed with status $code" "The last lines of its output are above."
    fi
    rm -f "$log"
    info "done in $((SECONDS - start)) s"
}

# Prints one hash over the names and contents of all files in the given places.
hash_tree() {
    find "$@" \( -name node_modules -o -name dist -o -name .git -o -name '*results' \
        -o -name playwright-report \) -prune -o -type f -print0 |
        LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1
}

# with_lock NAME: one run at a time per cache folder; held until this process ends.
with_lock() {
    mkdir -p "$SP_CACHE"
    exec 9>"$SP_CACHE/$1.lock"
    if ! flock -n 9; then
        info "waiting for another run that is using $SP_CACHE"
        flock 9
    fi
}

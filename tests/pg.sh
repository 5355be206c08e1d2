#!/bin/sh
# A throw-away PostgreSQL 15 cluster for tests, on a free port of 127.0.0.1, run by a user who is
# not root. Its default sort order is a linguistic one, as on many real servers, so that a column
# that relies on code point order without saying so is noticed.
#
#   tests/pg.sh start DIR    makes the cluster at first, starts it, prints its url
#   tests/pg.sh stop DIR     stops it and keeps the data: `start` brings it back on the same port
#   tests/pg.sh remove DIR   stops it and deletes everything
#
# DIR keeps where the cluster is (a folder in the system's own temporary one, since the
# unprivileged user cannot reach every DIR), its port and its url.
set -eu

usage() {
    sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2
    exit 2
}

die() {
    echo "pg.sh: $*" >&2
    exit 1
}

[ $# -eq 2 ] || usage
what=$1
dir=$2
bin=${PG_BIN:-/usr/lib/postgresql/15/bin}
[ -x "$bin/initdb" ] || die "PostgreSQL 15 is not installed (package postgresql-15)"

as_user() {
    if [ "$(id -u)" -eq 0 ]; then
        (cd / && runuser -u postgres -- "$@")
    else
        "$@"
    fi
}

free_port() {
    /usr/bin/python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}

create() {
    mkdir -p "$dir"
    data=$(mktemp -d "${TMPDIR:-/tmp}/sp-pg.XXXXXX")
    password=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
    printf '%s' "$password" >"$data/password"
    [ "$(id -u)" -ne 0 ] || chown -R postgres "$data"
    as_user "$bin/initdb" -D "$data/cluster" -U smartpresence -A scram-sha-256 \
        --pwfile="$data/password" -E UTF8 --locale=C.UTF-8 --locale-provider=icu \
        --icu-locale=en-US --no-sync >"$dir/initdb.log" 2>&1 || {
        cat "$dir/initdb.log" >&2
        die "initdb failed"
    }
    echo "$data" >"$dir/data"
    echo "$password" >"$dir/password"
}

try_start() {
    as_user "$bin/pg_ctl" -D "$data/cluster" -l "$data/server.log" -t 30 -w -o \
        "-p $port -k $data -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off \
-c synchronous_commit=off -c max_connections=200 -c shared_buffers=64MB \
-c max_parallel_maintenance_workers=0" start >/dev/null 2>&1
}

is_running() {
    as_user "$bin/pg_ctl" -D "$data/cluster" status >/dev/null 2>&1
}

start() {
    [ -f "$dir/data" ] || create
    data=$(cat "$dir/data")
    if ! is_running; then
        tries=0
        port=$(cat "$dir/port" 2>/dev/null || free_port)
        until try_start; do
            # Another process may have taken the port meanwhile; a kept one must stay.
            tries=$((tries + 1))
            [ "$tries" -lt 5 ] || die "the server does not start: $(tail -3 "$data/server.log")"
            [ -f "$dir/port" ] || port=$(free_port)
        done
        echo "$port" >"$dir/port"
        url="postgres://smartpresence:$(cat "$dir/password")@127.0.0.1:$port"
        if [ ! -f "$dir/url" ]; then
            "$bin/psql" -q "$url/postgres" -c 'CREATE DATABASE smartpresence'
            echo "$url/smartpresence" >"$dir/url"
        fi
    fi
    cat "$dir/url"
}

stop() {
    [ -f "$dir/data" ] || return 0
    data=$(cat "$dir/data")
    ! is_running || as_user "$bin/pg_ctl" -D "$data/cluster" -m immediate -w stop >/dev/null
}

case $what in
start) start ;;
stop) stop ;;
remove)
    stop
    [ ! -f "$dir/data" ] || rm -rf "$(cat "$dir/data")"
    rm -f "$dir/data" "$dir/port" "$dir/url" "$dir/password" "$dir/initdb.log"
    ;;
*) usage ;;
esac

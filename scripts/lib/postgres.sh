# shellcheck shell=bash
# A PostgreSQL server of its own for a test run: on loopback, on a free port, gone afterwards.

PG_BIN=/usr/lib/postgresql/${SP_PG_MAJOR:-15}/bin

# PostgreSQL refuses to run as root.
as_postgres() {
    if [ "$(id -u)" = 0 ]; then
        (cd / && runuser -u postgres -- "$@")
    else
        "$@"
    fi
}

free_port() {
    /usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# postgres_start: sets PG_FOLDER and SP_TEST_POSTGRES_URL.
postgres_start() {
    local port
    PG_FOLDER=$(mktemp -d "${TMPDIR:-/tmp}/smartpresence-pg.XXXXXX")
    if [ "$(id -u)" = 0 ]; then
        chown postgres: "$PG_FOLDER"
    fi
    port=$(free_port)
    as_postgres "$PG_BIN/initdb" -D "$PG_FOLDER/data" -U postgres -A trust -E UTF8 \
        --locale=C.UTF-8 --no-sync >/dev/null
    # fsync is off: the server holds nothing that outlives the run.
    as_postgres "$PG_BIN/pg_ctl" -D "$PG_FOLDER/data" -l "$PG_FOLDER/log" -w -s -o "-p $port -k $PG_FOLDER \
        -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
        -c max_connections=200 -c max_parallel_maintenance_workers=0" start 9>&- >/dev/null ||
        die "PostgreSQL for the tests did not start" "$(tail -n 3 "$PG_FOLDER/log")"
    SP_TEST_POSTGRES_URL=postgres://postgres@127.0.0.1:$port/postgres
    export SP_TEST_POSTGRES_URL
}

postgres_stop() {
    [ -n "${PG_FOLDER:-}" ] || return 0
    as_postgres "$PG_BIN/pg_ctl" -D "$PG_FOLDER/data" -m immediate -s stop >/dev/null 2>&1 || true
    rm -rf "$PG_FOLDER"
    PG_FOLDER=
}

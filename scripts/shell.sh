#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Opens the configured database in its own shell (sqlite3 or psql).
# usage: scripts/shell.sh [--data-dir DIR] [arguments of sqlite3 or psql]
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
. "$SP_ROOT/scripts/lib/packages.sh"
. "$SP_ROOT/scripts/lib/server.sh"

server_arguments "$@"
url=${SP_DATABASE_URL:-$(dotenv SP_DATABASE_URL)}
url=${url:-sqlite:$SP_DATA_DIR/smartpresence.db}
case $url in
sqlite:*)
    have sqlite3 || install_packages sqlite3
    [ -f "${url#sqlite:}" ] || die "there is no database yet: ${url#sqlite:}"
    exec sqlite3 "${url#sqlite:}" "${SP_ARGUMENTS[@]}"
    ;;
postgres://* | postgresql://*)
    have psql || install_packages postgresql-client
    exec psql "$url" "${SP_ARGUMENTS[@]}"
    ;;
*) die "SP_DATABASE_URL is neither sqlite:PATH nor postgres://..." ;;
esac

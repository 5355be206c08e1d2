#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Makes the first administrator: asks for e-mail and password.
# usage: scripts/create-admin.sh [--data-dir DIR] [options of `smartpresence create-admin`]
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
. "$SP_ROOT/scripts/lib/server.sh"

server_arguments "$@"
need_binary
exec "$SP_BINARY" create-admin "${SP_ARGUMENTS[@]}"

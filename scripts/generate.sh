#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Writes the documents and types that are made from the binary's tables; see --help.
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
. "$SP_ROOT/scripts/lib/packages.sh"
. "$SP_ROOT/scripts/lib/pins.sh"
. "$SP_ROOT/scripts/lib/fetch.sh"
. "$SP_ROOT/scripts/lib/node.sh"

usage() {
    cat <<TEXT
usage: scripts/generate.sh [--check] [--binary FILE] [--tap FILE]

Writes docs/openapi.json, docs/errors.md, docs/permissions.md, docs/config.md, .env.example and
web/src/api/schema.gen.ts. With --check nothing is written, and it fails when one of them is stale.

  --binary FILE   the built program (default build/smartpresence)
  --tap FILE      one test result a line is added there
TEXT
}

check=no
binary=$SP_BINARY
tap=/dev/null
while [ $# -gt 0 ]; do
    case $1 in
    --check) check=yes ;;
    --binary) binary=${2:?--binary needs a file} && shift ;;
    --tap) tap=${2:?--tap needs a file} && shift ;;
    -h | --help) usage && exit 0 ;;
    *) die "unknown argument: $1" "See scripts/generate.sh --help" ;;
    esac
    shift
done
cd "$SP_ROOT" || exit
[ -x "$binary" ] || die "$binary is not built" "Run ./scripts/start.sh once."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
stale=0

# made FILE: takes over the new text of FILE, or compares it.
made() {
    if cmp -s "$1" "$work/new"; then
        echo "ok - $1" >>"$tap"
    elif [ "$check" = yes ]; then
        diff -u "$1" "$work/new" | head -n 40 || true
        echo "not ok - $1 is stale" >>"$tap"
        warn "$1 is stale: run ./scripts/generate.sh"
        stale=1
    else
        mkdir -p "$(dirname "$1")"
        cp "$work/new" "$1"
        info "wrote $1"
    fi
}

# Options of the person who runs this must not become the documented defaults.
for name in $(compgen -e SP_); do
    unset "$name"
done
# A .env of the checkout is not to be read either.
program() {
    (cd "$work" && "$binary" "$@") >"$work/new" || die "$binary $* failed"
}

case $binary in
/*) ;;
*) binary=$PWD/$binary ;;
esac
program openapi
cp "$work/new" "$work/openapi.json"
made docs/openapi.json
program openapi --errors
made docs/errors.md
program openapi --permissions
made docs/permissions.md
program config --doc
made docs/config.md
program config --env-example
made .env.example
ensure_node
# The types come from the document that was just made, not from the committed one.
types() {
    node web/tools/codegen/run.mjs --input "$work/openapi.json" "$@" >&2
}
if [ "$check" = no ]; then
    types
elif types --check; then
    echo "ok - web/src/api/schema.gen.ts" >>"$tap"
else
    echo "not ok - web/src/api/schema.gen.ts is stale" >>"$tap"
    stale=1
fi
exit "$stale"

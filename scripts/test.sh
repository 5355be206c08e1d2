#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Installs what the tests need and runs them all; see --help.
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
. "$SP_ROOT/scripts/lib/packages.sh"
. "$SP_ROOT/scripts/lib/pins.sh"
. "$SP_ROOT/scripts/lib/fetch.sh"
. "$SP_ROOT/scripts/lib/node.sh"
. "$SP_ROOT/scripts/lib/scratch.sh"

usage() {
    cat <<TEXT
usage: scripts/test.sh [--quick | --long] [STAGE...]

Installs what is missing, runs the stages of scripts/stages.txt (or only those named, and what they
need), and ends with \`N passed, N failed\`; the exit status is 1 when anything failed.

  --quick   what needs SQLite only and no browser, under 4 minutes
  --long    also long fuzzing and the full benches
  --help    this text

A test is counted once for each engine and sanitiser that it runs under. Logs: tests/results.
TEXT
}

mode=full
stages=()
for argument in "$@"; do
    case $argument in
    --quick) mode=quick ;;
    --long) mode=long ;;
    -h | --help) usage && exit 0 ;;
    -*) die "unknown argument: $argument" "See scripts/test.sh --help" ;;
    *) stages+=("$argument") ;;
    esac
done

results=$SP_ROOT/tests/results
# One run at a time in a checkout.
with_lock "test-$(printf %s "$SP_ROOT" | sha256sum | cut -c 1-12)"
# A server that an interrupted run left behind.
if [ -d "$results/postgres" ]; then
    "$SP_ROOT/tests/pg.sh" remove "$results/postgres"
fi
ensure_packages build run
if [ "$mode" = quick ]; then
    ensure_packages test-quick
else
    ensure_packages test-quick test
    "$SP_ROOT/scripts/pgvector.sh" 9>&-
fi
"$SP_ROOT/scripts/fetch-models.sh" 9>&-
"$SP_ROOT/scripts/portraits.sh" 9>&-
ensure_node 9>&-
scratch_remove "$results/scratch"
rm -rf "$results"
mkdir -p "$results"
trap '[ "$mode" = quick ] || "$SP_ROOT/tests/pg.sh" remove "$results/postgres"
    scratch_remove "$results/scratch"' EXIT
scratch_make "$results/scratch"
if [ "$mode" != quick ]; then
    step "Starting PostgreSQL for the tests"
    SP_TEST_PG_URL=$("$SP_ROOT/tests/pg.sh" start "$results/postgres" 9>&-)
    export SP_TEST_PG_URL
fi
step "Running the tests ($mode)"
status=0
/usr/bin/python3 "$SP_ROOT/tools/run_stages.py" "$mode" "$results" "${stages[@]}" 9>&- || status=$?
exit "$status"

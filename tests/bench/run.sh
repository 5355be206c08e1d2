#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs all benches on a release build and prints one table; see --help.
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/common.sh"

usage() {
    cat <<TEXT
usage: tests/bench/run.sh [--smoke] [--build DIR] [--results DIR]

Recognition, requests a second beside nginx, start to ready, gallery search: one table with ratios
and limits; the exit status is 1 when a limit is missed. docs/benchmarks.md tells the method.

  --smoke        seconds instead of minutes: shows that all of it runs; only wide limits hold
  --build DIR    a release build; made when missing (default: build-test/gcc)
  --results DIR  keeps the figures as JSON and the verdicts as TAP there
TEXT
}

smoke=''
build=$SP_ROOT/build-test/gcc
results=''
while [ $# -gt 0 ]; do
    case $1 in
    --smoke) smoke=--smoke ;;
    --build) build=${2:?--build needs a folder} && shift ;;
    --results) results=${2:?--results needs a folder} && shift ;;
    -h | --help) usage && exit 0 ;;
    *) die "unknown argument: $1" "See tests/bench/run.sh --help" ;;
    esac
    shift
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
models=${SP_MODELS_DIR:-$SP_CACHE/models}
runtime=${SP_ONNXRUNTIME:-$SP_CACHE/onnxruntime/libonnxruntime.so.1}
portraits=${SP_TEST_PORTRAITS_DIR:-$SP_CACHE/portraits}

step "Building for release"
if [ ! -f "$build/build.ninja" ]; then
    meson setup "$build" "$SP_ROOT" --native-file "$SP_ROOT/meson/release.ini" >&2
fi
ninja -C "$build" smartpresence tests/bench/face_bench >&2

step "Recognition"
"$build/tests/bench/face_bench" "$models" "$runtime" "$portraits/p01.jpg" $smoke >"$work/face.json"

step "Requests and start"
"$SP_ROOT/tests/bench/http_bench.py" --binary "$build/smartpresence" --models "$models" \
    --runtime "$runtime" --portraits "$portraits" --json "$work/http.json" $smoke >&2

if [ -n "$results" ]; then
    mkdir -p "$results"
    # Not named .json: those are read as reports of tests.
    cp "$work/face.json" "$results/face.txt"
    cp "$work/http.json" "$results/http.txt"
fi
"$SP_ROOT/tests/bench/report.py" "$work/face.json" "$work/http.json" $smoke \
    ${results:+--tap "$results/bench.tap"}

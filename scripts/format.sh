#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Formats C (and, where its packages are installed, the web app). --check changes nothing and fails
# when something would change. usage: scripts/format.sh [--check]
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

have clang-format || die "clang-format is missing" "scripts/test.sh installs it."
cd "$SP_ROOT" || exit
mapfile -d '' -t files < <(git ls-files -z --cached --others --exclude-standard -- '*.c' '*.h')
existing=()
for file in "${files[@]}"; do
    [ ! -f "$file" ] || existing+=("$file")
done
case ${1:-} in
--check) clang-format --dry-run --Werror "${existing[@]}" ;;
'') clang-format -i "${existing[@]}" ;;
*) die "usage: scripts/format.sh [--check]" ;;
esac
if [ -x web/node_modules/.bin/biome ]; then
    if [ "${1:-}" = --check ]; then
        (cd web && node_modules/.bin/biome format .)
    else
        (cd web && node_modules/.bin/biome format --write .)
    fi
fi

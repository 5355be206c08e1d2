#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The quick checks: format, layers, banned functions, limits, UI text, repository, shell scripts.
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

cd "$SP_ROOT" || exit
failed=0
for check in "scripts/format.sh --check" tools/check_layers.py tools/check_banned.py \
    tools/check_limits.py tools/check_ui_text.py tools/check_repo.py \
    "shellcheck -x -S warning scripts/*.sh scripts/lib/*.sh .ci/run"; do
    step "$check"
    # shellcheck disable=SC2086 # the words of each check are separate arguments
    $check || failed=1
done
exit "$failed"

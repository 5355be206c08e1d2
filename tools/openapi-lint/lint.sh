#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Checks an OpenAPI document. usage: tools/openapi-lint/lint.sh docs/openapi.json
set -euo pipefail
document=$(realpath "${1:?an OpenAPI document}")
cd "$(dirname "${BASH_SOURCE[0]}")"
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true
if ! cmp -s package-lock.json node_modules/.lock; then
    npm ci --no-audit --no-fund --loglevel=error
    cp package-lock.json node_modules/.lock
fi
exec node_modules/.bin/redocly lint --config redocly.yaml --format=stylish "$document"

# shellcheck shell=bash
# Finds a Node.js and npm that the web build accepts, or puts pinned ones into the cache folder.

# version_at_least HAVE WANT
version_at_least() {
    [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

node_is_new_enough() {
    local version
    version=$("$1" --version 2>/dev/null) || return 1
    version_at_least "${version#v}" "$PIN_NODE_MIN"
}

npm_is_new_enough() {
    local version
    version=$(npm --version 2>/dev/null) || return 1
    [ "${version%%.*}" -ge "$PIN_NPM_MIN_MAJOR" ] 2>/dev/null
}

node_fetch() {
    local folder=$1 arch integrity work
    arch=$(fetch_arch)
    integrity=$PIN_NODE_INTEGRITY_X64
    if [ "$arch" = arm64 ]; then
        integrity=$PIN_NODE_INTEGRITY_ARM64
    fi
    step "Fetching Node.js $PIN_NODE_VERSION (the web build needs $PIN_NODE_MIN or newer)"
    work=$(mktemp -d "$SP_CACHE/unpack.XXXXXX")
    npm_unpack "node-linux-$arch" "$PIN_NODE_VERSION" "$integrity" "$work" package/bin/node \
        package/LICENSE
    mkdir -p "$folder/bin"
    mv "$work/package/LICENSE" "$folder/LICENSE"
    mv "$work/package/bin/node" "$folder/bin/node"
    rm -rf "$work"
    node_is_new_enough "$folder/bin/node" || die "$folder/bin/node does not run on this machine"
}

npm_fetch() {
    local folder=$1 work name
    step "Fetching npm $PIN_NPM_VERSION"
    work=$(mktemp -d "$SP_CACHE/unpack.XXXXXX")
    npm_unpack npm "$PIN_NPM_VERSION" "$PIN_NPM_INTEGRITY" "$work"
    rm -rf "$folder"
    mv "$work/package" "$folder"
    rm -rf "$work"
    mkdir -p "$folder/shims"
    for name in npm npx; do
        printf '#!/bin/sh\nexec node "%s/bin/%s-cli.js" "$@"\n' "$folder" "$name" \
            >"$folder/shims/$name"
        chmod 755 "$folder/shims/$name"
    done
}

# After it, `node`, `npm` and `npx` on PATH are good for the web build.
ensure_node() {
    local node_folder=$SP_CACHE/node-$PIN_NODE_VERSION npm_folder=$SP_CACHE/npm-$PIN_NPM_VERSION
    if [ -x "$npm_folder/shims/npm" ]; then
        PATH=$npm_folder/shims:$PATH
    fi
    if [ -x "$node_folder/bin/node" ]; then
        PATH=$node_folder/bin:$PATH
    fi
    export PATH
    hash -r
    if node_is_new_enough node && npm_is_new_enough; then
        return 0
    fi
    mkdir -p "$SP_CACHE"
    if ! have npm; then
        install_packages npm
    fi
    if ! node_is_new_enough node; then
        node_fetch "$node_folder"
    fi
    if ! npm_is_new_enough; then
        npm_fetch "$npm_folder"
        PATH=$npm_folder/shims:$PATH
    fi
    if [ -x "$node_folder/bin/node" ]; then
        PATH=$node_folder/bin:$PATH
    fi
    hash -r
    if ! node_is_new_enough node || ! npm_is_new_enough; then
        die "no usable Node.js: found $(node --version 2>&1) with npm $(npm --version 2>&1)"
    fi
}

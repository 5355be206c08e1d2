# shellcheck shell=bash
# Builds the web app and the binary, and does nothing when nothing changed.

# Installs the web app's packages when the lock file changed. ensure_node comes first.
web_install() {
    local stamp=$SP_ROOT/web/node_modules/.smartpresence-stamp want
    want=$(cat "$SP_ROOT/web/package.json" "$SP_ROOT/web/package-lock.json" | sha256sum)
    if [ "$(cat "$stamp" 2>/dev/null)" = "$want" ]; then
        return 0
    fi
    ensure_node
    quietly "Installing the web app's packages" npm --prefix "$SP_ROOT/web" ci \
        --no-audit --no-fund --loglevel=error
    printf '%s\n' "$want" >"$stamp"
}

web_build() {
    local stamp=$SP_ROOT/web/node_modules/.smartpresence-built want
    want=$(hash_tree "$SP_ROOT/web")
    if [ -f "$SP_ROOT/web/dist/index.html" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$want" ]; then
        return 0
    fi
    ensure_node
    web_install
    quietly "Building the web app" npm --prefix "$SP_ROOT/web" run build
    [ -f "$SP_ROOT/web/dist/index.html" ] || die "npm run build left no web/dist/index.html"
    printf '%s\n' "$want" >"$stamp"
}

# meson_build FOLDER OPTION...: sets the folder up when it is new, then builds.
meson_build() {
    local folder=$1
    shift
    if [ ! -f "$folder/build.ninja" ]; then
        quietly "Configuring $(basename "$folder")" meson setup "$folder" "$SP_ROOT" \
            -Donnxruntime_include="$SP_CACHE/include" "$@"
    fi
    if ! ninja -C "$folder" -n 2>/dev/null | grep -q 'no work to do'; then
        quietly "Building $(basename "$folder")" ninja -C "$folder"
    fi
}

binary_build() {
    meson_build "$SP_BUILD" --native-file "$SP_ROOT/meson/release.ini" -Dtests=false
}

# shellcheck shell=bash
# Installs the Debian packages that a list names and the machine lacks.

# Prints the names in scripts/lib/packages-NAME.txt, without comments.
packages_listed() {
    local name
    for name in "$@"; do
        sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' "$SP_ROOT/scripts/lib/packages-$name.txt"
    done
}

# Prints those of the named packages that are not installed.
packages_missing() {
    local installed
    installed=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' "$@" 2>/dev/null |
        awk '$2 == "installed" {print $1}' || true)
    printf '%s\n' "$@" | grep -vxF "${installed:-none}" || true
}

apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o Dpkg::Use-Pty=0 "$@"
}

# install_packages PACKAGE...
install_packages() {
    local -a missing
    mapfile -t missing < <(packages_missing "$@")
    [ "${#missing[@]}" -gt 0 ] || return 0
    have apt-get || die "these packages are missing and there is no apt-get: ${missing[*]}" \
        "SmartPresence's scripts work on Debian 12 and its relatives."
    info "missing: ${missing[*]}"
    quietly "Reading Debian's package lists" apt_get update
    quietly "Installing ${#missing[@]} Debian packages and what they need" \
        apt_get install -y --no-install-recommends "${missing[@]}"
}

# ensure_packages LIST...: LIST is build, run or test.
ensure_packages() {
    local -a wanted
    mapfile -t wanted < <(packages_listed "$@" | sort -u)
    install_packages "${wanted[@]}"
}

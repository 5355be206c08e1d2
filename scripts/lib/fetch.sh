# shellcheck shell=bash
# Fetching with checks: tarballs of npm packages and packages of another Debian release.

# fetch_arch: prints x64 or arm64, as npm packages name it.
fetch_arch() {
    case $(uname -m) in
    x86_64) echo x64 ;;
    aarch64) echo arm64 ;;
    *)
        die "this machine is $(uname -m); the pinned packages exist for x86_64 and aarch64 only" \
            "Without ONNX Runtime's library there is no face recognition."
        ;;
    esac
}

# check_integrity FILE sha512-BASE64
check_integrity() {
    local want got
    want=$(printf '%s' "${2#sha512-}" | base64 -d | od -An -v -tx1 | tr -d ' \n')
    got=$(sha512sum "$1" | cut -d' ' -f1)
    [ "$want" = "$got" ] || die "$(basename "$1") is not what was pinned" \
        "wanted sha512 $want" "got    sha512 $got" "Nothing of it was used."
}

# check_sha256 FILE HEX
check_sha256() {
    local got
    got=$(sha256sum "$1" | cut -d' ' -f1)
    [ "$2" = "$got" ] || die "$(basename "$1") is not what was pinned" \
        "wanted sha256 $2" "got    sha256 $got" "Nothing of it was used."
}

# sha256_listed LIST NAME: prints the checksum that a sha256sum list has for NAME.
sha256_listed() {
    awk -v name="$2" '$2 == name {print $1; found = 1} END {exit !found}' "$1" ||
        die "$2 is not listed in $1"
}

# sha256_matches FILE HEX: quiet test.
sha256_matches() {
    [ -f "$1" ] && [ "$(sha256sum "$1" | cut -d' ' -f1)" = "$2" ]
}

# npm_unpack PACKAGE VERSION INTEGRITY FOLDER [MEMBER...]: fetches the tarball, checks it, and unpacks
# it (or only the named members, wildcards allowed) into FOLDER. Nothing of the package is run.
npm_unpack() {
    local package=$1 version=$2 integrity=$3 folder=$4 work tarball
    shift 4
    work=$(mktemp -d "$SP_CACHE/fetch.XXXXXX")
    # The client's own cache would keep a second copy of each large tarball.
    if ! (cd "$work" && npm_config_cache="$work/npm" npm_config_update_notifier=false \
        npm pack --silent --ignore-scripts "$package@$version" >/dev/null 2>"$work/log"); then
        cat "$work/log" >&2
        rm -rf "$work"
        die "npm could not fetch $package@$version" \
            "Check the network and the npm settings (npm config get registry)."
    fi
    tarball=$(find "$work" -maxdepth 1 -name '*.tgz')
    check_integrity "$tarball" "$integrity"
    mkdir -p "$folder"
    tar -xzf "$tarball" -C "$folder" -m --no-same-owner --wildcards "$@"
    rm -rf "$work"
}

# other_release SUITE FOLDER: prepares a private apt in FOLDER that knows the named Debian release
# from the mirror that the machine itself uses; its own lists and sources stay untouched. Sets
# APT_PRIVATE to the options.
other_release() {
    local suite=$1 folder=$2 uri signed_by
    # `indextargets` reads one-line and deb822 sources alike.
    uri=$(apt-get indextargets --no-release-info --format '$(REPO_URI) $(COMPONENT) $(RELEASE)' \
        'Created-By: Packages' |
        awk '$2 == "main" && $3 !~ /-/ && $1 !~ /security/ {print $1; exit}')
    [ -n "$uri" ] || die "no Debian mirror is configured in /etc/apt/sources.list.d"
    mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial"
    signed_by=
    if [ -f /usr/share/keyrings/debian-archive-keyring.gpg ]; then
        signed_by='Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg'
    fi
    printf 'Types: deb deb-src\nURIs: %s\nSuites: %s\nComponents: main\n%s\n' \
        "$uri" "$suite" "$signed_by" >"$folder/private.sources"
    # shellcheck disable=SC2034 # read by the callers
    APT_PRIVATE=(
        -q
        -o "Dir::Etc::SourceList=$folder/private.sources"
        -o Dir::Etc::SourceParts=/dev/null
        -o "Dir::State::Lists=$folder/lists"
        -o "Dir::Cache=$folder/cache"
        -o Dir::State::status=/dev/null
        -o APT::Sandbox::User=root
        -o Acquire::Languages=none
    )
}

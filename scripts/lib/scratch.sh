# shellcheck shell=bash
# A folder for what a test run throws away: in memory when there is plenty of it, since a hundred
# databases made and dropped keep a disk busy for minutes.

# memory_has_room: there is a file system in memory that may hold programs, and room for 4 GiB.
memory_has_room() {
    local options available room
    [ -w /dev/shm ] || return 1
    options=$(findmnt --noheadings --output OPTIONS --target /dev/shm) || return 1
    case ,$options, in *,noexec,*) return 1 ;; esac
    available=$(awk '/^MemAvailable:/ {print int($2 / 1048576)}' /proc/meminfo)
    room=$(df --output=avail --block-size=1G /dev/shm | tail -n 1)
    [ "${available:-0}" -ge 6 ] && [ "$room" -ge 4 ]
}

# scratch_make LINK: makes the folder, removes the one that an ended run left there, and sets TMPDIR.
# The database server's own user must come through it.
scratch_make() {
    local place=${TMPDIR:-/tmp}
    scratch_remove "$1"
    if memory_has_room; then
        place=/dev/shm
    fi
    TMPDIR=$(mktemp -d "$place/sp-test.XXXXXX")
    export TMPDIR
    chmod 711 "$TMPDIR"
    ln -s "$TMPDIR" "$1"
}

scratch_remove() {
    if [ -L "$1" ]; then
        rm -rf "$(readlink "$1")" "$1"
    fi
}

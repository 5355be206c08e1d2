#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Says which process listens on a TCP port: `port_owner.py PORT`. Exit status 1 when none does."""
import os
import sys

LISTENING = "0A"


def listening_inodes(port):
    """{inode: user id} of the sockets that listen there."""
    inodes = {}
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            with open(table, encoding="ascii") as rows:
                next(rows)
                for line in rows:
                    column = line.split()
                    if column[3] == LISTENING and int(column[1].rsplit(":", 1)[1], 16) == port:
                        inodes[column[9]] = int(column[7])
        except FileNotFoundError:
            continue
    return inodes


def owner(inodes):
    """(pid, name) of a process that holds one of the sockets, or None when we may not see it."""
    wanted = {f"socket:[{inode}]" for inode in inodes}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        folder = f"/proc/{pid}/fd"
        try:
            if any(os.readlink(f"{folder}/{fd}") in wanted for fd in os.listdir(folder)):
                with open(f"/proc/{pid}/comm", encoding="utf-8") as comm:
                    return pid, comm.read().strip()
        except OSError:
            continue
    return None


def main():
    inodes = listening_inodes(int(sys.argv[1]))
    if not inodes:
        sys.exit(1)
    found = owner(inodes)
    if found:
        print(f"{found[1]} (process {found[0]})")
    elif os.getuid() in inodes.values():
        print("a process of yours that hides itself, as servers of other data folders do")
    else:
        print("a process of another user")


if __name__ == "__main__":
    main()

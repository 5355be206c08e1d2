#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Fails when a source file includes a header of a layer that it may not know (ARCHITECTURE.md)."""
import re

from source import Findings, c_files, line_of, root_argument, without_comments

LAYERS = [
    {"base"},
    {"db"},
    {"http", "face", "realtime", "jobs"},
    {"auth", "users", "students", "trainers", "groups", "sessions",
     "structure", "enrolment", "recognition", "attendance", "liveness", "devices", "kiosk",
     "class_photo", "privacy", "imports", "presence", "timetable", "calendar", "check_in", "punches",
     "offline", "registers", "signals", "guardians", "alerts", "events", "system", "idempotency", "justifications",
     "notifications", "analytics", "reports", "chatbot"},
    {"app", "cli"},
]
RANK = {folder: rank for rank, folders in enumerate(LAYERS) for folder in folders}
MIDDLE, FEATURE, TOP = 2, 3, 4
USES_DB = {"db", "jobs", "app", "cli"}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+"([a-z_]+)/([^"]+)"', re.M)


def objection(folder, stem, other, header):
    """Why a file of `folder` may not include other/header, or None."""
    rank, other_rank = RANK[folder], RANK[other]
    if other_rank > rank:
        return f"{folder}/ is below {other}/"
    if folder == other:
        return None
    if rank == other_rank == MIDDLE:
        return f"{folder}/ and {other}/ are siblings and are joined in app/"
    if other == "db" and header != "tx.h" and folder not in USES_DB and not stem.endswith("_store"):
        return "only *_store.c speaks to the database"
    if other == "http" and rank == FEATURE and not stem.endswith("_api"):
        return "only *_api.c knows HTTP"
    if rank == other_rank == FEATURE and re.search(r"_(store|api)\.h$", header):
        return f"{other}/ is used through its own header only"
    return None


def cycle_in(uses):
    """A list of folders that include each other in a ring, or None."""
    state = {}

    def visit(folder, path):
        if state.get(folder) == "done":
            return None
        if folder in path:
            return path[path.index(folder):] + [folder]
        for other in sorted(uses.get(folder, ())):
            ring = visit(other, path + [folder])
            if ring:
                return ring
        state[folder] = "done"
        return None

    for folder in sorted(uses):
        ring = visit(folder, [])
        if ring:
            return ring
    return None


def main():
    root = root_argument(__doc__)
    findings = Findings("layers")
    uses = {}
    for path, text in c_files(root, "src"):
        findings.files += 1
        folder = path.parts[1] if len(path.parts) > 2 else "app"
        if folder not in RANK:
            findings.add(path, 1, f"{folder}/ belongs to no layer: add it to tools/check_layers.py")
            continue
        for match in INCLUDE.finditer(without_comments(text)):
            line = line_of(text, match.start())
            other, header = match.groups()
            if other not in RANK:
                findings.add(path, line, f"{other}/ belongs to no layer")
                continue
            why = objection(folder, path.stem, other, header)
            if why:
                findings.add(path, line, f"may not include {other}/{header}: {why}")
            if RANK[folder] == RANK[other] == FEATURE and folder != other:
                uses.setdefault(folder, set()).add(other)
    ring = cycle_in(uses)
    if ring:
        findings.add("src", 1, f"features include each other in a ring: {' -> '.join(ring)}")
    findings.finish()


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Writes the migrations of a folder as one C file, and a depfile so that ninja sees new files.

Usage: embed_migrations.py FOLDER OUT.c OUT.d
"""
import pathlib
import re
import sys

NAME = re.compile(r"([0-9]{4})_([a-z0-9_]{1,60})\.(up|down)\.sql")


def die(text):
    sys.exit(f"embed_migrations: {text}")


def c_string(data):
    """One C string literal for each line; nothing but printable ASCII is left unescaped."""
    lines = []
    for line in data.splitlines(keepends=True):
        out = ""
        for byte in line:
            char = chr(byte)
            if char in '"\\':
                out += "\\" + char
            elif char == "?" or not 32 <= byte < 127:
                out += f"\\{byte:03o}"
            else:
                out += char
        lines.append(f'        "{out}"')
    return "\n".join(lines) or '        ""'


def collect(folder):
    found = {}
    for path in sorted(folder.glob("*.sql")):
        match = NAME.fullmatch(path.name)
        if not match:
            die(f"{path.name}: a migration is called NNNN_name.up.sql or NNNN_name.down.sql")
        number, name, way = int(match[1]), match[2], match[3]
        entry = found.setdefault(number, {"name": name})
        if entry["name"] != name:
            die(f"two migrations have the number {number:04d}")
        entry[way] = path
    for number, entry in found.items():
        if "up" not in entry or "down" not in entry:
            die(f"{number:04d}_{entry['name']}: up and down belong together")
    if sorted(found) != list(range(1, len(found) + 1)):
        die("the numbers must be 0001, 0002, … without a gap")
    return [(number, found[number]) for number in sorted(found)]


def main():
    folder, out, depfile = (pathlib.Path(arg) for arg in sys.argv[1:4])
    rows, inputs = [], [folder]
    for number, entry in collect(folder):
        texts = {way: entry[way].read_bytes() for way in ("up", "down")}
        inputs += [entry["up"], entry["down"]]
        fields = "\n".join(
            f"    .{way} = {{\n{c_string(text)},\n        {len(text)}}},"
            for way, text in texts.items())
        rows.append(f'{{\n    .number = {number},\n'
                    f'    .name = {{"{entry["name"]}", {len(entry["name"])}}},\n{fields}\n}},\n')
    # An empty array is not C: the last entry has the number 0 and ends the list.
    text = ("/* Written by tools/embed_migrations.py: do not edit. */\n"
            '#include "db/migrate_internal.h"\n\n'
            "const struct migration migrations_table[] = {\n" + "".join(rows) +
            "{.number = 0},\n};\n")
    out.write_text(text, encoding="ascii")
    paths = " ".join(str(path).replace(" ", "\\ ") for path in inputs)
    depfile.write_text(f"{out}: {paths}\n", encoding="utf-8")


if __name__ == "__main__":
    main()

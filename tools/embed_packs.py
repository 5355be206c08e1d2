#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes each pack.json of the folder packs/ as a C string: packs/default/pack.json becomes
pack_text_default. A file that is not JSON stops the build.

Usage: embed_packs.py OUT.c PACK.json …
"""
import json
import pathlib
import sys

from embed_migrations import c_string


def main():
    out = pathlib.Path(sys.argv[1])
    parts = ["/* Written by tools/embed_packs.py: do not edit. */\n", '#include "face/pack_text.h"\n']
    for path in map(pathlib.Path, sys.argv[2:]):
        data = path.read_bytes()
        json.loads(data)
        parts.append(f"const struct str pack_text_{path.parent.name} = {{\n"
                     f"{c_string(data)},\n    {len(data)}}};")
    out.write_text("\n".join(parts) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()

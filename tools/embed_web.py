#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Puts the built web app and the API's page into a C file: a table over one .incbin of all bytes.

usage: embed_web.py --out FILE.c [--depfile FILE.d] [--web FOLDER --docs FOLDER]

Without --web the table is empty. Each text file is there plain, by gzip -9 and by brotli -q 11,
where that is smaller; what was compressed once is kept beside FILE.c under the content's hash.
Inline scripts of HTML pages, and the lines of web/csp-styles.txt, become hashes for the
Content-Security-Policy.
"""
import argparse
import base64
import concurrent.futures
import gzip
import hashlib
import os
import pathlib
import re
import subprocess
import sys

TYPES = {
    ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
    ".json": "application/json", ".svg": "image/svg+xml", ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json", ".wasm": "application/wasm", ".png": "image/png",
    ".jpg": "image/jpeg", ".webp": "image/webp", ".ico": "image/x-icon", ".woff2": "font/woff2",
    ".y4m": "video/x-yuv4mpeg", ".mp3": "audio/mpeg", ".mp4": "video/mp4",
}
DENSE = {".png", ".jpg", ".webp", ".woff2", ".mp3", ".mp4"}
SWAGGER = {"swagger-ui.css": "swagger-ui.css", "swagger-ui-bundle.js": "swagger-ui-bundle.js",
           "favicon-32x32.png": "favicon-32x32.png", "LICENSE": "LICENSE.txt"}
INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc\s*=)[^>]*>(.*?)</script>", re.S | re.I)
HASH = re.compile(r"'?(sha(?:256|384|512)-[A-Za-z0-9+/]+=*)'?")
EMPTY = ("NULL", 0, "NULL")


def die(problem, mend):
    sys.exit(f"embed_web.py: {problem}\n  {mend}")


def find_files(web, docs):
    """Address → file, of all that is served."""
    dist = web / "dist"
    swagger = web / "node_modules" / "swagger-ui-dist"
    if not (dist / "index.html").is_file():
        die(f"{dist}/index.html is missing: the web app is not built",
            "Run: npm --prefix web ci && npm --prefix web run build   (or configure with -Dweb=false)")
    files = {}
    for path in sorted(dist.rglob("*")):
        inside = path.relative_to(dist)
        if path.is_file() and not any(part.startswith(".") for part in inside.parts):
            files["/" + inside.as_posix()] = path
    for path in sorted(docs.iterdir()):
        files["/docs/" + path.name] = path
    for name, as_name in SWAGGER.items():
        if not (swagger / name).is_file():
            die(f"{swagger}/{name} is missing", "Run: npm --prefix web ci")
        files["/docs/" + as_name] = swagger / name
    return files


def compress(data, cache, kind):
    """The compressed bytes, or None when they save nothing."""
    kept = cache / f"{hashlib.sha256(data).hexdigest()}.{kind}"
    if not kept.is_file():
        if kind == "gz":
            packed = gzip.compress(data, 9, mtime=0)
        else:
            packed = subprocess.run(["brotli", "-q", "11", "-w", "24", "-c"], input=data,
                                    stdout=subprocess.PIPE, check=True).stdout
        half = kept.with_name(f"{kept.name}.{os.getpid()}")
        half.write_bytes(packed)
        half.replace(kept)
    packed = kept.read_bytes()
    return packed if len(packed) < len(data) * 0.95 else None


def script_hashes(pages):
    found = set()
    for data in pages:
        for script in INLINE_SCRIPT.findall(data):
            digest = base64.b64encode(hashlib.sha256(script).digest()).decode()
            found.add(f"'sha256-{digest}'")
    return " ".join(sorted(found))


def style_hashes(path):
    if not path.is_file():
        return ""
    text = "\n".join(line.split("#", 1)[0] for line in path.read_text(encoding="utf-8").splitlines())
    return " ".join(f"'{value}'" for value in HASH.findall(text))


class Blob:
    """All bytes, one after the other."""

    def __init__(self):
        self.data = bytearray()

    def add(self, data, mark):
        if data is None:
            return EMPTY
        at = len(self.data)
        self.data += data
        self.data += b"\0" * (-len(self.data) % 16)
        etag = f'\\"{hashlib.sha256(data).hexdigest()[:32]}{mark}\\"'
        return (f"web_assets_bytes + {at}", len(data), f'"{etag}"')


def row(address, path, bodies):
    kind = TYPES.get(path.suffix.lower()) or TYPES[pathlib.Path(address).suffix]
    immutable = "true" if address.startswith("/assets/") else "false"
    cells = ", ".join(f"{{{at}, {size}, {etag}}}" for at, size, etag in bodies)
    return f'    {{"{address}", "{kind}", {immutable}, {{{cells}}}}},'


def embed(files, cache, blob):
    rows = []
    cache.mkdir(parents=True, exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        packed = {}
        for address, path in files.items():
            data = path.read_bytes()
            dense = path.suffix.lower() in DENSE
            packed[address] = data, [None if dense else pool.submit(compress, data, cache, kind)
                                     for kind in ("gz", "br")]
        for address in sorted(files, key=lambda a: a.encode()):
            data, (gz, br) = packed[address]
            bodies = [blob.add(data, ""), blob.add(gz and gz.result(), "-gz"),
                      blob.add(br and br.result(), "-br")]
            rows.append(row(address, files[address], bodies))
    return rows


def write_c(out, rows, blob, scripts, styles):
    name = out.with_suffix(".bin")
    name.write_bytes(bytes(blob.data))
    text = ["/* SPDX-License-Identifier: MIT */",
            "/* Written by tools/embed_web.py; do not edit. */",
            '#include "http/web_assets.h"', ""]
    if rows:
        text += ["extern const char web_assets_bytes[];",
                 '__asm__(".section .rodata\\n"',
                 '        ".balign 16\\n"',
                 '        ".global web_assets_bytes\\n"',
                 '        ".hidden web_assets_bytes\\n"',
                 '        "web_assets_bytes:\\n"',
                 f'        ".incbin \\"{name.resolve()}\\"\\n"',
                 '        ".byte 0\\n"',
                 '        ".previous\\n");', "",
                 "static const struct asset files[] = {", *rows, "};", "",
                 "const struct asset_table web_assets = {",
                 f'    files, sizeof(files) / sizeof(files[0]), "{scripts}", "{styles}"}};']
    else:
        text += ["const struct asset_table web_assets = {.script_hashes = \"\"};"]
    out.write_text("\n".join(text) + "\n", encoding="utf-8")


def write_depfile(depfile, out, names):
    escaped = " ".join(str(name).replace(" ", "\\ ") for name in names)
    depfile.write_text(f"{out}: {escaped}\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--depfile", type=pathlib.Path)
    parser.add_argument("--web", type=pathlib.Path)
    parser.add_argument("--docs", type=pathlib.Path)
    args = parser.parse_args()
    rows, blob, scripts, styles, inputs = [], Blob(), "", "", []
    if args.web:
        files = find_files(args.web, args.docs)
        rows = embed(files, args.out.parent / "compressed", blob)
        scripts = script_hashes(p.read_bytes() for p in files.values() if p.suffix == ".html")
        listed = args.web / "csp-styles.txt"
        styles = style_hashes(listed)
        # The folders, too: a new file changes them.
        inputs = sorted({*files.values(), *(p.parent for p in files.values())})
        inputs += [listed] if listed.is_file() else []
    write_c(args.out, rows, blob, scripts, styles)
    if args.depfile:
        write_depfile(args.depfile, args.out, inputs)


if __name__ == "__main__":
    main()

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Fails on what must not be in the repository: paths of one machine, addresses of package
registries, model weights, photos, keys, and large or unexpected binary files."""
import re
import subprocess
import sys

from source import Findings, root_argument

# Written in halves, so that this file does not contain what it looks for.
MACHINE_PATH = re.compile(r"(?<![\w./$~-])/(?:wo" r"rk|ro" r"ot|fa" r"rm)/|(?<![\w./$])/ho" r"me/[a-z]+/")
REGISTRY = re.compile(r"\b(?:registry\.np" r"mjs\.org|registry\.yar" r"npkg\.com|(?:deb|ftp|security|snap"
                      r"shot)\.deb" r"ian\.org|py" r"pi\.org|files\.python" r"hosted\.org)")
RESOLVED = re.compile(r'^\s*"resolved":', re.M)
PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIV" r"ATE KEY-----")

FORBIDDEN = {".onnx", ".tflite", ".pb", ".pt", ".safetensors", ".so", ".a", ".o", ".dll", ".exe", ".jpg",
             ".jpeg", ".gif", ".heic", ".mp4", ".webm", ".y4m", ".mjpeg", ".db", ".sqlite", ".zip", ".tgz",
             ".gz", ".deb", ".pem", ".key"}
PICTURES = {".png", ".ico", ".webp", ".woff2"}
PICTURE_BYTES = 1 << 20
SEED_BYTES = 64 << 10
TEXT_BYTES = 2 << 20


def tracked(root):
    out = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True).stdout
    return [name for name in out.decode().split("\0") if name]


def check_binary(findings, name, suffix, size):
    if name.startswith("tests/fuzz/"):
        if size > SEED_BYTES:
            findings.add(name, 1, f"a fuzzing seed of {size} bytes, at most {SEED_BYTES}")
    elif suffix not in PICTURES:
        findings.add(name, 1, "a binary file of an unexpected kind")
    elif size > PICTURE_BYTES:
        findings.add(name, 1, f"a picture of {size} bytes, at most {PICTURE_BYTES}")


def check_text(findings, name, text):
    if len(text) > TEXT_BYTES:
        findings.add(name, 1, f"{len(text)} bytes of text, at most {TEXT_BYTES}")
    for number, line in enumerate(text.split("\n"), 1):
        if MACHINE_PATH.search(line):
            findings.add(name, number, "a path of one machine")
        if REGISTRY.search(line):
            findings.add(name, number, "the address of a package registry")
        if PRIVATE_KEY.search(line):
            findings.add(name, number, "a private key")
    if name.endswith("package-lock.json") and RESOLVED.search(text):
        findings.add(name, 1, "download addresses (npm: omit-lockfile-registry-resolved=true)")


def main():
    root = root_argument(__doc__)
    findings = Findings("repo")
    try:
        names = tracked(root)
    except subprocess.CalledProcessError:
        sys.exit("repo: not a git repository")
    for name in names:
        path = root / name
        if not path.is_file():
            continue
        findings.files += 1
        if path.suffix.lower() in FORBIDDEN and not name.startswith("tests/fuzz/"):
            findings.add(name, 1, f"{path.suffix} files are not committed")
            continue
        data = path.read_bytes()
        if b"\0" in data[:8192] or name.startswith("tests/fuzz/corpus/"):
            check_binary(findings, name, path.suffix.lower(), len(data))
        else:
            check_text(findings, name, data.decode("utf-8", "replace"))
    findings.finish()


if __name__ == "__main__":
    main()

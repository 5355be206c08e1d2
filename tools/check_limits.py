#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Fails when a file, a function, its complexity or its parameter list is too long (docs/style.md)."""
import re
import subprocess
import sys

from source import Findings, c_files, code_only, root_argument

FILE_LINES = 600
WEB_FILE_LINES = 300
FUNCTION_LINES = 60
COMPLEXITY = 15
PARAMETERS = 6
# Callbacks: the library that calls them dictates their parameters.
DICTATED = {("src/http/server.c", "on_step"), ("src/http/stream.c", "on_upgrade")}
SKIPPED = {"node_modules", "dist", "build", "__pycache__"}


def measured(root, paths):
    """pmccabe's rows: complexity (a switch counts once), lines, path, first line, name."""
    try:
        out = subprocess.run(["pmccabe", *map(str, paths)], cwd=root, capture_output=True, text=True,
                             check=True).stdout
    except FileNotFoundError:
        sys.exit("limits: pmccabe is missing (a Debian package)")
    for line in out.splitlines():
        found = re.fullmatch(r"(\d+)\t\d+\t\d+\t\d+\t(\d+)\t(.+)\((\d+)\): (.+)", line)
        if found:
            complexity, lines, path, first, name = found.groups()
            yield int(complexity), int(lines), path, int(first), name


def parameter_count(code, first_line, name):
    """Counts the parameters of the function defined at that line; the text has no comments."""
    start = sum(len(line) + 1 for line in code.split("\n")[:first_line - 1])
    match = re.compile(r"\b" + re.escape(name) + r"\s*\(").search(code, start)
    if not match:
        return 0
    depth, commas, position = 1, 0, match.end()
    while position < len(code) and depth:
        char = code[position]
        depth += (char == "(") - (char == ")")
        commas += char == "," and depth == 1
        position += 1
    inside = code[match.end():position - 1].strip()
    return 0 if inside in ("", "void") else commas + 1


def check_functions(findings, root, texts):
    for complexity, lines, path, first, name in measured(root, texts):
        if lines > FUNCTION_LINES:
            findings.add(path, first, f"{name}: {lines} lines, at most {FUNCTION_LINES}")
        if complexity > COMPLEXITY:
            findings.add(path, first, f"{name}: complexity {complexity}, at most {COMPLEXITY}")
        parameters = parameter_count(code_only(texts[path]), first, name)
        if parameters > PARAMETERS and (path, name) not in DICTATED:
            findings.add(path, first, f"{name}: {parameters} parameters, at most {PARAMETERS}")


def other_files(root):
    """Files that are not C, with the number of lines that each may have."""
    for folder, patterns, limit in (("web", ("*.ts", "*.tsx"), WEB_FILE_LINES),
                                    ("tests", ("*.py", "*.ts"), FILE_LINES),
                                    ("tools", ("*.py",), FILE_LINES),
                                    ("scripts", ("*.sh", "*.py"), FILE_LINES)):
        for pattern in patterns:
            for path in sorted((root / folder).rglob(pattern)):
                if SKIPPED.isdisjoint(path.parts) and ".gen." not in path.name:
                    yield path.relative_to(root), limit


def main():
    root = root_argument(__doc__)
    findings = Findings("limits")
    texts = {str(path): text for path, text in c_files(root, "src", "tests", "tools")}
    for path, text in texts.items():
        findings.files += 1
        lines = text.count("\n")
        if lines > FILE_LINES:
            findings.add(path, 1, f"{lines} lines, at most {FILE_LINES}")
    for path, limit in other_files(root):
        findings.files += 1
        lines = (root / path).read_text(encoding="utf-8").count("\n")
        if lines > limit:
            findings.add(path, 1, f"{lines} lines, at most {limit}")
    if texts:
        check_functions(findings, root, texts)
    findings.finish()


if __name__ == "__main__":
    main()

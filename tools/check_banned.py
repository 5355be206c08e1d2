#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Fails on banned functions, on SQL outside the stores, and on formatted text near SQL."""
import re

from source import Findings, c_files, code_only, line_of, root_argument, string_literals

ALWAYS = ("strcpy strcat strncpy strncat sprintf vsprintf gets strtok atoi atol atoll atof sscanf scanf "
          "fscanf alloca rand srand gmtime localtime ctime asctime system popen tmpnam mktemp").split()
OUTSIDE_BASE = ("strtol strtoul strtoll strtoull strtod strtof malloc calloc realloc reallocarray free "
                "strdup strndup asprintf vasprintf").split()
# The environment is read in one place, beside the option table.
ENVIRONMENT = ("getenv", "secure_getenv")
READS_ENVIRONMENT = "src/app/options.c"
CALL = re.compile(r"(?<![\w.>])([a-z_]\w*)\s*\(")

# Keywords in capitals, or a lower-case statement that no sentence looks like.
SQL = re.compile(r"\bSELECT\s|\bINSERT\s+INTO\b|\bUPDATE\s+\w+\s+SET\b|\bDELETE\s+FROM\b|"
                 r"\bCREATE\s+(TABLE|(UNIQUE\s+)?INDEX|TRIGGER|VIEW)\b|\bALTER\s+TABLE\b|"
                 r"\bDROP\s+(TABLE|INDEX)\b|\bON\s+CONFLICT\b|"
                 r"\bselect\s.+\sfrom\s+\w+\s+(where|order|limit|join)\b|\bselect\s+[*\d]|"
                 r"\binsert\s+into\s+\w+\s*\(|\bupdate\s+\w+\s+set\s+\w+\s*=|"
                 r"\bdelete\s+from\s+\w+\s+where\b", re.S)
FORMATTING = re.compile(r"(?<![\w.>])(\w*printf\w*|buf_format|str_format|arena_format|\w+_fmt)\s*\(")


def may_hold_sql(path):
    return path.stem.endswith("_store") or path.parts[1] in ("db", "jobs")


def check_calls(findings, path, text):
    code = code_only(text)
    in_base = path.parts[:2] == ("src", "base")
    for match in CALL.finditer(code):
        name = match.group(1)
        line = line_of(text, match.start())
        if name in ALWAYS:
            findings.add(path, line, f"{name} is banned")
        elif name in OUTSIDE_BASE and path.parts[0] == "src" and not in_base:
            findings.add(path, line, f"{name} is for src/base only")
        elif name in ENVIRONMENT and path.parts[0] == "src" and path.as_posix() != READS_ENVIRONMENT:
            findings.add(path, line, f"{name}: options are read in {READS_ENVIRONMENT} only")
    if path.stem.endswith("_store"):
        for match in FORMATTING.finditer(code):
            findings.add(path, line_of(text, match.start()),
                         f"{match.group(1)}: a store binds values and formats nothing")


def check_sql(findings, path, text):
    for position, literal in string_literals(text):
        literal = literal.replace("\\n", " ")
        if not SQL.search(literal):
            continue
        line = line_of(text, position)
        if not may_hold_sql(path):
            findings.add(path, line, "SQL outside a *_store.c")
        if "%" in literal:
            findings.add(path, line, "'%' in SQL: bind a parameter instead")
        if re.search(r"\bSELECT\s+(\w+\.)?\*", literal, re.I):
            findings.add(path, line, "SELECT *: name the columns")


def main():
    root = root_argument(__doc__)
    findings = Findings("banned")
    for path, text in c_files(root, "src", "tests", "tools"):
        findings.files += 1
        check_calls(findings, path, text)
        if path.parts[0] == "src":
            check_sql(findings, path, text)
    findings.finish()


if __name__ == "__main__":
    main()

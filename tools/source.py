# SPDX-License-Identifier: MIT
"""Shared by the checks: reads sources, sets comments and strings apart, and reports findings."""
import argparse
import pathlib
import re
import sys

TOKEN = re.compile(
    r"""(?P<comment>/\*.*?\*/|//[^\n]*)
      | (?P<string>"(?:\\.|[^"\\\n])*")
      | (?P<char>'(?:\\.|[^'\\\n])+')""",
    re.S | re.X,
)


class Findings:
    def __init__(self, title):
        self.title = title
        self.lines = []
        self.files = 0

    def add(self, path, line, text):
        self.lines.append(f"{path}:{line}: {text}")

    def finish(self):
        """Prints what was found; exits with status 1 when there is anything, or nothing was read."""
        for line in self.lines:
            print(line)
        if not self.files:
            print(f"{self.title}: no file was checked: is this the repository's root?")
            sys.exit(1)
        print(f"{self.title}: {self.files} files, {len(self.lines)} findings")
        sys.exit(1 if self.lines else 0)


def root_argument(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--root", type=pathlib.Path, help="the tree to check",
                        default=pathlib.Path(__file__).resolve().parent.parent)
    return parser.parse_args().root


def c_files(root, *folders):
    for folder in folders:
        for path in sorted((root / folder).rglob("*.[ch]")):
            yield path.relative_to(root), path.read_text(encoding="utf-8")


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def blank(match):
    return re.sub(r"[^\n]", " ", match.group())


def code_only(text):
    """The text with comments, strings and character constants blanked; positions stay the same."""
    return TOKEN.sub(blank, text)


def without_comments(text):
    return TOKEN.sub(lambda m: blank(m) if m.lastgroup == "comment" else m.group(), text)


def string_literals(text):
    """(position, contents) of each run of adjacent string literals, joined as the compiler does."""
    text = without_comments(text)
    runs, end = [], None
    for match in TOKEN.finditer(text):
        if match.lastgroup != "string":
            continue
        contents = match.group()[1:-1]
        if end is not None and not text[end:match.start()].strip():
            runs[-1][1] += contents
        else:
            runs.append([match.start(), contents])
        end = match.end()
    return runs

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Fails when a web component holds text for people: it belongs in the locale files.

Reads JSX: text between tags, string children, and the attributes that are shown or read aloud."""
import re

from source import Findings, line_of, root_argument

SHOWN = {"title", "alt", "placeholder", "label", "description", "heading", "message", "text", "caption",
         "hint", "summary", "subtitle", "aria-label", "aria-description", "aria-roledescription",
         "aria-valuetext", "aria-placeholder"}
WORD = re.compile(r"[^\W\d_]{2,}")
# Names and signs that are the same in every language.
SAME = re.compile(r"SmartPresence|https?://\S+|&\w+;|\b(?:Ctrl|Shift|Alt|Esc|Enter|Tab|PNG|JPEG|CSV|PDF|API)\b")
SHOWN_CALL = re.compile(r"\b(?:toast(?:\.\w+)?|alert|confirm|prompt)\(\s*([\"'`])((?:\\.|(?!\1).)+)\1")
NAME = re.compile(r"[A-Za-z][\w.:-]*")
REGEX = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])*/?")
# What may stand before a tag or a regular expression; after anything else `<` is a comparison or a type argument.
BEFORE_TAG = re.compile(r"(?:^|[(,=>?:&|\[{};!]|\breturn|\bdefault)\s*$")


def has_words(text):
    return bool(WORD.search(SAME.sub(" ", text)))


class Reader:
    """One pass over a TSX file; `report(position, text)` is called for each literal found."""

    def __init__(self, text, report):
        self.text = text
        self.report = report
        self.end = len(text)

    def skip_string(self, at):
        quote = self.text[at]
        at += 1
        while at < self.end and self.text[at] != quote:
            if self.text[at] == "\\":
                at += 1
            elif quote == "`" and self.text.startswith("${", at):
                at = self.code(at + 2) - 1
            elif self.text[at] == "\n" and quote != "`":
                return at
            at += 1
        return at + 1

    def code(self, at):
        """Reads JavaScript from `at` to the brace that closes it; returns the position after it."""
        depth = 0
        while at < self.end:
            char = self.text[at]
            if self.text.startswith("//", at):
                at = self.until("\n", at)
            elif self.text.startswith("/*", at):
                at = self.until("*/", at)
            elif char in "\"'`":
                at = self.skip_string(at)
            elif char == "/" and BEFORE_TAG.search(self.text[max(0, at - 40):at]):
                at = REGEX.match(self.text, at).end()
            elif char == "}" and depth == 0:
                return at + 1
            elif char == "<" and self.is_tag(at):
                at = self.element(at)
            else:
                depth += (char == "{") - (char == "}")
                at += 1
        return at

    def until(self, mark, at):
        found = self.text.find(mark, at)
        return self.end if found < 0 else found + len(mark)

    def is_tag(self, at):
        following = self.text[at + 1:at + 2]
        if not (following.isalpha() or following == ">"):
            return False
        if re.match(r"<[A-Za-z_]\w*(?:,|\s+extends\b)", self.text[at:at + 80]):
            return False
        return bool(BEFORE_TAG.search(self.text[max(0, at - 40):at]))

    def element(self, at):
        """Reads a whole element, with its children; returns the position after it."""
        at, closed = self.open_tag(at + 1)
        return at if closed else self.children(at)

    def open_tag(self, at):
        """Reads attributes up to the end of the tag; returns the position and whether it is `/>`."""
        name = NAME.match(self.text, at)
        at = name.end() if name else at
        while at < self.end:
            if self.text.startswith("/>", at):
                return at + 2, True
            if self.text[at] == ">":
                return at + 1, False
            if self.text[at] == "{":
                at = self.code(at + 1)
                continue
            name = NAME.match(self.text, at)
            at = self.attribute(name.group(), name.end()) if name else at + 1
        return at, True

    def attribute(self, name, at):
        value = re.compile(r"\s*=\s*").match(self.text, at)
        if not value:
            return at
        at = value.end()
        if self.text[at:at + 1] == "{":
            end = self.code(at + 1)
            literal = re.fullmatch(r"\{\s*([\"'`])(.*)\1\s*\}", self.text[at:end], re.S)
        else:
            end = self.skip_string(at)
            literal = re.fullmatch(r"([\"'])(.*)\1", self.text[at:end], re.S)
        if literal and name in SHOWN and has_words(without_parameters(literal.group(2))):
            self.report(at, f'{name}="{literal.group(2)}"')
        return end

    def children(self, at):
        while at < self.end:
            stop = re.compile(r"[<{]").search(self.text, at)
            if not stop:
                return self.end
            if has_words(self.text[at:stop.start()]):
                start = at + len(self.text[at:]) - len(self.text[at:].lstrip())
                self.report(start, self.text[at:stop.start()])
            at = stop.start()
            if self.text[at] == "{":
                end = self.code(at + 1)
                literal = re.fullmatch(r"\{\s*([\"'`])(.*)\1\s*\}", self.text[at:end], re.S)
                if literal and has_words(without_parameters(literal.group(2))):
                    self.report(at, literal.group(2))
                at = end
            elif self.text.startswith("</", at):
                return self.until(">", at)
            else:
                at = self.element(at)
        return at


def without_parameters(template):
    return re.sub(r"\$\{[^}]*\}", " ", template)


def main():
    root = root_argument(__doc__)
    findings = Findings("ui text")
    for path in sorted((root / "web" / "src").rglob("*.ts*")):
        name = path.relative_to(root)
        if ".test." in path.name or ".gen." in path.name or "locales" in path.parts:
            continue
        findings.files += 1
        text = path.read_text(encoding="utf-8")

        def report(position, literal, name=name, text=text):
            findings.add(name, line_of(text, position),
                         f"literal text: {' '.join(literal.split())[:60]!r}")

        if path.suffix == ".tsx":
            Reader(text, report).code(0)
        for match in SHOWN_CALL.finditer(text):
            if has_words(without_parameters(match.group(2))):
                report(match.start(), match.group(2))
    findings.finish()


if __name__ == "__main__":
    main()

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Counts test results: JUnit XML (pytest, meson), JSON of vitest and Playwright, and TAP.

usage: count_results.py FOLDER...   prints `N passed, N failed, N skipped` and the names of the last two
"""
import json
import pathlib
import re
import sys
import xml.etree.ElementTree as xml
from dataclasses import dataclass, field


@dataclass
class Results:
    passed: int = 0
    failed: list = field(default_factory=list)
    skipped: list = field(default_factory=list)

    def add(self, name, state):
        if state == "passed":
            self.passed += 1
        elif state == "skipped":
            self.skipped.append(name)
        else:
            self.failed.append(name)

    def merge(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def total(self):
        return self.passed + len(self.failed) + len(self.skipped)

    def line(self):
        text = f"{self.passed} passed, {len(self.failed)} failed"
        return text + (f", {len(self.skipped)} skipped" if self.skipped else "")


def junit(path):
    results = Results()
    for suite in xml.parse(path).getroot().iter("testsuite"):
        for case in suite.findall("testcase"):
            name = f"{case.get('classname') or suite.get('name')}: {case.get('name')}"
            tags = {child.tag for child in case}
            state = ("failed" if tags & {"failure", "error"}
                     else "skipped" if "skipped" in tags else "passed")
            results.add(name, state)
    return results


def meson(path):
    """What meson's own log tells and its XML leaves out: programs that crashed or took too long."""
    results = Results()
    for line in path.read_text(encoding="utf-8").splitlines():
        program = json.loads(line)
        told = re.search(r"^not ok\b", program.get("stdout", ""), re.M)
        if program["result"] == "ERROR" and told and program.get("returncode", 0) > 0:
            continue
        if program["result"] in ("ERROR", "TIMEOUT", "INTERRUPT", "UNEXPECTEDPASS"):
            results.add(f"{program['name']}: {program['result'].lower()}", "failed")
        elif program["result"] == "SKIP":
            results.add(f"{program['name']}: the whole program", "skipped")
    return results


def vitest(report):
    results = Results()
    states = {"passed": "passed", "failed": "failed"}
    for file in report["testResults"]:
        if not file["assertionResults"] and file["status"] == "failed":
            results.add(file["name"], "failed")
        for case in file["assertionResults"]:
            results.add(case["fullName"], states.get(case["status"], "skipped"))
    return results


def playwright(report):
    results = Results()
    states = {"expected": "passed", "flaky": "failed", "unexpected": "failed", "skipped": "skipped"}

    def visit(suite):
        for spec in suite.get("specs", []):
            for case in spec["tests"]:
                results.add(f"{spec.get('file')}: {spec['title']} [{case.get('projectName', '')}]",
                            states.get(case["status"], "failed"))
        for inner in suite.get("suites", []):
            visit(inner)

    for suite in report["suites"]:
        visit(suite)
    for error in report.get("errors", []):
        results.add(f"playwright: {error.get('message', 'error')[:80]}", "failed")
    return results


def tap(path):
    results = Results()
    for line in path.read_text(encoding="utf-8").splitlines():
        found = re.match(r"(not )?ok\b\s*\d*\s*-?\s*([^#]*)(#\s*skip)?", line, re.I)
        if found:
            state = "skipped" if found.group(3) else "failed" if found.group(1) else "passed"
            results.add(found.group(2).strip(), state)
    return results


def count_file(path):
    if path.suffix == ".xml":
        return junit(path)
    if path.suffix == ".tap":
        return tap(path)
    if path.name == "testlog.json":
        return meson(path)
    report = json.loads(path.read_text(encoding="utf-8"))
    return vitest(report) if path.name == "vitest.json" else playwright(report)


def is_report(path):
    return path.suffix in (".xml", ".tap") or path.name in ("vitest.json", "playwright.json",
                                                            "testlog.json")


def count_folder(folder):
    results = Results()
    for path in filter(is_report, sorted(pathlib.Path(folder).rglob("*"))):
        try:
            results.merge(count_file(path))
        except (ValueError, KeyError, TypeError, xml.ParseError) as error:
            results.add(f"{path.name}: cannot be read as a test report ({error})", "failed")
    return results


def main(folders):
    if not folders:
        sys.exit(__doc__)
    results = Results()
    for folder in folders:
        results.merge(count_folder(folder))
    for name in results.skipped:
        print(f"skipped: {name}")
    for name in results.failed:
        print(f"failed: {name}")
    print(results.line())
    sys.exit(1 if results.failed else 0)


if __name__ == "__main__":
    main(sys.argv[1:])

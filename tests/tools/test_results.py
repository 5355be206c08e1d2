# SPDX-License-Identifier: MIT
"""Counting of test results, and the runner of stages: what fails must be seen."""
import json
import pathlib
import subprocess
import sys

import pytest

TOOLS = pathlib.Path(__file__).resolve().parents[2] / "tools"
sys.path.insert(0, str(TOOLS))

import count_results  # noqa: E402
import run_stages  # noqa: E402


def count(folder):
    done = subprocess.run([sys.executable, TOOLS / "count_results.py", folder], capture_output=True,
                          text=True, check=False)
    return done.returncode, done.stdout


JUNIT = """<testsuites><testsuite name="s" tests="4" failures="1" errors="1" skipped="1">
<testcase classname="c" name="good"/>
<testcase classname="c" name="bad"><failure message="x"/></testcase>
<testcase classname="c" name="broken"><error message="x"/></testcase>
<testcase classname="c" name="left"><skipped message="x"/></testcase>
</testsuite></testsuites>"""


def test_junit(tmp_path):
    (tmp_path / "a.xml").write_text(JUNIT)
    code, out = count(tmp_path)
    assert code == 1
    assert out.splitlines()[-1] == "1 passed, 2 failed, 1 skipped"
    assert "skipped: c: left" in out and "failed: c: broken" in out


def test_meson_log_tells_of_crashes(tmp_path):
    (tmp_path / "testlog.json").write_text("".join(
        json.dumps({"name": name, "result": result}) + "\n" for name, result in
        (("fine", "OK"), ("told elsewhere", "FAIL"), ("crash", "ERROR"), ("slow", "TIMEOUT"),
         ("absent", "SKIP"))) + json.dumps({
             "name": "told", "result": "ERROR", "returncode": 1, "stdout": "1..1\nnot ok 1 - x\n"}))
    code, out = count(tmp_path)
    assert code == 1
    assert out.splitlines()[-1] == "0 passed, 2 failed, 1 skipped"
    assert "failed: crash: error" in out and "failed: slow: timeout" in out


def test_vitest(tmp_path):
    cases = [{"fullName": n, "status": s} for n, s in
             (("a", "passed"), ("b", "failed"), ("c", "pending"), ("d", "todo"))]
    (tmp_path / "vitest.json").write_text(json.dumps({"testResults": [
        {"name": "x.test.ts", "status": "failed", "assertionResults": cases},
        {"name": "does-not-load.test.ts", "status": "failed", "assertionResults": []}]}))
    code, out = count(tmp_path)
    assert code == 1
    assert out.splitlines()[-1] == "1 passed, 2 failed, 2 skipped"


def test_playwright(tmp_path):
    def spec(title, status):
        return {"title": title, "file": "a.ts", "tests": [{"status": status, "projectName": "p"}]}

    (tmp_path / "playwright.json").write_text(json.dumps({"errors": [], "suites": [
        {"specs": [spec("one", "expected")],
         "suites": [{"specs": [spec("two", "unexpected"), spec("three", "flaky"),
                               spec("four", "skipped")]}]}]}))
    code, out = count(tmp_path)
    assert code == 1
    assert out.splitlines()[-1] == "1 passed, 2 failed, 1 skipped"


def test_tap_and_sums(tmp_path):
    (tmp_path / "a.tap").write_text("1..3\nok 1 - one\nnot ok 2 - two\nok 3 - three # SKIP no\n")
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "b.tap").write_text("ok - four\n")
    _, out = count(tmp_path)
    assert out.splitlines()[-1] == "2 passed, 1 failed, 1 skipped"


@pytest.mark.parametrize("name, text", [
    ("a.xml", "<testsuites>"), ("vitest.json", "{"), ("playwright.json", "{}")])
def test_unreadable_report_is_a_failure(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    code, out = count(tmp_path)
    assert code == 1
    assert "cannot be read" in out


def stages(tmp_path, monkeypatch, capsys, table, script, arguments=()):
    (tmp_path / "table").write_text(table)
    (tmp_path / "stages.sh").write_text(script + '\n"$1"\n')
    monkeypatch.setattr(run_stages, "TABLE", tmp_path / "table")
    monkeypatch.setattr(run_stages, "RUNNER", tmp_path / "stages.sh")
    monkeypatch.setattr(run_stages, "ROOT", tmp_path)
    with pytest.raises(SystemExit) as ended:
        run_stages.main(["full", str(tmp_path / "results"), *arguments])
    return ended.value.code, capsys.readouterr().out


def test_stages_all_pass(tmp_path, monkeypatch, capsys):
    code, out = stages(tmp_path, monkeypatch, capsys,
                       "a f 1 1 - First\nb f 2 1 a Second\nc q 1 1 - Not in this mode\n",
                       'a() { :; }\nb() { printf "ok x\\nok y\\n" >"$SP_TEST_RESULTS/b.tap"; }')
    assert code == 0
    assert out.splitlines()[-1] == "3 passed, 0 failed"
    assert "Not in this mode" not in out


def test_stages_failure_stops_what_needs_it(tmp_path, monkeypatch, capsys):
    code, out = stages(tmp_path, monkeypatch, capsys, "a f 1 1 - First\nb f 1 1 a Second\n",
                       "a() { echo the reason; exit 3; }\nb() { :; }")
    assert code == 1
    assert out.splitlines()[-1] == "0 passed, 2 failed"
    assert "the reason" in out and "not run" in out


def test_stages_bad_exit_with_good_reports_fails(tmp_path, monkeypatch, capsys):
    code, out = stages(tmp_path, monkeypatch, capsys, "a f 1 1 - First\n",
                       'a() { echo "ok x" >"$SP_TEST_RESULTS/a.tap"; exit 1; }')
    assert code == 1
    assert out.splitlines()[-1] == "1 passed, 1 failed"


def test_stages_names_what_is_skipped(tmp_path, monkeypatch, capsys):
    code, out = stages(tmp_path, monkeypatch, capsys, "a f 1 1 - First\n",
                       'a() { printf "ok x\\nok later # SKIP\\n" >"$SP_TEST_RESULTS/a.tap"; }')
    assert code == 0
    assert "skipped in a: later" in out


def test_stages_time_limit(tmp_path, monkeypatch, capsys):
    code, out = stages(tmp_path, monkeypatch, capsys, "a f 1 0 - First\n", "a() { sleep 60; }")
    assert code == 1
    assert "stopped after 0 minutes" in out


@pytest.mark.parametrize("script,order", [
    ("a() { until_begun d; }\nc() { :; }", "acdb"),  # what fits beside a does not hold b up
    ("a() { :; }\nc() { until_begun b; }", "acbd"),  # two small ones would have taken b's room
])
def test_stages_side_by_side(tmp_path, monkeypatch, capsys, script, order):
    monkeypatch.setattr(run_stages, "SLOTS", 3)
    begun = f"until_begun() {{ until [ -e '{tmp_path}/begun-'$1 ]; do sleep 0.02; done; }}\n"
    code, out = stages(tmp_path, monkeypatch, capsys,
                       "a f 2 1 - a\nb f 2 1 - b\nc f 1 1 - c\nd f 1 1 - d\n",
                       f"{begun}{script}\nb() {{ touch '{tmp_path}/begun-b'; }}\nd() {{ touch '{tmp_path}/begun-d'; }}")
    assert code == 0
    assert "".join(line[-1] for line in out.splitlines() if "... " in line) == order


def test_stages_nothing_run_is_a_failure(tmp_path, monkeypatch, capsys):
    code, out = stages(tmp_path, monkeypatch, capsys, "a q 1 1 - First\n", "a() { :; }")
    assert code == 1
    assert out.splitlines()[-1] == "0 passed, 0 failed"


def test_stages_named_brings_its_needs(tmp_path, monkeypatch, capsys):
    code, out = stages(tmp_path, monkeypatch, capsys,
                       "a f 1 1 - First\nb q 1 1 a Second\nc f 1 1 - Third\n",
                       "a() { :; }\nb() { :; }\nc() { exit 1; }", ["b"])
    assert code == 0
    assert out.splitlines()[-1] == "2 passed, 0 failed"


def test_the_table_of_stages_is_whole():
    names = [stage.name for stage in run_stages.read_table("long", [])]
    text = run_stages.RUNNER.read_text(encoding="utf-8")
    for name in names:
        assert f"\n{name}() {{" in text, f"{name} is no function of stages.sh"
    assert count_results.Results().line() == "0 passed, 0 failed"

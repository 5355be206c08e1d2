# SPDX-License-Identifier: MIT
"""Reports: what they hold, who sees which sessions, and CSV that no spreadsheet computes."""
import csv
import datetime
import io

import pytest

from factories import body_of, field_errors, make, problem  # noqa: F401
from figures import Past, monday

DAY = datetime.timedelta(days=1)


@pytest.fixture(scope="module")
def past(admin, api):
    p = Past(admin, api, students=2)
    for i, letters in enumerate(("pa", "lp", "ae", "p.")):
        p.lesson(monday(2) + 7 * DAY * (i // 3) + DAY * (i % 3), letters)
    return p


def group_path(past):
    return f"/api/v1/reports/groups/{past.group['id']}"


def test_of_a_group(past, admin):
    report = body_of(admin.get(group_path(past)))
    assert (report["group_id"], report["name"]) == (past.group["id"], past.group["name"])
    by_id = {s["student_id"]: s for s in report["students"]}
    first, second = (by_id[s["id"]] for s in past.students)
    assert (first["sessions"], first["present"], first["late"], first["absent"]) == (4, 2, 1, 1)
    assert (first["rate"], first["level"]) == (0.75, "failing")
    assert (second["sessions"], second["excused"], second["rate"]) == (3, 1, 0.5)
    assert report["total"]["sessions"] == 7 and report["total"]["rate"] == pytest.approx(4 / 6, abs=1e-6)


def test_only_of_a_time(past, admin):
    report = body_of(admin.get(group_path(past), params={
        "from": monday(2).isoformat(), "to": (monday(2) + DAY).isoformat()}))
    assert report["total"]["sessions"] == 2
    assert report["from"].startswith(monday(2).date().isoformat())
    empty = body_of(admin.get(group_path(past), params={"to": monday(5).isoformat()}))
    assert len(empty["students"]) == 2 and empty["total"] == {**empty["total"], "sessions": 0, "rate": 1}


@pytest.mark.parametrize("query,field", [
    ("from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z", "to"),
    ("from=2020-01-01T00:00:00Z&to=2026-01-01T00:00:00Z", "from"),
    ("from=yesterday", "from"),
])
def test_a_wrong_time(past, admin, query, field):
    assert list(field_errors(admin.get(group_path(past) + "?" + query))) == [field]


def test_of_a_student(past, admin):
    one = body_of(admin.get(f"/api/v1/reports/students/{past.students[0]['id']}"))
    assert one["student_name"] == past.students[0]["name"]
    assert [m["module_id"] for m in one["modules"]] == [past.module["id"]]
    weeks = [(w["week"], w["sessions"]) for w in one["weeks"]]
    assert weeks == [(monday(2).date().isoformat(), 3), (monday(1).date().isoformat(), 1)]
    assert one["methods"] == [{"method": "manual", "sessions": 4}]
    problem(admin.get("/api/v1/reports/students/999999"), 404, "not-found")


@pytest.mark.parametrize("span", [("1970-01-01T00:00:00Z", "1972-03-01T00:00:00Z"),
                                  ("9998-01-01T00:00:00Z", "9999-12-31T23:59:59Z")])
def test_of_a_student_at_the_ends_of_the_calendar(past, admin, span):
    one = body_of(admin.get(f"/api/v1/reports/students/{past.students[0]['id']}",
                            params=dict(zip(("from", "to"), span))))
    assert one["weeks"] == one["modules"] == one["methods"] == []


def test_of_a_day(past, admin):
    day = monday(2).date().isoformat()
    # The trainer's: those of other tests may fill more than a page.
    board = body_of(past.trainer.get("/api/v1/reports/day", params={"day": day}))
    mine = next(s for s in board["items"] if s["id"] == past.sessions[0]["id"])
    assert mine["group_names"] == [past.group["name"]] and mine["expected"] == 2
    assert (mine["present"], mine["absent"], mine["unmarked"]) == (1, 1, 0)
    assert board["total"]["sessions"] == sum(s["sessions"] for s in board["items"])
    assert body_of(admin.get("/api/v1/reports/day"))["day"]
    assert list(field_errors(admin.get("/api/v1/reports/day?day=2026-02-30"))) == ["day"]


def test_a_day_in_parts(past, trainer, api, admin):
    for hour in (1, 2, 3):
        past.lesson(monday(4), "pp", hour=hour)
    day = monday(4).date().isoformat()
    whole = body_of(past.trainer.get("/api/v1/reports/day", params={"day": day}))
    assert len(whole["items"]) == 3 and whole["next_cursor"] is None
    first = body_of(past.trainer.get("/api/v1/reports/day", params={"day": day, "limit": 2}))
    rest = body_of(past.trainer.get("/api/v1/reports/day", params={
        "day": day, "limit": 2, "cursor": first["next_cursor"]}))
    assert first["items"] + rest["items"] == whole["items"]
    assert "cursor" in field_errors(admin.get("/api/v1/reports/day?cursor=nonsense"))
    # Another trainer had no session on that day.
    assert body_of(trainer.get("/api/v1/reports/day", params={"day": day}))["items"] == []


def test_a_trainer_counts_the_own_sessions(past, admin, api, trainer2):
    other = Past(admin, api, students=0)
    other.group, other.students = past.group, past.students
    other.lesson(monday(3), "aa")
    mine = body_of(past.trainer.get(group_path(past), params={"from": monday(3).isoformat()}))
    theirs = body_of(other.trainer.get(group_path(past), params={"from": monday(3).isoformat()}))
    all_ = body_of(admin.get(group_path(past), params={"from": monday(3).isoformat()}))
    assert theirs["total"]["sessions"] == 2 and theirs["total"]["rate"] == 0
    assert all_["total"]["sessions"] == mine["total"]["sessions"] + 2
    problem(trainer2.get(group_path(past)), 404, "not-found")
    problem(trainer2.get(group_path(past) + "/csv"), 404, "not-found")


def test_csv_computes_nothing(admin, api):
    past = Past(admin, api)
    names = ["=1+1", "+1", "-1", "@sum", 'He said "so", twice', "سارة العلوي"]
    for name in names:
        student = past.make.student(name=name)
        past.make.member(past.group, student)
    answer = admin.get(group_path(past) + "/csv?bom=true")
    assert answer.content.startswith(b"\xef\xbb\xbf") and b"\r\n" in answer.content
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    shown = {row[1] for row in rows[1:-1]}
    assert {"'=1+1", "'+1", "'-1", "'@sum", names[4], names[5]} <= shown
    assert rows[0][:2] == ["student_number", "student_name"] and rows[-1][1] == past.group["name"]
    assert not admin.get(group_path(past) + "/csv").content.startswith(b"\xef\xbb\xbf")


def test_a_register_as_csv(past, admin, trainer2):
    s = past.sessions[0]
    rows = list(csv.DictReader(io.StringIO(
        admin.get(f"/api/v1/reports/registers/{s['id']}/csv").text)))
    statuses = {row["student_number"]: row["status"] for row in rows}
    assert statuses == {past.students[0]["student_number"]: "present",
                        past.students[1]["student_number"]: "absent"}
    problem(trainer2.get(f"/api/v1/reports/registers/{s['id']}/csv"), 404, "not-found")

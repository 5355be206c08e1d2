# SPDX-License-Identifier: MIT
"""A register filled from a list: looked at first, all or nothing, once however often it is sent."""
import concurrent.futures

import pytest

from factories import body_of, field_errors, problem, word
from lesson import head, lesson, moment, school  # noqa: F401


@pytest.fixture
def room(lesson):
    """Six students at 8:20."""
    room = lesson(n=6, accounts=False)
    room.wait(minutes=20)
    return room


def number(room, who):
    return room.rows[who]["student_number"]


def send(room, text, client=None, **form):
    data = text if isinstance(text, bytes) else text.encode()
    return (client or room.trainer).post(room.path + "/attendance/import", data=form,
                                         files={"list": ("marks.csv", data, "text/csv")})


def apply(room, text, **form):
    return body_of(send(room, text, dry_run="false", **form))


def statuses(room):
    by_id = {r["student_id"]: r["status"] for r in room.records()}
    return [by_id[row["id"]] for row in room.rows]


def test_a_list_is_looked_at_and_then_applied(room):
    text = "student_number,status,at,note\n" + "\n".join([
        f"{number(room, 0)},present,,",
        f"{number(room, 1)},late,08:15,",
        f"{number(room, 2)},A,,ill",
        f"{number(room, 3)},,2026-09-14T08:03:00Z,",
        f"{number(room, 4)},excused,,"])
    report = body_of(send(room, text))
    assert (report["dry_run"], report["applied"]) == (True, False)
    assert (report["lines"], report["good"], report["bad"], report["changes"]) == (5, 5, 0, 5)
    assert statuses(room) == ["unmarked"] * 6
    report = apply(room, text)
    assert (report["dry_run"], report["applied"], report["changes"], report["errors"]) == (False, True, 5, [])
    assert statuses(room) == ["present", "late", "absent", "present", "excused", "unmarked"]
    assert room.record(2)["note"] == "ill" and room.record(3)["in_at"] == moment(minutes=3, seconds=-1)
    assert (room.record(1)["method"], room.record(1)["minutes_late"]) == ("import", 15)


def test_sent_twice_it_changes_once(room):
    text = (f"student_number,status,at\n{number(room, 0)},present,08:02\n{number(room, 1)},absent,\n"
            f"{number(room, 2)},present,08:15\n")
    assert apply(room, text)["changes"] == 3
    assert statuses(room)[:3] == ["present", "absent", "present"], "the list has the last word"
    before, events = room.records(), [room.events(i) for i in range(3)]
    report = apply(room, text)
    assert (report["applied"], report["changes"]) == (True, 0)
    assert room.records() == before and [room.events(i) for i in range(3)] == events


@pytest.mark.parametrize("text", [
    "\ufeffN° ignoré;Matricule;Statut;Heure;Remarque\r\n1;{0};Présent;;\r\n2;{1};En retard;8h15;\"dit \"\"bus\"\"; oui\"\r\n",
    "student_number;status;note\r\n{0};P;\r\n{1};l;\"dit \"\"bus\"\"; oui\"\r\n\r\n",
    "STUDENT NUMBER,État,note\n{0},présent,\n{1},retard,\"dit \"\"bus\"\"; oui\"",
], ids=["french", "letters", "mixed"])
def test_lists_as_spreadsheets_write_them(room, text):
    report = apply(room, text.format(number(room, 0), number(room, 1)))
    assert (report["lines"], report["bad"], report["changes"]) == (2, 0, 2), report
    assert statuses(room)[:2] == ["present", "late"]
    assert room.record(1)["note"] == 'dit "bus"; oui'


def test_every_bad_line_is_named_and_nothing_is_applied(room):
    stranger = word("S")
    rows = [(f"{number(room, 0)},present,,", None), (",present,,", ("student_number", "required")),
            (f"{stranger},present,,", ("student_number", "unknown_student")),
            (f"{number(room, 0)},late,,", ("student_number", "duplicate")),
            (f"{number(room, 1)},maybe,,", ("status", "status")),
            (f"{number(room, 1)},,,x", ("status", "required")),
            (f"{number(room, 1)},present,25:00,", ("at", "time")),
            (f"{number(room, 1)},present,08:5,", ("at", "time")),
            (f"{number(room, 1)},present,2026-02-30 08:00,", ("at", "time")),
            (f"{number(room, 1)},present,1969-12-31T23:59:59Z,", ("at", "time")),
            (f"{number(room, 1)},present,9999-01-01T00:00:00Z,", ("at", "time")),
            (f"{number(room, 1)},present,09:30,", ("at", "time")),
            (f"{number(room, 1)},absent,08:05,", ("status", "status")),
            (f"{number(room, 1)},present,," + "n" * 501, ("note", "max_length")),
            ("x" * 41 + ",present,,", ("student_number", "max_length")),
            (",".join("abcdefghijklmnopq"), ("", "columns")),
            (f"{number(room, 2)},present,\"08:00", ("", "quote"))]
    report = apply(room, "student_number,status,at,note\n" + "\n".join(row for row, _ in rows))
    found = [(e["line"], e["column"], e["code"]) for e in report["errors"]]
    assert found == [(i + 2, *wrong) for i, (_, wrong) in enumerate(rows) if wrong]
    assert (report["applied"], report["lines"], report["good"]) == (False, len(rows), 1)
    assert all(e["detail"] for e in report["errors"]) and report["errors"][1]["value"] == stranger
    assert statuses(room) == ["unmarked"] * 6
    report = apply(room, "student_number,status,at,note\n" + "\n".join(row for row, _ in rows), partial="true")
    assert (report["applied"], report["changes"]) == (True, 1)
    assert statuses(room) == ["present"] + ["unmarked"] * 5


def test_ten_thousand_lines_of_which_every_third_is_bad(room):
    lines = []
    for i in range(10000):
        lines.append(f"nobody-{i},present" if i % 3 == 2 else f"{number(room, i % 6)},present")
    report = apply(room, "student_number,status\n" + "\n".join(lines))
    assert (report["lines"], report["applied"], report["good"], report["bad"]) == (10000, False, 4, 9996)
    assert len(report["errors"]) == 1000 and report["errors"][0]["line"] == 4
    assert statuses(room) == ["unmarked"] * 6
    answer = send(room, "student_number,status\n" + "\n".join([*lines, f"{number(room, 0)},absent"]))
    assert field_errors(answer) == {"list": "too_many_lines"}


def test_what_is_no_list(room):
    for text, code in ((b"\xff\xfe\x00", "encoding"), ("", None), ("a,b\n1,2\n", "header"),
                       ("student_number\nx\n", "header"), ("student_number,status\n\n\n", "empty"),
                       ("student_number,status,matricule\nx,P,x\n", "header"), ("\"open", "header")):
        errors = field_errors(send(room, text))
        assert "list" in errors and code in (None, errors["list"]), (text, errors)
    assert send(room, b"x" * (2 * 1024 * 1024 + 1)).status_code in (413, 422)


def test_a_formula_stays_text(room):
    evil = '=HYPERLINK("http://x";"y")'
    quoted = '"' + evil.replace('"', '""') + '"'
    for note in (quoted, '"\'' + quoted[1:]):
        report = apply(room, f"student_number,status,note\n{number(room, 0)},present,{note}\n"
                             f"{number(room, 1)},absent,{note}\n")
        assert report["bad"] == 0
    assert room.record(0)["note"] == evil
    bad = body_of(send(room, f"student_number,status\n{quoted},present\n"))
    assert bad["errors"][0]["value"] == evil, "JSON is no spreadsheet"


def test_whose_list_and_when(room, lesson, head):
    text = f"student_number,status\n{number(room, 0)},present\n"
    other = lesson(accounts=False)
    problem(send(room, text, client=other.trainer), 404, "not-found")
    assert body_of(send(room, text, client=head))["good"] == 1
    assert body_of(send(other, text))["errors"][0]["code"] == "unknown_student"
    room.move("close")
    assert apply(room, text)["applied"] and statuses(room)[0] == "present"
    room.move("confirm")
    problem(send(room, text), 409, "session-not-open")
    problem(send(lesson(accounts=False, is_open=False), text), 409, "session-not-open")


def test_a_crash_leaves_all_or_nothing(lesson, school):
    """Killed at several moments of the work, from before it began to after it was acknowledged."""
    outcomes = set()
    for delay_ms in (0, 4, 12, 30, None):
        room = lesson(n=30, accounts=False)
        room.wait(minutes=20)
        text = "student_number,status,at\n" + "".join(
            f"{number(room, i)},present,08:0{i % 10}\n" for i in range(30))
        with concurrent.futures.ThreadPoolExecutor() as pool:
            answer = pool.submit(send, room, text, dry_run="false")
            concurrent.futures.wait([answer], timeout=delay_ms and delay_ms / 1000)
            school.kill()
            acknowledged = not answer.exception() and answer.result().json()["applied"]
        school.start()
        after = statuses(room)
        assert after in (["present"] * 30, ["unmarked"] * 30)
        assert not acknowledged or after == ["present"] * 30
        outcomes.add(after[0])
        assert apply(room, text)["applied"] and statuses(room) == ["present"] * 30
        assert [len(room.events(i)) for i in (0, 15, 29)] == [1, 1, 1], "and nothing twice"
    assert "present" in outcomes, "the last one was answered"
    assert school.run("ledger", "verify").returncode == 0

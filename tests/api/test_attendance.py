# SPDX-License-Identifier: MIT
"""The register by hand: marks, corrections that keep both values, undo, closing, ownership."""
import concurrent.futures

import pytest

from classroom import Classroom, classroom, now, open_class  # noqa: F401
from factories import body_of, field_errors, problem, walk


def events(room, i):
    answer = room.trainer.get(f"{room.path}/attendance/{room.students[i]['id']}/events")
    return body_of(answer)["items"]


def undo(room, i):
    return room.trainer.post(f"{room.path}/attendance/{room.students[i]['id']}/undo")


def test_every_expected_student_is_in_the_register(classroom):
    register = body_of(classroom.trainer.get(classroom.path + "/register"))
    assert {r["student_id"] for r in register["records"]} == {s["id"] for s in classroom.students}
    assert all(r["status"] == "unmarked" and r["id"] is None for r in register["records"])


def test_nothing_is_marked_before_the_register_opens(classroom):
    problem(classroom.mark(0, "present"), 409, "session-not-open")


STATUSES = ["present", "late", "partial", "left_early", "excused", "absent", "remote"]


@pytest.mark.parametrize("status", STATUSES)
def test_mark_by_hand(open_class, status):
    record = body_of(open_class.mark(0, status))
    assert record["status"] == status and record["method"] == "manual"
    assert record["marked_by"] == open_class.trainer.account["id"]
    assert open_class.record(0) == record
    session = body_of(open_class.trainer.get(open_class.path))
    assert session[status] == 1 and session["unmarked"] == 3


def test_a_correction_keeps_both_values(open_class):
    body_of(open_class.mark(0, "absent"))
    changed = body_of(open_class.mark(0, "excused", note="doctor's note '; DROP TABLE student; --"))
    assert changed["status"] == "excused"
    assert changed["note"] == "doctor's note '; DROP TABLE student; --"
    log = events(open_class, 0)
    assert [(e["kind"], e["status_before"], e["status_after"]) for e in log] == [
        ("mark", "unmarked", "absent"), ("change", "absent", "excused")]
    assert all(e["by_user_id"] == open_class.trainer.account["id"] for e in log)


def test_the_same_mark_again_is_not_another_one(open_class, admin):
    first = body_of(open_class.mark(0, "late", note="bus"))
    assert body_of(open_class.mark(0, "late", note="bus")) == first
    assert len(events(open_class, 0)) == 1
    # Another note, and another person's word, are something else.
    assert body_of(open_class.mark(0, "late", note="train"))["version"] > first["version"]
    changed = body_of(open_class.mark(0, "late", client=admin, note="train"))
    assert changed["marked_by"] == admin.account["id"]
    assert len(events(open_class, 0)) == 3


def test_undo_goes_back_step_by_step(open_class):
    for status in ("absent", "late", "present"):
        body_of(open_class.mark(0, status))
    assert body_of(undo(open_class, 0))["status"] == "late"
    assert body_of(undo(open_class, 0))["status"] == "absent"
    assert body_of(undo(open_class, 0))["status"] == "unmarked"
    problem(undo(open_class, 0), 404, "not-found")
    log = events(open_class, 0)
    assert len(log) == 6 and [e["undone"] for e in log] == [True, True, True, False, False, False]
    assert body_of(open_class.mark(0, "present"))["status"] == "present"
    assert body_of(undo(open_class, 0))["status"] == "unmarked"


def test_undo_of_nothing(open_class):
    problem(undo(open_class, 0), 404, "not-found")


@pytest.mark.parametrize("body,field,code", [
    ({}, "/status", "required"),
    ({"status": "asleep"}, "/status", "one_of"),
    ({"status": None}, "/status", "type"),
    ({"status": "present", "note": "x" * 501}, "/note", "max_length"),
    ({"status": "present", "by": 1}, "/by", "unknown"),
])
def test_a_wrong_mark_is_refused(open_class, body, field, code):
    answer = open_class.trainer.put(
        f"{open_class.path}/attendance/{open_class.students[0]['id']}", json=body)
    assert field_errors(answer) == {field: code}
    assert open_class.record(0)["status"] == "unmarked"


def test_a_student_of_another_class_is_not_marked(open_class, admin, api):
    other = Classroom(admin, api, n=1)
    answer = open_class.trainer.put(
        f"{open_class.path}/attendance/{other.students[0]['id']}", json={"status": "present"})
    problem(answer, 404, "not-found")


def test_nobody_else_marks(open_class, trainer, student):
    problem(open_class.mark(0, "present", client=trainer), 404, "not-found")
    problem(open_class.mark(0, "present", client=student), 403, "forbidden")
    assert open_class.record(0)["status"] == "unmarked"


def test_an_admin_marks_in_any_session(open_class, admin):
    record = body_of(open_class.mark(0, "present", client=admin))
    assert record["marked_by"] == admin.account["id"]


def test_closing_marks_the_rest_absent(open_class):
    body_of(open_class.mark(0, "present"))
    closed = body_of(open_class.move("close"))
    assert (closed["present"], closed["absent"]) == (1, 3)
    assert open_class.record(1)["method"] == "close"
    assert events(open_class, 1)[0]["kind"] == "close"
    # A correction after closing, until the register is confirmed.
    assert body_of(open_class.mark(1, "excused"))["status"] == "excused"


def test_a_student_sees_only_the_own_record(admin, api, open_class):
    made = open_class.make.student(account=True)
    open_class.make.member(open_class.group, made, **{"from": "2020-01-01"})
    who = api.login(body_of(admin.get(f"/api/v1/students/{made['id']}"))["email"],
                    "seven-Teal-otters")
    records = body_of(who.get(open_class.path + "/register"))["records"]
    assert [r["student_id"] for r in records] == [made["id"]]
    other = open_class.students[0]["id"]
    problem(who.get(f"{open_class.path}/attendance/{other}/events"), 404, "not-found")
    assert body_of(who.get(f"{open_class.path}/attendance/{made['id']}/events"))["items"] == []
    problem(who.get(f"/api/v1/students/{other}/attendance"), 404, "not-found")
    problem(who.get(f"/api/v1/students/{other}/attendance/summary"), 404, "not-found")


def bulk(room, client=None, **body):
    return (client or room.trainer).post(room.path + "/attendance/bulk", json=body)


def outcomes(answer):
    return [i["outcome"] for i in body_of(answer)["items"]]


def ids(room, *which):
    return [room.students[i]["id"] for i in which]


def test_all_present_but(open_class):
    answer = bulk(open_class, status="present", all_but=ids(open_class, 2), note="called by name")
    assert outcomes(answer) == ["changed"] * 3 and body_of(answer)["changed"] == 3
    assert {i["record"]["student_id"] for i in body_of(answer)["items"]} == set(
        ids(open_class, 0, 1, 3))
    assert open_class.record(2)["status"] == "unmarked"
    assert open_class.record(0) == next(i["record"] for i in body_of(answer)["items"]
                                        if i["student_id"] == ids(open_class, 0)[0])
    # Asked again, with a new key or none: nothing changes, nothing is written.
    assert outcomes(bulk(open_class, status="present", all_but=ids(open_class, 2),
                         note="called by name")) == ["same"] * 3
    assert len(events(open_class, 0)) == 1
    assert outcomes(bulk(open_class, status="absent", all_but=[], only_unmarked=True)).count(
        "kept") == 3
    session = body_of(open_class.trainer.get(open_class.path))
    assert (session["present"], session["absent"], session["unmarked"]) == (3, 1, 0)


def test_some_at_once_each_with_an_answer(open_class, admin, api):
    stranger = Classroom(admin, api, n=1).students[0]["id"]
    body_of(open_class.mark(1, "late"))
    answer = bulk(open_class, status="late", student_ids=[*ids(open_class, 0, 1, 0), stranger])
    assert outcomes(answer) == ["changed", "same", "unknown"]
    assert body_of(answer)["items"][2]["record"] is None
    assert undo(open_class, 0).json()["status"] == "unmarked"


@pytest.mark.parametrize("body,field", [
    ({"status": "present"}, "/student_ids"),
    ({"status": "present", "student_ids": [1], "all_but": []}, "/student_ids"),
    ({"student_ids": [1]}, "/status"),
    ({"status": "present", "student_ids": "all"}, "/student_ids"),
    ({"status": "present", "all_but": [], "code": "ZZ"}, "/code"),
    ({"status": "present", "all_but": [], "code": "A"}, "/code"),
    ({"status": "present", "student_ids": list(range(1, 1002))}, "/student_ids"),
])
def test_a_wrong_bulk_is_refused(open_class, body, field):
    assert field in field_errors(bulk(open_class, **body))
    assert open_class.record(0)["status"] == "unmarked"


def test_nobody_is_marked_because_another_was_left_out_by_mistake(open_class, admin, api):
    stranger = Classroom(admin, api, n=1).students[0]["id"]
    answer = bulk(open_class, status="present", all_but=[*ids(open_class, 2), stranger])
    assert field_errors(answer) == {"/all_but/1": "not_found"}
    assert {r["status"] for r in map(open_class.record, range(4))} == {"unmarked"}


def test_who_may_bulk(open_class, trainer, student):
    problem(bulk(open_class, trainer, status="present", all_but=[]), 404, "not-found")
    problem(bulk(open_class, student, status="present", all_but=[]), 403, "forbidden")


def test_the_school_has_its_own_letters(open_class):
    assert body_of(open_class.mark(0, "present"))["code"] == "P"
    assert body_of(open_class.mark(0, "left_early"))["code"] == "LE"
    assert body_of(open_class.mark(0, "absent", code="A"))["code"] == "A"
    assert field_errors(open_class.mark(0, "absent", code="P")) == {"/code": "one_of"}
    assert open_class.record(1)["code"] is None


def test_every_record_says_why(open_class):
    record = body_of(open_class.mark(0, "absent"))
    assert record["reason"] == "person_said" and record["derived"] == "unmarked"
    assert all(len(record["why"][k]) > 8 for k in ("en", "fr", "ar"))
    assert open_class.record(1)["reason"] == "nothing"
    body_of(open_class.move("close"))
    assert open_class.record(1)["reason"] == "register_closed"
    # What was said and what the rules say stand beside each other.
    record = body_of(open_class.mark(1, "present"))
    assert (record["status"], record["derived"]) == ("present", "absent")
    assert open_class.record(0)["derived"] == "absent"


def test_a_confirmed_register_is_locked(open_class):
    body_of(open_class.mark(0, "present"))
    body_of(open_class.move("close"))
    body_of(open_class.move("confirm"))
    before = open_class.record(0)
    problem(open_class.mark(0, "absent"), 409, "session-not-open")
    problem(undo(open_class, 0), 409, "session-not-open")
    problem(bulk(open_class, status="absent", all_but=[]), 409, "session-not-open")
    assert field_errors(open_class.move("reopen", reason="  ")) == {"/reason": "required"}
    assert open_class.record(0) == before
    body_of(open_class.move("reopen", reason="a mistake"))
    assert body_of(open_class.mark(0, "absent"))["status"] == "absent"


def test_undone_in_a_closed_register_is_absent(open_class):
    body_of(open_class.mark(0, "present"))
    body_of(open_class.move("close"))
    record = body_of(undo(open_class, 0))
    assert (record["status"], record["reason"]) == ("absent", "register_closed")
    assert body_of(open_class.trainer.get(open_class.path))["unmarked"] == 0
    # Open again, nobody has said anything about that student.
    body_of(open_class.move("reopen", reason="they are still coming"))
    assert open_class.record(0)["status"] == "unmarked"
    assert open_class.record(1)["status"] == "absent"


def test_a_guardian_sees_only_the_own_wards(api, open_class):
    made = open_class.make.guardian(open_class.students[1])
    who = api.login(made["email"], "seven-Teal-otters")
    body_of(open_class.mark(1, "late"))
    records = body_of(who.get(open_class.path + "/register"))["records"]
    assert [(r["student_id"], r["status"]) for r in records] == [
        (open_class.students[1]["id"], "late")]
    path = open_class.path + "/attendance/{}/events"
    assert len(body_of(who.get(path.format(open_class.students[1]["id"])))["items"]) == 1
    problem(who.get(path.format(open_class.students[0]["id"])), 404, "not-found")


def test_a_students_days_and_sum(admin, api):
    room = Classroom(admin, api, n=1)
    statuses = ["present", "late", "absent", "excused", "present"]
    for k, status in enumerate(statuses):
        room.session = room.new_session(began_min=10 * k + 1)
        room.open()
        body_of(room.mark(0, status))
    path = f"/api/v1/students/{room.students[0]['id']}/attendance"
    days, pages = walk(room.trainer, path, {"limit": 2})
    assert [d["status"] for d in days if d["status"] != "unmarked"] == statuses
    assert pages == 3
    total = body_of(room.trainer.get(path + "/summary"))
    assert (total["present"], total["late"], total["absent"], total["excused"]) == (2, 1, 1, 1)
    assert (total["sessions"], total["partial"], total["weight"]) == (5, 0, 3000)
    assert total["rate"] == pytest.approx(0.75)


def test_marking_at_once_from_many_sides_is_one_record(open_class):
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: open_class.mark(0, "present"), range(16)))
    assert {a.status_code for a in answers} == {200}
    log = events(open_class, 0)
    assert [e["kind"] for e in log] == ["mark"]
    assert body_of(open_class.trainer.get(open_class.path))["present"] == 1


def test_the_closing_itself_is_not_undone(open_class):
    body_of(open_class.mark(0, "late"))
    body_of(open_class.move("close"))
    problem(undo(open_class, 1), 404, "not-found")
    body_of(open_class.mark(1, "excused"))
    assert body_of(undo(open_class, 1))["status"] == "absent"
    problem(undo(open_class, 1), 404, "not-found")
    # Open again, there may be somebody who is not marked yet.
    body_of(open_class.move("reopen", reason="the bus came late"))
    assert body_of(undo(open_class, 1))["status"] == "unmarked"
    assert open_class.record(0)["status"] == "late"


def test_a_trainer_sees_the_days_of_the_own_sessions_only(admin, api):
    room, other = Classroom(admin, api, n=1), Classroom(admin, api, n=0)
    body_of(room.open().mark(0, "absent"))
    other.students = room.students
    other.session = room.make.session(other.trainer_row, [room.group], starts_at=now(-1),
                                      ends_at=now(119))
    body_of(other.open().mark(0, "present"))
    path = f"/api/v1/students/{room.students[0]['id']}/attendance"
    for who, statuses, rate in ((room.trainer, ["absent"], 0), (other.trainer, ["present"], 1),
                                (admin, ["absent", "present"], 0.5)):
        assert sorted(d["status"] for d in body_of(who.get(path))["items"]) == statuses
        assert body_of(who.get(path + "/summary"))["rate"] == rate


def test_a_mark_that_changed_meanwhile(open_class, admin):
    path = f"{open_class.path}/attendance/{open_class.students[0]['id']}"
    made = open_class.mark(0, "present")
    tag = made.headers["ETag"]
    assert tag == f'"{body_of(made)["version"]}"'
    changed = admin.put(path, json={"status": "late"}, headers={"If-Match": tag})
    assert body_of(changed)["status"] == "late"
    problem(open_class.trainer.put(path, json={"status": "absent"}, headers={"If-Match": tag}),
            412, "version-mismatch")
    assert open_class.record(0)["status"] == "late" and len(events(open_class, 0)) == 2
    # Who does not ask wins.
    assert body_of(open_class.mark(0, "absent"))["status"] == "absent"


def test_a_students_sessions_by_status_and_module(open_class):
    body_of(open_class.mark(0, "late"))
    path = f"/api/v1/students/{ids(open_class, 0)[0]}/attendance"
    module = body_of(open_class.trainer.get(open_class.path))["module_id"]
    for query, number in ((f"status=late&module_id={module}", 1), ("status=late", 1), ("status=absent", 0),
                          (f"module_id={module}", 1), ("module_id=999999", 0)):
        assert len(body_of(open_class.trainer.get(f"{path}?{query}"))["items"]) == number, query
    assert field_errors(open_class.trainer.get(path + "?status=ill")) == {"status": "one_of"}

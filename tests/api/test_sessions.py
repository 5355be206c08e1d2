# SPDX-License-Identifier: MIT
"""The timetable: who sees which session, what may be planned, and one state after the other."""
import pytest

from classroom import Classroom, classroom, now, open_class  # noqa: F401
from factories import body_of, field_errors, make, problem, walk, word  # noqa: F401


def test_a_session_is_planned_and_read(classroom, admin):
    s = classroom.session
    assert s["state"] == "scheduled" and s["expected"] == 4 and s["unmarked"] == 4
    assert s["group_ids"] == [classroom.group["id"]]
    assert s["group_names"] == [classroom.group["name"]]
    assert s["trainer_name"] == classroom.trainer_row["name"]
    assert s["late_after_min"] == 10 and s["absent_after_min"] == 30
    answer = admin.get(f"/api/v1/sessions/{s['id']}")
    assert body_of(answer) == s
    assert answer.headers["ETag"] == f'"{s["version"]}"'


def test_everything_wrong_is_told_together(admin, make, classroom):
    archived = make.room()
    body_of(admin.patch(f"/api/v1/rooms/{archived['id']}", version=archived["version"],
                        json={"archived": True}))
    answer = admin.post("/api/v1/sessions", json={
        "module_id": 999999, "trainer_id": 999999, "group_ids": [999999], "room_id": archived["id"],
        "starts_at": now(60), "ends_at": now(30), "kind": "course", "mode": "in_person",
        "late_after_min": 40, "absent_after_min": 30})
    assert set(field_errors(answer)) == {"/module_id", "/trainer_id", "/group_ids/0", "/room_id",
                                         "/ends_at", "/absent_after_min"}


@pytest.mark.parametrize("member,value,code", [
    ("kind", "party", "one_of"),
    ("mode", 3, "type"),
    ("starts_at", "tomorrow", "type"),
    ("starts_at", "1969-12-31T23:59:59Z", "type"),
    ("time_zone", "Mars/Olympus", "format"),
    ("time_zone", "../../etc/passwd", "format"),
    ("group_ids", [], "min_items"),
    ("group_ids", ["x"], "type"),
    ("late_after_min", -1, "min"),
    ("late_after_min", 2**70, None),
    ("colour", "red", "unknown"),
])
def test_a_wrong_member_is_refused(admin, classroom, member, value, code):
    good = {"module_id": classroom.session["module_id"], "trainer_id": classroom.trainer_row["id"],
            "group_ids": [classroom.group["id"]], "starts_at": now(60), "ends_at": now(90),
            "kind": "course", "mode": "in_person", member: value}
    answer = admin.post("/api/v1/sessions", json=good)
    if code is None:
        problem(answer, 400, "bad-request")
    else:
        assert code in field_errors(answer).values()


def test_times_keep_their_instant(admin, classroom):
    s = classroom.make.session(classroom.trainer_row, [classroom.group],
                               starts_at="2027-03-28T03:30:00+02:00",
                               ends_at="2027-03-28T05:00:00+02:00", time_zone="Europe/Paris")
    assert s["starts_at"] == "2027-03-28T01:30:00.000Z"
    assert s["time_zone"] == "Europe/Paris"


def test_a_trainer_sees_only_own_sessions(classroom, trainer, student):
    problem(trainer.get(classroom.path), 404, "not-found")
    problem(trainer.post(classroom.path + "/open"), 404, "not-found")
    problem(trainer.get(classroom.path + "/register"), 404, "not-found")
    problem(student.get(classroom.path), 404, "not-found")
    ids = {s["id"] for s in walk(trainer, "/api/v1/sessions", {"limit": 200})[0]}
    assert classroom.session["id"] not in ids
    own = walk(classroom.trainer, "/api/v1/sessions", {})[0]
    assert [s["id"] for s in own] == [classroom.session["id"]]


def test_a_student_sees_the_sessions_of_own_groups(admin, api, classroom):
    made = classroom.make.student(account=True)
    classroom.make.member(classroom.group, made, **{"from": "2020-01-01"})  # the session may be of yesterday
    email = body_of(admin.get(f"/api/v1/students/{made['id']}"))["email"]
    who = api.login(email, "seven-Teal-otters")
    assert [s["id"] for s in walk(who, "/api/v1/sessions", {})[0]] == [classroom.session["id"]]
    problem(who.post(classroom.path + "/open"), 403, "forbidden")


def test_list_filters_and_pages(admin, api):
    room = Classroom(admin, api, n=1)
    for hour in range(1, 8):
        room.make.session(room.trainer_row, [room.group], starts_at=now(60 * hour),
                          ends_at=now(60 * hour + 30))
    mine = {"trainer_id": room.trainer_row["id"]}
    items, pages = walk(admin, "/api/v1/sessions", {"limit": 3, **mine})
    assert len(items) == 8 and pages == 3
    starts = [s["starts_at"] for s in items]
    assert starts == sorted(starts) and len({s["id"] for s in items}) == 8
    back, _ = walk(admin, "/api/v1/sessions", {"limit": 3, "sort": "-starts_at", **mine})
    assert [s["id"] for s in back] == [s["id"] for s in reversed(items)]
    some, _ = walk(admin, "/api/v1/sessions", {"from": now(90), "to": now(200), **mine})
    assert len(some) == 3
    assert walk(admin, "/api/v1/sessions", {"state": "open", **mine})[0] == []
    assert len(walk(admin, "/api/v1/sessions", {"group_id": room.group["id"]})[0]) == 8
    problem(admin.get("/api/v1/sessions?cursor=%21%21"), 422, "invalid")


def test_change_needs_the_version_and_a_scheduled_session(admin, classroom):
    s = classroom.session
    problem(admin.patch(classroom.path, json={"kind": "lab"}), 428, "precondition-required")
    changed = body_of(admin.patch(classroom.path, version=s["version"], json={"kind": "lab"}))
    assert changed["kind"] == "lab" and changed["version"] > s["version"]
    problem(admin.patch(classroom.path, version=s["version"], json={"kind": "exam"}), 412,
            "version-mismatch")
    version = body_of(classroom.move("open"))["version"]
    problem(admin.patch(classroom.path, version=version, json={"kind": "exam"}), 409,
            "session-state")


def test_states_follow_each_other(open_class):
    problem(open_class.move("open"), 409, "session-state")
    problem(open_class.move("confirm"), 409, "session-state")
    closed = body_of(open_class.move("close"))
    assert closed["state"] == "closed" and closed["absent"] == 4 and closed["unmarked"] == 0
    problem(open_class.move("close"), 409, "session-state")
    assert body_of(open_class.move("confirm"))["state"] == "confirmed"
    problem(open_class.mark(0, "present"), 409, "session-not-open")
    assert "/reason" in field_errors(open_class.move("reopen", reason=""))
    again = body_of(open_class.move("reopen", reason="marked the wrong group"))
    assert again["state"] == "open" and again["reopen_reason"] == "marked the wrong group"
    assert body_of(open_class.mark(0, "present"))["status"] == "present"


def test_a_register_opens_only_near_the_start(admin, api):
    room = Classroom(admin, api, n=1, began_min=-60)
    answer = room.move("open")
    problem(answer, 409, "session-state")
    assert "opens at" in answer.json()["detail"]
    soon = Classroom(admin, api, n=1, began_min=-14)
    assert body_of(soon.move("open"))["state"] == "open"


def test_a_cancelled_session_stays_cancelled(classroom):
    cancelled = body_of(classroom.move("cancel", reason="the trainer is ill"))
    assert cancelled["state"] == "cancelled" and cancelled["cancel_reason"] == "the trainer is ill"
    for verb in ("open", "close", "confirm"):
        problem(classroom.move(verb), 409, "session-state")


def test_members_count_by_their_days(admin, api):
    room = Classroom(admin, api, n=2)
    late_comer = room.make.student()
    room.make.member(room.group, late_comer, **{"from": now(60 * 24 * 3)[:10]})
    assert body_of(room.trainer.get(room.path))["expected"] == 2

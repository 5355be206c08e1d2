# SPDX-License-Identifier: MIT
"""Registers that nobody took, who is told of them, and registers given to another trainer."""
import time

import pytest

import factories
from classroom import Classroom, now
from client import Client
from factories import body_of, field_errors, problem, walk
from own import ADMIN, PASSWORD, running
from server import SLOW
from test_events import Stream

MISSING = "/api/v1/registers/not-taken"


@pytest.fixture(scope="module")
def room(admin, api):
    made = Classroom(admin, api, n=0)
    made.students = [made.make.student() for _ in range(2)]
    for s in made.students:
        made.make.member(made.group, s, **{"from": "2020-01-01"})
    return made


def test_what_was_not_taken(room, admin, trainer):
    ended = room.session = room.new_session(began_min=200)  # two hours long
    half = room.session = room.new_session(began_min=190)
    room.open()
    body_of(room.mark(0, "present"))
    begun = room.new_session(began_min=31)
    room.new_session(began_min=20)
    going = room.session = room.new_session(began_min=45)
    room.open()
    for verb, more in (("close", {}), ("cancel", {"reason": "ill"})):
        room.session = room.new_session(began_min=180)
        if verb == "close":
            room.open()
        body_of(room.move(verb, **more))
    found, pages = walk(room.trainer, MISSING, {"limit": 2})
    assert pages == 2 and [f["id"] for f in found] == [ended["id"], half["id"], begun["id"]]
    assert going["id"] not in [f["id"] for f in found]
    assert [f["missing"] for f in found] == ["opening", "closing", "opening"]
    assert [f["marked"] for f in found] == [0, 1, 0]
    for f, minutes in zip(found, (80, 70, 31)):
        assert minutes <= f["minutes_overdue"] <= minutes + 1
        assert f["expected"] == 2 and f["group_names"] == [room.group["name"]]
        assert f["trainer_name"] == room.trainer_row["name"]
    mine = {"trainer_id": room.trainer_row["id"]}
    assert body_of(admin.get(MISSING, params=mine))["items"] == found
    span = {**mine, "from": now(-195), "to": now(-60)}
    assert [f["id"] for f in body_of(admin.get(MISSING, params=span))["items"]] == [half["id"]]
    # A trainer sees the own ones only, whoever is asked for.
    assert body_of(trainer.get(MISSING, params=mine))["items"] == []
    assert field_errors(admin.get(MISSING, params={"cursor": "x"}))["cursor"]


def test_handed_over(room, admin, api):
    session = room.session = room.new_session()
    other = room.make.trainer()
    caller = api.login(other["email"], factories.PASSWORD)
    room.open()
    body_of(room.mark(0, "present"))
    streams = [Stream(room.trainer), Stream(caller)]
    path = room.path + "/hand-over"
    made = body_of(room.trainer.post(path, json={"trainer_id": other["id"], "reason": "ill"}), 201)
    assert (made["from_trainer_id"], made["to_trainer_id"]) == (room.trainer_row["id"], other["id"])
    assert made["reason"] == "ill" and made["by_name"] == room.trainer_row["name"]
    for s in streams:
        assert s.named(["register.handed_over"], 1)
        s.close()
    # Who has it may mark; whom it was planned with may look, and cannot take it back.
    assert body_of(room.trainer.get(room.path))["trainer_id"] == other["id"]
    problem(room.mark(1, "present"), 403, "forbidden")
    mine = {"trainer_id": room.trainer_row["id"], "reason": "mine"}
    problem(room.trainer.post(path, json=mine), 403, "forbidden")
    marks = f"student_number,at\n{room.students[1]['student_number']},{now()}\n"
    problem(room.trainer.post(room.path + "/attendance/import", data={"dry_run": "false"},
                              files={"list": ("marks.csv", marks.encode(), "text/csv")}), 403, "forbidden")
    for method, code in (("GET", "code"), ("GET", "code.svg"), ("POST", "code/regenerate")):
        problem(room.trainer.request(method, f"{room.path}/{code}"), 403, "forbidden")
    assert room.record(1, caller)["status"] == "unmarked"
    assert body_of(room.mark(1, "late", caller))["status"] == "late"
    assert room.record(0, caller)["status"] == "present"
    # And back, by an administrator.
    back = {"trainer_id": room.trainer_row["id"], "reason": "well again"}
    body_of(admin.post(path, json=back), 201)
    found, pages = walk(room.trainer, room.path + "/hand-overs", {"limit": 1})
    assert pages == 2 and [h["reason"] for h in found] == ["ill", "well again"]
    assert found[1]["to_trainer_name"] == body_of(room.trainer.get(room.path))["trainer_name"]
    assert session["id"] == found[0]["session_id"]


def test_what_is_not_handed_over(room, admin):
    room.session = room.new_session()
    path = room.path + "/hand-over"
    other = room.make.trainer()
    to_other = {"trainer_id": other["id"], "reason": "x"}
    assert field_errors(room.trainer.post(path, json={"trainer_id": other["id"]}))["/reason"]
    assert field_errors(room.trainer.post(path, json={**to_other, "reason": "  "})) == {"/reason": "blank"}
    assert field_errors(room.trainer.post(
        path, json={**to_other, "trainer_id": room.trainer_row["id"]}))["/trainer_id"]
    assert field_errors(room.trainer.post(
        path, json={**to_other, "trainer_id": 999999}))["/trainer_id"]
    stranger = room.make.sign_in(other["email"])
    problem(stranger.post(path, json=to_other), 404, "not-found")
    room.open()
    body_of(room.move("close"))
    problem(room.trainer.post(path, json=to_other), 409, "session-state")
    assert body_of(admin.get(room.path + "/hand-overs"))["items"] == []


def told_to(stream, last):
    """Who was told of what, up to the last of it."""
    until = time.monotonic() + 20 * SLOW
    while last not in (told := [(d["told"], d["session_id"]) for _, name, d in stream.events
                                if name == "register.not_taken"]):
        assert time.monotonic() < until, told
        time.sleep(0.01)
    stream.close()
    return told


def test_told_once(contract):
    """Ten minutes after the end the trainer, a day after it the administrators."""
    with running() as server:
        api = Client(server, contract)
        admin = api.login(ADMIN, PASSWORD)
        room = Classroom(admin, api, n=1, began_min=125)  # ended five minutes ago
        late = room.new_session(began_min=140)
        day = room.new_session(began_min=26 * 60 + 10)
        room.new_session(began_min=9 * 24 * 60)  # of last week: nobody is told
        # The job also runs right after the start, in the order of the sessions' starts.
        server.stop()
        server.start()
        first = told_to(Stream(admin, last=1), ("admins", day["id"]))
        assert sorted(first) == sorted([("trainer", late["id"]), ("trainer", day["id"]),
                                        ("admins", day["id"])])
        next_day = room.new_session(began_min=26 * 60 + 5)
        server.stop()
        server.start()
        streams = [Stream(c, last=1) for c in (admin, room.trainer)]
        for_admins = ("admins", next_day["id"])
        everything = told_to(streams[0], for_admins)
        mine = told_to(streams[1], ("trainer", next_day["id"]))
    assert everything == [*first, ("trainer", next_day["id"]), for_admins]
    assert sorted(mine) == sorted(("trainer", s["id"]) for s in (late, day, next_day))

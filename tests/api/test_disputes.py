# SPDX-License-Identifier: MIT
"""Disputes: a student says that a mark is wrong; one answer, once; both values stay."""
import concurrent.futures

import pytest

from classroom import Classroom
from factories import PASSWORD, body_of, field_errors, problem, walk
from test_events import Stream

QUEUE = "/api/v1/disputes"


class Room(Classroom):
    """Two students with accounts, signed in; the register is open and the first is absent."""

    def __init__(self, admin, api):
        super().__init__(admin, api, n=0)
        self.students = [self.make.student(account=True) for _ in range(2)]
        for s in self.students:
            self.make.member(self.group, s, **{"from": "2020-01-01"})
        self.callers = [api.login(s["email"], PASSWORD) for s in self.students]
        self.open()
        body_of(self.mark(0, "absent"))

    def dispute(self, i=0, claimed="present", message="I sat in the last row."):
        return self.callers[i].post(self.path + "/disputes",
                                    json={"claimed": claimed, "message": message})


@pytest.fixture
def room(admin, api):
    return Room(admin, api)


def decide(client, dispute, verb, **body):
    return client.post(f"{QUEUE}/{dispute['id']}/{verb}", json=body)


def test_accepted_the_mark_is_corrected_and_both_values_stay(room):
    streams = [Stream(room.trainer), Stream(room.callers[1])]
    made = body_of(room.dispute(), 201)
    assert (made["state"], made["claimed"], made["status_then"]) == ("open", "present", "absent")
    assert made["student_id"] == room.students[0]["id"] and made["answer"] is None
    seen, = body_of(room.trainer.get(QUEUE, params={"state": "open"}))["items"]
    assert seen == made == body_of(room.trainer.get(f"{QUEUE}/{made['id']}"))
    done = body_of(decide(room.trainer, made, "accept", message="You are right."))
    assert (done["state"], done["decided_status"], done["status_now"]) == (
        "accepted", "present", "present")
    assert done["status_then"] == "absent" and done["answer"] == "You are right."
    assert done["decided_by_name"] == room.trainer_row["name"] and done["version"] == 2
    record = room.record(0)
    assert (record["status"], record["method"], record["note"]) == (
        "present", "manual", "You are right.")
    entries = body_of(room.trainer.get(
        f"{room.path}/attendance/{room.students[0]['id']}/events"))["items"]
    assert [e["status_after"] for e in entries] == ["absent", "present"]
    told = [name for _, name, _ in streams[0].named(["dispute.opened", "dispute.decided"], 2)]
    assert told == ["dispute.opened", "dispute.decided"]
    # Another student hears nothing of it.
    assert not [name for _, name, _ in streams[1].events if name.startswith("dispute.")]
    for s in streams:
        s.close()


def history(room):
    path = f"{room.path}/attendance/{room.students[0]['id']}/events"
    return body_of(room.trainer.get(path))["items"]


def test_accepted_as_something_else(room):
    made = body_of(room.dispute(), 201)
    done = body_of(decide(room.admin, made, "accept", status="late"))
    assert (done["claimed"], done["decided_status"], done["status_now"]) == (
        "present", "late", "late")
    assert room.record(0)["status"] == "late"
    last = history(room)[-1]
    assert last["note_words"]["en"] == last["note"] == "disputed, and accepted"
    assert "contesté" in last["note_words"]["fr"] and last["note_words"]["ar"]
    body_of(room.mark(0, "present", note="not the man"))
    assert history(room)[-1]["note_words"] is None


def test_rejected_the_mark_stays_and_it_can_be_said_again(room):
    made = body_of(room.dispute(), 201)
    assert field_errors(decide(room.trainer, made, "reject"))["/message"]
    done = body_of(decide(room.trainer, made, "reject", message="The row was empty."))
    assert (done["state"], done["status_now"]) == ("rejected", "absent")
    assert room.record(0)["version"] == 1
    mine, = body_of(room.callers[0].get(QUEUE))["items"]
    assert mine["answer"] == "The row was empty."
    again = body_of(room.dispute(message="It was not."), 201)
    assert again["id"] != made["id"]


def test_an_answer_says_something(room):
    made = body_of(room.dispute(), 201)
    assert field_errors(decide(room.trainer, made, "reject", message="  ")) == {"/message": "blank"}
    body_of(decide(room.trainer, made, "reject", message="no"))


def test_withdrawn(room):
    made = body_of(room.dispute(), 201)
    problem(room.callers[1].delete(f"{QUEUE}/{made['id']}"), 404, "not-found")
    assert room.callers[0].delete(f"{QUEUE}/{made['id']}").status_code == 204
    problem(room.callers[0].delete(f"{QUEUE}/{made['id']}"), 409, "conflict")
    problem(decide(room.trainer, made, "accept"), 409, "conflict")
    state = body_of(room.callers[0].get(f"{QUEUE}/{made['id']}"))["state"]
    assert state == "withdrawn" and room.record(0)["status"] == "absent"


def test_one_open_at_a_time(room):
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: room.dispute().status_code, range(6)))
    assert sorted(answers) == [201] + [409] * 5
    problem(room.dispute(claimed="late"), 409, "conflict")


def test_of_many_deciders_one_wins(room, admin):
    made = body_of(room.dispute(), 201)
    tries = [(room.trainer, "accept", {}), (admin, "reject", {"message": "No."})] * 3
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda t: decide(t[0], made, t[1], **t[2]), tries))
    assert sorted(a.status_code for a in answers) == [200] + [409] * 5
    won = next(body_of(a) for a in answers if a.status_code == 200)
    assert body_of(admin.get(f"{QUEUE}/{made['id']}"))["state"] == won["state"]
    assert room.record(0)["status"] == {"accepted": "present", "rejected": "absent"}[won["state"]]


def test_what_cannot_be_disputed(room, admin, api):
    problem(room.dispute(1), 409, "session-state")  # nothing is marked yet
    assert field_errors(room.dispute(claimed="absent"))["/claimed"]
    body_of(room.mark(0, "late"))
    assert field_errors(room.dispute(claimed="late"))["/claimed"]
    assert field_errors(room.dispute(message=""))["/message"]
    assert field_errors(room.dispute(message=" \t\u00a0"))["/message"] == "blank"
    assert field_errors(room.dispute(message="x" * 1001))["/message"]
    other = Room(admin, api)
    foreign = other.callers[0].post(room.path + "/disputes",
                                    json={"claimed": "late", "message": "x"})
    problem(foreign, 404, "not-found")
    room.session = room.new_session()
    problem(room.dispute(), 409, "session-state")  # was not opened
    room.session = room.new_session(began_min=17 * 24 * 60)
    room.open()
    body_of(room.mark(0, "absent"))
    assert "within 14 days" in problem(room.dispute(), 409, "session-state")["detail"]


def test_a_confirmed_register_is_reopened_first(room):
    body_of(room.move("close"))
    body_of(room.move("confirm"))
    made = body_of(room.dispute(), 201)
    assert made["session_state"] == "confirmed"
    assert "reopen" in problem(decide(room.trainer, made, "accept"), 409, "session-state")["detail"]
    assert body_of(room.trainer.get(f"{QUEUE}/{made['id']}"))["state"] == "open"
    body_of(room.move("reopen", reason="a dispute"))
    assert body_of(decide(room.trainer, made, "accept"))["status_now"] == "present"


def test_who_sees_the_queue(room, admin, api):
    other = Room(admin, api)
    first, second = body_of(room.dispute(), 201), body_of(other.dispute(), 201)
    guardian = room.make.sign_in(room.make.guardian(room.students[0])["email"])
    for client, there in ((room.trainer, [first]), (other.trainer, [second]),
                          (room.callers[0], [first]), (room.callers[1], []), (guardian, [first])):
        assert body_of(client.get(QUEUE))["items"] == there
        for made in (first, second):
            answer = client.get(f"{QUEUE}/{made['id']}")
            assert answer.status_code == (200 if made in there else 404)
    problem(decide(other.trainer, first, "accept"), 404, "not-found")
    everything = [d["id"] for d in walk(admin, QUEUE, {"limit": 2})[0]]
    assert everything == sorted(everything) and {first["id"], second["id"]} <= set(everything)
    for params, there in (({"session_id": room.session["id"]}, [first]),
                          ({"student_id": other.students[0]["id"]}, [second]),
                          ({"session_id": room.session["id"], "state": "accepted"}, [])):
        assert body_of(admin.get(QUEUE, params=params))["items"] == there

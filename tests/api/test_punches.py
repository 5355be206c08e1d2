# SPDX-License-Identifier: MIT
"""Readers at doors: each punch counts once, for the right session; what fits nothing waits."""
import datetime
import time

import pytest

from client import Client
from factories import body_of, field_errors, problem, walk, word
from lesson import START, head, lesson, moment, school  # noqa: F401
from server import SLOW


class Door:
    """A room with a reader; a class has a lesson there, and it is 8:20."""

    def __init__(self, lesson, is_open=True, **more):
        self.room = lesson(n=2, room={}, accounts=False, is_open=is_open, **more)
        made = self.new_device("reader")
        self.device = made["device"]
        self.reader = Client(self.room.server, self.room.head.contract, made["token"])
        self.room.wait(minutes=20)

    def new_device(self, kind):
        body = {"kind": kind, "name": word("Device"), "room_id": self.room.session["room_id"]}
        return body_of(self.room.head.post("/api/v1/devices", json=body), 201)

    def put_into(self, room_id, **more):
        """The reader hangs in another room from now on, or since `room_since`."""
        made = self.room.head.patch(f"/api/v1/devices/{self.device['id']}", json={"room_id": room_id, **more},
                                    headers={"If-Match": f'"{self.device["version"]}"'})
        self.device = body_of(made)
        return self.device

    def number(self, who=0):
        return self.room.rows[who]["student_number"]

    def send(self, *punches):
        rows = [{"identifier": i, "at": when, "direction": d} for i, when, d in punches]
        return self.reader.post("/api/v1/punches", json={"punches": rows})

    def outcomes(self, *punches):
        answer = body_of(self.send(*punches))
        assert answer["taken"] + answer["waiting"] + answer["refused"] + answer["repeated"] == len(punches)
        return [(r["outcome"], r["repeated"]) for r in answer["results"]]


def at(minutes=0):
    """So many minutes from 8:20."""
    return moment(minutes=20 + minutes)


@pytest.fixture
def door(lesson):
    return Door(lesson)


def test_a_punch_marks_its_student(door):
    when = at(-15)
    answer = body_of(door.send((door.number(), when, "in")))
    assert (answer["taken"], answer["waiting"], answer["refused"], answer["repeated"]) == (1, 0, 0, 0)
    result = answer["results"][0]
    assert (result["outcome"], result["session_id"], result["at"]) == ("counted", door.room.session["id"], when)
    record = door.room.record(0)
    assert (record["status"], record["method"], record["in_at"]) == ("present", "device", when)
    assert door.room.record(1)["status"] == "unmarked"


def test_a_batch_sent_again_changes_nothing(door):
    punches = [(door.number(0), at(-15), "in"), (door.number(1), at(-4), "unknown")]
    assert door.outcomes(*punches) == [("counted", False), ("counted", False)]
    before = [door.room.record(i) for i in range(2)]
    assert before[1]["status"] == "late"
    assert door.outcomes(*punches, punches[0]) == [("counted", True)] * 3
    assert [door.room.record(i) for i in range(2)] == before
    events = door.room.events()
    assert len(events) == 1 and events[0]["device_id"] == door.device["id"]


def test_twice_in_one_batch(door):
    """Both are told what became of the one punch that they are."""
    again = (door.number(0), at(-15), "out")
    assert door.outcomes((door.number(0), at(-15), "in"), again) == [("counted", False), ("counted", True)]
    assert door.outcomes(("nobody", at(), "in"), ("nobody", at(), "in")) == [
        ("unknown_person", False), ("unknown_person", True)]
    assert [e["direction"] for e in door.room.events()] == ["in"]


def test_the_order_of_a_batch_does_not_matter(lesson):
    times = [moment(minutes=m) for m in (-5, 40, 118)]
    results = []
    for order in ([0, 1, 2], [2, 0, 1]):
        door = Door(lesson, check_out=True)
        door.room.wait(minutes=119)
        door.outcomes(*[(door.number(), times[i], "unknown") for i in order])
        door.room.wait(minutes=20)
        record = door.room.record(0)
        results.append((record["status"], record["in_at"], record["out_at"]))
    assert results[0] == results[1] == ("present", times[0], times[2])


def test_leaving_is_punched_a_little_after_the_end(lesson):
    door = Door(lesson, check_out=True)
    door.outcomes((door.number(), at(-15), "in"))
    door.room.wait(minutes=150)
    assert door.outcomes((door.number(), moment(minutes=129), "out"),
                         (door.number(), moment(minutes=131), "in"),
                         (door.number(), moment(minutes=151), "out"))[1:] == [("no_session", False)] * 2
    door.room.wait(minutes=20)
    assert door.room.record(0)["out_at"] == moment(minutes=129)


def test_what_a_reader_adds_keeps_no_other_punch_waiting(door):
    assert door.outcomes((f"\x02{door.number()}\x03\r\n", at(-3), "in"), (" \x1b ", at(-2), "in")) == [
        ("counted", False), ("unknown_person", False)]


def test_what_has_nobody_or_no_session_is_kept_and_listed(door, head):
    stranger, other = word("X"), door.room.make.student()
    answer = door.outcomes((stranger, at(-3), "in"), (other["student_number"], at(-3), "in"),
                           (door.number(), at(-300), "in"), (door.number(), at(-3), "in"))
    assert [o for o, _ in answer] == ["unknown_person", "no_session", "no_session", "counted"]
    path = f"/api/v1/punches?device_id={door.device['id']}"
    mine = body_of(head.get(path))["items"]
    assert [p["outcome"] for p in mine] == ["counted", "no_session", "no_session", "unknown_person"]
    assert mine[3]["identifier"] == stranger and mine[3]["student_id"] is None
    assert mine[2]["student_id"] == other["id"] and mine[0]["session_id"] == door.room.session["id"]
    unknown = body_of(head.get(path + "&outcome=unknown_person"))["items"]
    assert [p["identifier"] for p in unknown] == [stranger]
    items, pages = walk(head, "/api/v1/punches", {"device_id": door.device["id"], "limit": 3})
    assert (items, pages) == (mine, 2)
    assert field_errors(head.get("/api/v1/punches?outcome=lost")) == {"outcome": "one_of"}
    for query, number in ((f"student_id={other['id']}", 1), (f"session_id={door.room.session['id']}", 1),
                          (f"from={at(-3)}", 3), (f"to={at(-3)}", 1)):
        assert len(body_of(head.get(f"{path}&{query}"))["items"]) == number, query


def test_a_reader_in_another_room_keeps_its_past(door):
    here, there = door.room.session["room_id"], door.room.make.room()["id"]
    assert door.device["room_since"] == door.device["created_at"]
    assert door.put_into(there)["room_since"] >= at()
    # Sent after the move: what was read before it belongs to the old door.
    assert door.outcomes((door.number(), at(-10), "in"), (door.number(1), at(4), "in")) == [
        ("counted", False), ("no_session", False)]
    # It hung elsewhere all the time; or rather not.
    door.put_into(there, room_since=at(-60))
    assert door.outcomes((door.number(1), at(-9), "in")) == [("no_session", False)]
    moved = door.put_into(here, room_since=at(-60))
    assert door.put_into(here)["version"] == moved["version"], "nothing to change"
    assert door.outcomes((door.number(1), at(-8), "in"), (door.number(), at(-70), "in")) == [
        ("counted", False), ("no_session", False)]
    late = door.room.head.patch(f"/api/v1/devices/{door.device['id']}", json={"room_since": at(9)},
                                headers={"If-Match": f'"{moved["version"]}"'})
    assert field_errors(late) == {"/room_since": "max"}


def test_a_punch_before_the_register_opens_waits(lesson, head):
    door, newcomer = Door(lesson, is_open=False), word("S")
    assert door.outcomes((door.number(), at(-15), "in"), (newcomer, at(-14), "in")) == [
        ("not_open", False), ("unknown_person", False)]
    door.put_into(door.room.make.room()["id"])  # what it read at the old door stays of the old room
    door.room.server.at(START)
    door.room.move("open")
    door.room.make.member(door.room.group, door.room.make.student(student_number=newcomer))
    assert door.room.record(0)["status"] == "unmarked"
    door.room.wait(minutes=21)
    door.room.server.kill()
    door.room.server.start()
    path = f"/api/v1/punches?device_id={door.device['id']}"
    until = time.monotonic() + 20 * SLOW
    while any(p["outcome"] != "counted" for p in body_of(head.get(path))["items"]):
        assert time.monotonic() < until, "what waits is tried again at the start"
        time.sleep(0.02)
    assert [r["status"] for r in door.room.records() if r["in_at"]] == ["present", "present"]
    assert door.room.record(0)["in_at"] == at(-15)


def test_a_punch_may_come_after_the_register_closed(door):
    door.room.move("close")
    assert door.room.record(0)["status"] == "absent"
    assert door.outcomes((door.number(), at(-18), "in")) == [("counted", False)]
    assert door.room.record(0)["status"] == "present"
    door.room.move("confirm")
    assert door.outcomes((door.number(1), at(-18), "in")) == [("locked", False)]
    assert door.room.record(1)["status"] == "absent"


def test_of_two_sessions_the_one_that_began_last(door):
    start = START + datetime.timedelta(minutes=19)
    second = door.room.new_session(start, start + datetime.timedelta(hours=1), allow_clash=True,
                                   room_id=door.room.session["room_id"], open_before_min=0)
    body_of(door.room.trainer.post(f"/api/v1/sessions/{second['id']}/open"))
    answer = body_of(door.send((door.number(), at(), "in"), (door.number(1), at(-18), "in")))
    assert [r["session_id"] for r in answer["results"]] == [second["id"], door.room.session["id"]]


def test_another_room_s_reader_marks_nobody(door, lesson):
    elsewhere = Door(lesson)
    assert elsewhere.outcomes((door.number(), at(-15), "in")) == [("no_session", False)]
    assert door.room.record(0)["status"] == "unmarked"


def test_times_that_cannot_be(door):
    answer = body_of(door.send((door.number(), at(6), "in"), (door.number(), at(-31 * 24 * 60), "in"),
                               (door.number(), at(4), "in"), (door.number(), "1970-01-01T00:00:00Z", "in")))
    assert [r["outcome"] for r in answer["results"]] == ["in_future", "too_old", "counted", "too_old"]
    assert [r["punch_id"] is None for r in answer["results"]] == [True, True, False, True]
    assert (answer["refused"], answer["taken"]) == (3, 1)
    early = body_of(door.send((door.number(1), at(-25), "in"), (door.number(1), at(-1), "in")))["results"]
    assert [r["early"] for r in early] == [True, False], "the reader was registered at 8:00"
    for when in ("yesterday", "2026-02-30T08:00:00Z", "+10000-01-01T00:00:00Z", 5):
        assert set(field_errors(door.send((door.number(), when, "in")))) == {"/punches/0/at"}


def test_a_time_of_any_year_keeps_no_other_waiting(door):
    odd = ("1969-12-31T23:59:59Z", "9999-12-31T23:59:59Z", "-000001-01-01T00:00:00Z", "+010000-01-01T00:00:00Z")
    batch = [(door.number(), when, "in") for when in odd] + [(door.number(), at(-3), "in")]
    answer = body_of(door.send(*batch))
    results = answer["results"]
    assert [r["outcome"] for r in results] == ["too_old", "in_future", "too_old", "in_future", "counted"]
    assert [r["at"] for r in results[:4]] == list(odd) and (answer["refused"], answer["taken"]) == (4, 1)
    assert [r["field"] for r in results] == [f"/punches/{i}/at" for i in range(4)] + [None]
    earliest, latest = results[0]["allowed"].split("/")
    assert earliest < at(-3) < latest and results[4]["allowed"] is None
    assert door.room.record(0)["status"] == "late"
    assert body_of(door.send(*batch))["repeated"] == 1


def test_what_is_wrong_is_told_by_field(door):
    assert field_errors(door.reader.post("/api/v1/punches", json={"punches": []})) == {"/punches": "min_items"}
    many = [(door.number(), at(-1), "in")] * 501
    assert field_errors(door.send(*many)) == {"/punches": "max_items"}
    assert "/punches/0/direction" in field_errors(door.send((door.number(), at(), "through")))
    assert "/punches/0/identifier" in field_errors(door.send(("", at(), "in")))
    assert "/punches/0/identifier" in field_errors(door.send(("x" * 41, at(), "in")))


def test_five_hundred_at_once(door):
    punches = [(door.number(i % 2), moment(minutes=5, seconds=i), "unknown")
               for i in range(500)]
    answer = body_of(door.send(*punches))
    assert answer["taken"] == 500 and door.room.record(0)["status"] == "present"


def test_a_reader_is_no_kiosk_and_a_kiosk_no_reader(door, head):
    problem(door.reader.get("/api/v1/kiosk/room"), 403, "forbidden")
    anybody = door.room.anybody
    kiosk = Client(anybody.server, anybody.contract, door.new_device("kiosk")["token"])
    rows = [{"identifier": door.number(), "at": at(), "direction": "in"}]
    problem(kiosk.post("/api/v1/punches", json={"punches": rows}), 403, "forbidden")
    again = body_of(head.post(f"/api/v1/devices/{door.device['id']}/rotate"))
    problem(anybody.post("/api/v1/kiosk/login", json={"token": again["token"]}), 401, "unauthenticated")
    problem(door.reader.post("/api/v1/punches", json={"punches": rows}), 401, "unauthenticated")

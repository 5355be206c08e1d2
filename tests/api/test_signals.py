# SPDX-License-Identifier: MIT
"""Signals: found after the fact, explained, judged by a person; no mark ever changes."""
import concurrent.futures
import contextlib
import time

import pytest

import factories
from chaos import sql
from classroom import Classroom, now
from client import Client
from factories import Make, body_of, field_errors, problem, walk
from ledger import query
from own import ADMIN, PASSWORD, running, wait_until
from test_events import Stream

SIGNALS = "/api/v1/signals"
RABAT, CASABLANCA = (34.0209, -6.8416), (33.5731, -7.5898)


def ms(minutes=0):
    return int((time.time() + 60 * minutes) * 1000)


class School:
    """A server of its own: the job also runs right after the start."""

    def __init__(self, server, contract):
        self.server = server
        self.api = Client(server, contract)
        self.admin = self.api.login(ADMIN, PASSWORD)
        self.make = Make(self.admin, self.api)
        self.room = Classroom(self.admin, self.api, n=0)
        self.room.students = [self.make.student() for _ in range(4)]
        for s in self.room.students:
            self.make.member(self.room.group, s, **{"from": "2020-01-01"})
        self.ids = [s["id"] for s in self.room.students]

    def check(self, student, method="qr", at=0, session=None, **more):
        """A check-in as the door writes it down."""
        row = {"session_id": session or self.room.session["id"], "student_id": student,
               "at": ms(), "occurred_at": ms(at), "kind": "'check'", "method": f"'{method}'",
               "status_before": "'unmarked'", "status_after": "'present'", "request_id": "'test'", "facts": 2, **more}
        sql(self.server, f"INSERT INTO attendance_event ({', '.join(row)})"
                         f" VALUES ({', '.join(str(v) for v in row.values())});")

    def look(self):
        """All signals after the job has looked at every event, anew at those that it knows."""
        sql(self.server, "DELETE FROM signal_progress;"
            " INSERT INTO attendance_event (session_id, at, occurred_at, kind, method, status_before, status_after,"
            f" request_id) VALUES ({self.room.session['id']}, {ms(-5)}, {ms(-5)}, 'reopened', 'manual', 'closed',"
            " 'open', 'test')")
        (last,) = query(self.server, "SELECT max(id) AS id FROM attendance_event")
        self.server.stop()
        self.server.start()
        # The newest event is old enough for the job to note that it came so far.
        assert wait_until(lambda: query(self.server, "SELECT event_id AS id FROM signal_progress") == [last], 30)
        return walk(self.admin, SIGNALS, {"limit": 3})[0]

    def of(self, kind, **params):
        return body_of(self.admin.get(SIGNALS, params={"kind": kind, **params}))["items"]


@pytest.fixture(scope="module")
def school(contract):
    with running() as server:
        made = School(server, contract)
        # Nothing that was there before is looked at; these come after.
        made.server.stop()
        made.server.start()
        yield made


@pytest.fixture(scope="module")
def found(school):
    """All kinds at once, each beside something that is none."""
    ids, room, make = school.ids, school.room, school.make
    here = make.room(latitude=RABAT[0], longitude=RABAT[1], radius_m=100, network="10.9.0.0/16")
    there = make.room(latitude=CASABLANCA[0], longitude=CASABLANCA[1], radius_m=100)
    school.shared = room.session = room.new_session()
    school.check(ids[0], client="'feed0123456789'")
    school.check(ids[1], client="'feed0123456789'", at=2)
    school.check(ids[2], client="'beef0123456789'")
    school.check(ids[2], client="'beef0123456789'", at=30)
    school.check(ids[3], method="manual", client="'feed0123456789'", kind="'mark'")
    school.near = room.session = make.session(room.trainer_row, [room.group], starts_at=now(-300),
                                              ends_at=now(-240), room_id=here["id"])
    school.check(ids[0], at=-290, facts=0)
    school.check(ids[1], at=-290)
    school.far = room.session = make.session(room.trainer_row, [room.group], starts_at=now(-239),
                                             ends_at=now(-180), room_id=there["id"])
    school.check(ids[0], at=-265)
    school.check(ids[1], at=-185)
    school.twice = room.session = make.session(room.trainer_row, [room.group], starts_at=now(-900),
                                               ends_at=now(-850))
    school.check(ids[2], at=-895)
    school.check(ids[2], method="kiosk", at=-892)
    school.check(ids[3], at=-895)
    school.check(ids[3], method="kiosk", at=-870)
    school.check(ids[1], method="manual", kind="'mark'", at=-890, client_at=ms(-897),
                 client="'tablet'")
    school.check(ids[0], method="manual", kind="'mark'", at=-890, client_at=ms(-893),
                 client="'other'")
    sql(school.server, "INSERT INTO liveness_failure (student_id, failed, in_a_row, last_at)"
                       f" VALUES ({ids[0]}, 5, 3, {ms()}), ({ids[1]}, 9, 2, {ms()});")
    school.marks = [room.record(i) for i in range(4)]
    return school.look()


def test_each_kind_is_found_and_explained(school, found):
    ids = school.ids
    assert sorted(s["kind"] for s in found) == [
        "clock_skew", "duplicate", "foreign_network", "impossible_travel", "liveness_failures",
        "shared_device"]
    by = {s["kind"]: s for s in found}
    one = by["shared_device"]
    assert one["session_id"] == school.shared["id"] and one["student_id"] is None
    assert one["facts"]["students"] == ids[:2] and one["times"] == 2
    assert one["facts"]["client"] == "feed0123" and one["facts"]["minutes"] == 2
    one = by["impossible_travel"]
    assert one["student_id"] == ids[0] and one["session_id"] == school.far["id"]
    assert one["facts"]["sessions"] == [school.near["id"], school.far["id"]]
    assert 80 < one["facts"]["km"] < 90 and 180 < one["facts"]["kmh"] < 220
    one = by["duplicate"]
    assert (one["student_id"], one["session_id"]) == (ids[2], school.twice["id"])
    assert sorted(one["facts"]["methods"]) == ["kiosk", "qr"]
    assert by["liveness_failures"]["facts"]["failed"] == 3
    assert by["liveness_failures"]["student_id"] == ids[0]
    one = by["foreign_network"]
    assert (one["student_id"], one["session_id"]) == (ids[0], school.near["id"])
    one = by["clock_skew"]
    assert one["facts"]["skew_s"] // 60 in (6, 7) and one["facts"]["client"] == "tablet"
    for s in found:
        assert s["state"] == "open" and s["version"] == 1
        assert len({s["why"][lang] for lang in ("en", "fr", "ar")}) == 3
    assert "2 students" in by["shared_device"]["why"]["en"]
    assert "km/h" in by["impossible_travel"]["why"]["fr"]
    # Nothing was marked by looking.
    assert [school.room.record(i) for i in range(4)] == school.marks


def test_found_again_it_is_the_same_signal(school, found):
    before, = school.of("shared_device")
    assert sorted(s["id"] for s in school.look()) == sorted(s["id"] for s in found)
    assert school.of("shared_device") == [before]
    school.check(school.ids[3], client="'feed0123456789'", at=4, session=school.shared["id"])
    school.look()
    after, = school.of("shared_device")
    assert after["id"] == before["id"] and (after["times"], after["version"]) == (3, 2)
    assert after["facts"]["students"] == [*school.ids[:2], school.ids[3]]
    assert after["created_at"] == before["created_at"] < after["updated_at"]


def test_who_is_told_and_who_sees(school, found):
    stranger = school.api.login(school.make.trainer()["email"], factories.PASSWORD)
    with contextlib.closing(Stream(school.room.trainer, last=1)) as mine, \
            contextlib.closing(Stream(stranger, last=1)) as other:
        # A signal without a session is for the administrators.
        seen = body_of(school.room.trainer.get(SIGNALS))["items"]
        told = [data["signal"] for _, _, data in mine.named(["signal.found"], len(seen))]
        assert [name for _, name, _ in other.events if name == "signal.found"] == []
    assert {s["id"] for s in seen} == {s["id"] for s in found if s["session_id"]}
    assert {s["id"] for s in told} == {s["id"] for s in seen}
    assert body_of(stranger.get(SIGNALS))["items"] == []
    verdict = {"outcome": "harmless"}
    problem(stranger.post(f"{SIGNALS}/{found[0]['id']}/review", json=verdict), 404, "not-found")


def test_filters(school, found):
    for params, kinds in (({"session_id": school.near["id"]}, ["foreign_network"]),
                          ({"student_id": school.ids[2]}, ["duplicate"]),
                          ({"state": "confirmed"}, []), ({"kind": "clock_skew"}, ["clock_skew"])):
        items = body_of(school.admin.get(SIGNALS, params=params))["items"]
        assert [s["kind"] for s in items] == kinds
    assert field_errors(school.admin.get(SIGNALS, params={"kind": "x"}))["kind"]


def test_judged_once_and_no_mark_changes(school, found):
    one, = school.of("duplicate")
    path = f"{SIGNALS}/{one['id']}/review"
    assert field_errors(school.admin.post(path, json={"outcome": "guilty"}))["/outcome"]
    tries = [(school.admin, "confirmed"), (school.room.trainer, "harmless")] * 3
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda t: t[0].post(
            path, json={"outcome": t[1], "message": "looked at"}), tries))
    assert sorted(a.status_code for a in answers) == [200] + [409] * 5
    done = next(body_of(a) for a in answers if a.status_code == 200)
    assert done["state"] in ("confirmed", "harmless") and done["message"] == "looked at"
    assert done["reviewed_by_name"] and done["reviewed_at"]
    problem(school.admin.post(path, json={"outcome": "harmless"}), 409, "conflict")
    # Found again, it stays judged.
    school.look()
    assert school.of("duplicate") == [done]
    school.room.session = school.twice
    assert school.room.record(2)["status"] == "unmarked"

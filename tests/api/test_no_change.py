# SPDX-License-Identifier: MIT
"""A PATCH that changes nothing is no change: the same version, no event, no step of a history."""
import datetime

import pytest

from factories import body_of, make, walk, word  # noqa: F401
from figures import Past, monday
from own import wait_until
from test_events import Stream

PLANNED = {"starts_at": "2032-05-03T09:00:00Z", "ends_at": "2032-05-03T10:00:00Z", "kind": "course",
           "mode": "in_person"}


class World:
    """One of each thing that has a PATCH: what it is called in the API, its address, its members."""

    def __init__(self, make):
        self.make, self.admin, self.caller = make, make.admin, make.admin

    def post(self, path, body, status=201):
        return body_of(self.caller.post(path, json=body), status)

    def read(self, path):
        """The thing as it is now; a holiday has no address of its own to be read at."""
        if not path.startswith("/api/v1/holidays/"):
            return body_of(self.caller.get(path))
        rows, _ = walk(self.caller, "/api/v1/holidays", {"from": "2033-01-01", "to": "2033-01-02"})
        return next(row for row in rows if path.endswith(f"/{row['id']}"))

    def planned(self, trainer=None):
        trainer = trainer or self.make.trainer()
        return {"module_id": self.make.module()["id"], "trainer_id": trainer["id"],
                "group_ids": [self.make.group()["id"], self.make.group()["id"]], "room_id": self.make.room()["id"]}

    def me(self):
        return "/api/v1/me", None

    def of_kind(self, kind, **more):
        made = getattr(self.make, kind)(**more)
        return f"/api/v1/{kind}s/{made['id']}", made

    def session(self):
        made = self.post("/api/v1/sessions", {**self.planned(), **PLANNED, "ways": "kiosk|self+fence"})
        return f"/api/v1/sessions/{made['id']}", made

    def series(self):
        made = self.post("/api/v1/series", {
            **self.planned(), "kind": "course", "mode": "remote", "first_day": "2032-05-03", "last_day": "2032-05-30",
            "weekdays": ["mo", "we"], "starts_min": 600, "duration_min": 60})
        return f"/api/v1/series/{made['id']}", made

    def request(self):
        email, password = f"{word('asks')}@school.example", "seven-Teal-otters"
        trainer = self.make.trainer(email=email, password=password)
        self.caller = self.make.sign_in(email, password)
        body = {**self.planned(trainer), **PLANNED, "message": "An hour more"}
        del body["trainer_id"]
        made = self.post("/api/v1/session-requests", body)
        return f"/api/v1/session-requests/{made['id']}", made

    def holiday(self):
        made = self.post("/api/v1/holidays", {"name": word("Day"), "from_day": "2033-01-01", "to_day": "2033-01-02"})
        return f"/api/v1/holidays/{made['id']}", made

    def code(self):
        return "/api/v1/status-codes/1", None

    def reason(self):
        made = self.post("/api/v1/absence-reasons", {"code": word("r"), "label_en": "Race", "label_fr": "Course",
                                                     "label_ar": "سباق", "status_code": "E"})
        return f"/api/v1/absence-reasons/{made['id']}", made

    def device(self):
        made = self.post("/api/v1/devices", {"kind": "kiosk", "name": word("Door"), "room_id": self.make.room()["id"],
                                             "network": "127.0.0.1"})["device"]
        return f"/api/v1/devices/{made['id']}", made

    def alert(self):
        past = Past(self.admin, self.make.api)
        for i in range(10):
            past.lesson(monday(5) + datetime.timedelta(days=i), "a")
        made = next(a for a in past.alerts() if a["kind"] == "ladder")
        return f"/api/v1/alerts/{made['id']}", made


# operation: how to make one, which members it takes back as they are
PATCHES = {
    "me_change": (World.me, "name locale time_zone"),
    "user_update": (lambda w: w.of_kind("user"), "email name role locale time_zone active archived"),
    "programme_update": (lambda w: w.of_kind("programme"), "code name archived"),
    "module_update": (lambda w: w.of_kind("module", hours=12), "code name hours programme_id archived"),
    "room_update": (lambda w: w.of_kind("room", capacity=12, latitude=33.5899, longitude=-7.6039, radius_m=80),
                    "code name capacity network latitude longitude radius_m archived"),
    "group_update": (lambda w: w.of_kind("group"), "code name programme_id archived"),
    "trainer_update": (lambda w: w.of_kind("trainer"), "email name specialities archived"),
    "student_update": (lambda w: w.of_kind("student", account=True), "student_number name birth_date email archived"),
    "status_code_update": (World.code, "label_en label_fr label_ar colour weight position is_default archived"),
    "session_change": (World.session, "module_id trainer_id group_ids room_id starts_at ends_at time_zone kind mode "
                       "open_before_min late_after_min absent_after_min ways check_out min_minutes"),
    "series_change": (World.series, "module_id trainer_id group_ids room_id time_zone kind mode weekdays "
                      "every_weeks starts_min duration_min last_day skip_holidays"),
    "holiday_change": (World.holiday, "name from_day to_day"),
    "session_request_change": (World.request, "module_id group_ids room_id starts_at ends_at kind mode message"),
    "reason_update": (World.reason, "code label_en label_fr label_ar needs_document status_code position archived"),
    "alert_update": (World.alert, "state owner_id"),
    "device_update": (World.device, "name room_id network"),
}


def other_form(name, value):
    """The same, said otherwise: no list has an order, nor have the ways of a session."""
    if name == "ways":
        return " | ".join("+".join(reversed(way.split("+"))) for way in reversed(value.split("|")))
    return value[::-1] if isinstance(value, list) else value


def test_every_patch_is_tried(contract):
    assert {op for op, method, *_ in contract.operations() if method == "PATCH"} == set(PATCHES)


@pytest.mark.parametrize("operation", PATCHES)
def test_nothing_changed_is_no_change(operation, make, admin):
    world = World(make)
    build, members = PATCHES[operation]
    path, _ = build(world)
    was = world.read(path)
    now = {"If-Match": f'"{was["version"]}"'}
    same = {name: was[name] for name in members.split()}
    scopes = [{"scope": "all"}, {"scope": "following", "day": "2032-05-12"}] if operation == "series_change" else [{}]
    if operation == "series_change":
        scopes.append({"scope": "this", "day": "2032-05-12"})
    stream = Stream(admin)
    try:
        for more in scopes:
            part = {k: v for k, v in same.items() if more.get("scope") != "this" or k not in
                    ("weekdays", "every_weeks", "last_day", "skip_holidays")}
            for body in ({}, part, {k: other_form(k, v) for k, v in part.items()}):
                answer = world.caller.patch(path, headers=now, json={**body, **more})
                assert body_of(answer)["version"] == was["version"], (operation, body)
        assert world.read(path) == was
        stale = {"If-Match": f'"{was["version"] + 1}"'}
        assert world.caller.patch(path, headers=stale, json=scopes[0]).status_code == 412
        mark = body_of(admin.post("/api/v1/sessions", json={**world.planned(), **PLANNED}), 201)
        # The server's jobs may tell of other sessions.
        assert wait_until(lambda: mark["id"] in [
            data["session"]["id"] for _, name, data in list(stream.events) if name == "session.changed"])
        names = {name for _, name, data in stream.events if name != "alert.changed" or
                 (operation, data["alert_id"]) == ("alert_update", was["id"])}
        assert not {"session.rescheduled", "timetable.changed", "session_request.changed", "alert.changed"} & names
    finally:
        stream.close()

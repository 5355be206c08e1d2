# SPDX-License-Identifier: MIT
"""Clashes, substitutes, weekly series over changes of clocks, holidays, requests."""
import concurrent.futures
import datetime
import zoneinfo

import pytest

from client import Client
from factories import body_of, field_errors, make, problem, walk, word  # noqa: F401
from test_events import Stream

SERIES, HOLIDAYS, REQUESTS = "/api/v1/series", "/api/v1/holidays", "/api/v1/session-requests"
# An hour ahead of UTC all year. What the clocks of a country will show in a year to come is for its
# laws: where they matter, the days are of a year that is over.
NINE_IS_EIGHT = "Etc/GMT-1"


class School:
    """A trainer, a group with one student, a room, a module; each of its own for each test."""

    def __init__(self, make):
        self.make, self.admin = make, make.admin
        self.trainer = make.trainer()
        self.group = make.group()
        self.student = make.student(account=True)
        make.member(self.group, self.student, **{"from": "2020-01-01"})
        self.room, self.module = make.room(), make.module()

    def plan(self, start, minutes=60, **more):
        at = datetime.datetime.fromisoformat(start)
        body = {"module_id": self.module["id"], "trainer_id": self.trainer["id"],
                "group_ids": [self.group["id"]], "room_id": self.room["id"], "starts_at": at.isoformat(),
                "ends_at": (at + datetime.timedelta(minutes=minutes)).isoformat(), "kind": "course",
                "mode": "in_person", **more}
        return self.admin.post("/api/v1/sessions", json=body)

    def weekly(self, **more):
        body = {"module_id": self.module["id"], "trainer_id": self.trainer["id"],
                "group_ids": [self.group["id"]], "room_id": self.room["id"], "kind": "course",
                "mode": "in_person", "time_zone": NINE_IS_EIGHT, "first_day": "2031-03-03",
                "last_day": "2031-04-13", "weekdays": ["mo"], "starts_min": 540, "duration_min": 90, **more}
        return self.admin.post(SERIES, json=body)

    def sessions(self, series, **more):
        rows, _ = walk(self.admin, "/api/v1/sessions", {"series_id": series["id"], "limit": 200, **more})
        return rows

    def days(self, series):
        """{day: state} of its sessions."""
        return {s["series_day"]: s["state"] for s in self.sessions(series)}


@pytest.fixture
def school(make):
    return School(make)


def change(admin, series, **body):
    return admin.patch(f"{SERIES}/{series['id']}", version=series["version"], json=body)


def cancel(admin, series, **query):
    return admin.delete(f"{SERIES}/{series['id']}", params=query, headers={"If-Match": f'"{series["version"]}"'})


def read(admin, series):
    return body_of(admin.get(f"{SERIES}/{series['id']}"))


def local(session):
    at = datetime.datetime.fromisoformat(session["starts_at"].replace("Z", "+00:00"))
    return at.astimezone(zoneinfo.ZoneInfo(session["time_zone"]))


# Clashes


def test_trainer_room_and_group_are_in_one_place_at_a_time(school):
    first = body_of(school.plan("2030-05-06T09:00:00+00:00", 60), 201)
    clash = school.plan("2030-05-06T09:59:00+00:00", 60)
    problem(clash, 409, "timetable-clash")
    errors = clash.json()["errors"]
    assert {e["field"]: e["code"] for e in errors} == {
        "/trainer_id": "clash", "/room_id": "clash", "/group_ids/0": "clash"}
    assert all(e["detail"].startswith(f"session {first['id']}, 2030-05-06T09:00:00.000Z/") for e in errors)
    body_of(school.plan("2030-05-06T10:00:00+00:00", 60), 201)  # one after the other is fine
    other = school.make
    one = field_errors(school.plan("2030-05-06T09:30:00+00:00", trainer_id=other.trainer()["id"],
                                   group_ids=[other.group()["id"]]), 409)
    assert one == {"/room_id": "clash"}
    two = field_errors(school.plan("2030-05-06T09:30:00+00:00", trainer_id=other.trainer()["id"], room_id=None,
                                   group_ids=[other.group()["id"], school.group["id"]]), 409)
    assert two == {"/group_ids/1": "clash"}


def test_an_admin_may_plan_over_a_clash_and_is_told(school):
    first = body_of(school.plan("2030-05-07T09:00:00+00:00"), 201)
    second = body_of(school.plan("2030-05-07T09:00:00+00:00", allow_clash=True), 201)
    assert [w["code"] for w in second["warnings"]] == ["trainer_clash", "room_clash", "group_clash"]
    assert str(first["id"]) in second["warnings"][0]["detail"]


def test_what_is_cancelled_or_itself_is_not_in_the_way(school):
    one = body_of(school.plan("2030-05-08T09:00:00+00:00"), 201)
    path = f"/api/v1/sessions/{one['id']}"
    moved = body_of(school.admin.patch(path, version=one["version"], json={
        "starts_at": "2030-05-08T09:30:00Z", "ends_at": "2030-05-08T10:30:00Z"}))
    assert moved["sequence"] == 1 and moved["updated_at"] >= one["updated_at"]
    problem(school.plan("2030-05-08T10:00:00+00:00"), 409, "timetable-clash")
    cancelled = body_of(school.admin.post(path + "/cancel", json={"reason": "Strike"}))
    assert cancelled["sequence"] == 2
    two = body_of(school.plan("2030-05-08T11:00:00+00:00"), 201)
    body_of(school.plan("2030-05-08T10:00:00+00:00"), 201)
    clash = school.admin.patch(f"/api/v1/sessions/{two['id']}", version=two["version"],
                               json={"starts_at": "2030-05-08T10:30:00Z"})
    problem(clash, 409, "timetable-clash")


def test_two_plans_at_once_cannot_both_win(school, server, contract):
    token = school.admin.session.headers["Authorization"].split()[1]
    for hour in range(4):
        def post(_):
            school2 = School.__new__(School)
            school2.__dict__ = {**school.__dict__, "admin": Client(server, contract, token)}
            return school2.plan(f"2030-05-09T{8 + hour:02d}:00:00+00:00").status_code

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            assert sorted(pool.map(post, range(4))) == [201, 409, 409, 409]


def test_a_room_too_small_is_a_warning(school):
    room = school.make.room(capacity=1)
    for _ in range(2):
        school.make.member(school.group, school.make.student(), **{"from": "2020-01-01"})
    s = body_of(school.plan("2030-05-10T09:00:00+00:00", room_id=room["id"]), 201)
    assert [w["code"] for w in s["warnings"]] == ["room_capacity"] and "3" in s["warnings"][0]["detail"]
    series = body_of(school.weekly(room_id=room["id"]), 201)
    assert [w["code"] for w in series["warnings"]] == ["room_capacity"]


def test_ways_are_kept_in_their_short_form(school):
    s = body_of(school.plan("2030-05-13T09:00:00+00:00", ways=" qr + subnet | kiosk ", check_out=True,
                            min_minutes=45), 201)
    assert s["ways"].replace("|", " ").split() and " " not in s["ways"]
    assert s["check_out"] is True and s["min_minutes"] == 45
    wrong = field_errors(school.plan("2030-05-14T09:00:00+00:00", ways="telepathy", min_minutes=61))
    assert set(wrong) == {"/ways", "/min_minutes"}


# Substitutes


def test_a_substitute_stands_in_and_gives_it_back(school, make):
    other = make.trainer()
    planned, stands_in = make.sign_in(school.trainer["email"]), make.sign_in(other["email"])
    start = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=10)).isoformat()
    s = body_of(school.plan(start), 201)
    path = f"/api/v1/sessions/{s['id']}"
    problem(stands_in.get(path), 404, "not-found")
    same = school.admin.post(path + "/substitute", json={"trainer_id": school.trainer["id"], "reason": "x"})
    assert field_errors(same) == {"/trainer_id": "same"}
    now = body_of(school.admin.post(path + "/substitute", json={"trainer_id": other["id"], "reason": "Illness"}))
    assert (now["trainer_id"], now["planned_trainer_id"]) == (other["id"], school.trainer["id"])
    assert now["planned_trainer_name"] == school.trainer["name"] and now["sequence"] == 1
    assert body_of(planned.get(path))["trainer_id"] == other["id"]  # still seen
    problem(planned.post(path + "/open"), 403, "forbidden")  # but not run
    assert body_of(stands_in.post(path + "/open"))["state"] == "open"
    back = body_of(school.admin.delete(path + "/substitute"))
    assert (back["trainer_id"], back["planned_trainer_id"]) == (school.trainer["id"], None)
    problem(school.admin.delete(path + "/substitute"), 404, "not-found")
    problem(stands_in.get(path), 404, "not-found")


def test_a_substitute_must_be_free(school, make):
    other = School(make)
    body_of(other.plan("2030-05-15T09:00:00+00:00"), 201)
    s = body_of(school.plan("2030-05-15T09:30:00+00:00"), 201)
    path = f"/api/v1/sessions/{s['id']}/substitute"
    ask = {"trainer_id": other.trainer["id"], "reason": "Illness"}
    assert field_errors(school.admin.post(path, json=ask), 409) == {"/trainer_id": "clash"}
    body_of(school.admin.post(path, json={**ask, "allow_clash": True}))
    problem(school.admin.post(path, json={"trainer_id": 999999, "reason": "x"}), 422, "invalid")


# Who is told


def test_everybody_concerned_is_told(school, make, admin, student):
    planned, learns = make.sign_in(school.trainer["email"]), make.sign_in(school.student["email"])
    other = make.trainer()
    s = body_of(school.plan("2030-05-16T09:00:00+00:00"), 201)
    path = f"/api/v1/sessions/{s['id']}"
    streams = {who: Stream(as_client(client)) for who, client in
               (("trainer", planned), ("student", learns), ("other", make.sign_in(other["email"])))}
    outside = Stream(student)
    moved = body_of(admin.patch(path, version=s["version"], json={
        "starts_at": "2030-05-16T10:00:00Z", "ends_at": "2030-05-16T11:00:00Z"}))
    body_of(admin.post(path + "/substitute", json={"trainer_id": other["id"], "reason": "Illness"}))
    body_of(admin.post(path + "/cancel", json={"reason": "Strike"}))
    series = body_of(school.weekly(first_day="2031-06-02", last_day="2031-06-30"), 201)
    wanted = ["session.rescheduled", "session.substituted", "session.cancelled", "timetable.changed"]
    told = streams["student"].named(wanted, 4)
    assert [name for _, name, _ in told] == wanted
    assert told[0][2]["was_starts_at"] == "2030-05-16T09:00:00.000Z" and told[0][2]["starts_at"] == moved["starts_at"]
    assert told[1][2]["trainer_name"] == other["name"] and told[1][2]["reason"] == "Illness"
    assert told[2][2]["reason"] == "Strike" and told[2][2]["state"] == "cancelled"
    assert told[3][2]["series_id"] == series["id"] and told[3][2]["sessions"] == 5
    assert set(wanted) <= {name for _, name, _ in streams["trainer"].named(wanted, 4)}
    for name in ("session.substituted", "session.cancelled"):
        assert streams["other"].named([name], 1)
    assert not [name for _, name, _ in outside.events if name in wanted]
    for stream in (*streams.values(), outside):
        stream.close()


def as_client(caller):
    return Client(caller.api.server, caller.api.contract, caller.token)


# Series


def test_a_weekly_series_stays_at_its_hour_when_clocks_change(school):
    made = body_of(school.weekly(time_zone="Europe/Paris", first_day="2025-03-03", last_day="2025-04-13"), 201)
    rows = school.sessions(made)
    assert [s["series_day"] for s in rows] == ["2025-03-03", "2025-03-10", "2025-03-17", "2025-03-24",
                                               "2025-03-31", "2025-04-07"]
    assert [s["starts_at"][11:16] for s in rows] == ["08:00"] * 4 + ["07:00"] * 2
    assert made["sessions"] == 6 and made["shifted"] == [] and made["weekdays"] == ["mo"]
    assert all(s["ends_at"][11:16] == ("09:30" if s["starts_at"][11:13] == "08" else "08:30") for s in rows)
    assert read(school.admin, made)["sessions"] == 6


@pytest.mark.parametrize("zone,first,last,weekday,day,minute,what,utc", [
    ("Europe/Paris", "2025-03-01", "2025-04-05", "su", "2025-03-30", 150, "gap", "2025-03-30T01:30:00.000Z"),
    ("Europe/Paris", "2025-10-01", "2025-11-05", "su", "2025-10-26", 150, "overlap", "2025-10-26T00:30:00.000Z"),
    ("America/New_York", "2025-03-01", "2025-03-20", "su", "2025-03-09", 135, "gap", "2025-03-09T07:15:00.000Z"),
    ("America/New_York", "2025-10-20", "2025-11-20", "su", "2025-11-02", 90, "overlap",
     "2025-11-02T05:30:00.000Z"),
    # Ramadan of 1446: an hour back on 23 February, forward again on 6 April.
    ("Africa/Casablanca", "2025-02-01", "2025-04-20", "su", None, 150, None, None),
    ("Asia/Kathmandu", "2025-03-01", "2025-04-05", "su", None, 150, None, "2025-03-01T20:45:00.000Z"),
])
def test_times_that_are_not_or_are_twice_are_told(school, zone, first, last, weekday, day, minute, what, utc):
    made = body_of(school.weekly(time_zone=zone, first_day=first, last_day=last, weekdays=[weekday],
                                 starts_min=minute), 201)
    z = zoneinfo.ZoneInfo(zone)
    expected = []
    for s in school.sessions(made):
        naive = datetime.datetime.fromisoformat(s["series_day"]) + datetime.timedelta(minutes=minute)
        one, two = (naive.replace(tzinfo=z, fold=f) for f in (0, 1))
        assert s["starts_at"] == one.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        if one.utcoffset() != two.utcoffset():
            expected.append({"day": s["series_day"], "starts_at": s["starts_at"],
                             "what": "gap" if one.utcoffset() < two.utcoffset() else "overlap"})
    assert made["shifted"] == expected
    if what:
        assert expected == [{"day": day, "what": what, "starts_at": utc}]
    elif utc:
        assert school.sessions(made)[0]["starts_at"] == utc and not expected
    else:  # Casablanca: nine o'clock is nine o'clock in and after Ramadan
        plain = body_of(school.weekly(time_zone=zone, first_day=first, last_day=last, weekdays=["mo"]), 201)
        times = school.sessions(plain)
        assert {local(s).hour for s in times} == {9} and [e["what"] for e in expected] == ["overlap", "gap"]
        assert {s["starts_at"][11:16] for s in times} == {"08:00", "09:00"}


def test_every_second_week_and_two_days(school):
    made = body_of(school.weekly(weekdays=["fr", "mo", "mo"], every_weeks=2, last_day="2031-04-04"), 201)
    assert sorted(school.days(made)) == ["2031-03-03", "2031-03-07", "2031-03-17", "2031-03-21", "2031-03-31",
                                         "2031-04-04"]


@pytest.mark.parametrize("wrong,where", [
    ({"last_day": "2031-03-02"}, "/last_day"),
    ({"last_day": "2032-04-01"}, "/last_day"),
    ({"last_day": "2031-02-29"}, "/last_day"),
    ({"first_day": "1969-12-29", "last_day": "1970-01-20"}, "/first_day"),
    ({"first_day": "9999-01-04", "last_day": "9999-02-01"}, "/first_day"),
    ({"first_day": "9998-12-31", "last_day": "9999-12-30"}, "/last_day"),
    ({"duration_min": 0}, "/duration_min"),
    ({"duration_min": 1441}, "/duration_min"),
    ({"starts_min": 1440}, "/starts_min"),
    ({"every_weeks": 0}, "/every_weeks"),
    ({"weekdays": ["mo"] * 200}, "/weekdays"),
    ({"weekdays": []}, "/weekdays"),
    ({"weekdays": ["noday"]}, "/weekdays"),
    ({"weekdays": ["tu"], "last_day": "2031-03-03"}, "/weekdays"),
    ({"time_zone": "../../etc/passwd"}, "/time_zone"),
    ({"time_zone": "Europe"}, "/time_zone"),
    ({"group_ids": [999999]}, "/group_ids/0"),
    ({"module_id": 999999, "trainer_id": 999999}, "/module_id"),
])
def test_a_wrong_series_is_refused(school, wrong, where):
    assert where in field_errors(school.weekly(**wrong))


def test_a_series_in_the_last_years(school):
    made = body_of(school.weekly(first_day="9998-12-01", last_day="9998-12-31"), 201)
    assert made["sessions"] == len(school.sessions(made)) > 3


def test_a_clash_refuses_the_whole_series_or_leaves_its_day_out(school):
    one = body_of(school.plan("2031-03-10T08:30:00+00:00", time_zone="Europe/Paris"), 201)
    refused = school.weekly()
    problem(refused, 409, "timetable-clash")
    assert {e["field"] for e in refused.json()["errors"]} == {"/trainer_id", "/room_id", "/group_ids/0"}
    assert all(e["detail"].startswith(f"2031-03-10: session {one['id']},") for e in refused.json()["errors"])
    assert walk(school.admin, SERIES, {"group_id": school.group["id"]})[0] == []
    made = body_of(school.weekly(skip_clashing=True), 201)
    assert "2031-03-10" not in school.days(made) and made["sessions"] == 5
    assert [e["day"] for e in made["exceptions"]] == ["2031-03-10"]
    assert {w["code"] for w in made["warnings"]} == {"clash"}
    over = body_of(school.weekly(allow_clash=True), 201)
    assert over["sessions"] == 6 and over["warnings"]


def test_changing_one_detaches_it(school):
    made = body_of(school.weekly(), 201)
    changed = body_of(change(school.admin, made, scope="this", day="2031-03-10", starts_min=600, room_id=None))
    rows = {s["series_day"]: s for s in school.sessions(made)}
    assert rows["2031-03-10"]["starts_at"] == "2031-03-10T09:00:00.000Z" and rows["2031-03-10"]["detached"]
    assert rows["2031-03-10"]["room_id"] is None and rows["2031-03-10"]["sequence"] == 1
    assert rows["2031-03-17"]["sequence"] == 0 and not rows["2031-03-17"]["detached"]
    problem(change(school.admin, made, scope="all", starts_min=600), 412, "version-mismatch")
    again = body_of(change(school.admin, changed, scope="all", starts_min=660))
    rows = {s["series_day"]: s for s in school.sessions(made)}
    assert local(rows["2031-03-10"]).hour == 10  # left alone
    assert {local(s).hour for d, s in rows.items() if d != "2031-03-10"} == {11}
    assert "/scope" in field_errors(change(school.admin, again, scope="this", day="2031-03-17", weekdays=["tu"]))
    assert "/day" in field_errors(change(school.admin, again, scope="this", starts_min=1))
    problem(change(school.admin, again, scope="this", day="2031-03-18", starts_min=1), 404, "not-found")
    problem(school.admin.patch(f"{SERIES}/{made['id']}", json={"scope": "all"}), 428, "precondition-required")


def test_changing_the_following_splits_the_series(school):
    made = body_of(school.weekly(), 201)
    before = {s["series_day"]: s["id"] for s in school.sessions(made)}
    new = body_of(change(school.admin, made, scope="following", day="2031-03-24", starts_min=840))
    assert new["id"] != made["id"] and new["first_day"] == "2031-03-24"
    old = read(school.admin, made)
    assert old["last_day"] == "2031-03-23" and old["sessions"] == 3
    assert {s["series_day"]: s["id"] for s in school.sessions(new)} == {
        d: i for d, i in before.items() if d >= "2031-03-24"}  # the same sessions, moved
    assert {local(s).hour for s in school.sessions(new)} == {14}
    assert {local(s).hour for s in school.sessions(old)} == {9}


def test_another_weekday_cancels_and_plans(school):
    made = body_of(school.weekly(), 201)
    body_of(change(school.admin, made, scope="this", day="2031-03-17", duration_min=30))
    made = read(school.admin, made)
    all_ = body_of(change(school.admin, made, scope="all", weekdays=["tu"], last_day="2031-03-25"))
    assert school.days(all_) == {
        "2031-03-03": "cancelled", "2031-03-04": "scheduled", "2031-03-10": "cancelled",
        "2031-03-11": "scheduled", "2031-03-17": "scheduled", "2031-03-18": "scheduled",
        "2031-03-24": "cancelled", "2031-03-25": "scheduled", "2031-03-31": "cancelled",
        "2031-04-07": "cancelled"}
    back = body_of(change(school.admin, all_, scope="all", weekdays=["mo", "tu"]))
    assert school.days(back)["2031-03-03"] == "cancelled"  # what was cancelled stays so


def test_opened_sessions_are_never_touched(school, make):
    today = datetime.datetime.now(datetime.timezone.utc)
    start = today + datetime.timedelta(minutes=5)
    names = ["mo", "tu", "we", "th", "fr", "sa", "su"]
    made = body_of(school.weekly(time_zone="UTC", first_day=start.strftime("%Y-%m-%d"),
                                 last_day=(start + datetime.timedelta(days=15)).strftime("%Y-%m-%d"),
                                 weekdays=[names[start.weekday()]], starts_min=start.hour * 60 + start.minute,
                                 duration_min=20, skip_holidays=False), 201)
    first = school.sessions(made)[0]
    opened = body_of(school.admin.post(f"/api/v1/sessions/{first['id']}/open"))
    changed = body_of(change(school.admin, made, scope="all", duration_min=40))
    assert body_of(school.admin.get(f"/api/v1/sessions/{first['id']}")) == opened
    problem(cancel(school.admin, changed, scope="this", day=first["series_day"], reason="x"), 409, "session-state")
    problem(school.admin.post(f"{SERIES}/{made['id']}/exceptions",
                              json={"day": first["series_day"], "reason": "x"}), 409, "session-state")
    changed = read(school.admin, made)
    ended = body_of(cancel(school.admin, changed, scope="all", reason="The module is complete"))
    assert ended["ended"] and sorted(school.days(made).values()) == ["cancelled", "cancelled", "open"]


def test_cancelling_one_following_all(school):
    made = body_of(school.weekly(), 201)
    one = body_of(cancel(school.admin, made, scope="this", day="2031-03-10", reason="Fire drill"))
    assert one["cancelled"] == 1 and not one["ended"]
    rows = {s["series_day"]: s for s in school.sessions(made)}
    assert rows["2031-03-10"]["cancel_reason"] == "Fire drill" and rows["2031-03-10"]["sequence"] == 1
    problem(cancel(school.admin, made, scope="all", reason="x"), 412, "version-mismatch")
    following = body_of(cancel(school.admin, one, scope="following", day="2031-03-31", reason="Over"))
    assert following["last_day"] == "2031-03-30" and following["cancelled"] == 3
    every = body_of(cancel(school.admin, following, scope="all", reason="Over"))
    assert every["cancelled"] == 6 and every["ended"]
    body_of(school.weekly(), 201)  # nothing is in the way any more


def test_days_left_out_and_given_back(school):
    made = body_of(school.weekly(), 201)
    path = f"{SERIES}/{made['id']}/exceptions"
    out = body_of(school.admin.post(path, json={"day": "2031-03-17", "reason": "Open day"}), 201)
    assert out["exceptions"] == [{"day": "2031-03-17", "reason": "Open day"}]
    assert school.days(made)["2031-03-17"] == "cancelled"
    assert "/day" in field_errors(school.admin.post(path, json={"day": "2031-05-05", "reason": "x"}))
    changed = body_of(change(school.admin, out, scope="all", starts_min=600))
    assert school.days(changed)["2031-03-17"] == "cancelled"
    other = body_of(school.plan("2031-03-17T09:00:00+00:00"), 201)
    problem(school.admin.delete(path + "/2031-03-17"), 409, "timetable-clash")
    body_of(school.admin.post(f"/api/v1/sessions/{other['id']}/cancel", json={"reason": "moved"}))
    back = body_of(school.admin.delete(path + "/2031-03-17"))
    row = {s["series_day"]: s for s in school.sessions(made)}["2031-03-17"]
    assert back["exceptions"] == [] and row["state"] == "scheduled" and local(row).hour == 10
    assert row["cancel_reason"] is None
    problem(school.admin.delete(path + "/2031-03-17"), 404, "not-found")


def test_holidays_are_left_out(school, make):
    body = {"name": word("Break"), "from_day": "2031-03-15", "to_day": "2031-03-18", "uid": word("uid")}
    made = body_of(school.admin.post(HOLIDAYS, json=body), 201)
    try:
        series = body_of(school.weekly(), 201)
        assert "2031-03-17" not in school.days(series)
        assert series["exceptions"] == [{"day": "2031-03-17", "reason": body["name"]}]
        other = School(make)
        kept = body_of(other.weekly(skip_holidays=False), 201)
        assert other.days(kept)["2031-03-17"] == "scheduled"
        again = body_of(school.admin.post(HOLIDAYS, json={**body, "name": "Longer", "to_day": "2031-03-25",
                                                          "cancel_sessions": True}), 201)
        assert again["id"] == made["id"] and again["version"] > made["version"]
        mine = {s["series_day"]: s["id"] for s in school.sessions(series) + other.sessions(kept)}
        assert again["cancelled"] == len(again["sessions"]) and again["cancelled"] >= 3
        assert mine["2031-03-24"] in {s["id"] for s in again["sessions"]}
        assert other.days(kept)["2031-03-17"] == "cancelled" and school.days(series)["2031-03-24"] == "cancelled"
        assert school.days(series)["2031-03-31"] == "scheduled"
        problem(school.admin.patch(f"{HOLIDAYS}/{made['id']}", version=made["version"], json={"name": "x"}), 412,
                "version-mismatch")
        made = body_of(school.admin.patch(f"{HOLIDAYS}/{made['id']}", version=again["version"],
                                          json={"to_day": "2031-03-18"}))
        assert made["to_day"] == "2031-03-18" and made["cancelled"] == 0
        rows, _ = walk(school.admin, HOLIDAYS, {"from": "2031-03-17", "to": "2031-03-18"})
        assert [h["id"] for h in rows] == [made["id"]]
        assert walk(school.admin, HOLIDAYS, {"from": "2031-03-18", "to": "2031-03-30"})[0] == []
    finally:
        version = body_of(school.admin.get(HOLIDAYS, params={"from": "2031-03-15", "to": "2031-03-16"}))["items"]
        for h in version:
            assert school.admin.delete(f"{HOLIDAYS}/{h['id']}",
                                       headers={"If-Match": f'"{h["version"]}"'}).status_code == 204


@pytest.mark.parametrize("wrong,where", [
    ({"to_day": "2031-03-15"}, "/to_day"),
    ({"to_day": "2032-03-20"}, "/to_day"),
    ({"from_day": "1969-03-15"}, "/from_day"),
    ({"from_day": "9999-01-01", "to_day": "9999-01-02"}, "/from_day"),
    ({"name": "  "}, "/name"),
])
def test_a_wrong_holiday_is_refused(admin, wrong, where):
    body = {"name": "Break", "from_day": "2031-03-15", "to_day": "2031-03-18", **wrong}
    assert where in field_errors(admin.post(HOLIDAYS, json=body))


def test_who_sees_series(school, make, student):
    made = body_of(school.weekly(), 201)
    own = make.sign_in(school.trainer["email"])
    assert body_of(own.get(f"{SERIES}/{made['id']}"))["id"] == made["id"]
    assert [s["id"] for s in walk(own, SERIES, {})[0]] == [made["id"]]
    problem(make.sign_in(make.trainer()["email"]).get(f"{SERIES}/{made['id']}"), 404, "not-found")
    problem(student.get(SERIES), 403, "forbidden")


# Requests


def ask(school, **more):
    body = {"module_id": school.module["id"], "group_ids": [school.group["id"]], "room_id": school.room["id"],
            "starts_at": "2030-06-03T09:00:00Z", "ends_at": "2030-06-03T10:00:00Z", "kind": "lab",
            "mode": "in_person", "message": "To catch up", **more}
    return school.make.sign_in(school.trainer["email"]).post(REQUESTS, json=body)


def test_a_request_becomes_a_session(school, make):
    q = body_of(ask(school), 201)
    assert q["state"] == "pending" and q["group_names"] == [school.group["name"]]
    own, other = make.sign_in(school.trainer["email"]), make.sign_in(make.trainer()["email"])
    problem(other.get(f"{REQUESTS}/{q['id']}"), 404, "not-found")
    assert walk(other, REQUESTS, {})[0] == []
    assert [r["id"] for r in walk(own, REQUESTS, {"state": "pending"})[0]] == [q["id"]]
    problem(own.post(f"{REQUESTS}/{q['id']}/approve", json={}), 403, "forbidden")
    done = body_of(school.admin.post(f"{REQUESTS}/{q['id']}/approve", json={}))
    session = body_of(own.get(f"/api/v1/sessions/{done['session_id']}"))
    assert done["state"] == "approved" and session["kind"] == "lab" and session["state"] == "scheduled"
    assert session["starts_at"] == "2030-06-03T09:00:00.000Z" and session["group_ids"] == [school.group["id"]]
    problem(school.admin.post(f"{REQUESTS}/{q['id']}/reject", json={"reason": "x"}), 409, "conflict")
    problem(own.patch(f"{REQUESTS}/{q['id']}", headers={"If-Match": f'"{done["version"]}"'},
                      json={"withdraw": True}), 409, "conflict")


def test_a_request_that_clashes_stays_pending(school):
    q = body_of(ask(school), 201)
    body_of(school.plan("2030-06-03T09:30:00+00:00"), 201)
    refused = school.admin.post(f"{REQUESTS}/{q['id']}/approve", json={})
    assert set(field_errors(refused, 409)) == {"/trainer_id", "/room_id", "/group_ids/0"}
    assert body_of(school.admin.get(f"{REQUESTS}/{q['id']}"))["state"] == "pending"
    assert body_of(school.admin.post(f"{REQUESTS}/{q['id']}/approve", json={"allow_clash": True}))["session_id"]


def test_a_request_is_changed_withdrawn_rejected(school, make):
    own = make.sign_in(school.trainer["email"])
    q = body_of(ask(school), 201)
    path = f"{REQUESTS}/{q['id']}"
    moved = body_of(own.patch(path, headers={"If-Match": f'"{q["version"]}"'},
                              json={"ends_at": "2030-06-03T11:00:00Z", "room_id": None}))
    assert moved["ends_at"] == "2030-06-03T11:00:00.000Z" and moved["room_id"] is None
    problem(own.patch(path, headers={"If-Match": f'"{q["version"]}"'}, json={"kind": "exam"}), 412,
            "version-mismatch")
    assert "/ends_at" in field_errors(own.patch(path, headers={"If-Match": f'"{moved["version"]}"'},
                                                json={"ends_at": "2030-06-03T08:00:00Z"}))
    gone = body_of(own.patch(path, headers={"If-Match": f'"{moved["version"]}"'}, json={"withdraw": True}))
    assert gone["state"] == "withdrawn"
    problem(school.admin.post(path + "/approve", json={}), 409, "conflict")
    second = body_of(ask(school), 201)
    assert "/reason" in field_errors(school.admin.post(f"{REQUESTS}/{second['id']}/reject", json={"reason": " "}))
    no = body_of(school.admin.post(f"{REQUESTS}/{second['id']}/reject", json={"reason": "The lab is closed"}))
    assert no["state"] == "rejected" and no["answer"] == "The lab is closed" and no["session_id"] is None
    assert "/ends_at" in field_errors(ask(school, ends_at="2030-06-03T08:00:00Z"))


def test_what_is_approved_is_what_was_asked_last(school, make, server, contract):
    own = make.sign_in(school.trainer["email"])
    seen = body_of(ask(school), 201)
    path = f"{REQUESTS}/{seen['id']}"
    changed = body_of(own.patch(path, headers={"If-Match": f'"{seen["version"]}"'},
                                json={"starts_at": "2030-06-03T13:00:00Z", "ends_at": "2030-06-03T14:00:00Z"}))
    for decide in ("approve", "reject"):
        body = {"version": seen["version"]} | ({"reason": "No room"} if decide == "reject" else {})
        problem(school.admin.post(f"{path}/{decide}", json=body), 412, "version-mismatch")
    assert body_of(own.get(path)) == changed, "it waits as it was"
    done = body_of(school.admin.post(f"{path}/approve", json={"version": changed["version"]}))
    session = body_of(school.admin.get(f"/api/v1/sessions/{done['session_id']}"))
    assert session["starts_at"] == changed["starts_at"] == done["starts_at"]
    # Both at the same moment, without a version: the session is what the request says in the end.
    token = school.admin.session.headers["Authorization"].split()[1]
    for hour in range(8, 14):
        times = {"starts_at": f"2030-06-04T{hour:02d}:00:00Z", "ends_at": f"2030-06-04T{hour:02d}:30:00Z"}
        moved = {"starts_at": f"2030-06-04T{hour:02d}:30:00Z", "ends_at": f"2030-06-04T{hour + 1:02d}:00:00Z"}
        q = body_of(ask(school, **times), 201)
        path = f"{REQUESTS}/{q['id']}"
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            asks = pool.submit(own.patch, path, headers={"If-Match": f'"{q["version"]}"'}, json=moved)
            approves = pool.submit(Client(server, contract, token).post, f"{path}/approve", json={})
        assert approves.result().status_code == 200 and asks.result().status_code in (200, 409, 412)
        end = body_of(own.get(path))
        made = body_of(school.admin.get(f"/api/v1/sessions/{end['session_id']}"))
        assert (made["starts_at"], made["ends_at"]) == (end["starts_at"], end["ends_at"])
        assert (end["starts_at"][11:16] == moved["starts_at"][11:16]) == (asks.result().status_code == 200)


def test_two_admins_at_once_make_one_session(school, server, contract):
    token = school.admin.session.headers["Authorization"].split()[1]
    q = body_of(ask(school), 201)

    def approve(_):
        return Client(server, contract, token).post(f"{REQUESTS}/{q['id']}/approve", json={}).status_code

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(approve, range(4))) == [200, 409, 409, 409]
    rows, _ = walk(school.admin, "/api/v1/sessions", {"group_id": school.group["id"]})
    assert len(rows) == 1

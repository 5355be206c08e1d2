# SPDX-License-Identifier: MIT
"""Holidays that come in as iCalendar, sessions that go out as such: read back by a real parser."""
import datetime
import re
import zoneinfo

import icalendar
import pytest
import requests

from chaos import cpu_s
from client import Client
from clock import ClockedServer
from factories import PASSWORD, Make, body_of, field_errors, make, problem, walk, word  # noqa: F401
from own import ADMIN, PASSWORD as ADMIN_PASSWORD
from server import SLOW

UTC = datetime.timezone.utc
# Before the changes of clocks, which are not within reach of every day; a school of its own, since
# holidays would take sessions away from others.
NOW = datetime.datetime(2026, 2, 10, 10, tzinfo=UTC)
TODAY = NOW.date()
FEEDS = "/api/v1/calendar-feeds"


@pytest.fixture(scope="module")
def place():
    server = ClockedServer(NOW)
    try:
        server.run("create-admin", "--email", ADMIN, "--name", "Ada Admin", text=ADMIN_PASSWORD + "\n")
        yield server.start()
    finally:
        server.close()


@pytest.fixture(scope="module")
def api(place, contract):
    return Client(place, contract)


@pytest.fixture(scope="module")
def admin(api):
    return api.login(ADMIN, ADMIN_PASSWORD)


@pytest.fixture(scope="module")
def trainer(admin, api):
    return api.login(Make(admin, api).trainer()["email"], PASSWORD)


@pytest.fixture(scope="module")
def student(admin, api):
    return api.login(Make(admin, api).student(account=True)["email"], PASSWORD)


# --- in ---

def day(offset):
    return TODAY + datetime.timedelta(days=offset)


def entry(uid, name, first, **more):
    lines = [f"UID:{uid}", f"SUMMARY:{name}", f"DTSTART;VALUE=DATE:{first:%Y%m%d}"]
    lines += [f"{key.replace('_', '-')}{value}" for key, value in more.items()]
    return "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"])


def calendar(*entries):
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//T//T//EN", *entries, "END:VCALENDAR", ""])


def send(client, text, **fields):
    data = text.encode() if isinstance(text, str) else text
    return client.post("/api/v1/holidays/import", files={"calendar": ("h.ics", data, "text/calendar")}, data=fields)


def told(report):
    return [(e["name"], e["from_day"], e["result"], e["problem"]) for e in report["entries"]]


def known(admin, uids):
    items, _ = walk(admin, "/api/v1/holidays", {"limit": 200})
    return {h["uid"]: (h["name"], h["from_day"], h["to_day"]) for h in items if h["uid"] in uids}


def test_holidays_come_in_and_are_known_again(admin):
    eid, rest = word("eid"), word("rest")
    first = calendar(entry(eid, "عيد الفطر\\, يوم أول", day(40), DTEND=f";VALUE=DATE:{day(42):%Y%m%d}"),
                     entry(rest, "Repos", day(60)))
    report = body_of(send(admin, first, dry_run="true"))
    assert (report["dry_run"], report["added"]) == (True, 2) and known(admin, (eid, rest)) == {}
    report = body_of(send(admin, first))
    assert (report["added"], report["changed"], report["same"], report["skipped"]) == (2, 0, 0, 0)
    assert told(report)[0] == ("عيد الفطر, يوم أول", day(40).isoformat(), "new", None)
    assert known(admin, (eid, rest)) == {
        eid: ("عيد الفطر, يوم أول", day(40).isoformat(), day(42).isoformat()),
        rest: ("Repos", day(60).isoformat(), day(61).isoformat())}
    assert body_of(send(admin, first))["same"] == 2
    report = body_of(send(admin, calendar(entry(eid, "عيد الفطر", day(41)), entry(rest, "Repos", day(60)))))
    assert (report["changed"], report["same"]) == (1, 1)
    assert known(admin, (eid,)) == {eid: ("عيد الفطر", day(41).isoformat(), day(42).isoformat())}


def test_a_rule_comes_in_day_by_day(admin):
    uid = word("weekly")
    text = calendar(entry(uid, "Half day", day(10), RRULE=":FREQ=WEEKLY;COUNT=3", EXDATE=f";VALUE=DATE:{day(17):%Y%m%d}"))
    report = body_of(send(admin, text))
    assert [e["uid"] for e in report["entries"]] == [f"{uid}#{day(10)}", f"{uid}#{day(24)}"]
    assert body_of(send(admin, text))["same"] == 2


def test_each_entry_is_told(admin):
    good = word("good")
    report = body_of(send(admin, calendar(
        entry(good, "Good", day(70)), "BEGIN:VEVENT\r\nSUMMARY:x\r\nEND:VEVENT",
        entry(word("old"), "Old", day(-900)), entry(word("rule"), "Rule", day(1), RRULE=":FREQ=SECONDLY"),
        entry(good, "Good again", day(71)),
        f"BEGIN:VEVENT\r\nUID:{word('timed')}\r\nSUMMARY:Timed\r\nDTSTART:20260101T080000Z\r\nEND:VEVENT")))
    assert [e["problem"] for e in report["entries"]] == [
        None, "no_uid", "out_of_window", "bad_rule", "duplicate", "not_all_day"]
    assert (report["added"], report["skipped"]) == (1, 5)


def test_what_other_programs_write(admin):
    """Days as Outlook, Google and ministries write them; what has a time of day is told, in any zone."""
    last_march = next(d for d in map(day, range(400)) if d.month == 3 and d.day > 24 and d.weekday() == 6)
    uids = [word(name) for name in ("dst", "open", "bare", "until", "windows", "long")]
    windows = "\r\n".join([
        "BEGIN:VTIMEZONE", "TZID:Romance Standard Time", "BEGIN:STANDARD", "DTSTART:16010101T030000",
        "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10",
        "END:STANDARD", "BEGIN:DAYLIGHT", "DTSTART:16010101T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200",
        "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3", "END:DAYLIGHT", "END:VTIMEZONE"])
    timed = "\r\n".join([
        "BEGIN:VEVENT", f"UID:{uids[4]}", "SUMMARY:Midnight to midnight", "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
        f"DTSTART;TZID=Romance Standard Time:{day(50):%Y%m%d}T000000",
        f"DTEND;TZID=Romance Standard Time:{day(51):%Y%m%d}T000000", "END:VEVENT"])
    text = calendar(
        windows, entry(uids[0], "Change of clocks", last_march - datetime.timedelta(days=1),
                       DTEND=f";VALUE=DATE:{last_march + datetime.timedelta(days=2):%Y%m%d}"),
        entry(uids[1], "No end", last_march),
        f"BEGIN:VEVENT\r\nUID:{uids[2]}\r\nSUMMARY:No VALUE=DATE\r\nDTSTART:{day(52):%Y%m%d}\r\nEND:VEVENT",
        entry(uids[3], "Yearly", day(53), RRULE=f":FREQ=YEARLY;UNTIL={day(800):%Y%m%d}T000000Z"), timed,
        entry(uids[5], "Two lines\\nand a turn\u202e", day(54), DURATION=":P1W"))
    report = body_of(send(admin, text))
    found = {e["uid"].partition("#")[0]: e for e in report["entries"]}
    assert [(e["from_day"], e["to_day"]) for e in (found[uids[0]], found[uids[1]])] == [
        ((last_march - datetime.timedelta(days=1)).isoformat(), (last_march + datetime.timedelta(days=2)).isoformat()),
        (last_march.isoformat(), (last_march + datetime.timedelta(days=1)).isoformat())]
    assert found[uids[2]]["from_day"] == day(52).isoformat()
    years = [e for e in report["entries"] if e["uid"].startswith(uids[3])]
    assert [e["result"] for e in years] == ["new"] * 3 and years[0]["from_day"] == day(53).isoformat()
    assert (found[uids[4]]["result"], found[uids[4]]["problem"]) == ("skipped", "not_all_day")
    assert found[uids[5]]["name"] == "Two lines and a turn" and found[uids[5]]["to_day"] == day(61).isoformat()


@pytest.mark.parametrize("text,says", [
    (b"", None), (b"BEGIN:VCALENDAR\r\n", "cut off"), (b"\xff\xfe", "UTF-8"), (b"BEGIN:VCARD\r\nEND:VCARD", "BEGIN:VCALENDAR"),
    (b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\nEND:VEVENT\n" * 40000, "more than 2000"),
    (b"BEGIN:VCALENDAR\n" + b"BEGIN:X\n" * 100000, "deep"),
    (calendar(*[entry(f"b{i}", "Bomb", day(0), RRULE=":FREQ=DAILY") for i in range(100)]).encode(), "more than 2000"),
    (calendar(*[entry(f"b{i}", "Bomb", day(0), RRULE=":FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30") for i in range(900)]).encode(), "too long"),
], ids=["empty", "cut", "bytes", "card", "entries", "deep", "days", "never"])
def test_what_is_no_calendar_is_refused_soon(admin, place, text, says):
    before = cpu_s(place)
    answer = send(admin, text)
    assert cpu_s(place) - before < 4 * SLOW  # it takes under one: test_ics.c
    if says:
        assert says in problem(answer, 422, "calendar-invalid")["detail"]
    else:
        assert field_errors(answer) == {"calendar": "min_bytes"}


def test_more_than_a_mebibyte_is_too_large(admin):
    assert send(admin, b"x" * (3 << 20)).status_code == 413


def test_only_admins_import(make, trainer, student):
    for client in (trainer, student):
        problem(send(client, calendar()), 403, "forbidden")


# --- out ---

@pytest.fixture
def school(make):
    group, student, trainer = make.group(), make.student(account=True), make.trainer()
    make.member(group, student, **{"from": day(-40).isoformat()})
    guardian = make.guardian(student)
    return {"group": group, "student": student, "trainer": trainer, "guardian": guardian,
            "as_student": make.sign_in(student["email"]), "as_trainer": make.sign_in(trainer["email"]),
            "as_guardian": make.sign_in(guardian["email"])}


def session(make, school, start, zone="UTC", **more):
    return make.session(school["trainer"], [school["group"]], starts_at=start.isoformat(), time_zone=zone,
                        ends_at=(start + datetime.timedelta(minutes=90)).isoformat(), **more)


def feed(client, subject, made, status=201):
    return body_of(client.post(FEEDS, json={"subject": subject, "subject_id": made["id"]}), status)


def fetch(api, made, **more):
    return api.get(made["path"] if isinstance(made, dict) else made, **more)


def events(api, made):
    answer = fetch(api, made)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    for line in answer.content.split(b"\r\n"):
        assert len(line) <= 75 and b"\n" not in line and b"\r" not in line
        line.decode()  # no letter is cut in two
    assert b"ORGANIZER" not in answer.content and b"ATTENDEE" not in answer.content
    parsed = icalendar.Calendar.from_ical(answer.content)
    found = {}
    for event in parsed.walk("VEVENT"):
        found[int(re.match(r"session-(\d+)\.", event["UID"])[1])] = event
    return parsed, found


def utc_of(parsed, event, name):
    """The moment as the calendar's own VTIMEZONE says, not the parser's own tz data."""
    value = event[name].dt
    zone = event[name].params.get("TZID")
    if zone is None:
        return value.astimezone(UTC)
    part = next(z for z in parsed.walk("VTIMEZONE") if z["TZID"] == zone)
    local = value.replace(tzinfo=None)
    changes = sorted((sub["DTSTART"].dt, sub["TZOFFSETTO"].td) for sub in part.subcomponents)
    offset = [to for start, to in changes if start <= local][-1]
    return (local - offset).replace(tzinfo=UTC)


ZONES = ["Africa/Casablanca", "Europe/Paris", "America/New_York", "Asia/Kathmandu"]


def changes_of(zone):
    """The first moments with another offset in the feed's time, by Python's tz data."""
    tz = zoneinfo.ZoneInfo(zone)
    at = [datetime.datetime.combine(day(-28), datetime.time(), UTC) + datetime.timedelta(hours=h) for h in range(24 * 200)]
    return [b for a, b in zip(at, at[1:]) if a.astimezone(tz).utcoffset() != b.astimezone(tz).utcoffset()]


@pytest.mark.parametrize("zone", ZONES)
def test_times_over_the_changes_of_clocks(make, school, api, zone):
    hours = [datetime.datetime.combine(day(3), datetime.time(7, 30), UTC)]
    for change in changes_of(zone):
        hours += [change + datetime.timedelta(minutes=m) for m in (-1500, -200, -90, 0, 100, 1500)]
    assert (len(hours) > 1) == (zone != "Asia/Kathmandu")
    made = [session(make, school, h, zone) for h in sorted(hours)]
    parsed, found = events(api, feed(school["as_student"], "student", school["student"]))
    assert set(found) == {s["id"] for s in made}
    for s in made:
        assert utc_of(parsed, found[s["id"]], "DTSTART") == datetime.datetime.fromisoformat(s["starts_at"].replace("Z", "+00:00"))
        assert utc_of(parsed, found[s["id"]], "DTEND") == datetime.datetime.fromisoformat(s["ends_at"].replace("Z", "+00:00"))
    assert [z["TZID"] for z in parsed.walk("VTIMEZONE")] == [zone]


def test_names_come_back_as_they_were(make, school, api, admin):
    name = "شبكات، «مستوى» 1; TP, n° 2 \\ bis " + "é" * 60 + " مدخل إلى قواعد البيانات والشبكات" * 3
    module, room = make.module(name=name), make.room(name="Salle B; 2e étage, aile ouest")
    start = datetime.datetime.combine(day(2), datetime.time(9), UTC)
    made = session(make, school, start, module_id=module["id"], room_id=room["id"])
    reason = "Prof malade,\nreporté; voir \\ tableau"
    moved = admin.post(f"/api/v1/sessions/{made['id']}/cancel", json={"reason": reason})
    assert moved.status_code == 200, moved.text
    parsed, found = events(api, feed(school["as_trainer"], "group", school["group"]))
    event = found[made["id"]]
    assert str(event["SUMMARY"]) == name and str(event["LOCATION"]) == room["name"]
    assert (str(event["STATUS"]), str(event["DESCRIPTION"])) == ("CANCELLED", reason)
    assert str(parsed["X-WR-CALNAME"]) == school["group"]["name"]


def test_a_moved_session_keeps_its_uid_and_counts_on(make, school, api, admin):
    start = datetime.datetime.combine(day(5), datetime.time(9), UTC)
    made = session(make, school, start)
    feeds = feed(school["as_student"], "student", school["student"])
    first = fetch(api, feeds)
    before = events(api, feeds)[1][made["id"]]
    again = fetch(api, feeds, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["Cache-Control"].startswith("private")
    later = start + datetime.timedelta(hours=3)
    body_of(admin.patch(f"/api/v1/sessions/{made['id']}", version=made["version"], json={
        "starts_at": later.isoformat(), "ends_at": (later + datetime.timedelta(hours=1)).isoformat()}))
    assert fetch(api, feeds, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    after = events(api, feeds)[1][made["id"]]
    assert after["UID"] == before["UID"] and int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    assert after["DTSTART"].dt == later and after["LAST-MODIFIED"].dt >= before["LAST-MODIFIED"].dt
    assert "127.0.0.1" not in after["UID"] and after["DTSTAMP"].dt.tzinfo is not None


def test_changes_of_a_series_count_on(make, school, api, admin):
    """Each session is an entry of its own: no RRULE, no RECURRENCE-ID; one UID for ever."""
    first = day(7 - TODAY.weekday() + 7)  # a Monday
    made = body_of(admin.post("/api/v1/series", json={
        "module_id": make.module()["id"], "trainer_id": school["trainer"]["id"], "group_ids": [school["group"]["id"]],
        "kind": "course", "mode": "in_person", "time_zone": "Africa/Casablanca", "first_day": first.isoformat(),
        "last_day": (first + datetime.timedelta(days=27)).isoformat(), "weekdays": ["mo"], "starts_min": 540,
        "duration_min": 60}), 201)
    feeds = feed(school["as_student"], "student", school["student"])

    def seen():
        """[(UID, SEQUENCE, STATUS)] of its sessions by day."""
        rows, _ = walk(admin, "/api/v1/sessions", {"group_id": school["group"]["id"]})
        _, found = events(api, feeds)
        assert set(found) == {s["id"] for s in rows}
        assert not any(name in e for e in found.values() for name in ("RRULE", "RECURRENCE-ID", "EXDATE"))
        return [(str(found[s["id"]]["UID"]), int(found[s["id"]]["SEQUENCE"]), str(found[s["id"]]["STATUS"]))
                for s in sorted(rows, key=lambda s: s["series_day"])]

    def change(series, **body):
        return body_of(admin.patch(f"/api/v1/series/{series['id']}", version=series["version"], json=body))

    uids = [uid for uid, _, _ in seen()]
    assert [n for _, n, _ in seen()] == [0, 0, 0, 0] and len(set(uids)) == 4
    second = (first + datetime.timedelta(days=7)).isoformat()
    made = change(made, scope="this", day=second, starts_min=600)
    assert [n for _, n, _ in seen()] == [0, 1, 0, 0]
    made = change(made, scope="this", day=second, starts_min=600)  # nothing
    new = change(made, scope="following", day=(first + datetime.timedelta(days=14)).isoformat(), duration_min=90)
    assert [n for _, n, _ in seen()] == [0, 1, 1, 1] and [uid for uid, _, _ in seen()] == uids
    change(new, scope="all", starts_min=480)
    assert [n for _, n, _ in seen()] == [0, 1, 2, 2]
    made = body_of(admin.get(f"/api/v1/series/{made['id']}"))
    body_of(admin.delete(f"/api/v1/series/{made['id']}", params={"scope": "all", "reason": "Over"},
                         headers={"If-Match": f'"{made["version"]}"'}))
    assert seen() == [(uids[0], 1, "CANCELLED"), (uids[1], 2, "CANCELLED"), (uids[2], 2, "CONFIRMED"),
                      (uids[3], 2, "CONFIRMED")]


def test_the_window_and_the_memberships(make, school, api, admin):
    def at(offset):
        return session(make, school, datetime.datetime.combine(day(offset), datetime.time(9), UTC))["id"]
    past, near, soon, far = at(-31), at(-29), at(10), at(182)
    other = make.group()
    body_of(admin.post(f"/api/v1/students/{school['student']['id']}/move",
                       json={"to_group_id": other["id"], "on": day(5).isoformat()}))
    assert set(events(api, feed(school["as_student"], "student", school["student"]))[1]) == {near}
    assert set(events(api, feed(admin, "group", school["group"]))[1]) == {near, soon}
    assert set(events(api, feed(school["as_trainer"], "trainer", school["trainer"]))[1]) == {near, soon}
    assert past and far


def test_who_may_have_which(make, school, admin):
    room, other = make.room(), make.student(account=True)
    make.session(school["trainer"], [school["group"]])
    may = {"student": {"as_student", "as_guardian"}, "trainer": {"as_trainer"}, "group": {"as_trainer"}, "room": set()}
    things = {"student": school["student"], "trainer": school["trainer"], "group": school["group"], "room": room}
    for subject, made in things.items():
        feed(admin, subject, made)
        for who in ("as_student", "as_guardian", "as_trainer"):
            answer = school[who].post(FEEDS, json={"subject": subject, "subject_id": made["id"]})
            if who in may[subject]:
                assert answer.status_code == 201, answer.text
            else:
                assert field_errors(answer) == {"/subject_id": "not_found"}, (who, subject)
    stranger = make.sign_in(other["email"])
    for subject, made in things.items():
        answer = stranger.post(FEEDS, json={"subject": subject, "subject_id": made["id"]})
        assert field_errors(answer) == {"/subject_id": "not_found"}
    answer = admin.post(FEEDS, json={"subject": "student", "subject_id": 999999999})
    assert field_errors(answer) == {"/subject_id": "not_found"}


def same_404(api, *paths):
    answers = [api.get(path) for path in paths]
    bodies = [dict(problem(a, 404, "not-found"), instance="", request_id="") for a in answers]
    assert all(body == bodies[0] for body in bodies)
    assert len({tuple(sorted(k for k in a.headers if not k.startswith("RateLimit"))) for a in answers}) == 1


def test_what_is_taken_back_is_as_if_it_never_was(make, school, api, admin):
    mine = feed(school["as_student"], "student", school["student"])
    listed = body_of(school["as_student"].get(FEEDS))["items"]
    assert [f["id"] for f in listed] == [mine["id"]] and listed[0]["last_read_at"] is None
    assert mine["path"] not in str(listed) and re.fullmatch(r"/calendar/[\w-]{43}\.ics", mine["path"])
    assert fetch(api, mine).status_code == 200
    assert body_of(school["as_student"].get(FEEDS))["items"][0]["last_read_at"] is not None
    problem(school["as_guardian"].delete(f"{FEEDS}/{mine['id']}"), 404, "not-found")
    problem(admin.delete(f"{FEEDS}/{mine['id']}"), 404, "not-found")
    assert school["as_student"].delete(f"{FEEDS}/{mine['id']}").status_code == 204
    problem(school["as_student"].delete(f"{FEEDS}/{mine['id']}"), 404, "not-found")
    assert body_of(school["as_student"].get(FEEDS))["items"] == []
    same_404(api, mine["path"], "/calendar/" + "A" * 43 + ".ics", "/calendar/x.ics", "/calendar/x", mine["path"][:-4])


def test_a_feed_ends_with_the_right_to_see(make, school, api, admin):
    wards = feed(school["as_guardian"], "student", school["student"])
    make.session(school["trainer"], [school["group"]])
    own = feed(school["as_trainer"], "group", school["group"])
    assert fetch(api, wards).status_code == fetch(api, own).status_code == 200
    tie = f"/api/v1/students/{school['student']['id']}/guardians/{school['guardian']['guardian_id']}"
    assert admin.delete(tie).status_code == 204
    user = body_of(admin.get(f"/api/v1/users/{school['trainer']['user_id']}"))
    admin.patch(f"/api/v1/users/{user['id']}", json={"active": False}, version=user["version"])
    same_404(api, wards["path"], own["path"], "/calendar/" + "B" * 43 + ".ics")


def test_twenty_each(make, school):
    client, student = school["as_student"], school["student"]
    for _ in range(20):
        feed(client, "student", student)
    answer = client.post(FEEDS, json={"subject": "student", "subject_id": student["id"]})
    assert field_errors(answer) == {"/subject": "max"}
    items, pages = walk(client, FEEDS, {"limit": 7})
    assert (len(items), pages) == (20, 3)
    assert client.delete(f"{FEEDS}/{items[0]['id']}").status_code == 204
    feed(client, "student", student)


def test_the_secret_is_nowhere_else(make, school, place, api):
    made = feed(school["as_student"], "student", school["student"])
    secret = made["path"].split("/")[-1][:-4]
    assert fetch(api, made).status_code == 200
    assert secret not in place.log()


def test_addresses_cannot_be_tried_out(guarded):
    def ask(i):
        return requests.get(f"{guarded.url}/calendar/{'A' * 42}{i % 10}.ics", timeout=10,
                            headers={"X-Forwarded-For": "203.0.113.77"}).status_code
    statuses = [ask(0)]
    while statuses[-1] == 404 and len(statuses) < 2000:
        statuses.append(ask(len(statuses)))
    assert statuses[0] == 404 and statuses[-1] == 429

# SPDX-License-Identifier: MIT
"""Absences: announced, signed, asked about, decided; the records follow at once and both ways."""
import concurrent.futures
import datetime
import time
import types
import zoneinfo

import pytest

from chaos import sql
from client import Client
from factories import PASSWORD, Make, body_of, field_errors, problem, walk
from own import ADMIN, running
from server import SLOW

ZONE = "America/New_York"
DAY = datetime.timedelta(days=1)
MINUTE = datetime.timedelta(minutes=1)
PATH = "/api/v1/justifications"


def utc(days=0, hours=0):
    now = datetime.datetime.now(datetime.timezone.utc).replace(minute=0, second=0, microsecond=0)
    return now + datetime.timedelta(days=days, hours=hours)


def text(moment):
    return moment.isoformat()


class School:
    """A group with an adult, a minor with a mother and a father who may not sign, and a minor whom nobody can
    sign for; the school's zone is not the machine's."""

    def __init__(self, server, contract):
        self.server, self.contract = server, contract
        self.api = Client(server, contract)
        self.admin = self.api.login(ADMIN, "plover-Cabinet-77")
        self.make = Make(self.admin, self.api)
        self.group = self.make.group()
        self.trainer_row = self.make.trainer()
        self.trainer = self.login(self.trainer_row)
        self.adult_row = self.student("1999-01-02")
        self.minor_row = self.student("2014-05-06")
        self.alone_row = self.student("2014-05-06")
        self.mother_row = self.make.guardian(self.minor_row)
        self.father_row = self.make.guardian(self.minor_row, relation="father", may_sign=False)
        self.adult, self.minor, self.alone = map(self.login, (self.adult_row, self.minor_row, self.alone_row))
        self.mother, self.father = map(self.login, (self.mother_row, self.father_row))
        reasons = body_of(self.admin.get("/api/v1/absence-reasons"))["items"]
        self.reasons = {r["code"]: r for r in reasons}
        self.today, self.days = utc(), 400

    def login(self, row):
        return self.api.login(row["email"], PASSWORD)

    def student(self, born):
        row = self.make.student(account=True, birth_date=born)
        self.make.member(self.group, row, **{"from": text(utc(-700))[:10]})
        return row

    def a_day(self):
        """A day of its own, ahead, so that tests do not meet."""
        self.days -= 1
        return self.today.replace(hour=15) + self.days % 350 * DAY + 2 * DAY

    def session(self, starts, hours=2, **more):
        return self.make.session(self.trainer_row, [self.group], starts_at=text(starts),
                                 ends_at=text(starts + datetime.timedelta(hours=hours)), **more)

    def past(self, days=3, hours=2):
        """A session whose register was opened and closed: all were absent."""
        made = self.session(utc(-days), hours)
        for move in ("open", "close"):
            body_of(self.trainer.post(f"/api/v1/sessions/{made['id']}/{move}"))
        return made

    def record(self, session, row=None):
        register = body_of(self.admin.get(f"/api/v1/sessions/{session['id']}/register"))
        row = row or self.adult_row
        return next(r for r in register["records"] if r["student_id"] == row["id"])

    def rate(self, row=None):
        row = row or self.adult_row
        return body_of(self.admin.get(f"/api/v1/students/{row['id']}/attendance/summary"))

    def send(self, who=None, **body):
        body.setdefault("reason_id", self.reasons["family"]["id"])
        return (who or self.adult).post(PATH, json=body)

    def make_one(self, who=None, **body):
        return body_of(self.send(who, **body), 201)

    def get(self, made, who=None):
        return body_of((who or self.admin).get(f"{PATH}/{made['id']}"))

    def decide(self, made, decision, version=None, **body):
        version = version or self.get(made)["version"]
        return self.admin.put(f"{PATH}/{made['id']}/decision", json={"decision": decision, **body},
                              headers={"If-Match": f'"{version}"'})

    def approve(self, made, **body):
        return body_of(self.decide(made, "approve", **body))

    def again(self):
        """The periodic jobs also run at the start."""
        self.server.stop()
        self.server.start()


@pytest.fixture(scope="module")
def school(contract):
    with running(time_zone=ZONE, justify_days=5, info_days=3) as server:
        yield School(server, contract)


def test_the_school_tells_its_clocks(school):
    """As the system's tz database has them: a browser may know the law of another year."""
    moment = datetime.datetime.fromisoformat
    clocks = body_of(school.admin.get("/api/v1/me"))["school_clocks"]
    spans = [(moment(c["from"]), moment(c["to"]), c["offset_s"]) for c in clocks]
    assert all(a[1] == b[0] and a[2] != b[2] for a, b in zip(spans, spans[1:]))
    now, day, zone = datetime.datetime.now(datetime.timezone.utc), datetime.timedelta(days=1), zoneinfo.ZoneInfo(ZONE)
    assert spans[0][0] <= now - 720 * day and spans[-1][1] >= now + 1080 * day
    for start, end, offset in spans:
        for at in (start, end - datetime.timedelta(seconds=1)):
            told = at.astimezone(zone).utcoffset() if at.year < 9999 else datetime.timedelta(seconds=offset)
            assert told == datetime.timedelta(seconds=offset), at


def span(session, **more):
    return {"starts_at": session["starts_at"], "ends_at": session["ends_at"], **more}


def test_reasons_are_the_schools_own(school):
    assert [r["code"] for r in school.reasons.values()][:2] == ["illness", "appointment"]
    assert school.reasons["illness"]["needs_document"] and not school.reasons["family"]["needs_document"]
    body = {"code": "strike", "label_en": "Strike", "label_fr": "Grève", "label_ar": "إضراب", "status_code": "E"}
    made = body_of(school.admin.post("/api/v1/absence-reasons", json=body), 201)
    path = f"/api/v1/absence-reasons/{made['id']}"
    assert body_of(school.adult.get(path)) == made and made["status_code"] == "E"
    problem(school.admin.post("/api/v1/absence-reasons", json=body), 409, "conflict")
    assert field_errors(school.admin.post("/api/v1/absence-reasons", json={**body, "code": " ", "label_ar": " "})) \
        == {"/code": "blank", "/label_ar": "blank"}
    assert field_errors(school.admin.post("/api/v1/absence-reasons", json={**body, "status_code": "A"})) \
        == {"/status_code": "one_of"}
    problem(school.adult.post("/api/v1/absence-reasons", json=body), 403, "forbidden")
    problem(school.admin.patch(path, version=9, json={"position": 3}), 412, "version-mismatch")
    problem(school.admin.patch(path, json={"position": 3}), 428, "precondition-required")
    changed = body_of(school.admin.patch(path, version=1, json={"archived": True, "status_code": None}))
    assert changed["archived"] and changed["status_code"] is None and changed["version"] == 2
    assert changed in body_of(school.adult.get("/api/v1/absence-reasons?archived=true"))["items"]
    day = text(school.a_day())[:10]
    assert field_errors(school.send(**{"from": day}, reason_id=made["id"])) == {"/reason_id": "archived"}
    items, pages = walk(school.adult, "/api/v1/absence-reasons", {"limit": 3})
    assert pages == 3 and [r["code"] for r in items] == list(school.reasons)


def test_an_approval_changes_the_records_and_a_revocation_changes_them_back(school):
    row = school.student("2000-01-01")
    who = school.login(row)
    sessions = [school.past(days) for days in (4, 5, 6, 7)]
    mark = f"/api/v1/sessions/{sessions[3]['id']}/attendance/{row['id']}"
    body_of(school.trainer.put(mark, json={"status": "present"}))
    before = school.rate(row)
    assert (before["sessions"], before["present"], before["absent"]) == (4, 1, 3) and before["rate"] == 0.25
    made = school.make_one(who, session_ids=[sessions[0]["id"], sessions[1]["id"], sessions[3]["id"]])
    assert made["state"] == "pending" and made["scope"] == "sessions" and not made["late"]
    done = school.approve(made, message="So be it.")
    assert done["state"] == "approved" and done["answer"] == "So be it." and done["actions"] == ["revoke"]
    assert [school.record(s, row)["status"] for s in sessions] == ["excused", "excused", "absent", "present"]
    after = school.rate(row)
    # Of the two sessions that still count one was attended.
    assert (after["excused"], after["absent"], after["rate"]) == (2, 1, 0.5)
    problem(school.decide(made, "reject", message="no"), 409, "conflict")
    back = body_of(school.admin.post(f"{PATH}/{made['id']}/revoke", json={"message": "It was forged."}))
    assert back["state"] == "revoked" and school.rate(row)["rate"] == 0.25
    assert [s["kind"] for s in back["steps"]] == ["made", "approved", "revoked"]
    problem(school.admin.post(f"{PATH}/{made['id']}/revoke", json={"message": "x"}), 409, "conflict")
    assert school.server.run("ledger", "verify").returncode == 0


def test_the_reasons_code_is_shown(school):
    code = {"code": "EX", "category": "excused", "label_en": "Exam", "label_fr": "Examen", "label_ar": "امتحان",
            "colour": "#1d4ed8", "weight": 0}
    answer = school.admin.post("/api/v1/status-codes", json=code)
    assert answer.status_code == 201, answer.text
    reason = body_of(school.admin.post("/api/v1/absence-reasons", json={
        "code": "exam", "label_en": "Exam", "label_fr": "Examen", "label_ar": "امتحان", "status_code": "EX"}), 201)
    past = school.past(2)
    school.approve(school.make_one(reason_id=reason["id"], **span(past)))
    record = school.record(past)
    assert (record["status"], record["code"]) == ("excused", "EX")


def test_what_is_announced_counts_when_the_register_closes(school):
    hour = utc()  # the next may begin meanwhile

    def at(hours, minutes=0):
        return hour + datetime.timedelta(hours=hours, minutes=minutes)

    made = school.session(at(1, 1), 1)
    row = school.student("2001-01-01")
    other = school.student("2001-01-01")
    for one in (row, other):
        school.approve(school.make_one(school.login(one), **span(made)))
    path = f"/api/v1/sessions/{made['id']}"
    body_of(school.admin.patch(path, version=body_of(school.admin.get(path))["version"],
                               json={"starts_at": text(at(-1)), "ends_at": text(at(1))}))
    # The session was moved; the announcement does not cover its new time any more.
    school.again()
    again = school.make_one(school.login(row), starts_at=text(at(-2)), ends_at=text(at(1)))
    school.approve(again)
    body_of(school.trainer.post(path + "/open"))
    body_of(school.trainer.post(path + "/close"))
    assert school.record(made, row)["status"] == "excused"
    until(lambda: school.record(made, other), lambda r: r["status"] == "absent")


def test_who_comes_all_the_same_is_present(school):
    made = school.session(utc(0, 0), 2)
    row = school.student("2001-01-01")
    school.approve(school.make_one(school.login(row), **span(made)))
    path = f"/api/v1/sessions/{made['id']}"
    body_of(school.trainer.post(path + "/open"))
    body_of(school.trainer.put(f"{path}/attendance/{row['id']}", json={"status": "present"}))
    body_of(school.trainer.post(path + "/close"))
    assert school.record(made, row)["status"] == "present"


def test_half_a_session_is_no_excuse_for_all_of_it(school):
    past = school.past(9)
    row = school.adult_row
    start = datetime.datetime.fromisoformat(past["starts_at"].replace("Z", "+00:00"))
    parts = [{"starts_at": text(start + datetime.timedelta(hours=h)), "ends_at": text(start + datetime.timedelta(hours=h + 1))}
             for h in (0, 1)]
    made = [school.make_one(**part) for part in parts]
    school.approve(made[0])
    assert school.record(past, row)["status"] == "absent"
    school.approve(made[1])
    assert school.record(past, row)["status"] == "excused"
    body_of(school.admin.post(f"{PATH}/{made[0]['id']}/revoke", json={"message": "A mistake."}))
    assert school.record(past, row)["status"] == "absent"


def test_sessions_that_come_later_are_covered_too(school):
    row = school.student("2002-01-01")
    school.approve(school.make_one(school.login(row), starts_at=text(utc(-3)), ends_at=text(utc(-1))))
    late = school.session(utc(-2), 2)
    for move in ("open", "close"):
        body_of(school.trainer.post(f"/api/v1/sessions/{late['id']}/{move}"))
    assert school.record(late, row)["status"] == "absent"
    school.again()
    until(lambda: school.record(late, row), lambda r: r["status"] == "excused")


def test_an_excuse_does_not_stay_in_a_group_that_was_left(school):
    row, other = school.student("2002-01-01"), school.make.group()
    day = school.a_day()
    old = school.session(day)
    named = school.session(day + DAY)
    new = school.make.session(school.trainer_row, [other], starts_at=text(day), ends_at=text(day + DAY / 12))
    login = school.login(row)
    school.approve(school.make_one(login, **span(old)))
    school.approve(school.make_one(login, session_ids=[named["id"]]))
    assert school.record(old, row)["status"] == school.record(named, row)["status"] == "excused"
    move = {"to_group_id": other["id"], "on": text(utc(1))[:10]}
    body_of(school.admin.post(f"/api/v1/students/{row['id']}/move", json=move))
    school.again()
    until(lambda: school.record(new, row), lambda r: r["status"] == "excused")

    def of_day(session):
        query = {"day": session["starts_at"][:10]}
        items = body_of(school.admin.get("/api/v1/reports/day", params=query))["items"]
        return next(i["excused"] for i in items if i["id"] == session["id"])
    until(lambda: (of_day(old), of_day(named)), lambda n: n == (0, 0))
    assert of_day(new) == 1 and school.rate(row)["excused"] == 1
    for left in (old, named):
        register = body_of(school.admin.get(f"/api/v1/sessions/{left['id']}/register"))
        assert row["id"] not in [r["student_id"] for r in register["records"]]


def midnight(day):
    """As the tz database has it that the server reads: what it says of days to come may change."""
    return datetime.datetime.combine(day, datetime.time(), zoneinfo.ZoneInfo(ZONE)).astimezone(datetime.timezone.utc)


def day_of_other_length():
    """The next on which clocks are changed; if they never are again, one like any other."""
    days = [datetime.date.today() + n * DAY for n in range(2, 350)]
    return next((d for d in days if midnight(d + DAY) - midnight(d) != DAY), days[0])


def test_whole_days_are_those_of_the_schools_clocks(school):
    day, who = day_of_other_length(), school.login(school.student("1999-01-02"))  # nobody else's days are in its way
    made = school.make_one(who, **{"from": day.isoformat(), "to": (day + DAY).isoformat()})
    start, end = (datetime.datetime.fromisoformat(made[k].replace("Z", "+00:00")) for k in ("starts_at", "ends_at"))
    assert made["scope"] == "span" and not made["partial"]
    assert (start, end) == (midnight(day), midnight(day + 2 * DAY))
    part = school.make_one(**span(school.session(school.a_day())))
    assert part["partial"]


def test_a_minors_waits_for_a_guardian(school):
    day = school.a_day()
    made = school.make_one(school.minor, **{"from": text(day)[:10]})
    assert made["state"] == "awaiting_guardian" and not made["guardian_missing"]
    assert made["actions"] == ["say", "add_document", "withdraw"]
    problem(school.decide(made, "approve"), 409, "conflict")
    path = f"{PATH}/{made['id']}"
    assert school.get(made, school.mother)["actions"] == ["say", "add_document", "withdraw", "sign"]
    words = {"statement": "I have read it and agree."}
    problem(school.father.post(path + "/sign", json=words), 403, "forbidden")
    problem(school.minor.post(path + "/sign", json=words), 403, "forbidden")
    assert field_errors(school.mother.post(path + "/sign", json={"statement": "  "})) == {"/statement": "blank"}
    signed = body_of(school.mother.post(path + "/sign", json=words))
    assert (signed["state"], signed["signed_by"]) == ("pending", school.mother_row["guardian_id"])
    assert [(s["kind"], s["message"]) for s in signed["steps"]] == [("made", ""), ("signed", words["statement"])]
    problem(school.mother.post(path + "/sign", json=words), 409, "conflict")
    assert school.approve(made)["state"] == "approved"


def test_nobody_waits_for_a_signature_that_cannot_come(school):
    rows = [school.student("2014-05-06") for _ in range(3)]
    mothers = [school.make.guardian(row) for row in rows]
    waiting = [school.make_one(school.login(row), **{"from": text(school.a_day())[:10]}) for row in rows]
    assert {w["state"] for w in waiting} == {"awaiting_guardian"}
    path = f"/api/v1/students/{rows[0]['id']}"
    assert school.admin.delete(f"{path}/guardians/{mothers[0]['guardian_id']}").status_code == 204
    today = datetime.datetime.now(zoneinfo.ZoneInfo(ZONE)).date()
    birthday = datetime.date(today.year - 18, today.month, min(today.day, 28))
    path = f"/api/v1/students/{rows[1]['id']}"
    body_of(school.admin.patch(path, version=body_of(school.admin.get(path))["version"],
                               json={"birth_date": birthday.isoformat()}))
    school.again()
    gone, grown = [until(lambda w=w: school.get(w), lambda j: j["state"] == "pending") for w in waiting[:2]]
    assert gone["guardian_missing"] and not grown["guardian_missing"]
    assert "no guardian" in gone["steps"][-1]["message"] and "of age" in grown["steps"][-1]["message"]
    assert gone["steps"][-1]["by_user_id"] is None
    assert all({"en", "fr", "ar"} == set(j["steps"][-1]["message_words"]) for j in (gone, grown))
    assert school.approve(gone)["state"] == "approved"
    assert school.get(waiting[2])["state"] == "awaiting_guardian"


def test_a_guardians_own_is_signed_and_one_who_may_not_sign_waits(school):
    mine = school.make_one(school.mother, student_id=school.minor_row["id"], **{"from": text(school.a_day())[:10]})
    assert mine["state"] == "pending" and mine["signed_at"] and mine["signed_by_name"]
    his = school.make_one(school.father, student_id=school.minor_row["id"], **{"from": text(school.a_day())[:10]})
    assert his["state"] == "awaiting_guardian"
    alone = school.make_one(school.alone, **{"from": text(school.a_day())[:10]})
    assert alone["state"] == "pending" and alone["guardian_missing"]
    by_admin = school.make_one(school.admin, student_id=school.minor_row["id"], **{"from": text(school.a_day())[:10]})
    assert by_admin["state"] == "pending" and not by_admin["signed_by"]


def test_a_question_is_answered_or_time_is_over(school):
    made = school.make_one(**{"from": text(school.a_day())[:10]})
    path = f"{PATH}/{made['id']}"
    assert field_errors(school.decide(made, "needs_info")) == {"/message": "required"}
    assert field_errors(school.decide(made, "reject", message=" ")) == {"/message": "blank"}
    asked = body_of(school.decide(made, "needs_info", message="Which wedding?"))
    due = datetime.datetime.fromisoformat(asked["due_at"].replace("Z", "+00:00"))
    assert asked["state"] == "needs_info" and abs(due - utc(3)) < 2 * datetime.timedelta(hours=1)
    still = body_of(school.admin.post(path + "/messages", json={"message": "Do tell."}), 201)
    assert still["state"] == "needs_info"
    told = body_of(school.adult.post(path + "/messages", json={"message": "My cousin's."}), 201)
    assert told["state"] == "pending" and told["due_at"] is None
    assert [s["kind"] for s in told["steps"]] == ["made", "needs_info", "message", "message"]
    rejected = body_of(school.decide(made, "reject", message="Not this time."))
    assert rejected["state"] == "rejected" and rejected["answer"] == "Not this time."
    problem(school.adult.post(path + "/messages", json={"message": "But"}), 409, "conflict")
    problem(school.adult.post(path + "/withdraw"), 409, "conflict")


def test_an_unanswered_question_ends_in_a_rejection(contract):
    with running(info_days=1) as server:
        school = School(server, contract)
        made = school.make_one(**{"from": text(school.a_day())[:10]})
        body_of(school.decide(made, "needs_info", message="Why?"))
        sql(server, f"UPDATE justification SET due_at = 1 WHERE id = {made['id']}")
        school.again()
        ended = until(lambda: school.get(made), lambda j: j["state"] == "rejected")
        assert ended["steps"][-1]["kind"] == "expired" and ended["steps"][-1]["by_user_id"] is None
        assert ended["decided_by"] is None and "in time" in ended["answer"]
        assert ended["answer_words"] == ended["steps"][-1]["message_words"]
        assert ended["answer_words"]["fr"].startswith("la question")


def until(read, good):
    end = time.monotonic() + 20 * SLOW
    while not good(last := read()):
        assert time.monotonic() < end, last
        time.sleep(0.01)
    return last


def test_late_ones_are_taken_and_marked(school):
    row = school.student("2001-02-03")
    who = school.login(row)
    late = school.make_one(who, starts_at=text(utc(-8)), ends_at=text(utc(-6)))
    assert late["late"]
    assert not school.make_one(who, starts_at=text(utc(-5)), ends_at=text(utc(-4)))["late"]


def test_the_same_time_twice_names_the_other(school):
    day = school.a_day()
    session = school.session(day)
    one = school.make_one(**{"from": text(day)[:10]})
    for again in ({"session_ids": [session["id"]]}, span(session), {"from": text(day - DAY)[:10], "to": text(day)[:10]}):
        answer = problem(school.send(**again), 409, "conflict")
        assert f"justification {one['id']} " in answer["detail"]
    body_of(school.adult.post(f"{PATH}/{one['id']}/withdraw"))
    other = school.make_one(session_ids=[session["id"]])
    problem(school.send(**span(session)), 409, "conflict")
    # The same time of another student, and the time beside it, are free.
    school.make_one(school.alone, **span(session))
    assert school.get(other)["session_ids"] == [session["id"]]


def test_fifty_may_wait_for_a_decision(school):
    row = school.student("1997-01-01")
    who, day = school.login(row), school.a_day()
    made = [school.make_one(who, starts_at=text(day + minutes), ends_at=text(day + minutes + MINUTE))
            for minutes in (MINUTE * i for i in range(50))]
    more = {"starts_at": text(day + 50 * MINUTE), "ends_at": text(day + 51 * MINUTE)}
    assert "at most 50" in problem(school.send(who, **more), 409, "conflict")["detail"]
    body_of(who.post(f"{PATH}/{made[0]['id']}/withdraw"))
    school.make_one(who, **more)


def test_two_at_the_same_moment_one_wins(school):
    day = text(school.a_day())[:10]
    clients = [school.login(school.adult_row) for _ in range(4)]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda c: school.send(c, **{"from": day}).status_code, clients))
    assert sorted(answers) == [201, 409, 409, 409]


def test_two_admins_at_once_one_wins(school):
    made = school.make_one(**{"from": text(school.a_day())[:10]})
    version = made["version"]
    problem(school.admin.put(f"{PATH}/{made['id']}/decision", json={"decision": "approve"}), 428,
            "precondition-required")
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda d: school.decide(made, d, version, message="so").status_code,
                                ("approve", "reject")))
    assert sorted(answers) == [200, 412]
    assert len(school.get(made)["steps"]) == 2


@pytest.mark.parametrize("body,wrong", [
    ({}, {"/from": "required"}),
    ({"from": "2026-13-01"}, {"/from": "format"}),
    ({"to": "2026-12-01"}, {"/from": "required"}),
    ({"from": "1969-12-31"}, {"/from": "min"}),
    ({"from": "9999-12-31"}, {"/to": "max"}),
    ({"from": "2200-01-01"}, {"/to": "max"}),
    ({"from": "{today}", "to": "{yesterday}"}, {"/to": "min"}),
    ({"from": "{today}", "session_ids": [1]}, {"/from": "one_of"}),
    ({"starts_at": "{now}"}, {"/ends_at": "required"}),
    ({"starts_at": "{now}", "ends_at": "{now}"}, {"/ends_at": "min"}),
    ({"starts_at": "1969-12-31T00:00:00Z", "ends_at": "{now}"}, {"/starts_at": "type"}),
    ({"starts_at": "{now}", "ends_at": "9999-12-31T00:00:00Z"}, {"/ends_at": "max"}),
    ({"session_ids": [999999]}, {"/session_ids/0": "not_found"}),
    ({"session_ids": list(range(1, 52))}, {"/session_ids": "max_items"}),
    ({"from": "{today}", "message": "x" * 2001}, {"/message": "max_length"}),
    ({"from": "{today}", "reason_id": 999999}, {"/reason_id": "not_found"}),
    ({"from": "{today}", "late": True}, {"/late": "unknown"}),
])
def test_bad_input_is_named(school, body, wrong):
    words = {"{today}": text(utc())[:10], "{yesterday}": text(utc(-1))[:10], "{now}": text(utc())}
    body = {k: words.get(v, v) if isinstance(v, str) else v for k, v in body.items()}
    assert field_errors(school.send(**body)) == wrong


def test_sessions_are_the_students_own_and_each_once(school):
    mine, elsewhere = school.session(school.a_day()), school.make.session(
        school.trainer_row, [school.make.group()], starts_at=text(school.a_day()), ends_at=text(school.a_day() + DAY * 2))
    assert field_errors(school.send(session_ids=[mine["id"], mine["id"]])) == {"/session_ids/1": "unique"}
    assert field_errors(school.send(session_ids=[mine["id"], elsewhere["id"]])) == {"/session_ids/1": "not_found"}
    body_of(school.admin.post(f"/api/v1/sessions/{mine['id']}/cancel", json={"reason": "ill"}))
    assert field_errors(school.send(session_ids=[mine["id"]])) == {"/session_ids/0": "not_found"}


def test_everybody_sees_what_is_theirs(school):
    session = school.session(school.a_day())
    made = school.make_one(school.minor, message="Private words", **span(session))
    path = f"{PATH}/{made['id']}"
    for who in (school.minor, school.mother, school.father, school.admin):
        assert body_of(who.get(path))["message"] == "Private words"
        assert made["id"] in {j["id"] for j in walk(who, PATH, {"student_id": school.minor_row["id"]})[0]}
    stranger = school.login(school.make.trainer())
    for who in (school.adult, school.alone, stranger):
        problem(who.get(path), 404, "not-found")
        assert made["id"] not in {j["id"] for j in walk(who, PATH, {})[0]}
    seen = body_of(school.trainer.get(path))
    hidden = ("message", "answer", "created_by", "created_by_name", "signed_by", "decided_by")
    assert [seen[k] for k in hidden] == [None] * len(hidden)
    assert (seen["documents"], seen["steps"], seen["actions"], seen["n_documents"]) == ([], [], [], 0)
    assert seen["reason_code"] == "family" and seen["state"] == "awaiting_guardian"
    listed = [j for j in walk(school.trainer, PATH, {})[0] if j["id"] == made["id"]]
    assert listed[0]["message"] is None and listed[0]["created_by"] is None
    problem(school.trainer.post(PATH, json={}), 403, "forbidden")
    for path, body in (("/messages", {"message": "x"}), ("/withdraw", None), ("/sign", {"statement": "x"})):
        answer = school.adult.post(f"{PATH}/{made['id']}{path}", json=body) if body else \
            school.adult.post(f"{PATH}/{made['id']}{path}")
        assert answer.status_code in (403, 404)
    problem(school.send(school.adult, student_id=school.minor_row["id"], **{"from": text(utc(20))[:10]}), 404, "not-found")
    problem(school.send(school.mother, student_id=school.adult_row["id"], **{"from": text(utc(20))[:10]}), 404, "not-found")
    assert field_errors(school.send(school.mother, **{"from": text(utc(20))[:10]})) == {"/student_id": "required"}


def test_lists_are_sorted_filtered_and_paged(school):
    row = school.student("1998-01-01")
    who = school.login(row)
    days = sorted((school.a_day() for _ in range(5)), reverse=True)
    made = [school.make_one(who, **{"from": text(d)[:10]}) for d in days]
    body_of(who.post(f"{PATH}/{made[0]['id']}/withdraw"))
    mine = {"student_id": row["id"]}
    ids = [j["id"] for j in made]
    for sort, wanted in (("created_at", ids), ("-created_at", ids[::-1]), ("starts_at", ids[::-1]), ("-starts_at", ids)):
        items, pages = walk(who, PATH, {**mine, "sort": sort, "limit": 2})
        assert [j["id"] for j in items] == wanted and pages == 3, sort
    assert [j["id"] for j in walk(who, PATH, {"state": "withdrawn"})[0]] == ids[:1]
    assert len(walk(who, PATH, {"from": made[2]["starts_at"]})[0]) == 3
    assert len(walk(who, PATH, {"to": made[2]["starts_at"]})[0]) == 2
    assert walk(who, PATH, {"reason_id": school.reasons["illness"]["id"]})[0] == []
    assert len(walk(school.admin, PATH, {**mine, "group_id": school.group["id"]})[0]) == 5
    assert walk(school.admin, PATH, {**mine, "group_id": school.make.group()["id"]})[0] == []
    assert field_errors(who.get(PATH, params={"sort": "name"})) == {"sort": "one_of"}


def test_live_clients_are_told(school):
    made = school.make_one(school.minor, **{"from": text(school.a_day())[:10]})
    wanted = f'"justification_id":{made["id"]},'.encode()

    def told(who):
        headers = {"Last-Event-ID": "1", "Authorization": who.session.headers["Authorization"]}
        with school.server.raw("GET", "/api/v1/events", headers=headers, stream=True) as stream:
            seen = b""
            for chunk in stream.iter_content(4096):
                seen += chunk
                if wanted in seen or b"last-of-all" in seen:
                    return wanted in seen
        return False

    assert told(school.mother) and told(school.minor)
    # A stranger is told of the own one, which came after it.
    later = school.make_one(school.adult, **{"from": text(school.a_day())[:10]})
    wanted = f'"justification_id":{later["id"]},'.encode()
    headers = {"Last-Event-ID": "1", "Authorization": school.adult.session.headers["Authorization"]}
    with school.server.raw("GET", "/api/v1/events", headers=headers, stream=True) as stream:
        seen = b""
        for chunk in stream.iter_content(4096):
            seen += chunk
            if wanted in seen:
                break
    assert f'"justification_id":{made["id"]},'.encode() not in seen

# SPDX-License-Identifier: MIT
"""A school week, played from Thursday to Tuesday over the night in which clocks go forward.

Two groups, three trainers and a substitute, every way of checking in, a crash, a paper, a dispute,
a hand-over and a cancelled lesson. The figures at the end were computed by hand:

              Thu 26   Fri 27   Mon 30   Tue 31 (exam)   counted  weight
        a1      P        P        P        P                4      4
        a2      P        P        L        P                4      4
        a3      L        P        A        P                4      3
        a4      P        P        L        P                4      4
        a5      A        E        P        L                3      2
        b1      P        P        P        P                4      4
        b2      P        L        LE       P                4      4
        b3      P        P        PA       P                4      3.5
        b4      A        P        PA       A                4      1.5

PA counts one half, E not at all; Tuesday's lesson of group A is cancelled and counts for nobody.
"""
import pytest

from classroom import scene
from clock import ClockedServer
from client import Client
from contract import Contract
from factories import PASSWORD, body_of
from own import ADMIN, PASSWORD as ADMIN_PASSWORD
from week import Tablet, Week

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0"
    "000003010100c9fe92ef0000000049454e44ae426082")


@pytest.fixture(scope="module")
def week():
    server = ClockedServer("2026-03-25T08:00:00Z", time_zone="Europe/Paris",
                           trusted_proxies="127.0.0.1", alert_min_sessions="3")
    try:
        server.run("create-admin", "--email", ADMIN, "--name", "Ada Admin", text=ADMIN_PASSWORD + "\n")
        server.start()
        week = Week(server, Contract(Client(server, None, None).session.get(
            server.url + "/openapi.json", timeout=60).json()))
        play(week)
        yield week
    finally:
        server.close()


def play(week):
    plan(week)
    thursday_a(week)
    thursday_b(week)
    friday_a(week)
    friday_b(week)
    monday_a(week)
    monday_b(week)
    tuesday(week)


def plan(week):
    body_of(week.by("admin").put("/api/v1/liveness/policy", json={"rules": [
        {"way": "self", "level": "off"}, {"way": "kiosk", "level": "off"}]}))
    a = week.series("M1", "anne", "A", "R1", ["mo", "tu", "th", "fr"], 9 * 60, "2026-03-31")
    b = week.series("M2", "basile", "B", "R2", ["mo", "th", "fr"], 14 * 60, "2026-03-30")
    week.a, week.b = week.sessions_of(a["id"]), week.sessions_of(b["id"])
    assert sorted(week.a) == ["2026-03-26", "2026-03-27", "2026-03-30", "2026-03-31"]
    assert sorted(week.b) == ["2026-03-26", "2026-03-27", "2026-03-30"]
    # Nine o'clock stays nine o'clock.
    assert [week.a[d]["starts_at"] for d in sorted(week.a)] == [
        "2026-03-26T08:00:00.000Z", "2026-03-27T08:00:00.000Z",
        "2026-03-30T07:00:00.000Z", "2026-03-31T07:00:00.000Z"]
    week.exam = body_of(week.by("admin").post("/api/v1/sessions", json={
        "module_id": week.modules["M1"]["id"], "trainer_id": week.trainers["anne"]["id"],
        "group_ids": [g["id"] for g in week.groups.values()], "room_id": week.rooms["R1"]["id"],
        "starts_at": "2026-03-31T14:00:00+02:00", "ends_at": "2026-03-31T16:00:00+02:00",
        "time_zone": "Europe/Paris", "kind": "exam", "mode": "in_person", "ways": "qr+subnet"}), 201)
    week.reader, week.reader2 = week.device("reader", "R1"), week.device("reader", "R2")
    week.kiosk = week.device("kiosk", "R2")
    week.mails["guardian"] = week.made.guardian(week.students["a5"])["email"]
    week.tablet = Tablet(week, slow_min=4)


def thursday_a(week):
    s = week.a["2026-03-26"]
    week.at("2026-03-26T07:46:00Z")
    week.move("anne", s, "open")
    week.at("2026-03-26T07:58:00Z")
    week.by_face("anne", s, "a1")
    week.at("2026-03-26T08:05:00Z")
    shown = week.code("anne", s)
    assert body_of(week.by_code("a2", shown))["intake"] == "counted"
    # Used once, and of no use for who has no seat there.
    assert body_of(week.by_code("a2", shown))["already"]
    assert week.by_code("b1", shown).status_code in (404, 422)
    week.at("2026-03-26T08:12:00Z")
    pin = week.code("anne", s)["pin"]
    assert body_of(week.by_pin("a3", s, pin))["record"]["minutes_late"] == 12
    # A code that was photographed and passed on is over.
    assert week.by_code("a3", shown).json()["type"] == "/problems/code-expired"
    week.at("2026-03-26T08:20:00Z")
    week.punch(week.reader, ("a4", "2026-03-26T08:03:00Z", "unknown"))
    week.punch(week.reader, ("a4", "2026-03-26T08:03:00Z", "unknown"))
    week.at("2026-03-26T09:58:00Z")
    week.move("anne", s, "close")
    assert week.says(s) == {"a1": "present", "a2": "present", "a3": "late", "a4": "present",
                            "a5": "absent"}
    week.move("anne", s, "confirm")


def thursday_b(week):
    s = week.b["2026-03-26"]
    week.at("2026-03-26T13:02:00Z")
    week.move("basile", s, "open")
    answer = body_of(week.by("basile").post(f"/api/v1/sessions/{s['id']}/attendance/bulk", json={
        "status": "present", "all_but": [week.students["b4"]["id"]]}))
    assert len(answer["items"]) == 3
    week.at("2026-03-26T13:31:00Z")
    week.at_kiosk(week.kiosk, "b4")
    late = week.register(s)["b4"]
    assert (late["status"], late["reason"], late["method"]) == ("absent", "came_too_late", "kiosk")
    week.at("2026-03-26T15:00:00Z")
    week.move("basile", s, "close")
    week.move("basile", s, "confirm")
    assert week.says(s) == {"b1": "present", "b2": "present", "b3": "present", "b4": "absent"}
    announce(week)


def announce(week):
    """The minor a5 will be away on Friday: the guardian signs, the office approves."""
    reasons = body_of(week.by("a5").get("/api/v1/absence-reasons"))["items"]
    illness = next(r for r in reasons if r["code"] == "illness")
    paper = body_of(week.by("a5").post("/api/v1/justifications", json={
        "from": "2026-03-27", "reason_id": illness["id"], "message": "Operation"}), 201)
    path = f"/api/v1/justifications/{paper['id']}"
    assert paper["state"] == "awaiting_guardian"
    body_of(week.by("a5").post(path + "/documents",
                               files={"file": ("note.png", PNG, "image/png")}), 201)
    assert body_of(week.by("guardian").post(path + "/sign", json={"statement": "I have read it"}))["state"] == "pending"
    paper = body_of(week.by("admin").get(path))
    done = week.by("admin").put(path + "/decision", json={"decision": "approve"},
                                headers={"If-Match": f'"{paper["version"]}"'})
    assert body_of(done)["state"] == "approved"


def friday_a(week):
    s = week.a["2026-03-27"]
    week.at("2026-03-27T07:50:00Z")
    week.move("anne", s, "open")
    week.at("2026-03-27T08:04:00Z")
    photo = scene([week.face[n] for n in ("a1", "a2", "a3")], seed=4)
    made = body_of(week.by("anne").post(f"/api/v1/sessions/{s['id']}/class-photos",
                                        files=[("photos", ("class.jpg", photo, "image/jpeg"))]), 201)
    sure = [p["student"]["id"] for p in made["sure"]]
    assert set(sure) == {week.students[n]["id"] for n in ("a1", "a2", "a3")}
    body_of(week.by("anne").post(f"/api/v1/sessions/{s['id']}/class-photos/{made['id']}/confirm",
                                 json={"present": sure, "assignments": []}))
    week.at("2026-03-27T08:05:00Z")
    week.by_self("a4", s)
    week.at("2026-03-27T09:59:00Z")
    week.move("anne", s, "close")
    assert week.says(s) == {"a1": "present", "a2": "present", "a3": "present", "a4": "present",
                            "a5": "excused"}
    week.move("anne", s, "confirm")


def friday_b(week):
    """Basile is ill, Chloé stands in; the server dies while the list is read in."""
    s = week.b["2026-03-27"]
    week.at("2026-03-27T11:00:00Z")
    body_of(week.by("admin").post(f"/api/v1/sessions/{s['id']}/substitute", json={
        "trainer_id": week.trainers["chloe"]["id"], "reason": "ill"}))
    week.at("2026-03-27T13:00:00Z")
    week.move("chloe", s, "open")
    text = "student_number,status,at\nb1,present,14:02\nb2,late,\nb3,present,\nb4,absent,\n"
    body_of(week.by_list("chloe", s, text, dry_run="true"))
    assert set(week.says(s).values()) == {"unmarked"}
    body_of(week.by_list("chloe", s, text, dry_run="false"))
    week.server.kill()
    week.server.start()
    assert week.says(s) == {"b1": "present", "b2": "late", "b3": "present", "b4": "absent"}
    week.at("2026-03-27T15:00:00Z")
    # Once more, since nobody knows what got through: nothing twice.
    body_of(week.by_list("chloe", s, text, dry_run="false"))
    week.move("chloe", s, "close")
    dispute = body_of(week.by("b4").post(f"/api/v1/sessions/{s['id']}/disputes", json={
        "claimed": "present", "message": "I sat in the last row"}), 201)
    body_of(week.by("chloe").post(f"/api/v1/disputes/{dispute['id']}/accept", json={
        "message": "She did"}))
    week.move("chloe", s, "confirm")
    assert week.says(s) == {"b1": "present", "b2": "late", "b3": "present", "b4": "present"}


def monday_a(week):
    """No network in the room: the tablet's events come after the register was closed."""
    s = week.a["2026-03-30"]
    week.at("2026-03-30T06:50:00Z")
    week.move("anne", s, "open")
    week.at("2026-03-30T07:05:00Z")
    week.mark("anne", s, "a4", "present")
    week.at("2026-03-30T07:10:00Z")
    assert body_of(week.by_code("a5", week.code("anne", s)))["record"]["status"] == "present"
    week.at("2026-03-30T07:20:00Z")
    week.mark("anne", s, "a4", "late", note="came at ten past, went out again")
    week.at("2026-03-30T08:58:00Z")
    week.move("anne", s, "close")
    assert week.says(s) == {"a1": "absent", "a2": "absent", "a3": "absent", "a4": "late",
                            "a5": "present"}
    week.at("2026-03-30T09:30:00Z")
    events = [week.tablet.event(s, week.students[n], at) for n, at in (
        ("a3", "2026-03-30T07:31:00Z"), ("a1", "2026-03-30T06:58:00Z"), ("a2", "2026-03-30T07:11:00Z"))]
    # The tablet's clock is four minutes slow; twice, as the first answer was lost.
    first, again = (body_of(week.tablet.send(week, events, "2026-03-30T09:30:00Z"))["events"]
                    for _ in range(2))
    assert first == again
    assert week.says(s) == {"a1": "present", "a2": "late", "a3": "absent", "a4": "late",
                            "a5": "present"}
    week.move("anne", s, "confirm")


def monday_b(week):
    """Leaving is checked too; half way Basile gives the register to Anne."""
    s = body_of(week.by("admin").get(f"/api/v1/sessions/{week.b['2026-03-30']['id']}"))
    body_of(week.by("admin").patch(f"/api/v1/sessions/{s['id']}", version=s["version"], json={
        "check_out": True, "min_minutes": 60}))
    week.at("2026-03-30T12:02:00Z")
    week.move("basile", s, "open")
    body_of(week.by_code("b1", week.code("basile", s)))
    week.at("2026-03-30T12:03:00Z")
    body_of(week.by_code("b4", week.code("basile", s)))
    body_of(week.by("basile").post(f"/api/v1/sessions/{s['id']}/hand-over", json={
        "trainer_id": week.trainers["anne"]["id"], "reason": "called away"}), 201)
    # It was his; he may look on, but no longer mark.
    path = f"/api/v1/sessions/{s['id']}/attendance/{week.students['b2']['id']}"
    assert week.by("basile").put(path, json={"status": "present"}).status_code in (403, 404)
    week.at("2026-03-30T13:59:00Z")
    week.punch(week.reader2, ("b2", "2026-03-30T12:01:00Z", "in"), ("b2", "2026-03-30T13:30:00Z", "out"),
               ("b3", "2026-03-30T12:50:00Z", "unknown"), ("b3", "2026-03-30T12:05:00Z", "unknown"),
               ("b1", "2026-03-30T13:58:00Z", "out"))
    week.move("anne", s, "close")
    rows = week.register(s)
    assert {n: (r["status"], r["reason"]) for n, r in rows.items()} == {
        "b1": ("present", "on_time"), "b2": ("left_early", "went_early"),
        "b3": ("partial", "too_short"), "b4": ("partial", "no_check_out")}
    assert rows["b3"]["minutes_present"] == 45
    week.move("anne", s, "confirm")


def tuesday(week):
    """The lesson is cancelled; the exam takes codes from the school's own network only."""
    body_of(week.by("admin").post(f"/api/v1/sessions/{week.a['2026-03-31']['id']}/cancel",
                                  json={"reason": "strike"}))
    s = week.exam
    week.at("2026-03-31T11:55:00Z")
    week.move("anne", s, "open")
    came = ("a1", "a2", "a3", "a4", "b1", "b2", "b3")
    for name in (*came, "b4"):
        week.by(name)  # before the code is shown: it is over soon
    shown = week.code("anne", s)
    for name in came:
        assert body_of(week.by_code(name, shown))["intake"] == "counted", name
    away = body_of(week.by_code("b4", shown, **{"X-Forwarded-For": "203.0.113.9"}))
    assert (away["intake"], away["in_network"]) == ("kept", False)
    week.at("2026-03-31T12:15:00Z")
    assert body_of(week.by_code("a5", week.code("anne", s)))["record"]["status"] == "late"
    week.at("2026-03-31T14:05:00Z")
    week.move("anne", s, "close")
    assert week.register(s)["b4"]["reason"] == "not_in_subnet"
    week.move("anne", s, "confirm")


#          present late partial left_early absent excused  rate
FIGURES = {
    "a1": (4, 0, 0, 0, 0, 0, 1.0),
    "a2": (3, 1, 0, 0, 0, 0, 1.0),
    "a3": (2, 1, 0, 0, 1, 0, 0.75),
    "a4": (3, 1, 0, 0, 0, 0, 1.0),
    "a5": (1, 1, 0, 0, 1, 1, 2 / 3),
    "b1": (4, 0, 0, 0, 0, 0, 1.0),
    "b2": (2, 1, 0, 1, 0, 0, 1.0),
    "b3": (3, 0, 1, 0, 0, 0, 0.875),
    "b4": (1, 0, 1, 0, 2, 0, 0.375),
}
COLUMNS = ("present", "late", "partial", "left_early", "absent", "excused")


def test_each_student_has_the_figures_computed_by_hand(week):
    for name, (*counts, rate) in FIGURES.items():
        sum_ = week.rate(name)
        assert tuple(sum_[c] for c in COLUMNS) == tuple(counts), name
        assert sum_["rate"] == pytest.approx(rate, abs=1e-6), name


def test_the_reports_of_the_groups_agree(week):
    ids = {row["id"]: name for name, row in week.students.items()}
    for group, rate in (("A", 17 / 19), ("B", 13 / 16)):
        report = week.group_report(group)
        assert report["total"]["rate"] == pytest.approx(rate, abs=1e-6)
        for row in report["students"]:
            assert row["rate"] == pytest.approx(FIGURES[ids[row["student_id"]]][-1], abs=1e-6)


def test_the_ledger_holds(week):
    done = week.server.run("ledger", "verify", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_way_was_used(week):
    used = set()
    for s in (*week.a.values(), *week.b.values(), week.exam):
        for name, row in week.students.items():
            answer = week.by("admin").get(f"/api/v1/sessions/{s['id']}/attendance/{row['id']}/events")
            if answer.status_code == 200:
                used |= {e["method"] for e in answer.json()["items"]}
    assert used >= {"face", "kiosk", "self", "class_photo", "qr", "pin", "device", "import", "manual",
                    "close", "justification"}


def test_overridden_marks_keep_both_values(week):
    row = week.register(week.a["2026-03-30"])["a4"]
    events = body_of(week.by("admin").get(
        f"/api/v1/sessions/{week.a['2026-03-30']['id']}/attendance/{week.students['a4']['id']}/events"))
    said = [(e["status_before"], e["status_after"], e["note"]) for e in events["items"]
            if e["method"] == "manual"]
    assert said == [("unmarked", "present", None),
                    ("present", "late", "came at ten past, went out again")]
    assert row["status"] == "late"


def test_the_absences_raised_alerts(week):
    def alerts():
        items = body_of(week.by("admin").get("/api/v1/alerts", params={"limit": 200}))["items"]
        return {(a["student_id"], a["level"]) for a in items if a["kind"] == "ladder"}

    failing = {(week.students[n]["id"], "failing") for n in ("a3", "a5", "b4")}
    week.run_jobs(lambda: alerts() >= failing)
    assert alerts() == failing


def test_the_code_from_outside_is_to_be_looked_at(week):
    def found():
        params = {"kind": "foreign_network"}
        items = body_of(week.by("admin").get("/api/v1/signals", params=params))["items"]
        return [i["student_id"] for i in items]

    week.run_jobs(found)
    assert found() == [week.students["b4"]["id"]]

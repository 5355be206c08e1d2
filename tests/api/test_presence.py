# SPDX-License-Identifier: MIT
"""The school's status codes and what it asks of a check-in, on a server of their own."""
import pytest

from classroom import Classroom
from client import Client, problem
from factories import PASSWORD, Make, body_of, field_errors, walk
from figures import Past, monday
from own import ADMIN, PASSWORD as ADMIN_PASSWORD, running

CODES = "/api/v1/status-codes"
POLICIES = "/api/v1/presence/policies"
MED = {"code": "MED", "category": "excused", "label_en": "Medical", "label_fr": "Médical",
       "label_ar": "طبي", "colour": "#1d4ed8"}


@pytest.fixture(scope="module")
def school(contract):
    with running() as server:
        anybody = Client(server, contract)
        admin = anybody.login(ADMIN, ADMIN_PASSWORD)
        yield admin, anybody


@pytest.fixture
def admin(school):
    return school[0]


@pytest.fixture
def room(school):
    return Classroom(*school, n=4).open()


def codes(admin, **query):
    return {c["code"]: c for c in walk(admin, CODES, query)[0]}


def preset(admin, name):
    return body_of(admin.post(CODES + "/preset", json={"preset": name}))


def change(admin, code, **members):
    return admin.patch(f"{CODES}/{code['id']}", version=code["version"], json=members)


def rate(room, i):
    student = room.students[i]["id"]
    return body_of(room.trainer.get(f"/api/v1/students/{student}/attendance/summary"))["rate"]


def test_the_first_codes_and_their_pages(admin):
    preset(admin, "basic")
    assert list(codes(admin)) == ["P", "L", "PA", "LE", "E", "A", "R"]
    assert len(walk(admin, CODES, {"limit": 3})[0]) == 7
    assert {c["category"] for c in codes(admin).values() if c["is_default"]} == {
        "present", "late", "partial", "left_early", "excused", "absent", "remote"}
    late = codes(admin)["L"]
    answer = admin.get(f"{CODES}/{late['id']}")
    assert body_of(answer) == late and answer.headers["ETag"] == f'"{late["version"]}"'
    assert admin.get(f"{CODES}/999999").status_code == 404


def test_a_code_is_added_changed_and_put_away(admin):
    preset(admin, "basic")
    made = body_of(admin.post(CODES, json=MED), 201)
    assert made["weight"] == 0 and not made["is_default"] and made["position"] == 8
    problem(admin.post(CODES, json=MED), 409, "conflict")
    changed = body_of(change(admin, made, label_fr="Rendez-vous médical", position=2))
    assert changed["label_fr"] == "Rendez-vous médical" and changed["version"] == made["version"] + 1
    problem(change(admin, made, position=3), 412, "version-mismatch")
    away = body_of(change(admin, changed, archived=True))
    assert "MED" not in codes(admin) and codes(admin, archived="true")["MED"] == away
    assert body_of(change(admin, away, archived=False))["code"] == "MED"


def test_what_is_wrong_with_a_code_is_told(admin):
    preset(admin, "basic")
    for field, value in (("code", "A B"), ("code", "=1"), ("code", ""), ("category", "truant"),
                         ("label_en", "  "), ("colour", "green"), ("colour", "#12345g"), ("weight", 1001),
                         ("weight", 500), ("position", 0)):
        answer = admin.post(CODES, json={**MED, field: value})
        assert "/" + field in field_errors(answer), (field, value, answer.text)
    present = codes(admin)["P"]
    problem(change(admin, present, archived=True), 409, "in-use")
    assert field_errors(change(admin, present, is_default=False)) == {"/is_default": "one_of"}


def test_the_default_moves_and_records_keep_theirs(admin, room):
    preset(admin, "basic")
    body_of(room.mark(0, "absent"))
    assert room.record(0)["code"] == "A"
    made = body_of(admin.post(CODES, json={**MED, "code": "U", "category": "absent", "is_default": True}), 201)
    assert made["is_default"] and not codes(admin)["A"]["is_default"]
    body_of(room.mark(1, "absent"))
    assert (room.record(0)["code"], room.record(1)["code"]) == ("A", "U")
    body_of(change(admin, codes(admin)["A"], is_default=True))
    assert not codes(admin)["U"]["is_default"]


def test_a_new_weight_goes_to_the_records(admin, room):
    preset(admin, "basic")
    body_of(room.mark(0, "late"))
    body_of(room.mark(1, "present"))
    assert rate(room, 0) == 1
    late = body_of(change(admin, codes(admin)["L"], weight=250))
    assert (rate(room, 0), rate(room, 1)) == (0.25, 1)
    body_of(change(admin, late, weight=1000))
    assert rate(room, 0) == 1


def test_presets_keep_what_records_have(admin, room):
    preset(admin, "basic")
    body_of(room.mark(0, "remote"))
    body_of(room.mark(1, "absent"))
    taken = preset(admin, "england")
    letters = {c["code"]: c for c in taken["codes"]}
    assert taken["left_out"] == ["R"], "R stands for remote here"
    assert {"/", "\\", "L", "N", "O", "U", "B", "V", "W", "C", "M", "I"} <= set(letters)
    assert [c["code"] for c in taken["codes"] if c["is_default"]] == ["/", "L", "PA", "LE", "C", "N", "RM"]
    assert set(codes(admin, archived="true")) == {"A", "R"}
    assert (room.record(0)["code"], room.record(1)["code"]) == ("R", "A")
    body_of(room.mark(2, "present"))
    there = "\\" if room.session["starts_at"][11:16] >= "13:00" else "/"
    assert room.record(2)["code"] == there
    body_of(room.mark(3, "absent", code="U"))
    assert room.record(3)["code"] == "U" and room.record(3)["status"] == "absent"
    problem(room.mark(2, "absent", code="A"), 422, "invalid")
    french = preset(admin, "french")
    assert "ANJ" in {c["code"] for c in french["codes"]} and french["left_out"] == []
    assert [c["code"] for c in french["codes"] if c["is_default"]] == ["P", "RET", "PP", "DA", "AJ", "ANJ", "DIST"]
    again = preset(admin, "basic")
    assert [c["code"] for c in again["codes"]] == ["P", "L", "PA", "LE", "E", "A", "R"]
    assert set(codes(admin, archived="true")) == {there, "U"}
    assert field_errors(admin.post(CODES + "/preset", json={"preset": "lunar"})) == {"/preset": "one_of"}


def test_england_tells_the_halves_of_a_day_apart(school, admin):
    preset(admin, "basic")
    preset(admin, "england")
    past = Past(*school, students=2)
    morning, afternoon = (past.lesson(monday(2), ".", hour=hour) for hour in (4, 5))  # 12:00 and 13:00

    def follow():
        return not any(body_of(admin.get("/api/v1/ledger/verification", params={"session_id": s["id"]}))["differences"]
                       for s in (morning, afternoon))

    letters = []
    for s in (morning, afternoon):
        past.mark(s, past.students[0], "present")
        past.mark(s, past.students[1], "late")
        body_of(past.admin.put(f"/api/v1/sessions/{s['id']}/attendance/{past.students[1]['id']}",
                               json={"status": "present", "code": "/"}))  # asked for by name
        letters.append([r["code"] for r in past.register(s)])
    assert sorted(letters[0]) == ["/", "/"] and sorted(letters[1]) == ["/", "\\"] and follow()
    body_of(change(admin, codes(admin)["\\"], archived=True))
    past.mark(afternoon, past.students[1], "present")
    assert {r["code"] for r in past.register(afternoon)} == {"/", "\\"}, "what is out of use is given no more"
    assert follow()
    preset(admin, "basic")
    assert follow(), "nor is it a difference that / is the default no more"


def test_who_may(school, admin, room):
    student = room.make.student(account=True)
    reader = school[1].login(student["email"], PASSWORD)
    assert reader.get(CODES).status_code == 200 and reader.get(POLICIES).status_code == 200
    for client in (reader, room.trainer):
        problem(client.post(CODES, json=MED), 403, "forbidden")
        problem(client.put(POLICIES + "/lab", json=rule()), 403, "forbidden")


def rule(**more):
    return {"ways": "kiosk|self+fence", "open_before_min": None, "late_after_min": 5, "absent_after_min": 20,
            "check_out": True, "min_minutes": 30, "apply_to_scheduled": False, **more}


def put(admin, kind, version, **more):
    return admin.put(f"{POLICIES}/{kind}", json=rule(**more), headers={"If-Match": f'"{version}"'})


def policy(admin, kind):
    return body_of(admin.get(f"{POLICIES}/{kind}"))


def test_policies_by_kind(admin, room):
    everything = body_of(admin.get(POLICIES))["policies"]
    assert [p["kind"] for p in everything] == ["any", "course", "lab", "workshop", "exam"]
    assert {p["source"] for p in everything} == {"options"} and {p["ways"] for p in everything} == {"any"}
    set_any = body_of(put(admin, "any", 1, ways=" qr + subnet ", check_out=False))
    assert (set_any["source"], set_any["ways"]) == ("own", "qr+subnet")
    assert set_any["from_options"] == ["open_before_min"] and set_any["open_before_min"] == 15
    lab = policy(admin, "lab")
    assert (lab["source"], lab["ways"], lab["version"]) == ("any", "qr+subnet", 1)
    exam = body_of(put(admin, "exam", 1))
    assert exam["ways_en"] == "kiosk or own phone inside the room's area" and exam["applied"] is None
    session = room.new_session(-300, kind="exam")
    for member in ("ways", "late_after_min", "absent_after_min", "open_before_min", "check_out", "min_minutes"):
        assert session[member] == exam[member], member
    assert room.new_session(-300, kind="lab")["ways"] == "qr+subnet"
    problem(put(admin, "exam", 1), 412, "version-mismatch")
    problem(admin.put(f"{POLICIES}/exam", json=rule()), 428, "precondition-required")
    changed = body_of(put(admin, "exam", exam["version"], ways="manual", apply_to_scheduled=True))
    assert changed["applied"] == 1
    assert body_of(admin.get(f"/api/v1/sessions/{session['id']}"))["ways"] == "manual"
    body_of(admin.delete(f"{POLICIES}/exam"), 204)
    problem(admin.delete(f"{POLICIES}/exam"), 404, "not-found")
    assert policy(admin, "exam")["source"] == "any"
    assert body_of(admin.get(f"/api/v1/sessions/{session['id']}"))["ways"] == "manual"
    problem(put(admin, "exam", changed["version"]), 412, "version-mismatch")
    body_of(admin.delete(f"{POLICIES}/any"), 204)


def test_the_general_rule_goes_to_kinds_without_their_own(admin, room):
    lab, exam = room.new_session(-300, kind="lab"), room.new_session(-300, kind="exam")
    body_of(put(admin, "exam", 1))
    body_of(put(admin, "any", 1, ways="pin", apply_to_scheduled=True))
    ways = [body_of(admin.get(f"/api/v1/sessions/{s['id']}"))["ways"] for s in (lab, exam, room.session)]
    assert ways == ["pin", "any", "any"], "neither kinds with a rule, nor registers that are open"
    for kind in ("exam", "any"):
        body_of(admin.delete(f"{POLICIES}/{kind}"), 204)


def test_what_is_wrong_with_a_policy_is_told(admin):
    for field, value in (("ways", "faces"), ("ways", "fence"), ("ways", "face|manual"), ("ways", ""),
                         ("absent_after_min", 5), ("absent_after_min", 0), ("late_after_min", 721),
                         ("min_minutes", -1)):
        answer = put(admin, "lab", 1, **{field: value})
        assert "/" + field in field_errors(answer), (field, value, answer.text)
    allowed = body_of(put(admin, "lab", 1, ways="faces"), 422)["errors"][0]["allowed"]
    assert "class_photo" in allowed
    assert put(admin, "party", 1).status_code == 422

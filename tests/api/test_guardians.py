# SPDX-License-Identifier: MIT
"""Guardians: who ties them to whom, and that they see their own students and nothing else."""
import concurrent.futures
import datetime
import time

import pytest

from classroom import classroom, open_class  # noqa: F401
from factories import PASSWORD, body_of, field_errors, mail, make, problem, walk, word  # noqa: F401
from server import SLOW
from test_events import Stream


def guardians_of(student):
    return f"/api/v1/students/{student['id']}/guardians"


def birth(years):
    """Who was born on this day is so many years old today."""
    today = datetime.datetime.now(datetime.timezone.utc).date()
    return f"{today.year - years}-{today.month:02}-{today.day if today.month != 2 else min(today.day, 28):02}"


@pytest.fixture
def family(make):
    """A guardian signed in, one ward, one other student, each with a group and a session."""
    wards, others = make.group(), make.group()
    ward, other = make.student(birth_date=birth(12)), make.student()
    make.member(wards, ward)
    make.member(others, other)
    trainer = make.trainer()
    tie = make.guardian(ward)
    return {
        "ward": ward, "other": other, "tie": tie, "guardian": make.sign_in(tie["email"]), "trainer": trainer,
        "session": make.session(trainer, [wards]), "elsewhere": make.session(trainer, [others]),
    }


def test_a_new_account_is_made_with_the_tie(make, admin):
    student = make.student()
    tie = make.guardian(student, relation="father", may_sign=False, locale="ar")
    assert (tie["relation"], tie["may_sign"], tie["active"]) == ("father", False, True)
    assert body_of(admin.get(guardians_of(student)))["items"] == [tie]
    user = body_of(admin.get(f"/api/v1/users/{tie['guardian_id']}"))
    assert (user["role"], user["locale"], user["email"]) == ("guardian", "ar", tie["email"])
    me = body_of(make.sign_in(tie["email"]).get("/api/v1/me"))
    assert me["role"] == "guardian" and me["student_id"] is None and "students:read" in me["permissions"]


def test_an_account_that_is_there_is_tied(make, admin):
    first, second = make.student(), make.student()
    tie = make.guardian(first)
    again = make.guardian(second, email=tie["email"].upper())
    assert again["guardian_id"] == tie["guardian_id"]
    answer = admin.post(guardians_of(make.student()), json={
        "email": tie["email"], "relation": "other", "name": "Other", "password": PASSWORD})
    assert field_errors(answer) == {"/name": "fixed", "/password": "fixed"}


def test_twice_is_a_conflict(make, admin):
    student = make.student()
    tie = make.guardian(student)
    answer = admin.post(guardians_of(student), json={"email": tie["email"], "relation": "mother"})
    assert field_errors(answer, 409) == {"/email": "taken"}
    assert len(body_of(admin.get(guardians_of(student)))["items"]) == 1


def test_what_is_refused(make, admin):
    student = make.student()
    path = guardians_of(student)
    new = {"email": mail("new"), "relation": "mother"}
    assert field_errors(admin.post(path, json=new)) == {"/name": "required", "/password": "required"}
    assert field_errors(admin.post(path, json={**new, "name": "A", "password": "password12"})) == {"/password": "password_weak"}
    for account in (make.trainer(), make.user(), make.student(account=True)):
        assert field_errors(admin.post(path, json={**new, "email": account["email"]})) == {"/email": "taken"}
    assert field_errors(admin.post(path, json={**new, "relation": "aunt"})) == {"/relation": "one_of"}
    assert field_errors(admin.post(path, json={})) == {"/email": "required", "/relation": "required"}
    problem(admin.post("/api/v1/students/999999999/guardians", json=new), 404, "not-found")
    problem(admin.get("/api/v1/students/999999999/guardians"), 404, "not-found")
    problem(admin.delete(f"{path}/999999999"), 404, "not-found")
    assert body_of(admin.get(path))["items"] == []
    assert body_of(admin.get("/api/v1/users", params={"q": new["email"]}))["items"] == []


def test_archived_ones_are_not_tied(make, admin):
    student, tie = make.student(), make.guardian(make.student())
    admin.patch(f"/api/v1/students/{student['id']}", json={"archived": True}, version=student["version"])
    answer = admin.post(guardians_of(student), json={"email": tie["email"], "relation": "mother"})
    assert field_errors(answer) == {"student_id": "archived"}
    user = body_of(admin.get(f"/api/v1/users/{tie['guardian_id']}"))
    admin.patch(f"/api/v1/users/{user['id']}", json={"archived": True}, version=user["version"])
    answer = admin.post(guardians_of(make.student()), json={"email": tie["email"], "relation": "mother"})
    assert field_errors(answer) == {"/email": "archived"}


def test_eight_of_either_even_at_once(make, admin):
    student, tie = make.student(), make.guardian(make.student())
    ties = [make.guardian(make.student()) for _ in range(9)]

    def add(to, email):
        return admin.post(guardians_of(to), json={"email": email, "relation": "other"})

    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda one: add(student, one["email"]), ties))
    assert sorted(a.status_code for a in answers) == [201] * 8 + [422]
    assert {code for a in answers if a.status_code == 422 for code in field_errors(a).items()} == {("student_id", "max")}
    items, pages = walk(admin, guardians_of(student), {"limit": 3})
    assert (len(items), pages) == (8, 3)

    wards = [make.student() for _ in range(8)]
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda one: add(one, tie["email"]), wards))
    assert sorted(a.status_code for a in answers) == [201] * 7 + [422]
    assert field_errors(next(a for a in answers if a.status_code == 422)) == {"/email": "max"}
    guardian = make.sign_in(tie["email"])
    assert len(body_of(guardian.get("/api/v1/guardians/me/students"))["items"]) == 8


def test_roles_that_hang_together_with_students_stay(make, admin):
    guardian = make.user(role="guardian")
    for made, role in ((guardian, "admin"), (guardian, "trainer"), (guardian, "student"),
                       (make.user(), "guardian"), (make.user(role="trainer"), "guardian")):
        answer = admin.patch(f"/api/v1/users/{made['id']}", json={"role": role}, version=made["version"])
        assert field_errors(answer) == {"/role": "fixed"}
    listed = body_of(admin.get("/api/v1/users", params={"role": "guardian", "q": guardian["name"]}))["items"]
    assert [u["id"] for u in listed] == [guardian["id"]]


def test_a_guardian_sees_the_own_students_alone(family):
    guardian, ward, other = family["guardian"], family["ward"], family["other"]
    for path in ("/api/v1/guardians/me/students", "/api/v1/students"):
        assert [s["id"] for s in body_of(guardian.get(path))["items"]] == [ward["id"]]
    assert body_of(guardian.get(f"/api/v1/students/{ward['id']}"))["name"] == ward["name"]
    problem(guardian.get(f"/api/v1/students/{other['id']}"), 404, "not-found")
    assert [s["id"] for s in body_of(guardian.get("/api/v1/sessions"))["items"]] == [family["session"]["id"]]
    assert body_of(guardian.get(f"/api/v1/sessions/{family['session']['id']}"))["id"] == family["session"]["id"]
    problem(guardian.get(f"/api/v1/sessions/{family['elsewhere']['id']}"), 404, "not-found")
    problem(guardian.get(guardians_of(ward)), 403, "forbidden")
    problem(guardian.delete(f"{guardians_of(ward)}/{family['tie']['guardian_id']}"), 403, "forbidden")


def test_others_have_no_wards(trainer, student, admin, guardian):
    for client in (trainer, student, admin, guardian):
        assert body_of(client.get("/api/v1/guardians/me/students")) == {"items": [], "next_cursor": None}


def test_who_is_removed_sees_nothing_at_once(family, admin):
    guardian, ward, tie = family["guardian"], family["ward"], family["tie"]
    assert admin.delete(f"{guardians_of(ward)}/{tie['guardian_id']}").status_code == 204
    problem(guardian.get(f"/api/v1/students/{ward['id']}"), 404, "not-found")
    assert body_of(guardian.get("/api/v1/sessions"))["items"] == []
    problem(admin.delete(f"{guardians_of(ward)}/{tie['guardian_id']}"), 404, "not-found")
    again = admin.post(guardians_of(ward), json={"email": tie["email"], "relation": "guardian"})
    assert body_of(again, 201)["relation"] == "guardian"
    assert body_of(guardian.get(f"/api/v1/students/{ward['id']}"))["id"] == ward["id"]


def about(student, events):
    return [data for _, _, data in events if data.get("student_id") == student["id"]]


def consent(admin, student):
    body = {"given_by": "guardian", "given_by_name": word("Parent"), "text_version": "1", "locale": "en", "of_age": False}
    assert admin.put(f"/api/v1/students/{student['id']}/consent", json=body).status_code == 200
    assert admin.delete(f"/api/v1/students/{student['id']}/consent").status_code in (200, 204)


def test_live_events_of_the_own_students_alone(family, admin):
    ward, other = family["ward"], family["other"]
    guardian = admin.login(family["tie"]["email"], PASSWORD)
    stream = Stream(guardian)
    consent(admin, other)
    consent(admin, ward)
    assert about(ward, stream.named(("enrolment.changed",), 1)) and not about(other, stream.events)
    seen = stream.events[-1][0]
    admin.delete(f"{guardians_of(ward)}/{family['tie']['guardian_id']}")
    stream.join(30 * SLOW)
    assert not stream.is_alive(), "the stream goes on with rights that are gone"
    consent(admin, ward)
    late = Stream(guardian, last=seen)
    consent(admin, ward)
    time.sleep(0.2)
    assert not about(ward, late.events)
    late.close()


def test_the_register_shows_the_own_students_alone(open_class, make):
    """Both students sit in the same lesson; the guardian is of the first."""
    ward, other = open_class.students[:2]
    guardian = make.sign_in(make.guardian(ward)["email"])
    for i in (0, 1):
        body_of(open_class.mark(i, "present"))
    register = body_of(guardian.get(f"{open_class.path}/register"))
    assert [r["student_id"] for r in register["records"]] == [ward["id"]]
    marks = body_of(guardian.get(f"/api/v1/students/{ward['id']}/attendance"))["items"]
    assert [m["status"] for m in marks] == ["present"]
    assert body_of(guardian.get(f"/api/v1/students/{ward['id']}/attendance/summary"))["present"] == 1
    assert guardian.get(f"{open_class.path}/attendance/{ward['id']}/events").status_code == 200
    for path in (f"/api/v1/students/{other['id']}/attendance", f"/api/v1/students/{other['id']}/attendance/summary",
                 f"{open_class.path}/attendance/{other['id']}/events", f"/api/v1/students/{other['id']}/memberships"):
        problem(guardian.get(path), 404, "not-found")
    problem(guardian.get(f"/api/v1/groups/{open_class.group['id']}/students"), 404, "not-found")
    for path in ("/api/v1/groups", "/api/v1/trainers", "/api/v1/rooms", "/api/v1/users"):
        problem(guardian.get(path), 403, "forbidden")


def test_age_is_counted_at_the_option(make, admin):
    """Consent by oneself is refused to minors: the same rule as for signatures."""
    for years, status in ((17, 422), (18, 200)):
        student = make.student(birth_date=birth(years))
        body = {"given_by": "student", "text_version": "1", "locale": "en"}
        assert admin.put(f"/api/v1/students/{student['id']}/consent", json=body).status_code == status

# SPDX-License-Identifier: MIT
"""Students: with and without an account, by group, and who sees whom."""
import datetime

import pytest

from factories import PASSWORD, body_of, field_errors, mail, make, problem, word  # noqa: F401


def change(admin, student, body):
    path = f"/api/v1/students/{student['id']}"
    etag = admin.get(path).headers["ETag"]
    return admin.patch(path, json=body, headers={"If-Match": etag})


def ids(answer):
    return [item["id"] for item in body_of(answer)["items"]]


def test_without_account(make):
    student = make.student()
    assert (student["user_id"], student["email"], student["group_id"], student["group_name"]) == (None,) * 4
    assert (student["enrolled"], student["consent"], student["birth_date"]) == (False, False, None)


def test_with_account(make, admin):
    student = make.student(account=True, locale="ar")
    me = body_of(make.sign_in(student["email"]).get("/api/v1/me"))
    assert (me["role"], me["student_id"], me["id"], me["locale"]) == \
        ("student", student["id"], student["user_id"], "ar")


@pytest.mark.parametrize("half,missing", [({"email": "half@x.example"}, "/password"), ({"password": PASSWORD}, "/email")])
def test_account_needs_both(half, missing, make, admin):
    body = {"student_number": word("S"), "name": "Half", **half}
    assert field_errors(admin.post("/api/v1/students", json=body)) == {missing: "required"}
    student = make.student()
    assert field_errors(change(admin, student, half)) == {missing: "required"}


def test_account_later(make, admin):
    student, email = make.student(), mail("later")
    changed = body_of(change(admin, student, {"email": email, "password": PASSWORD}))
    assert changed["email"] == email
    me = body_of(make.sign_in(email).get("/api/v1/me"))
    assert me["student_id"] == student["id"]
    assert body_of(change(admin, student, {"email": mail("moved")}))["user_id"] == changed["user_id"]
    problem(make.login(email), 401, "bad-credentials")


def test_failure_leaves_no_account(make, admin):
    taken, email = make.student(), mail("ghost")
    body = {"student_number": taken["student_number"], "name": "Ghost", "email": email, "password": PASSWORD}
    assert field_errors(admin.post("/api/v1/students", json=body), 409) == {"/student_number": "taken"}
    assert body_of(admin.get("/api/v1/users", params={"q": email}))["items"] == []
    other = make.student(account=True)
    body |= {"student_number": word("S"), "email": other["email"]}
    assert field_errors(admin.post("/api/v1/students", json=body), 409) == {"/email": "taken"}
    assert ids(admin.get("/api/v1/students", params={"q": body["student_number"]})) == []


@pytest.mark.parametrize("date,good", [
    ("2007-05-14", True), ("2008-02-29", True), ("1900-01-01", True), ("2007-02-29", False), ("1899-12-31", False),
    ("2007-13-01", False), ("14.05.2007", False), ("", False), (20070514, False), ("9999-12-31", False),
    ((datetime.date.today() + datetime.timedelta(days=3)).isoformat(), False)])
def test_birth_date(date, good, make, admin):
    body = {"student_number": word("S"), "name": "Born", "birth_date": date}
    answer = admin.post("/api/v1/students", json=body)
    if good:
        student = body_of(answer, 201)
        assert student["birth_date"] == date
        assert body_of(change(admin, student, {"name": "Same day"}))["birth_date"] == date
        assert body_of(change(admin, student, {"birth_date": None}))["birth_date"] is None
    else:
        assert list(field_errors(answer)) == ["/birth_date"]


def test_name_goes_to_the_account(make, admin):
    student = make.student(account=True)
    body_of(change(admin, student, {"name": "Renamed"}))
    assert body_of(admin.get(f"/api/v1/users/{student['user_id']}"))["name"] == "Renamed"


def test_archiving_shuts_the_account(make, admin):
    student = make.student(account=True)
    caller = make.sign_in(student["email"])
    body_of(change(admin, student, {"archived": True}))
    problem(caller.get("/api/v1/me"), 401, "unauthenticated")
    problem(make.login(student["email"]), 401, "bad-credentials")
    body_of(change(admin, student, {"archived": False}))
    assert make.login(student["email"]).status_code == 200


def test_filters(make, admin):
    group, token = make.group(), word("Filter")
    inside, outside = make.student(name=token + " a"), make.student(name=token + " b")
    make.member(group, inside)

    def listed(**query):
        return ids(admin.get("/api/v1/students", params={"q": token, **query}))

    assert listed() == [inside["id"], outside["id"]]
    assert listed(group_id=group["id"]) == [inside["id"]]
    assert listed(enrolled="false") == [inside["id"], outside["id"]]
    assert listed(enrolled="true") == []
    assert listed(group_id=999999999) == []
    assert list(field_errors(admin.get("/api/v1/students", params={"group_id": "x"}))) == ["group_id"]


def test_search_by_number(make, admin):
    student = make.student()
    assert ids(admin.get("/api/v1/students", params={"q": student["student_number"].lower()})) == [student["id"]]


def test_trainer_sees_own_students(make, admin):
    person = make.trainer()
    caller = make.sign_in(person["email"])
    group, foreign, mine, stranger = make.group(), make.group(), make.student(), make.student()
    make.member(group, mine)
    make.member(foreign, stranger)
    assert ids(caller.get("/api/v1/students")) == []
    problem(caller.get(f"/api/v1/students/{mine['id']}"), 404, "not-found")
    make.session(person, [group])
    make.session(make.trainer(), [foreign])
    assert ids(caller.get("/api/v1/students")) == [mine["id"]]
    assert body_of(caller.get(f"/api/v1/students/{mine['id']}"))["id"] == mine["id"]
    problem(caller.get(f"/api/v1/students/{stranger['id']}"), 404, "not-found")
    assert ids(caller.get("/api/v1/students", params={"group_id": foreign["id"]})) == []
    assert ids(caller.get("/api/v1/students", params={"q": stranger["name"]})) == []


def test_student_sees_only_the_own_row(make):
    student, other, group = make.student(account=True), make.student(), make.group()
    make.member(group, student)
    make.member(group, other)
    caller = make.sign_in(student["email"])
    assert ids(caller.get("/api/v1/students")) == [student["id"]]
    assert ids(caller.get("/api/v1/students", params={"group_id": group["id"]})) == [student["id"]]
    assert body_of(caller.get(f"/api/v1/students/{student['id']}"))["group_id"] == group["id"]
    problem(caller.get(f"/api/v1/students/{other['id']}"), 404, "not-found")


def test_a_second_login_of_the_same_email_is_no_student(make, admin):
    trainer = make.trainer()
    body = {"student_number": word("S"), "name": "Double", "email": trainer["email"], "password": PASSWORD}
    assert field_errors(admin.post("/api/v1/students", json=body), 409) == {"/email": "taken"}

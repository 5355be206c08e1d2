# SPDX-License-Identifier: MIT
"""Accounts: roles, passwords, blocking, and the last admin. The rest: test_resources.py."""
import pytest

from factories import PASSWORD, body_of, field_errors, mail, make, problem, walk, word  # noqa: F401


def change(admin, user, body):
    path = f"/api/v1/users/{user['id']}"
    etag = admin.get(path).headers["ETag"]
    return admin.patch(path, json=body, headers={"If-Match": etag})


def test_new_user_signs_in(make):
    user = make.user(locale="ar", time_zone="Africa/Algiers")
    me = body_of(make.sign_in(user["email"]).get("/api/v1/me"))
    assert (me["id"], me["role"], me["locale"], me["time_zone"]) == (user["id"], "admin", "ar", "Africa/Algiers")
    assert "password" not in str(user)


def test_defaults(make):
    user = make.user()
    assert (user["locale"], user["active"], user["archived"], user["version"]) == ("en", True, False, 1)


def test_email_is_one_whatever_its_case(make, admin):
    user = make.user()
    body = {"email": user["email"].upper(), "name": "Twin", "role": "admin", "password": PASSWORD}
    assert field_errors(admin.post("/api/v1/users", json=body), 409) == {"/email": "taken"}
    assert make.login(user["email"].upper()).status_code == 200


@pytest.mark.parametrize("email", ["", "x", "@x", "x@", "a b@x.example", "a@x\r\nBcc: y", "a" * 250 + "@x.example",
                                   "a\0@x.example", "'; DROP TABLE student; --@x.example"])
def test_bad_email(email, make, admin):
    body = {"email": email, "name": "N", "role": "admin", "password": PASSWORD}
    assert list(field_errors(admin.post("/api/v1/users", json=body))) == ["/email"]
    user = make.user()
    assert list(field_errors(change(admin, user, {"email": email}))) == ["/email"]


def test_odd_but_good_email(make):
    email = f"o'hara+{word('x')}@x.example"
    assert make.user(email=email)["email"] == email
    assert make.login(email).status_code == 200


@pytest.mark.parametrize("password", ["short", "password123", "aaaaaaaaaaaaaaa", "x" * 201, "", "1234567890"])
def test_weak_password(password, make, admin):
    body = {"email": mail("weak"), "name": "N", "role": "admin", "password": password}
    assert list(field_errors(admin.post("/api/v1/users", json=body))) == ["/password"]
    user = make.user()
    assert list(field_errors(change(admin, user, {"password": password}))) == ["/password"]
    assert make.login(user["email"]).status_code == 200


@pytest.mark.parametrize("member,wrong", [
    ("role", "root"), ("role", "student"), ("role", ""), ("locale", "de"), ("time_zone", "Mars/Olympus"),
    ("time_zone", "../etc/passwd"), ("time_zone", ""), ("locale", None), ("time_zone", None)])
def test_bad_choice(member, wrong, admin):
    body = {"email": mail("bad"), "name": "N", "role": "admin", "password": PASSWORD, member: wrong}
    assert list(field_errors(admin.post("/api/v1/users", json=body))) == [f"/{member}"]


@pytest.mark.parametrize("body", [{"password": "nine-Purple-herons"}, {"active": False}, {"archived": True},
                                  {"role": "trainer"}], ids=lambda body: next(iter(body)))
def test_change_ends_logins(body, make, admin):
    user = make.user()
    caller = make.sign_in(user["email"])
    assert caller.get("/api/v1/me").status_code == 200
    body_of(change(admin, user, body))
    problem(caller.get("/api/v1/me"), 401, "unauthenticated")


@pytest.mark.parametrize("body", [{"name": "Other"}, {"locale": "fr"}, {"active": True}, {"role": "admin"}],
                         ids=lambda body: next(iter(body)))
def test_harmless_change_keeps_logins(body, make, admin):
    user = make.user()
    caller = make.sign_in(user["email"])
    body_of(change(admin, user, body))
    assert caller.get("/api/v1/me").status_code == 200


def test_new_password_is_the_only_one(make, admin):
    user = make.user()
    change(admin, user, {"password": "nine-Purple-herons"})
    problem(make.login(user["email"]), 401, "bad-credentials")
    assert make.login(user["email"], "nine-Purple-herons").status_code == 200


@pytest.mark.parametrize("body", [{"active": False}, {"archived": True}], ids=["blocked", "archived"])
def test_blocked_cannot_sign_in_until_unblocked(body, make, admin):
    user = make.user()
    change(admin, user, body)
    problem(make.login(user["email"]), 401, "bad-credentials")


def test_filters(make, admin):
    token = word("Filter")
    trainer = make.user(name=token, role="trainer")
    blocked = make.user(name=token)
    change(admin, blocked, {"active": False})

    def listed(**query):
        return {u["id"] for u in body_of(admin.get("/api/v1/users", params={"q": token, **query}))["items"]}

    assert listed() == {trainer["id"], blocked["id"]}
    assert listed(role="trainer") == {trainer["id"]}
    assert listed(role="student") == set()
    assert listed(active="false") == {blocked["id"]}
    assert listed(active="true") == {trainer["id"]}
    by_mail = body_of(admin.get("/api/v1/users", params={"q": blocked["email"]}))["items"]
    assert [u["id"] for u in by_mail] == [blocked["id"]]
    assert list(field_errors(admin.get("/api/v1/users", params={"role": "root"}))) == ["role"]


def test_trainer_role_makes_a_trainer(make, admin):
    user = make.user(role="trainer")
    caller = make.sign_in(user["email"])
    trainer_id = body_of(caller.get("/api/v1/me"))["trainer_id"]
    assert body_of(admin.get(f"/api/v1/trainers/{trainer_id}"))["user_id"] == user["id"]
    body_of(change(admin, user, {"role": "admin"}))
    assert body_of(admin.get(f"/api/v1/trainers/{trainer_id}"))["archived"] is True
    body_of(change(admin, user, {"role": "trainer"}))
    assert body_of(admin.get(f"/api/v1/trainers/{trainer_id}"))["archived"] is False


def test_student_role_is_fixed(make, admin):
    user = make.user()
    student = make.student(account=True)
    account = body_of(admin.get(f"/api/v1/users/{student['user_id']}"))
    assert account["role"] == "student"
    for who, role, allowed in ((user, "student", "admin, trainer"), (account, "admin", "student")):
        (error,) = body_of(change(admin, who, {"role": role}), 422)["errors"]
        assert (error["field"], error["code"], error["allowed"]) == ("/role", "fixed", allowed)


def test_last_admin_stays(make, admin):
    """Everybody else who is admin is blocked for a moment; the last one cannot be."""
    me = body_of(admin.get("/api/v1/me"))
    path = "/api/v1/users"
    found, _ = walk(admin, path, {"role": "admin", "active": "true", "limit": 200})
    others = [u for u in found if u["id"] != me["id"]]
    try:
        for other in others:
            body_of(change(admin, other, {"active": False}))
        for body in ({"active": False}, {"archived": True}, {"role": "trainer"}):
            problem(change(admin, me, body), 409, "in-use")
        assert body_of(change(admin, me, {"name": me["name"]}))["role"] == "admin"
    finally:
        for other in others:
            body_of(change(admin, other, {"active": True}))


@pytest.mark.parametrize("who", ["trainer", "student"])
def test_accounts_are_for_admins(who, make, request):
    caller = request.getfixturevalue(who)
    user = make.user()
    problem(caller.get("/api/v1/users"), 403, "forbidden")
    problem(caller.get(f"/api/v1/users/{user['id']}"), 403, "forbidden")
    own = body_of(caller.get("/api/v1/me"))["id"]
    problem(caller.patch(f"/api/v1/users/{own}", json={"role": "admin"}, headers={"If-Match": '"1"'}),
            403, "forbidden")

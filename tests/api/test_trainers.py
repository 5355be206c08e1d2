# SPDX-License-Identifier: MIT
"""Trainers: one with their account, and each sees only the own row."""
import pytest

from factories import PASSWORD, body_of, field_errors, mail, make, problem, word  # noqa: F401


def change(admin, trainer, body):
    path = f"/api/v1/trainers/{trainer['id']}"
    etag = admin.get(path).headers["ETag"]
    return admin.patch(path, json=body, headers={"If-Match": etag})


def test_trainer_and_account_are_made_together(make, admin):
    trainer = make.trainer(specialities="réseaux", locale="fr")
    account = body_of(admin.get(f"/api/v1/users/{trainer['user_id']}"))
    assert (account["role"], account["email"], account["name"], account["locale"]) == \
        ("trainer", trainer["email"], trainer["name"], "fr")
    me = body_of(make.sign_in(trainer["email"]).get("/api/v1/me"))
    assert (me["trainer_id"], me["student_id"]) == (trainer["id"], None)


def test_specialities(make, admin):
    trainer = make.trainer()
    assert trainer["specialities"] == ""
    assert body_of(change(admin, trainer, {"specialities": "chimie"}))["specialities"] == "chimie"
    assert body_of(change(admin, trainer, {"name": "N. N."}))["specialities"] == "chimie"
    assert body_of(change(admin, trainer, {"specialities": ""}))["specialities"] == ""


def test_failed_account_leaves_nothing(make, admin):
    taken, token = make.trainer(), word("Nobody")
    body = {"email": taken["email"], "name": token, "password": PASSWORD}
    assert field_errors(admin.post("/api/v1/trainers", json=body), 409) == {"/email": "taken"}
    body = {"email": mail("weak"), "name": token, "password": "1234567890"}
    assert list(field_errors(admin.post("/api/v1/trainers", json=body))) == ["/password"]
    for path in ("/api/v1/trainers", "/api/v1/users"):
        assert body_of(admin.get(path, params={"q": token}))["items"] == []


def test_changes_reach_the_account(make, admin):
    trainer, email = make.trainer(), mail("new")
    changed = body_of(change(admin, trainer, {"email": email, "name": "Nouveau", "password": "nine-Purple-herons"}))
    assert (changed["email"], changed["name"]) == (email, "Nouveau")
    assert make.login(email, "nine-Purple-herons").status_code == 200
    other = make.trainer()
    assert field_errors(change(admin, other, {"email": email}), 409) == {"/email": "taken"}


def test_account_changes_count_as_versions(make, admin):
    trainer = make.trainer()
    stale = admin.get(f"/api/v1/trainers/{trainer['id']}").headers["ETag"]
    path = f"/api/v1/users/{trainer['user_id']}"
    body_of(admin.patch(path, json={"name": "Elsewhere"}, headers={"If-Match": admin.get(path).headers["ETag"]}))
    answer = admin.patch(f"/api/v1/trainers/{trainer['id']}", json={"specialities": "x"},
                         headers={"If-Match": stale})
    problem(answer, 412, "version-mismatch")


def test_archiving_shuts_the_account(make, admin):
    trainer = make.trainer()
    caller = make.sign_in(trainer["email"])
    body_of(change(admin, trainer, {"archived": True}))
    problem(caller.get("/api/v1/me"), 401, "unauthenticated")
    problem(make.login(trainer["email"]), 401, "bad-credentials")
    body_of(change(admin, trainer, {"archived": False}))
    assert make.login(trainer["email"]).status_code == 200


def test_archiving_the_account_archives_the_trainer(make, admin):
    trainer = make.trainer()
    path = f"/api/v1/users/{trainer['user_id']}"
    body_of(admin.patch(path, json={"archived": True}, headers={"If-Match": admin.get(path).headers["ETag"]}))
    assert body_of(admin.get(f"/api/v1/trainers/{trainer['id']}"))["archived"] is True


def test_a_trainer_sees_only_the_own_row(make, trainer, trainer2):
    own = body_of(trainer.get("/api/v1/me"))["trainer_id"]
    other = body_of(trainer2.get("/api/v1/me"))["trainer_id"]
    assert [t["id"] for t in body_of(trainer.get("/api/v1/trainers"))["items"]] == [own]
    assert body_of(trainer.get(f"/api/v1/trainers/{own}"))["id"] == own
    problem(trainer.get(f"/api/v1/trainers/{other}"), 404, "not-found")
    assert body_of(trainer.get("/api/v1/trainers", params={"q": make.trainer()["name"]}))["items"] == []


def test_students_do_not_list_trainers(make, student):
    made = make.trainer()
    problem(student.get("/api/v1/trainers"), 403, "forbidden")
    problem(student.get(f"/api/v1/trainers/{made['id']}"), 403, "forbidden")


@pytest.mark.parametrize("query", ["email", "name"])
def test_search(query, make, admin):
    made = make.trainer()
    found = body_of(admin.get("/api/v1/trainers", params={"q": made[query].upper()}))
    assert [t["id"] for t in found["items"]] == [made["id"]]

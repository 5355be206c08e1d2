# SPDX-License-Identifier: MIT
"""Consent as a ledger in which a student's own no wins; certificates of what was destroyed."""
import hashlib
import json

import pytest

from classroom import Classroom, portrait, portraits
from factories import PASSWORD, body_of, field_errors, make, problem  # noqa: F401
from server import ROOT

FACES = [row["id"] for row in portraits()]
TEXT = {"text_version": "2026-11", "locale": "fr"}


class Person:
    """A student with an account, by the own hand and by the school's."""

    def __init__(self, admin, api, make, **more):
        self.admin, self.make = admin, make
        self.row = make.student(account=True, **more)
        self.path = f"/api/v1/students/{self.row['id']}/consent"
        self.own = api.login(self.row["email"], PASSWORD)

    def give(self, client, **more):
        body = {"given_by": "student", **TEXT, **more}
        if self.row["birth_date"] is None and body["given_by"] == "student":
            body.setdefault("of_age", True)
        return client.put(self.path, json=body)

    def guardian(self):
        return self.give(self.admin, given_by="guardian", given_by_name="Nadia Alaoui")

    def state(self):
        row = body_of(self.admin.get(self.path))
        return row["state"], row["blocked"]

    def ledger(self):
        return body_of(self.admin.get(self.path + "/ledger"))["items"]


@pytest.fixture
def adult(admin, api, make):
    return Person(admin, api, make, birth_date="1999-03-02")


@pytest.fixture
def minor(admin, api, make):
    return Person(admin, api, make, birth_date="2012-03-02")


def test_a_students_refusal_wins_over_guardian_and_school(minor):
    body_of(minor.guardian())
    assert minor.state() == ("given", False)
    body_of(minor.own.post(minor.path + "/refusal", json={}), 201)
    assert minor.state() == ("refused", True)
    assert "only the student" in problem(minor.guardian(), 409, "consent-required")["detail"]
    problem(minor.give(minor.admin), 409, "consent-required")
    # The student's yes opens the way for the guardian, and is not yet consent.
    assert body_of(minor.give(minor.own))["state"] == "assented"
    assert minor.state() == ("assented", False)
    body_of(minor.guardian())
    assert minor.state() == ("given", False)
    said = [(r["state"], r["given_by"], r["channel"]) for r in minor.ledger()]
    assert said == [("given", "guardian", "paper"), ("assented", "student", "web"),
                    ("refused", "student", "web"), ("given", "guardian", "paper")]


def test_refused_first_then_the_guardian(minor):
    body_of(minor.own.post(minor.path + "/refusal", json={}), 201)
    problem(minor.guardian(), 409, "consent-required")
    assert minor.state() == ("refused", True)


def test_what_a_student_withdraws_only_the_student_gives_again(adult):
    body_of(adult.give(adult.own))
    assert adult.own.delete(adult.path).status_code == 204
    assert adult.state() == ("withdrawn", True)
    problem(adult.give(adult.admin), 409, "consent-required")
    problem(adult.guardian(), 409, "consent-required")
    assert body_of(adult.give(adult.own))["state"] == "given"


def test_what_the_school_or_a_guardian_withdraws_may_be_given_again(adult, minor):
    body_of(adult.give(adult.own))
    assert adult.admin.delete(adult.path).status_code == 204
    assert adult.ledger()[0]["given_by"] == "school" and adult.state() == ("withdrawn", False)
    body_of(adult.give(adult.admin))
    body_of(minor.guardian())
    assert minor.admin.delete(minor.path, params={"by": "guardian"}).status_code == 204
    assert minor.state() == ("withdrawn", False)
    body_of(minor.guardian())


def test_a_refusal_on_paper_counts_as_much(admin, api, make):
    person = make.student(birth_date="1999-03-02")
    path = f"/api/v1/students/{person['id']}/consent"
    body_of(admin.post(path + "/refusal", json={"by": "student"}), 201)
    guardian = {"given_by": "guardian", "given_by_name": "Nadia", **TEXT}
    problem(admin.put(path, json=guardian), 409, "consent-required")
    # Without an account the student's word comes on paper.
    body_of(admin.put(path, json={"given_by": "student", **TEXT}))


def test_unknown_age_is_asked(admin, make):
    path = f"/api/v1/students/{make.student()['id']}/consent"
    own = {"given_by": "student", **TEXT}
    assert field_errors(admin.put(path, json=own)) == {"/of_age": "required"}
    assert field_errors(admin.put(path, json={**own, "of_age": False})) == {"/given_by": "one_of"}
    body_of(admin.put(path, json={**own, "of_age": True}))
    assert body_of(admin.get(path + "/ledger"))["items"][0]["of_age"] is True


def test_the_ledger_says_who_how_and_which_text(adult):
    body_of(adult.give(adult.own))
    row = adult.ledger()[0]
    text = body_of(adult.own.get("/api/v1/privacy/consent-text", params={"locale": "fr"}))
    assert row["text_hash"] == text["hash"] and row["text_version"] == text["version"]
    assert row["by_account_id"] == adult.own.account["id"] and row["channel"] == "web"
    # The student's page shows one of our texts; a paper may have had another.
    assert field_errors(adult.give(adult.own, text_version="1")) == {"/text_version": "one_of"}
    body_of(adult.give(adult.admin, text_version="school-3", channel="import"))
    row = adult.ledger()[0]
    assert (row["text_hash"], row["channel"]) == (None, "import")
    assert set(field_errors(adult.give(adult.own, channel="paper"))) == {"/channel"}
    assert set(field_errors(adult.give(adult.admin, channel="web"))) == {"/channel"}
    answer = adult.own.delete(adult.path, params={"by": "school"})
    assert set(field_errors(answer)) == {"by"}


@pytest.mark.parametrize("locale", ["en", "fr", "ar"])
def test_texts_are_kept_with_their_hash(admin, locale):
    text = body_of(admin.get("/api/v1/privacy/consent-text", params={"locale": locale}))
    page = (ROOT / "docs" / "consent" / f"{text['version']}.{locale}.md").read_text()
    assert page.split("\n\n", 1)[1].rstrip("\n").split("\n\n") == text["paragraphs"]
    lines = "".join(line + "\n" for line in text["paragraphs"])
    assert hashlib.sha256(lines.encode()).hexdigest() == text["hash"]


def test_nobody_else_sees_what_was_said(adult, trainer, student):
    for what in ("", "/ledger"):
        problem(trainer.get(adult.path + what), 403, "forbidden")
        problem(student.get(adult.path + what), 404, "not-found")
    problem(student.post(adult.path + "/refusal", json={}), 404, "not-found")
    problem(student.get(adult.path.replace("consent", "certificates")), 404, "not-found")


def test_a_trainer_cannot_tell_who_refused(admin, api):
    """Refused, never asked, and agreed but not enrolled: all the same to a trainer."""
    room = Classroom(admin, api, n=3)
    body_of(room.consent(0))
    body_of(admin.post(f"/api/v1/students/{room.students[1]['id']}/consent/refusal", json={}), 201)
    seen = body_of(room.trainer.get("/api/v1/students", params={"group_id": room.group["id"]}))["items"]
    assert len(seen) == 3 and {(s["consent"], s["enrolled"]) for s in seen} == {(False, False)}
    assert body_of(admin.get(f"/api/v1/students/{room.students[0]['id']}"))["consent"] is True


# Certificates

@pytest.fixture(scope="module")
def certified(admin, api):
    room = Classroom(admin, api, n=1)
    number = room.students[0]["id"]
    body_of(room.enrol(0, portrait(FACES[20]), accept_duplicate="true"), 201)
    assert admin.delete(f"/api/v1/students/{number}/consent").status_code == 204
    (item,) = body_of(admin.get(f"/api/v1/students/{number}/certificates"))["items"]
    answer = admin.get(f"/api/v1/certificates/{item['certificate_id']}")
    assert "attachment" in answer.headers["Content-Disposition"]
    return room.students[0], item, answer.content


def verify(server, tmp_path, content, *more):
    file = tmp_path / "certificate.json"
    file.write_bytes(content)
    done = server.run("certificate", "verify", str(file), *more, check=False)
    return done.returncode, done.stdout


def test_a_certificate_says_what_was_destroyed(certified, admin, server, tmp_path):
    person, item, content = certified
    body = json.loads(content)["certificate"]
    assert item["templates"] == body["destroyed"]["templates"] == 1
    assert body["destroyed"]["models"] and body["destroyed"]["key_fingerprint"]
    assert body["reason"] == "consent_withdrawn" and body["by_role"] == "admin"
    assert person["name"] not in content.decode()
    salted = f"{body['student']['salt']}:{person['student_number']}".encode()
    assert hashlib.sha256(salted).hexdigest() == body["student"]["number_hash"]
    row = body_of(admin.get(f"/api/v1/students/{person['id']}/consent/ledger"))["items"][0]
    assert body["consent_id"] == row["id"] and row["state"] == "withdrawn"
    key = body_of(admin.get("/api/v1/privacy/signing-key"))["key"]
    code, said = verify(server, tmp_path, content, "--key", key)
    assert code == 0 and said.startswith("VALID") and "1 face templates" in said
    code, said = verify(server, tmp_path, content + b"\n")
    assert code == 0 and key in said


def test_every_altered_byte_is_seen(certified, server, tmp_path):
    content = certified[2]
    for at in range(0, len(content), max(1, len(content) // 40)):
        altered = bytearray(content)
        altered[at] ^= 1
        code, said = verify(server, tmp_path, bytes(altered))
        assert code == 1 and said.startswith("NOT VALID"), (at, said)
    for other in (b"", b"{}", content[:-1], content + b" ", b" " + content):
        assert verify(server, tmp_path, other)[0] == 1


def test_another_key_is_seen(certified, server, tmp_path):
    other = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
    code, said = verify(server, tmp_path, certified[2], "--key", other)
    assert code == 1 and "another one" in said


def test_a_rotated_key_stays_published(certified, server, admin, tmp_path):
    before = body_of(admin.get("/api/v1/privacy/signing-key"))["key"]
    server.run("certificate", "rotate-key")
    now = body_of(admin.get("/api/v1/privacy/signing-key"))
    assert now["key"] != before and now["old_keys"][0] == before
    assert verify(server, tmp_path, certified[2], "--key", before)[0] == 0
    assert verify(server, tmp_path, certified[2], "--key", now["key"])[0] == 1
    assert (server.folder / "data" / "signing.keys").stat().st_mode & 0o777 == 0o600
    assert "secret" not in server.run("certificate", "key").stdout


def test_deleting_an_enrolment_is_certified_too(admin, api):
    room = Classroom(admin, api, n=1)
    number = room.students[0]["id"]
    body_of(room.enrol(0, portrait(FACES[21]), accept_duplicate="true"), 201)
    assert admin.delete(f"/api/v1/students/{number}/enrolment").status_code == 204
    (item,) = body_of(admin.get(f"/api/v1/students/{number}/certificates"))["items"]
    assert (item["reason"], item["templates"]) == ("enrolment_deleted", 1)

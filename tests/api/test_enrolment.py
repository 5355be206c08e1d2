# SPDX-License-Identifier: MIT
"""Consent first, then quality; templates that can be destroyed."""
import pytest

from classroom import (Classroom, another_photo, classroom, portrait, portraits,  # noqa: F401
                       scene)
from factories import body_of, field_errors, problem

GOOD = [row["id"] for row in portraits()]


def path(room, i=0, what="enrolment"):
    return f"/api/v1/students/{room.students[i]['id']}/{what}"


def test_no_template_without_consent(classroom):
    problem(classroom.send_photos(0, portrait(GOOD[10])), 409, "consent-required")
    answer = classroom.admin.post(path(classroom, what="enrolment/check"),
                                  files={"photo": ("a.jpg", portrait(GOOD[10]), "image/jpeg")})
    problem(answer, 409, "consent-required")
    assert body_of(classroom.admin.get(path(classroom)))["enrolled"] is False


def test_consent_is_recorded_and_withdrawn(classroom):
    admin = classroom.admin
    assert body_of(admin.get(path(classroom, what="consent")))["state"] == "none"
    problem(admin.delete(path(classroom, what="consent")), 404, "not-found")
    given = body_of(classroom.consent(0))
    assert given["state"] == "given" and given["given_at"] and given["locale"] == "fr"
    body_of(classroom.send_photos(0, portrait(GOOD[11]), accept_duplicate="true"), 201)
    assert admin.delete(path(classroom, what="consent")).status_code == 204
    assert body_of(admin.get(path(classroom, what="consent")))["state"] == "withdrawn"
    assert body_of(admin.get(path(classroom)))["templates"] == []
    problem(classroom.send_photos(0, portrait(GOOD[11])), 409, "consent-required")


def test_a_minor_needs_the_guardian(admin, api):
    room = Classroom(admin, api, n=1)
    young = room.make.student(birth_date="2012-05-06")
    room.students = [young]
    assert field_errors(room.consent(0)) == {"/given_by": "one_of"}
    assert field_errors(room.consent(0, given_by="guardian")) == {"/given_by_name": "required"}
    given = body_of(room.consent(0, given_by="guardian", given_by_name="Nadia Alaoui"))
    assert given["given_by_name"] == "Nadia Alaoui"


def test_a_student_gives_own_consent_only(admin, api, classroom, student):
    made = classroom.make.student(account=True)
    who = api.login(body_of(admin.get(f"/api/v1/students/{made['id']}"))["email"],
                    "seven-Teal-otters")
    body = {"given_by": "student", "text_version": "2026-1", "locale": "ar"}
    assert body_of(who.put(f"/api/v1/students/{made['id']}/consent", json=body))["state"] == "given"
    problem(student.put(f"/api/v1/students/{made['id']}/consent", json=body), 404, "not-found")
    problem(student.get(f"/api/v1/students/{made['id']}/enrolment"), 404, "not-found")


def test_one_to_five_photos(classroom):
    one = GOOD[12]
    made = body_of(classroom.enrol(0, *[another_photo(one, seed) for seed in range(1, 4)],
                                   portrait(one), accept_duplicate="true"), 201)
    assert made["enrolled"] and len(made["templates"]) == sum(s["accepted"] for s in made["shots"])
    assert len(made["shots"]) == 4 and made["shots"][3]["accepted"]
    assert {t["model"] for t in made["templates"]} and all(t["quality"] > 2 for t in made["templates"])
    # Again: the new ones replace the old ones.
    again = body_of(classroom.send_photos(0, portrait(one), accept_duplicate="true"), 201)
    assert len(again["templates"]) == 1
    answer = classroom.send_photos(0, *[portrait(one)] * 6)
    assert answer.status_code == 422 and "max_items" in field_errors(answer).values()


def test_no_photo_at_all(classroom):
    body_of(classroom.consent(0))
    answer = classroom.admin.post(path(classroom), files={"other": ("a.jpg", b"x", "image/jpeg")})
    assert answer.status_code == 422


REASONS = {"too_small": "too_small", "several_people": "many_faces", "no_face": "no_face"}
BAD = [row for row in portraits("reject")
       if row["gate"] == "refuses" and row["reject_reason"] in REASONS
       and (row["reject_reason"] != "no_face" or row["faces"] == 0)]


@pytest.mark.parametrize("row", BAD, ids=lambda row: row["id"])
def test_a_bad_photo_is_refused_with_its_reason(classroom, row):
    answer = classroom.enrol(0, portrait(row["id"]))
    problem(answer, 422, "face-quality")
    errors = answer.json()["errors"]
    assert {e["field"] for e in errors} == {"/photos/0"}
    assert REASONS[row["reject_reason"]] in {e["code"] for e in errors}
    if row["reject_reason"] == "too_small":
        assert any("px, at least 100" in e["detail"] for e in errors)
    assert body_of(classroom.admin.get(path(classroom)))["enrolled"] is False


def test_the_other_photos_still_count(classroom):
    body_of(classroom.consent(0))
    bad = next(row["id"] for row in BAD if row["reject_reason"] == "too_small")
    made = body_of(classroom.send_photos(0, portrait(GOOD[13]), portrait(bad),
                                         accept_duplicate="true"), 201)
    assert [s["accepted"] for s in made["shots"]] == [True, False]
    assert made["shots"][1]["flaws"][0]["limit"] > made["shots"][1]["flaws"][0]["measured"]


def test_another_person_among_the_photos(classroom):
    made = body_of(classroom.enrol(0, portrait(GOOD[14]), portrait(GOOD[15]),
                                   accept_duplicate="true"), 201)
    assert [s["accepted"] for s in made["shots"]] == [True, False]
    assert made["shots"][1]["flaws"][0]["code"] == "another_person"


def test_the_same_person_twice_is_noticed(classroom):
    face = GOOD[16]
    body_of(classroom.enrol(0, portrait(face), accept_duplicate="true"), 201)
    problem(classroom.enrol(1, another_photo(face, 7)), 409, "duplicate-person")
    made = body_of(classroom.send_photos(1, another_photo(face, 7), accept_duplicate="true"), 201)
    assert classroom.students[0]["id"] in made["duplicate_of"]


def test_live_hints(classroom):
    body_of(classroom.consent(0))

    def look(photo):
        return body_of(classroom.admin.post(path(classroom, what="enrolment/check"),
                                            files={"photo": ("a.jpg", photo, "image/jpeg")}))

    good = look(portrait(GOOD[17]))
    assert good["ok"] and good["faces"] == 1 and good["flaws"] == [] and good["box"]["height"] > 100
    crowd = look(scene(tuple(GOOD[17:20])))
    assert not crowd["ok"] and crowd["flaws"][0]["code"] == "many_faces"
    assert body_of(classroom.admin.get(path(classroom)))["enrolled"] is False


def test_templates_are_destroyed(classroom):
    body_of(classroom.enrol(0, portrait(GOOD[18]), accept_duplicate="true"), 201)
    assert classroom.admin.delete(path(classroom)).status_code == 204
    problem(classroom.admin.delete(path(classroom)), 404, "not-found")
    assert body_of(classroom.admin.get(path(classroom)))["templates"] == []
    assert body_of(classroom.admin.get(path(classroom, what="consent")))["state"] == "given"


def test_only_an_admin_enrols(classroom, student):
    for client in (classroom.trainer, student):
        answer = client.post(path(classroom), files={"photos": ("a.jpg", b"x", "image/jpeg")})
        problem(answer, 403, "forbidden")

# SPDX-License-Identifier: MIT
"""Consent first, then quality; templates that can be destroyed."""
import json
import sqlite3
import subprocess
import time

import pytest

from classroom import (Classroom, another_photo, classroom, portrait, portraits,  # noqa: F401
                       scene)
from client import Client
from factories import body_of, field_errors, problem
from own import PASSWORD as OWN_PASSWORD, running
from server import SLOW, psql

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
    body = {"given_by": "student", "text_version": "2026-11", "locale": "ar", "of_age": True}
    assert body_of(who.put(f"/api/v1/students/{made['id']}/consent", json=body))["state"] == "given"
    problem(student.put(f"/api/v1/students/{made['id']}/consent", json=body), 404, "not-found")
    problem(student.get(f"/api/v1/students/{made['id']}/enrolment"), 404, "not-found")


def test_one_to_ten_photos(classroom):
    one = GOOD[12]
    made = body_of(classroom.enrol(0, *[another_photo(one, seed) for seed in range(1, 4)],
                                   portrait(one), accept_duplicate="true"), 201)
    assert made["enrolled"] and len(made["templates"]) == sum(s["accepted"] for s in made["shots"])
    assert len(made["shots"]) == 4 and made["shots"][3]["accepted"]
    assert {t["model"] for t in made["templates"]} and all(t["quality"] > 2 for t in made["templates"])
    # Again: the new ones replace the old ones.
    again = body_of(classroom.send_photos(0, portrait(one), accept_duplicate="true"), 201)
    assert len(again["templates"]) == 1
    answer = classroom.send_photos(0, *[portrait(one)] * 11)
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


def photos_of(one, n):
    return [portrait(one)] + [another_photo(one, seed) for seed in range(1, n)]


def test_assurance_and_history(classroom):
    one = GOOD[20]
    low = body_of(classroom.enrol(0, portrait(one), source="id_photo", accept_duplicate="true"), 201)
    assert low["assurance"] == "low" and not low["ageing"] and low["due_at"] > low["history"][0]["at"]
    assert [t["assurance"] for t in low["templates"]] == ["low"]
    assert low["missing_poses"] == ["slightly_left", "slightly_right"]
    high = body_of(classroom.send_photos(0, *photos_of(one, 3), source="webcam",
                                         accept_duplicate="true"), 201)
    assert high["assurance"] == "standard" and {t["pose"] for t in high["templates"]} == {"front"}
    past = body_of(classroom.admin.get(path(classroom)))["history"]
    assert [(p["source"], p["assurance"], p["templates"], p["ended_why"]) for p in past] == [
        ("webcam", "standard", 3, None), ("id_photo", "low", 1, "replaced")]
    assert past[0]["by_name"] and past[1]["ended_at"]
    assert classroom.admin.delete(path(classroom)).status_code == 204
    gone = body_of(classroom.admin.get(path(classroom)))
    assert gone["assurance"] is None and gone["history"][0]["ended_why"] == "erased"


def test_an_id_photo_is_one_photo(classroom):
    answer = classroom.enrol(0, *photos_of(GOOD[21], 2), source="id_photo")
    assert field_errors(answer) == {"photos": "max_items"}
    answer = classroom.send_photos(0, portrait(GOOD[21]), source="drawing")
    assert field_errors(answer) == {"source": "one_of"}


def test_the_webcam_needs_three_good_shots(classroom):
    answer = classroom.enrol(0, *photos_of(GOOD[21], 2), source="webcam")
    told = problem(answer, 422, "face-quality")
    assert "slightly_left, slightly_right" in told["detail"]
    assert ("/photos", "too_few_good") in {(e["field"], e["code"]) for e in told["errors"]}
    assert body_of(classroom.admin.get(path(classroom)))["enrolled"] is False


def test_of_many_the_best_are_kept(classroom):
    made = body_of(classroom.enrol(0, *photos_of(GOOD[22], 7), accept_duplicate="true"), 201)
    kept = [s["score"] for s in made["shots"] if s["accepted"]]
    spare = [s["score"] for s in made["shots"] if not s["accepted"] and not s["flaws"]]
    assert len(made["templates"]) == len(kept) == min(5, len(kept) + len(spare))
    assert not spare or min(kept) >= max(spare)


def cases(room, **params):
    return body_of(room.admin.get("/api/v1/duplicates", params=params))["items"]


def test_a_look_alike_is_a_case_for_a_person(classroom):
    face = GOOD[23]
    body_of(classroom.enrol(0, portrait(face), accept_duplicate="true"), 201)
    new, old = classroom.students[1]["id"], classroom.students[0]["id"]
    told = problem(classroom.enrol(1, another_photo(face, 7)), 409, "duplicate-person")
    mine = [c for c in cases(classroom, student_id=new, state="open") if c["other_student_id"] == old]
    assert len(mine) == 1 and mine[0]["similarity"] >= 0.5 and mine[0]["resolved_at"] is None
    assert f"student {cases(classroom, student_id=new)[-1]['other_student_id']}" in told["detail"] or \
        "case" in told["detail"]
    problem(classroom.send_photos(1, another_photo(face, 7)), 409, "duplicate-person")
    assert len([c for c in cases(classroom, student_id=new) if c["other_student_id"] == old]) == 1
    for case in cases(classroom, student_id=new):
        where = f"/api/v1/duplicates/{case['id']}/resolve"
        said = body_of(classroom.admin.post(where, json={"verdict": "same_person"}))
        assert said["state"] == "same_person" and said["resolved_by_name"]
    problem(classroom.send_photos(1, another_photo(face, 7)), 409, "duplicate-person")
    for case in cases(classroom, student_id=new):
        body_of(classroom.admin.post(f"/api/v1/duplicates/{case['id']}/resolve",
                                     json={"verdict": "different_people", "note": "twins"}))
    made = body_of(classroom.send_photos(1, another_photo(face, 7)), 201)
    assert old in made["duplicate_of"]
    # Remembered the other way round, too.
    others = {c["other_student_id"] for c in cases(classroom, student_id=new)} - {old}
    answer = classroom.send_photos(0, portrait(face))
    assert answer.status_code == (409 if others else 201), answer.text
    assert not [c for c in cases(classroom, student_id=old, state="open")
                if {c["student_id"], c["other_student_id"]} == {old, new}]


def test_verdicts_are_checked(classroom):
    problem(classroom.admin.post("/api/v1/duplicates/999999/resolve",
                                 json={"verdict": "same_person"}), 404, "not-found")
    answer = classroom.admin.post("/api/v1/duplicates/1/resolve", json={"verdict": "perhaps"})
    assert field_errors(answer) == {"/verdict": "one_of"}
    problem(classroom.trainer.get("/api/v1/duplicates"), 403, "forbidden")


def sql(server, statement):
    """Behind the server's back: time goes by."""
    if server.database:
        psql(server.options["database_url"], statement)
        return
    with sqlite3.connect(server.folder / "data" / "smartpresence.db", timeout=20) as db:
        db.execute(statement)


def test_old_templates_are_told_once(contract):
    with running() as own:
        admin = Client(own, contract).login("admin@school.example", OWN_PASSWORD)
        room = Classroom(admin, Client(own, contract), n=2)
        young = room.make.student(birth_date="2014-05-06")
        room.students[1] = young
        body_of(room.enrol(0, portrait(GOOD[0])), 201)
        body_of(room.consent(1, given_by="guardian", given_by_name="Nadia Alaoui"))
        body_of(room.send_photos(1, portrait(GOOD[1])), 201)
        assert body_of(admin.get("/api/v1/enrolments/ageing"))["items"] == []
        month = 2629800000
        sql(own, f"UPDATE enrolment_history SET at = at - {7 * month}")
        old = body_of(admin.get("/api/v1/enrolments/ageing"))["items"]
        assert [o["student_id"] for o in old] == [young["id"]]
        assert body_of(admin.get(f"/api/v1/students/{young['id']}/enrolment"))["ageing"]
        sql(own, f"UPDATE enrolment_history SET at = at - {6 * month}")
        own.stop()
        own.start()
        admin = Client(own, contract).login("admin@school.example", OWN_PASSWORD)
        told = ageing_events(own, 2)
        assert sorted(told) == sorted(s["id"] for s in room.students)
        own.stop()
        own.start()
        assert sorted(ageing_events(own, 2)) == sorted(told)
        room.admin = admin
        body_of(room.send_photos(0, portrait(GOOD[0])), 201)
        left = body_of(admin.get("/api/v1/enrolments/ageing"))["items"]
        assert [o["student_id"] for o in left] == [young["id"]]


def ageing_events(server, least):
    """The students of the events; they are written right after the start, off the start's way."""
    until = time.monotonic() + 30 * SLOW
    while True:
        found = rows(server, "SELECT data FROM event WHERE name = 'enrolment.ageing' ORDER BY id")
        if len(found) >= least or time.monotonic() > until:
            return [json.loads(data)["student_id"] for data in found]
        time.sleep(0.05)


def rows(server, query):
    if server.database:
        out = subprocess.run(["psql", "-qAt", "-d", server.options["database_url"], "-c", query],
                             check=True, capture_output=True, text=True).stdout
        return out.splitlines()
    with sqlite3.connect(server.folder / "data" / "smartpresence.db", timeout=20) as db:
        return [row[0] for row in db.execute(query)]

# SPDX-License-Identifier: MIT
"""What is forgotten by itself: when, how much, with which proof; and what stays."""
import json
import time

import pytest

from classroom import Classroom, portrait, portraits
from client import Client
from conftest import PASSWORD
from contract import Contract
from factories import body_of, problem
from own import running
from chaos import sql
from test_erasure import rows

DAY = 86400000
FACES = [row["id"] for row in portraits()]


@pytest.fixture(scope="module")
def own():
    with running(keep_verification_days=10, keep_templates_days=3) as server:
        contract = Contract(server.raw("GET", "/openapi.json").json())
        api = Client(server, contract)
        room = Classroom(api.login("admin@school.example", PASSWORD), api, n=4).open()
        for i in range(3):
            body_of(room.enrol(i, portrait(FACES[i]), accept_duplicate="true"), 201)
        yield server, room


def enrolled(room):
    return [body_of(room.admin.get(f"/api/v1/students/{s['id']}/enrolment"))["enrolled"]
            for s in room.students]


def run(server, *flags):
    report = json.loads(server.run("retention", "run", "--json", *flags).stdout)
    return {job["job"]: job for job in report["jobs"]}


def log_row(server, at):
    sql(server, "INSERT INTO recognition (at, way, decision, model, policy, ms)"
                f" VALUES ({at}, 'face', 'unknown', 'm', 'roster', 1)")


def test_the_verification_log_is_trimmed(own):
    server, room = own
    now = int(time.time() * 1000)
    for days in (1, 9, 11, 30):
        log_row(server, now - days * DAY)
    job = run(server, "--dry-run")["verification_log"]
    assert (job["keep"], job["due"], job["last_at"]) == (10, 2, None)
    assert run(server, "--dry-run")["verification_log"]["due"] == 2
    job = run(server)["verification_log"]
    assert (job["last_deleted"], job["due"], job["last_error"]) == (2, 0, "")
    assert run(server)["verification_log"]["last_deleted"] == 0


def test_templates_go_when_a_student_has_left(own):
    server, room = own
    here, archived, moved, _ = room.students
    day = int(time.time() * 1000) // DAY * DAY
    sql(server, f"UPDATE student SET archived = 1 WHERE id = {archived['id']}")
    sql(server, f"UPDATE group_member SET from_day = {day - 50 * DAY}, to_day = {day - 5 * DAY}"
                f" WHERE student_id = {moved['id']}")
    assert run(server, "--dry-run")["templates_after_leaving"]["due"] == 1
    # Since when the other is archived nobody wrote down: the days count from now.
    assert run(server)["templates_after_leaving"]["last_deleted"] == 1
    sql(server, f"UPDATE departure SET noticed_at = noticed_at - {4 * DAY}")
    sql(server, f"UPDATE student SET archived = 0 WHERE id = {archived['id']}")
    assert run(server)["templates_after_leaving"]["last_deleted"] == 0
    sql(server, f"UPDATE student SET archived = 1 WHERE id = {archived['id']}")
    assert run(server)["templates_after_leaving"]["last_deleted"] == 0
    sql(server, f"UPDATE departure SET noticed_at = noticed_at - {4 * DAY}")
    assert run(server)["templates_after_leaving"]["last_deleted"] == 1
    assert enrolled(room) == [True, False, False, False]
    for student in (archived, moved):
        (item,) = body_of(room.admin.get(f"/api/v1/students/{student['id']}/certificates"))["items"]
        assert (item["reason"], item["templates"]) == ("retention", 1)
        text = room.admin.get(f"/api/v1/certificates/{item['certificate_id']}").json()
        assert text["certificate"]["by_role"] == "none"
        # The evidence of consent stays.
        ledger = body_of(room.admin.get(f"/api/v1/students/{student['id']}/consent/ledger"))
        assert len(ledger["items"]) == 1


def test_the_report(own, trainer):
    server, room = own
    report = body_of(room.admin.get("/api/v1/privacy/retention"))
    assert report["face_recognition"] == "roster"
    jobs = {job["job"]: job for job in report["jobs"]}
    assert set(jobs) == {"verification_log", "templates_after_leaving", "class_photo_crops", "documents", "signals",
                         "offline_events", "forgotten_rows"}
    job = jobs["templates_after_leaving"]
    assert job["keep"] == 3 and job["unit"] == "days" and job["last_deleted"] == 1
    assert job["oldest_at"] and job["next_at"] > job["last_at"]
    problem(trainer.get("/api/v1/privacy/retention"), 403, "forbidden")


def test_a_failed_job_is_told(own):
    server, room = own
    sql(server, "ALTER TABLE departure RENAME TO departure_away")
    try:
        done = server.run("retention", "run", check=False)
        assert done.returncode == 1 and "FAILED: internal" in done.stdout
        report = body_of(room.admin.get("/api/v1/privacy/retention"))
        errors = {job["job"]: job["last_error"] for job in report["jobs"]}
        assert errors.pop("templates_after_leaving") == "internal" and not any(errors.values())
    finally:
        sql(server, "ALTER TABLE departure_away RENAME TO departure")
    assert run(server)["templates_after_leaving"]["last_error"] == ""


def test_signals_do_not_stay_for_ever(own):
    """Judged: from the judgement. Not judged: from the last news."""
    server, room = own
    now = int(time.time() * 1000)
    sql(server, "INSERT INTO signal (kind, subject, facts, state, reviewed_at, created_at, updated_at) VALUES" +
        ", ".join(f"('duplicate', 's{i}', '{{}}', '{state}', {reviewed}, 1, {now - updated * DAY})"
                  for i, (state, reviewed, updated) in enumerate([
                      ("open", "NULL", 364), ("open", "NULL", 366), ("harmless", now - 10 * DAY, 900),
                      ("confirmed", now - 400 * DAY, 401)])))
    assert run(server, "--dry-run")["signals"]["due"] == 2
    job = run(server)["signals"]
    assert (job["keep"], job["last_deleted"], job["due"]) == (365, 2, 0)
    assert sorted(r[0] for r in rows(server, "SELECT subject FROM signal")) == ["s0", "s2"]


def test_cut_out_faces_are_in_the_report(own):
    server, room = own
    now = int(time.time() * 1000)
    admin = body_of(room.admin.get("/api/v1/me"))["id"]
    sql(server, "INSERT INTO class_photo (session_id, by_account_id, state, kept, created_at, expires_at) VALUES"
                f" ({room.session['id']}, {admin}, 'open', '', {now - DAY - 5}, {now - 5}),"
                f" ({room.session['id']}, {admin}, 'open', '', {now - 5}, {now + DAY - 5})")
    job = run(server, "--dry-run")["class_photo_crops"]
    assert (job["keep"], job["unit"], job["due"]) == (24, "hours", 1) and job["oldest_at"]
    assert run(server)["class_photo_crops"]["last_deleted"] == 1
    assert rows(server, "SELECT count(*) FROM class_photo")[0][0] in (1, "1")

# SPDX-License-Identifier: MIT
"""A person is forgotten in every table; the register stays, by number, and its chain holds."""
import concurrent.futures
import json
import secrets
import subprocess
import time

import pytest

from chaos import sql
from classroom import Classroom, portrait, portraits
from factories import PASSWORD, Make, body_of, field_errors, mail, problem
from own import wait_until
from server import ENGINE
from test_attacks import patiently
from test_erasure import checkpoint, found, one, rows
from test_export import ACCOUNT, HASHES, NOBODY, STUDENT, columns, insert

EMPTY = "X''" if ENGINE == "sqlite" else "''"


def whole(server):
    """All that the tables hold, as one text."""
    tables = sorted({table for table, _, _ in columns(server)})
    if ENGINE == "postgres":  # one question: each starts a program
        return str(rows(server, " UNION ALL ".join(f"SELECT CAST(t AS TEXT) FROM {table} t" for table in tables)))
    return "\n".join(str(rows(server, f"SELECT * FROM {table}")) for table in tables)


def in_files(server, word):
    """The files of the database that hold it; on PostgreSQL without the write-ahead log."""
    checkpoint(server)
    return found(server, [word.encode()], tables_only=ENGINE == "postgres")


class Planted:
    """A student whose names and words are all one secret; `word` is in each of them."""

    def __init__(self, admin, api, server):
        self.word = "quokka" + secrets.token_hex(6)
        self.room = Classroom(admin, api, n=1)
        self.make = self.room.make
        self.row = self.make.student(account=True, name=f"Q {self.word}", email=f"{self.word}@school.example",
                                     student_number=self.word, birth_date="2011-03-02")
        self.make.member(self.room.group, self.row, **{"from": "2020-01-01"})
        self.path = f"/api/v1/students/{self.row['id']}"
        self.own = api.login(self.row["email"], PASSWORD)
        self.room.open()
        self.live(admin, server)

    def live(self, admin, server):
        body_of(admin.put(self.path + "/consent", json={
            "given_by": "guardian", "given_by_name": f"Mother {self.word}", "text_version": "2026-11",
            "locale": "fr"}))
        body_of(admin.post(self.path + "/enrolment", data={"accept_duplicate": "true"}, files={
            "photos": ("a.jpg", portrait(portraits()[11]["id"]), "image/jpeg")}), 201)
        self.guardian = self.make.guardian(self.row)
        mark = f"{self.room.path}/attendance/{self.row['id']}"
        body_of(self.room.trainer.put(mark, json={"status": "absent", "note": f"said {self.word}"}))
        body_of(self.own.post("/api/v1/calendar-feeds", json={"subject": "student", "subject_id": self.row["id"]},
                              headers={"Idempotency-Key": secrets.token_hex(8)}), 201)
        now, me = int(time.time() * 1000), self.row["id"]
        session = self.room.session["id"]
        account = one(server, f"SELECT account_id FROM student WHERE id = {me}")
        insert(server, "dispute", session_id=session, student_id=me, claimed="'present'", status_then="'absent'",
               message=f"'{self.word}'", answer=f"'{self.word}'", created_at=now, state="'rejected'")
        paper = insert(server, "justification", student_id=me, scope="'span'", starts_at=now, ends_at=now + 9,
                       reason_id=1, message=f"'{self.word}'", answer=f"'{self.word}'", state="'approved'",
                       created_by=account, created_at=now, updated_at=now)
        insert(server, "justification_step", justification_id=paper, at=now, kind="'made'", state="'pending'",
               message=f"'{self.word}'")
        insert(server, "justification_document", justification_id=paper, file=f"'{secrets.token_hex(16)}'",
               name=f"'{self.word}.pdf'", media_type="'application/pdf'", size_bytes=1, master_key_id="'k'",
               wrapped=EMPTY, uploaded_by=account, uploaded_at=now)
        alert = insert(server, "alert", student_id=me, kind="'ladder'", level="'notice'", subject="'x'", counted=9,
                       absences=4, share=0.4, since_at=now, latest_at=now, opened_at=now, updated_at=now)
        insert(server, "alert_step", alert_id=alert, at=now, change="'noted'", level="'notice'", counted=9,
               absences=4, message=f"'{self.word}'")
        insert(server, "signal", kind="'duplicate'", subject=f"'duplicate:{self.word}'", student_id=me,
               facts="'{}'", outcome=f"'{self.word}'", created_at=now, updated_at=now)
        reader = body_of(admin.post("/api/v1/devices", json={"kind": "reader", "name": "R",
                                                             "room_id": self.make.room()["id"]}), 201)["id"]
        insert(server, "punch", device_id=reader, identifier=f"'{self.word}'", punched_at=now, direction="'in'",
               received_at=now, outcome="'no_session'")


@pytest.fixture(scope="module")
def planted(admin, api, server):
    return Planted(admin, api, server)


@pytest.fixture(scope="module")
def report(planted, admin, server):
    """The student is archived and forgotten; refusals come first."""
    forget = planted.path + "/forget"
    assert whole(server).count(planted.word) >= 14
    problem(admin.post(forget, json={"student_number": planted.word}), 409, "in-use")
    now = admin.get(planted.path)
    body_of(admin.patch(planted.path, json={"archived": True}, headers={"If-Match": now.headers["ETag"]}))
    assert field_errors(admin.post(forget, json={"student_number": planted.word + "x"})) == {
        "student_number": "mismatch"}
    assert planted.word in whole(server)
    # PostgreSQL's statistics hold values of rows.
    if ENGINE == "postgres":
        # All values, not some: how many students there are is for the tests before.
        rows(server, "SET default_statistics_target = 10000; ANALYZE student")
        assert planted.word in str(rows(server, "SELECT histogram_bounds FROM pg_stats WHERE tablename = 'student'"))
    assert in_files(server, planted.word)
    return body_of(admin.post(forget, json={"student_number": planted.word}))


def test_a_number_from_before_numbers_had_one_form(admin, api, server):
    row = Make(admin, api).student()
    path = f"/api/v1/students/{row['id']}"
    body_of(admin.patch(path, json={"archived": True}, headers={"If-Match": admin.get(path).headers["ETag"]}))
    number = f"e\u0301-{row['id']}"  # e and an accent
    sql(server, f"UPDATE student SET student_number = '{number}' WHERE id = {row['id']}")
    body_of(admin.post(path + "/forget", json={"student_number": number}))


def test_nothing_names_the_student_any_more(server, planted, report):
    text = whole(server)
    at = text.find(planted.word)
    assert at < 0, text[max(0, at - 200):at + 100]
    assert report["name"] == f"#{planted.row['id']}"


def job(report):
    return {j["job"]: j for j in report["jobs"]}["forgotten_rows"]


def cleaned(server):
    """What the command tells; whoever is in its way, such as a job of the server's, soon is no more."""
    for _ in range(20):
        told = job(json.loads(server.run("retention", "run", "--json", check=False).stdout))
        if told["last_error"] != "busy":
            break
    return told


def test_nothing_is_left_in_the_files(server, planted, report, admin):
    """The transaction asks for a cleaning, which a job does and tells of; here the command, at once."""
    told = cleaned(server)
    assert (told["due"], told["oldest_at"], told["last_error"]) == (0, None, "")
    assert not in_files(server, planted.word)
    assert int(one(server, "SELECT sum(deleted) FROM retention_run WHERE job = 'forgotten_rows'")) >= 1
    assert cleaned(server)["last_deleted"] == 0
    assert job(body_of(admin.get("/api/v1/privacy/retention")))["last_at"]


if ENGINE == "postgres":  # SQLite overwrites what it deletes, and rewrites nothing
    def test_a_table_in_use_is_cleaned_later(server, admin, api):
        """Whoever is in the way of a rewrite is not waited for long; it stays asked for."""
        word = "quoll" + secrets.token_hex(6)
        row = Make(admin, api).student(name=f"Q {word}")
        path = f"/api/v1/students/{row['id']}"
        body_of(admin.patch(path, json={"archived": True}, headers={"If-Match": admin.get(path).headers["ETag"]}))
        reader = subprocess.Popen(["psql", "-qAtX", "-d", server.options["database_url"]], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, text=True)
        reader.stdin.write("BEGIN; SELECT 'holds', count(*) FROM student;\n")
        reader.stdin.flush()
        assert reader.stdout.readline().startswith("holds")
        body_of(admin.post(path + "/forget", json={"student_number": row["student_number"]}))
        failed = server.run("retention", "run", "--json", check=False)
        told = job(json.loads(failed.stdout))
        assert failed.returncode == 1 and told["last_error"] == "busy" and told["due"] >= 1 and told["oldest_at"]
        reader.communicate("COMMIT;\n")
        assert cleaned(server)["due"] == 0
        assert not in_files(server, word)


def test_the_register_stays_and_its_chain_holds(planted, report, admin):
    register = body_of(planted.room.trainer.get(planted.room.path + "/register"))
    (mark,) = [r for r in register["records"] if r["student_id"] == planted.row["id"]]
    assert (mark["status"], mark["student_name"], mark["note"]) == ("absent", report["name"], None)
    checked = body_of(admin.get("/api/v1/ledger/verification",
                                params={"session_id": planted.room.session["id"]}))
    assert checked["faults"] == [] and checked["differences"] == [] and checked["events"] > 1, checked


def test_face_data_goes_with_a_certificate(planted, report, admin):
    assert not body_of(admin.get(planted.path + "/enrolment"))["enrolled"]
    (item,) = body_of(admin.get(planted.path + "/certificates"))["items"]
    assert (item["reason"], item["templates"]) == ("forgotten", 1)


def forgotten(admin, path):
    return [c for c in body_of(admin.get(path + "/certificates"))["items"] if c["reason"] == "forgotten"]


def test_asked_again_it_is_answered_again_and_proved_once(planted, report, admin):
    """A client whose first answer got lost says the old number, which is gone."""
    for number in (planted.word, f"forgotten-{planted.row['id']}"):
        again = body_of(admin.post(planted.path + "/forget", json={"student_number": number}))
        assert (again["id"], again["name"]) == (report["id"], report["name"])
        assert [t["table"] for t in again["tables"]] == [t["table"] for t in report["tables"]]
    assert len(forgotten(admin, planted.path)) == 1


def test_of_requests_at_once_one_proves(admin, api, server):
    row = Make(admin, api).student()
    path = f"/api/v1/students/{row['id']}"
    body_of(admin.patch(path, json={"archived": True}, headers={"If-Match": admin.get(path).headers["ETag"]}))
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: server.raw(
            "POST", path + "/forget", json={"student_number": row["student_number"]},
            headers=dict(admin.session.headers)), range(4)))
    assert [a.status_code for a in answers] == [200] * 4, [a.text for a in answers]
    assert len(forgotten(admin, path)) == 1


def test_who_came_back_is_forgotten_by_the_new_number(admin, api):
    """And with a certificate of its own: it is another deletion."""
    row = Make(admin, api).student()
    path = f"/api/v1/students/{row['id']}"

    def change(**what):
        body_of(admin.patch(path, json=what, headers={"If-Match": admin.get(path).headers["ETag"]}))

    def forget(number):
        return admin.post(path + "/forget", json={"student_number": number})

    change(archived=True)
    body_of(forget(row["student_number"]))
    number = "N" + secrets.token_hex(6)
    change(archived=False, student_number=number, name="Back Again")
    problem(forget(number), 409, "in-use")
    change(archived=True)
    assert field_errors(forget(row["student_number"])) == {"student_number": "mismatch"}
    body_of(forget(number))
    assert len(forgotten(admin, path)) == 2


def test_nobody_signs_in_and_the_export_is_empty(planted, report, admin, api):
    assert planted.own.get("/api/v1/me").status_code == 401
    answer = api.post("/api/v1/auth/login", json={"email": f"{planted.word}@school.example", "password": PASSWORD})
    problem(answer, 401, "bad-credentials")
    export = body_of(admin.get(planted.path + "/export"))
    assert export["profile"][0]["birth_date"] is None and export["guardians"] == [] and export["logins"] == []
    assert [r["status"] for r in export["attendance"]] == ["absent"]


def test_every_table_was_decided_about(server, report, forgotten_trainer):
    students, accounts = set(), set()
    for table, column, target in columns(server):
        if target == "student" or STUDENT.search(column):
            students.add(table)
        if target in ("account", "trainer") or ACCOUNT.search(column):
            accounts.add(table)
    for wanted, told in ((students, report), (accounts, forgotten_trainer[1])):
        missing = wanted - {step["table"] for step in told["tables"]} - NOBODY - HASHES
        assert not missing, f"add them to src/privacy/forget_store.c: {sorted(missing)}"
        assert all(bool(step["why"]) == (step["done"] == "kept") for step in told["tables"])


@pytest.fixture(scope="module")
def forgotten_trainer(admin, api, server):
    word = "wombat" + secrets.token_hex(6)
    make = Make(admin, api)
    row = make.trainer(name=f"T {word}", email=f"{word}@school.example", specialities=word)
    own = api.login(row["email"], PASSWORD)
    for who in (own, admin):
        body_of(who.post("/api/v1/calendar-feeds", json={"subject": "trainer", "subject_id": row["id"]},
                         headers={"Idempotency-Key": secrets.token_hex(8)} if who is own else {}), 201)
    path = f"/api/v1/users/{row['user_id']}"
    say = {"email": row["email"]}
    problem(admin.post(path + "/forget", json=say), 409, "in-use")
    body_of(admin.patch(path, json={"archived": True}, headers={"If-Match": admin.get(path).headers["ETag"]}))
    problem(admin.post(path + "/forget", json={"email": mail("other")}), 422, "invalid")
    report = body_of(admin.post(path + "/forget", json=say))
    assert word not in whole(server)
    return row, report


def test_an_account_is_forgotten(admin, api, forgotten_trainer):
    row, report = forgotten_trainer
    shown = body_of(admin.get(f"/api/v1/users/{row['user_id']}"))
    assert shown["name"] == report["name"] and shown["archived"]
    # Again, as if the answer had got lost, and by what is shown now.
    for said in (row["email"], shown["email"]):
        again = admin.post(f"/api/v1/users/{row['user_id']}/forget", json={"email": said})
        assert body_of(again)["name"] == report["name"]
    problem(api.post("/api/v1/auth/login", json={"email": row["email"], "password": PASSWORD}), 401,
            "bad-credentials")
    problem(admin.post("/api/v1/users/999999/forget", json={"email": "a@school.example"}), 404, "not-found")
    problem(admin.post("/api/v1/students/999999/forget", json={"student_number": "1"}), 404, "not-found")


if ENGINE == "postgres":  # SQLite lets one write at a time
    def test_an_account_that_is_just_brought_back_is_not_forgotten(server, admin, api):
        row = Make(admin, api).trainer()
        path = f"/api/v1/users/{row['user_id']}"
        body_of(admin.patch(path, json={"archived": True}, headers={"If-Match": admin.get(path).headers["ETag"]}))
        with subprocess.Popen(["psql", "-qAtX", "-d", server.options["database_url"]], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True) as other:
            other.stdin.write("BEGIN; UPDATE account SET archived = 0, version = version + 1"
                              f" WHERE id = {row['user_id']} RETURNING 'held';\n")
            other.stdin.flush()
            assert other.stdout.readline().strip() == "held"
            with concurrent.futures.ThreadPoolExecutor(1) as pool:
                asked = pool.submit(patiently, admin.post, path + "/forget", json={"email": row["email"]})
                assert wait_until(lambda: int(one(server, "SELECT count(*) FROM pg_stat_activity WHERE datname ="
                                                  " current_database() AND wait_event_type = 'Lock'")))
                other.stdin.write("COMMIT;\n")
                other.stdin.close()
                problem(asked.result(), 409, "in-use")
        assert body_of(admin.get(path))["email"] == row["email"]


def test_a_students_account_goes_with_the_student(planted, report, admin, trainer, student):
    account = body_of(admin.get(planted.path))["user_id"]
    shown = body_of(admin.get(f"/api/v1/users/{account}"))
    problem(admin.post(f"/api/v1/users/{account}/forget", json={"email": shown["email"]}), 409, "in-use")
    for other in (trainer, student):
        problem(other.post(planted.path + "/forget", json={"student_number": "x"}), 403, "forbidden")

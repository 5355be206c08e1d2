# SPDX-License-Identifier: MIT
"""Everything about one person in one document: complete, for the right eyes, harmless to open."""
import html.parser
import json
import re
import time

import pytest

from chaos import sql
from classroom import Classroom, portrait, portraits
from factories import PASSWORD, Make, body_of, problem
from server import ENGINE, ROOT
from test_erasure import one, rows

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def person(admin, api):
    room = Classroom(admin, api, n=1)
    room.open()
    row = Make(admin, api).student(account=True, name=f"Zoé {SCRIPT}", birth_date="1999-03-02")
    room.make.member(room.group, row) if hasattr(room, "group") else None
    path = f"/api/v1/students/{row['id']}"
    consent = {"given_by": "student", "text_version": "2026-11", "locale": "fr"}
    body_of(admin.put(path + "/consent", json=consent))
    photo = portrait(portraits()[25]["id"])
    body_of(admin.post(path + "/enrolment", files={"photos": ("a.jpg", photo, "image/jpeg")},
                       data={"accept_duplicate": "true"}), 201)
    assert admin.delete(path + "/consent").status_code == 204
    return row, path, api.login(row["email"], PASSWORD)


# Tables that hold nothing about anybody: what the school offers, rules, and counters.
NOBODY = {
    "absence_reason", "alert_mark", "class_group", "device_room", "event_counter", "holiday", "master_key", "module",
    "presence_policy", "programme", "register_told", "retention_run", "room", "schema_migration",
    "series_exception", "series_group", "session_group", "session_request_group", "session_secret",
    "signal_progress", "status_code"}
# Subjects are hashes of an address or an e-mail: nobody can be found by the person.
HASHES = {"login_delay"}
# Points at somebody without a foreign key, so that the name must tell.
STUDENT, ACCOUNT = re.compile(r"student_id$"), re.compile(r"(trainer|account|owner)_id$|_by$")


def columns(server):
    """(table, column, table it points at or None) of every column in the database."""
    if ENGINE == "sqlite":
        return rows(server, "SELECT m.name, c.name, (SELECT f.\"table\" FROM pragma_foreign_key_list(m.name) f"
                            " WHERE f.\"from\" = c.name LIMIT 1) FROM sqlite_master m"
                            " JOIN pragma_table_info(m.name) c"
                            " WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'")
    return rows(server, "SELECT c.table_name, c.column_name, (SELECT f.relname FROM pg_constraint k"
                        " JOIN pg_class f ON f.oid = k.confrelid JOIN pg_attribute a ON a.attrelid = k.conrelid"
                        " AND a.attnum = k.conkey[1] WHERE k.contype = 'f' AND a.attname = c.column_name"
                        " AND k.conrelid = c.table_name::regclass LIMIT 1)"
                        " FROM information_schema.columns c JOIN information_schema.tables t"
                        " ON t.table_name = c.table_name AND t.table_schema = c.table_schema"
                        " WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'")


def known(export):
    assert all(len(why) > 20 for why in export["left_out"].values())
    assert set(export["tables"].values()) <= set(export)
    assert not set(export["tables"]) & set(export["left_out"])
    return set(export["tables"]) | set(export["left_out"])


@pytest.fixture(scope="module")
def books(person, admin):
    """Which tables the export of a student covers, and which that of an account."""
    account = person[0]["user_id"]
    return (known(body_of(admin.get(person[1] + "/export"))),
            known(body_of(admin.get(f"/api/v1/users/{account}/export"))))


def test_every_table_of_the_database_is_accounted_for(server, books):
    """A new table fails here until somebody decided who is in it."""
    tables = {table for table, _, _ in columns(server)}
    undecided = tables - books[0] - books[1] - NOBODY - HASHES
    assert not undecided, f"in which export of src/privacy are they, or are they NOBODY's? {sorted(undecided)}"
    assert not (books[0] | books[1] | NOBODY | HASHES) - tables, "a table that is no longer there"
    assert not (books[0] | books[1]) & NOBODY


def test_every_table_that_points_at_somebody_is_exported(server, books):
    students, accounts = set(), set()
    for table, column, target in columns(server):
        if target == "student" or STUDENT.search(column):
            students.add(table)
        if target in ("account", "trainer") or ACCOUNT.search(column):
            accounts.add(table)
    assert len(students) > 25 and len(accounts) > 25
    missing = students - books[0]
    assert not missing, f"add them to src/privacy/person_store.c: {sorted(missing)}"
    missing = accounts - books[1] - NOBODY
    assert not missing, f"add them to src/privacy/account_store.c: {sorted(missing)}"


def test_the_data_map_names_every_table(server):
    text = (ROOT / "docs" / "privacy.md").read_text()
    told = set(re.findall(r"`([a-z_]+)`", text[text.index("## Data map"):text.index("## Consent")]))
    missing = {table for table, _, _ in columns(server)} - told - NOBODY
    assert not missing, f"add them to the data map of docs/privacy.md: {sorted(missing)}"


def test_the_student_reads_all_of_it(person):
    row, path, own = person
    export = body_of(own.get(path + "/export"))
    assert export["profile"][0]["name"] == row["name"]
    assert export["account"][0]["email"] == row["email"] and export["logins"][0]["ip"]
    assert [c["state"] for c in export["consent"]] == ["withdrawn", "given"]
    assert export["certificates"][0]["templates"] == 1 and export["certificates"][0]["document"]
    assert export["enrolments"][0]["ended_at"] and export["face_templates"] == []
    text = own.get(path + "/export").text
    assert "password" not in text and "wrapped" not in text


def test_nobody_else_reads_it(person, student, trainer):
    for what in ("/export", "/export.html"):
        problem(student.get(person[1] + what), 404, "not-found")
        problem(trainer.get(person[1] + what), 403, "forbidden")


@pytest.fixture(scope="module")
def told(server, person, admin, api):
    """A person about whom others wrote: rows of the tables that do not name the student themselves."""
    me, other = person[0], Make(admin, api).student()
    now = int(time.time() * 1000)
    marked = make_signals(server, me["id"], other["id"], now)
    alert = insert(server, "alert", student_id=me["id"], kind="'ladder'", level="'notice'", subject="''", counted=9,
                   absences=4, share=0.4, since_at=now, latest_at=now, opened_at=now, updated_at=now)
    insert(server, "alert_step", alert_id=alert, at=now, change="'noted'", level="'notice'", counted=9, absences=4,
           message="'spoke with the mother'")
    body_of(admin.post("/api/v1/devices", json={"kind": "reader", "name": "R",
                                                "room_id": Make(admin, api).room()["id"]}), 201)
    reader = one(server, "SELECT max(id) FROM device")
    for number in (me["student_number"], other["student_number"]):
        insert(server, "punch", device_id=reader, identifier=f"'{number}'", punched_at=now, direction="'in'",
               received_at=now, outcome="'no_session'")
    return me, other, marked


def insert(server, table, **row):
    sql(server, f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(str(v) for v in row.values())})")
    return one(server, f"SELECT max(id) FROM {table}")


def make_signals(server, me, other, now):
    """Of several students, as the server writes them: those whose facts name `me`."""
    named = []
    for students, sessions in (([me, other], [3]), ([other, me], [3]), ([other, me, other], [3]), ([me], []),
                               ([other], [me]), ([10 * me + 1, other], [me, 3]), ([int(f"7{me}"), other], [5, me])):
        facts = json.dumps({"students": students, "sessions": sessions, "events": [me], "methods": ["qr"],
                            **dict.fromkeys(("client", "first_at", "last_at", "minutes", "skew_s", "failed", "km",
                                             "kmh"))}, separators=(",", ":"))
        row = insert(server, "signal", kind="'shared_device'", subject=f"'export:{me}:{facts}'", facts=f"'{facts}'",
                     created_at=now, updated_at=now)
        if me in students:
            named.append(int(row))
    return named


def test_what_does_not_name_the_student_itself(told, admin):
    me, other, marked = told
    assert {s["id"] for s in body_of(admin.get("/api/v1/signals?kind=shared_device&limit=200"))["items"]} >= set(marked)
    export = body_of(admin.get(f"/api/v1/students/{me['id']}/export"))
    assert sorted(s["id"] for s in export["signals"]) == marked
    assert [(s["kind"], s["note"]) for s in export["alert_steps"]] == [("noted", "spoke with the mother")]
    assert [p["number"] for p in export["punches"]] == [me["student_number"]]
    theirs = body_of(admin.get(f"/api/v1/students/{other['id']}/export"))
    assert theirs["alert_steps"] == [] and [p["number"] for p in theirs["punches"]] == [other["student_number"]]


def test_a_trainer_reads_the_own_account(admin, api, trainer):
    room = Classroom(admin, api, n=1).open()
    body_of(room.mark(0, "present", note="came with a note"))
    me = body_of(room.trainer.get("/api/v1/me"))
    path = f"/api/v1/users/{me['id']}/export"
    answer = room.trainer.get(path)
    export = body_of(answer)
    assert export["account"][0]["email"] == me["email"] and export["account"][0]["name"] == me["name"]
    assert export["logins"][0]["ip"] and export["trainer"] and export["student"] == []
    assert [s["session_id"] for s in export["sessions"]] == [room.session["id"]]
    marks = [e for e in export["attendance_events"] if e["kind"] == "mark"]
    assert [(e["student_id"], e["note"]) for e in marks] == [(room.students[0]["id"], "came with a note")]
    # Of others there are numbers; of oneself no secret.
    assert room.students[0]["name"] not in answer.text and room.students[0]["student_number"] not in answer.text
    assert not re.search("argon2|hash|wrapped|secret", answer.text.replace("hashes", ""))
    problem(trainer.get(path), 404, "not-found")
    problem(trainer.get(path + ".html"), 404, "not-found")
    assert body_of(admin.get(path))["account"] == export["account"]
    problem(admin.get("/api/v1/users/999999/export"), 404, "not-found")


def test_a_guardian_reads_the_own_account(admin, api, person):
    made = Make(admin, api).guardian(person[0], relation="father")
    own = api.login(made["email"], PASSWORD)
    me = body_of(own.get("/api/v1/me"))
    path = f"/api/v1/users/{me['id']}/export"
    (mine,) = body_of(own.get(path))["guardian_of"]
    assert (mine["student_id"], mine["kind"], mine["ended_at"]) == (person[0]["id"], "father", None)
    # A feed has the child's name; the export has the number.
    body_of(own.post("/api/v1/calendar-feeds", json={"subject": "student", "subject_id": person[0]["id"]}), 201)
    (feed,) = body_of(own.get(path))["calendars"]
    assert (feed["student_id"], feed["name"], feed["kind"]) == (person[0]["id"], None, "student")
    problem(own.get(f"/api/v1/users/{person[0]['user_id']}/export"), 404, "not-found")
    assert admin.delete(f"{person[1]}/guardians/{me['id']}").status_code == 204
    (past,) = body_of(own.get(path))["guardian_of"]
    assert past["student_id"] == person[0]["id"] and past["ended_at"]


@pytest.mark.parametrize("locale,words", [("en", "All about one account"), ("fr", "Tout sur un compte"),
                                          ("ar", "كل ما يخص حسابًا واحدًا")])
def test_the_page_of_an_account(person, locale, words):
    path = f"/api/v1/users/{person[0]['user_id']}/export.html"
    answer = person[2].get(path, params={"locale": locale})
    page = Page()
    page.feed(answer.content.decode())
    assert page.stack == [] and "script" not in page.tags and page.html["lang"] == locale
    assert words in answer.text and "&lt;script&gt;" in answer.text
    if locale == "ar":
        for head in re.findall(r'<th scope="col">([^<]*)</th>|<h2>([^<]*)</h2>', answer.text):
            assert re.search(r"[\u0600-\u06ff]", "".join(head)), head


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.stack, self.html = set(), [], {}

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag == "html":
            self.html = dict(attrs)
        if tag not in ("meta",):
            self.stack.append(tag)

    def handle_endtag(self, tag):
        assert self.stack.pop() == tag


@pytest.mark.parametrize("locale,direction,words", [
    ("en", "ltr", "Consent to face recognition"),
    ("fr", "ltr", "Consentement à la reconnaissance faciale"),
    ("ar", "rtl", "الموافقة على التعرف على الوجوه"),
])
def test_the_page_is_readable_and_harmless(person, locale, direction, words):
    answer = person[2].get(person[1] + "/export.html", params={"locale": locale})
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")
    assert "attachment" in answer.headers["Content-Disposition"]
    page = Page()
    page.feed(answer.content.decode())
    assert page.stack == [] and "script" not in page.tags and "link" not in page.tags
    assert page.html == {"lang": locale, "dir": direction}
    assert words in answer.text and "&lt;script&gt;" in answer.text
    assert not re.search(r"https?://", answer.text)


def test_the_words_are_there_for_every_column(person, admin):
    """A column without a translation would be shown by its inner name."""
    page = admin.get(person[1] + "/export.html", params={"locale": "ar"}).text
    for cell in re.findall(r'<th scope="col">([^<]*)</th>', page) + re.findall(r"<h2>([^<]*)</h2>", page):
        assert re.search(r"[\u0600-\u06ff]", cell), cell

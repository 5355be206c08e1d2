# SPDX-License-Identifier: MIT
"""Everything about one person in one document: complete, for the right eyes, harmless to open."""
import html.parser
import re

import pytest

from classroom import Classroom, portrait, portraits
from factories import PASSWORD, Make, body_of, problem
from server import ENGINE
from test_erasure import rows

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


def tables_with_students(server):
    """Every table of the database that has a column for a student."""
    if ENGINE == "sqlite":
        found = rows(server, "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c"
                             " WHERE m.type = 'table' AND c.name LIKE '%student_id'")
    else:
        found = rows(server, "SELECT table_name FROM information_schema.columns"
                             " WHERE table_schema = 'public' AND column_name LIKE '%student_id'")
    return {name for (name,) in found}


def test_every_table_with_a_student_is_covered(server, person, admin):
    export = body_of(admin.get(person[1] + "/export"))
    known = set(export["tables"]) | set(export["left_out"])
    missing = tables_with_students(server) - known
    assert not missing, f"add them to src/privacy/person_store.c: {sorted(missing)}"
    assert {"student", "account", "login"} <= set(export["tables"])
    assert all(len(why) > 20 for why in export["left_out"].values())
    assert set(export["tables"].values()) <= set(export)


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

# SPDX-License-Identifier: MIT
"""What users write, who they are and what they show is never in the log, at any level of it."""
import base64
import json
import re

import pytest

from classroom import Classroom, now
from client import Client
from conftest import PASSWORD, SECRET
from factories import PASSWORD as OTHER, body_of
from own import ADMIN, account, by_cookie, running
from server import CACHE, ROOT
from test_documents import pdf

NAME = "Zebulon Quetzalcoatl"
NOTE = "xenolith-note-8842"
WEAK = "zebulon-weak"


def photo():
    """A portrait of the demo's, whole, as somebody would send it."""
    portraits = json.loads((ROOT / "tests" / "data" / "portraits.json").read_text())
    portraits = portraits if isinstance(portraits, list) else portraits["portraits"]
    first = next(p for p in portraits if p["use"] == "enrol" and p["gate"] == "passes")
    return (CACHE / "portraits" / first["file"]).read_bytes()


class Round:
    """Everything a school does once, with planted texts; `secrets` are not to be seen again."""

    def __init__(self, server, contract):
        self.server, self.contract = server, contract
        self.secrets = {PASSWORD, NAME, NAME.upper(), NOTE, SECRET, WEAK, "zebulon.q@school.example", ADMIN,
                        "Ada Admin", "nobody-here@school.example", "friend-7@school.example"}
        self.admin = Client(server, contract).login(ADMIN, PASSWORD)
        self.note_token(self.admin.session.headers["Authorization"])

    def note_token(self, text):
        token = text.rpartition(" ")[2]
        self.secrets |= {token, token.split(".")[-1]}

    def accounts(self):
        anyone, browser = Client(self.server, self.contract), None
        for email, password in (("nobody-here@school.example", SECRET), (ADMIN, SECRET), (SECRET, SECRET)):
            anyone.post("/api/v1/auth/login", json={"email": email, "password": password})
        anyone.post("/api/v1/auth/login", json={"email": ADMIN, "password": PASSWORD, SECRET: SECRET})
        anyone.post("/api/v1/auth/refresh", json={"refresh_token": SECRET})
        anyone.get("/api/v1/me", headers={"Authorization": "Bearer " + SECRET})
        browser = by_cookie(self.server, self.contract, account(self.admin, name=NAME)["email"],
                            **{"User-Agent": SECRET})
        self.secrets |= set(browser.session.cookies.values())
        for body in ({"name": NAME}, {"time_zone": SECRET}, {SECRET: 1}):
            browser.request("PATCH", "/api/v1/me", json=body, headers={"X-CSRF-Token": browser.csrf})
        browser.request("PATCH", "/api/v1/me", json={"name": NAME}, headers={"X-CSRF-Token": SECRET})
        tokens = anyone.post("/api/v1/auth/login", json={"email": ADMIN, "password": PASSWORD,
                                                         "transport": "bearer"}).json()
        for name in ("access_token", "refresh_token"):
            self.note_token(tokens[name])
        again = anyone.post("/api/v1/auth/refresh", json={"refresh_token": tokens["refresh_token"]}).json()
        self.note_token(again["refresh_token"])
        self.admin.post("/api/v1/auth/password", json={"current_password": SECRET, "new_password": WEAK})
        self.admin.post("/api/v1/auth/password", json={"current_password": PASSWORD, "new_password": WEAK})

    def school(self):
        admin = self.admin
        student = admin.post("/api/v1/students", json={
            "student_number": "SECRET-" + NOTE, "name": NAME, "email": "zebulon.q@school.example",
            "password": PASSWORD}).json()
        assert student["name"] == NAME
        for query in (f"q={NAME}", f"cursor={SECRET}", f"{SECRET}=1"):
            admin.get(f"/api/v1/students?{query}")
        path = f"/api/v1/students/{student['id']}"
        admin.put(path + "/consent", json={"given_by": "guardian", "given_by_name": NAME, "text_version": NOTE[:40],
                                           "locale": "fr"})
        data = photo()
        for field, content in (("photos", data), ("photos", data[:5000]), (SECRET, data)):
            answer = admin.post(path + "/enrolment", files={field: (SECRET + ".jpg", content)},
                                headers={"Idempotency-Key": SECRET + str(len(content)) + field[:2]})
            assert answer.status_code != 500
        self.secrets |= {data[1000:1030].hex(), base64.b64encode(data[999:1023]).decode()}
        admin.post("/api/v1/programmes", data=b'{"name":"' + NAME.encode() + b'", broken ' + SECRET.encode(),
                   headers={"Content-Type": "application/json"})
        admin.get("/api/v1/" + SECRET)
        admin.get("/api/v1/me", headers={"X-Request-Id": "shown-request-1", "Referer": "https://x/" + SECRET})
        self.server.raw("OPTIONS", "/api/v1/me", headers={"Origin": "https://" + SECRET})


    def day(self):
        """Codes, PINs, positions, readers, guardians, words, papers and calendars."""
        admin, room = self.admin, Classroom(self.admin, Client(self.server, self.contract), n=0)
        row = room.make.student(account=True, name=NAME + " II", birth_date="1999-01-01")
        room.make.member(room.group, row, **{"from": "2020-01-01"})
        own = Client(self.server, self.contract).login(row["email"], OTHER)
        hall = room.make.room(latitude=41.4036299, longitude=2.1743558, radius_m=50)
        room.session = room.new_session(room_id=hall["id"])
        room.open()
        code = body_of(room.trainer.get(room.path + "/code"))
        place = {"latitude": 41.4036188, "longitude": 2.1743777, "accuracy_m": 12.34567}
        session = {"session_id": room.session["id"]}
        for wrong in ("765432", SECRET):
            own.post("/api/v1/check-ins/pin", json={**session, "pin": wrong, "place": place})
        own.post("/api/v1/check-ins/code", json={"token": SECRET * 2, "client": SECRET})
        body_of(own.post("/api/v1/check-ins/code", json={"token": code["token"], "client": "kite" * 5, "place": place}))
        self.secrets |= {code["token"], code["next_token"], "kite" * 5, "41.40361", "2.174377", "12.34567",
                         "41.40362", "2.174355", row["email"], row["student_number"]}
        body_of(room.trainer.put(f"{room.path}/attendance/{row['id']}", json={"status": "absent", "note": NOTE}))
        body_of(own.post(room.path + "/disputes", json={"claimed": "present", "message": NOTE}), 201)
        guardian = room.make.guardian(row, name=NAME + " III")
        feed = body_of(own.post("/api/v1/calendar-feeds", json={"subject": "student", "subject_id": row["id"]}), 201)
        Client(self.server, self.contract).get(feed["path"])
        self.secrets |= {guardian["email"], feed["path"].rpartition("/")[2].partition(".")[0]}
        reason = body_of(own.get("/api/v1/absence-reasons"))["items"][0]
        paper = body_of(own.post("/api/v1/justifications", json={
            "from": now(-30 * 24 * 60)[:10], "reason_id": reason["id"], "message": NOTE}), 201)
        body_of(own.post(f"/api/v1/justifications/{paper['id']}/documents",
                         files={"file": (NAME + ".pdf", pdf(), "application/pdf")}), 201)
        own.post(f"/api/v1/justifications/{paper['id']}/documents", files={"file": (SECRET, b"MZ" + bytes(99))})
        reader = body_of(admin.post("/api/v1/devices", json={"kind": "reader", "name": NAME, "room_id": hall["id"]}), 201)
        self.secrets.add(reader["token"])
        sent = Client(self.server, self.contract, reader["token"]).post("/api/v1/punches", json={"punches": [
            {"identifier": n, "at": "2026-01-05T08:00:00Z", "direction": "in"} for n in (row["student_number"], SECRET)]})
        assert sent.status_code == 200, sent.text
        for kind in ("export", "export.html"):
            assert own.get(f"/api/v1/students/{row['id']}/{kind}").status_code == 200


@pytest.fixture(scope="module", params=["json", "logfmt"])
def log(request, contract):
    """(the log's text, what was planted, its form) after a round at the most talkative level"""
    with running(log_level="debug", log_format=request.param) as server:
        done = Round(server, contract)
        done.accounts()
        done.school()
        done.day()
        server.stop()
        yield server.log(), done.secrets, request.param


def test_nothing_planted_is_in_the_log(log):
    text, planted, _ = log
    assert len(planted) > 15 and all(len(secret) >= 8 for secret in planted)
    assert len(text.splitlines()) > 25, "there is a log to look at"
    low = text.lower()
    found = sorted(secret for secret in planted if secret.lower() in low)
    assert not found, [line for line in text.splitlines() if any(s.lower() in line.lower() for s in found)]
    assert "@school.example" not in low and "argon2" not in low and "eyJ" not in text


def test_lines_are_sound(log):
    """One line each, whatever users send; a time, a level and an event in all of them."""
    text, _, form = log
    for line in text.splitlines():
        if form == "json":
            entry = json.loads(line)
            assert {"time", "level", "event"} <= set(entry)
        else:
            assert re.match(r"time=\S+ level=(debug|info|warn|error) event=\S+", line), line


def test_requests_are_in_the_log_by_ids(log):
    text, _, _ = log
    for word in ("server.ready", "server.stopping", "http.request", "me_change", "student_create",
                 "shown-request-1"):
        assert word in text


def test_line_breaks_cannot_be_smuggled(log):
    text, _, _ = log
    assert not [line for line in text.splitlines() if not line.strip()]

# SPDX-License-Identifier: MIT
"""`smartpresence demo`: the school a visitor finds, with faces, on a database of its own."""
import json
import re

import pytest

from client import Client
from server import CACHE, Server

PORTRAITS = CACHE / "portraits"
LOGIN = re.compile(r"^  (admin|trainer|student) +(\S+@demo\.school) ", re.M)


def enrolled_portraits():
    return [p for p in json.loads((PORTRAITS / "portraits.json").read_text()) if p["use"] == "enrol"]


def made(server, *more, check=True):
    return server.run("demo", *more, check=check)


@pytest.fixture(scope="module")
def demo():
    server = Server()
    server.printed = made(server, "--portraits", str(PORTRAITS)).stdout
    server.start()
    yield server
    server.close()


@pytest.fixture(scope="module")
def password(demo):
    return re.search(r"password  (\S+)$", demo.printed, re.M).group(1)


def login(demo, contract, password, role):
    """The first login of that role that was printed."""
    email = next(email for r, email in LOGIN.findall(demo.printed) if r == role)
    return Client(demo, contract).login(email, password)


def test_printed_logins_sign_in(demo, contract, password):
    printed = LOGIN.findall(demo.printed)
    assert [role for role, _ in printed] == ["admin", "trainer", "trainer", "trainer", "student"]
    for role, email in printed:
        caller = Client(demo, contract).login(email, password)
        assert caller.account["role"] == role


def test_every_portrait_is_enrolled(demo, contract, password):
    admin = login(demo, contract, password, "admin")
    students = admin.get("/api/v1/students?limit=200").json()["items"]
    assert len(students) >= 28
    enrolled = [s for s in students if s["enrolled"]]
    assert len(enrolled) == len(enrolled_portraits())
    assert all(s["consent"] and s["email"] for s in enrolled)
    assert any(s["consent"] and not s["enrolled"] for s in students)
    assert any(not s["consent"] for s in students)


def test_what_to_try_works(demo, contract, password):
    """As printed: open the session, show the photo, the student turns present."""
    email, module = re.search(r'Log in as (\S+), open today\'s session "(.+?)"', demo.printed).groups()
    photo = re.search(r"^     (/\S+\.jpg)$", demo.printed, re.M).group(1)
    name = re.search(r"^     (.+) turns present\.$", demo.printed, re.M).group(1)
    trainer = Client(demo, contract).login(email, password)
    session = next(s for s in trainer.get("/api/v1/sessions?state=scheduled").json()["items"]
                   if s["module_name"] == module)
    opened = trainer.post(f"/api/v1/sessions/{session['id']}/open")
    assert opened.status_code == 200, opened.text
    with open(photo, "rb") as file:
        answer = trainer.post(f"/api/v1/sessions/{session['id']}/attendance/face",
                              files={"photo": ("photo.jpg", file, "image/jpeg")})
    assert answer.status_code < 300, answer.text
    assert [f["outcome"]["student_name"] for f in answer.json()["faces"]] == [name]
    register = trainer.get(f"/api/v1/sessions/{session['id']}/register").json()
    assert [r["student_name"] for r in register["records"] if r["status"] == "present"] == [name]


def test_second_run_changes_nothing(demo, contract, password):
    admin = login(demo, contract, password, "admin")
    before = admin.get("/api/v1/sessions?limit=200").json()["items"]
    again = made(demo, "--portraits", str(PORTRAITS))
    assert LOGIN.findall(again.stdout) == LOGIN.findall(demo.printed)
    assert "is there" in again.stderr
    after = admin.get("/api/v1/sessions?limit=200").json()["items"]
    assert [s["id"] for s in after] == [s["id"] for s in before]


def test_without_faces():
    server = Server(face_recognition="off")
    try:
        first = made(server, "--portraits", str(PORTRAITS))
        assert "no faces: this school does not use face recognition" in first.stderr
        # Switched on later, the same command enrols.
        server.options["face_recognition"] = "roster"
        assert f"{len(enrolled_portraits())} of " in \
            made(server, "--portraits", str(PORTRAITS)).stderr
    finally:
        server.close()


def test_refused_portrait_is_skipped(tmp_path):
    listed = enrolled_portraits()[:3]
    for p in listed:
        (tmp_path / p["file"]).symlink_to(PORTRAITS / p["file"])
    bad = next(p for p in json.loads((PORTRAITS / "portraits.json").read_text())
               if p.get("reject_reason") == "too_small")
    (tmp_path / listed[0]["file"]).unlink()
    (tmp_path / listed[0]["file"]).symlink_to(PORTRAITS / bad["file"])
    (tmp_path / listed[1]["file"]).unlink()
    (tmp_path / "portraits.json").write_text(json.dumps(listed))
    server = Server()
    try:
        run = made(server, "--portraits", str(tmp_path))
        assert f"{listed[0]['file']} is skipped: The face is not good enough" in run.stderr
        assert "face too small" in run.stderr
        assert f"{listed[1]['file']} is skipped" in run.stderr
        assert "  1 of " in run.stderr
    finally:
        server.close()


def test_other_data_is_refused(server):
    refused = made(server, check=False)
    assert refused.returncode == 1
    assert "holds other data" in refused.stderr
    assert refused.stdout == ""


@pytest.mark.parametrize("arguments", [["--seed", "x"], ["--seed=-1"], ["--portraits"], ["more"]])
def test_wrong_use(server, arguments):
    assert made(server, *arguments, check=False).returncode == 2

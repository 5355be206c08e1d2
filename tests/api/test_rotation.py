# SPDX-License-Identifier: MIT
"""The master key: from one place, exchanged under load, cut off and taken up; useless copies."""
import base64
import contextlib
import json
import os
import shutil
import signal
import subprocess
import threading
import time

import pytest

from chaos import sql
from classroom import Classroom, portrait, portraits
from client import Client
from conftest import PASSWORD
from contract import Contract
from factories import body_of, problem
from ledger import query
from own import running, wait_until
from server import BINARY, ENGINE, SLOW, Server
from test_offline import Offline

FACE = portraits()[30]["id"]


def school(server, n=1):
    contract = Contract(server.raw("GET", "/openapi.json").json())
    api = Client(server, contract)
    room = Classroom(api.login("admin@school.example", PASSWORD), api, n=n).open()
    body_of(room.enrol(0, portrait(FACE)), 201)
    return room


def recognised(room):
    return body_of(room.show(portrait(FACE)))["faces"][0]["outcome"]["decision"] in ("match", "already")


@contextlib.contextmanager
def load(room):
    """Recognitions without a pause; gives the list of answers that were not a match."""
    wrong, stop, count = [], threading.Event(), [0]

    def look():
        while not stop.is_set():
            answer = room.show(portrait(FACE))
            decision = answer.json()["faces"][0]["outcome"]["decision"] if answer.status_code == 200 else answer.text
            count[0] += 1
            if decision != "match":
                wrong.append(decision)

    threads = [threading.Thread(target=look) for _ in range(2)]
    for t in threads:
        t.start()
    try:
        yield wrong, count
    finally:
        stop.set()
        for t in threads:
            t.join()


def more_keys(server, room, n):
    """Wrapped keys of other students, as many enrolled ones would have: copies made by the vault."""
    for i in range(n):
        made = room.make.student(birth_date="1999-01-01")
        room.students.append(made)
        body_of(room.consent(len(room.students) - 1))
        body_of(room.send_photos(len(room.students) - 1, portrait(portraits()[i]["id"]),
                                 accept_duplicate="true"), 201)


@pytest.fixture(scope="module")
def own():
    with running() as server:
        room = school(server)
        more_keys(server, room, 6)
        yield server, room


def key_file(server):
    return server.folder / "data" / "master.key"


def test_rotated_under_load_without_a_miss(own):
    server, room = own
    before = key_file(server).read_text()
    with load(room) as (wrong, count):
        for _ in range(3):
            done = server.run("key", "rotate", "--batch", "1", "--pause-ms", "20")
            assert "7 students' keys" in done.stdout
            # Who enrols now gets a key of the new master.
            body_of(room.send_photos(1, portrait(portraits()[0]["id"]), accept_duplicate="true"), 201)
        until = time.monotonic() + 10 * SLOW
        while count[0] < 20 and time.monotonic() < until:
            time.sleep(0.05)
    assert wrong == [] and count[0] >= 20
    after = key_file(server).read_text()
    assert after != before and len(after) == 65
    assert key_file(server).stat().st_mode & 0o777 == 0o600


def test_a_new_student_during_a_rotation_loses_nothing(own):
    server, room = own
    slow = subprocess.Popen([BINARY, "key", "rotate", "--batch", "1", "--pause-ms", "100"],
                            env=server.environment(), cwd=server.folder, stdout=subprocess.PIPE)
    wait_until(lambda: len(key_file(server).read_text().split()) == 2 or slow.poll() is not None, 30)
    more_keys(server, room, 1)
    assert slow.wait(timeout=60 * SLOW) == 0
    server.stop()
    server.start()
    assert recognised(room)
    count = len(room.students)
    assert f"{count} students' keys" in server.run("key", "rotate").stdout


def test_killed_midway_and_resumed(own):
    server, room = own
    key = key_file(server)
    before = key.read_text()
    # So long between two keys that nobody comes too late.
    process = subprocess.Popen([BINARY, "key", "rotate", "--batch", "1", "--pause-ms", "60000"],
                               env=server.environment(), cwd=server.folder)

    def masters():
        rows = query(server, "SELECT DISTINCT master_key_id AS id FROM student_key")
        return len(rows)

    assert wait_until(lambda: masters() == 2, 30), "one is wrapped anew, the others are not"
    process.send_signal(signal.SIGKILL)
    process.wait()
    both = key.read_text().split()
    assert len(both) == 2 and both[1] == before.strip()
    assert recognised(room)
    server.stop()
    server.start()
    assert recognised(room)
    done = server.run("key", "rotate").stdout
    left = int(done.split()[0])
    assert 0 < left < len(room.students)
    assert key.read_text().split() == both[:1]
    assert recognised(room)


def test_a_copy_without_the_key_is_useless(own):
    server, room = own
    server.stop()
    if ENGINE == "sqlite":
        thief = Server()
        (thief.folder / "data").mkdir(parents=True)
        shutil.copy(server.folder / "data" / "smartpresence.db", thief.folder / "data")
    else:
        thief = Server(database_url=server.options["database_url"])
    try:
        for key in (None, "ab" * 32):
            if key:
                (thief.folder / "data").mkdir(exist_ok=True)
                (thief.folder / "data" / "master.key").write_text(key)
            done = subprocess.run([BINARY, "serve"], env=thief.environment(), text=True,
                                  capture_output=True, cwd=thief.folder, timeout=60 * SLOW)
            assert done.returncode == 1 and "sealed with another master key" in done.stderr
    finally:
        thief.close()
        server.start()
    assert recognised(room)


def refused(server):
    done = subprocess.run([BINARY, "serve", "--http-port", "0"], env=server.environment(),
                          capture_output=True, text=True, timeout=60 * SLOW, cwd=server.folder)
    assert done.returncode == 1
    return done.stderr


# Tables whose rows have a key of their own, wrapped by the master key that they name.
WRAPPED = {"student_key", "justification_document", "offline_client", "class_photo"}
# The other columns of bytes, and whose key opens them.
BYTES = {
    "face_template.sealed": "student_key",
    "class_photo_crop.sealed": "class_photo",
    "idempotency.sealed": "not wrapped again: answers of a day (ADR 25)",
    "session_secret.secret": "not sealed",
    "session_secret.client_key": "not sealed",
}


def columns(server, sqlite, postgres):
    """table.column as the database itself tells it."""
    if ENGINE == "sqlite":
        found = query(server, "SELECT m.name || '.' || c.name AS at FROM sqlite_master m, pragma_table_info(m.name) c"
                              f" WHERE m.type = 'table' AND {sqlite}")
    else:
        found = query(server, "SELECT table_name || '.' || column_name AS at FROM information_schema.columns"
                              f" WHERE table_schema = 'public' AND {postgres}")
    return {row["at"] for row in found}


def masters(server, table):
    return [row["master_key_id"] for row in query(
        server, f"SELECT master_key_id FROM {table} WHERE master_key_id IS NOT NULL")]


def status(server, code=0):
    done = server.run("key", "status", "--json", check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return {kind.pop("kind"): kind for kind in json.loads(done.stdout)["kinds"]}


def waiting_crop(room):
    """Of a class photo that waits for a person: a crop's address and what it shows."""
    p = body_of(room.trainer.post(room.path + "/class-photos",
                                  files=[("photos", ("p.jpg", portrait(FACE), "image/jpeg"))]), 201)
    url = (p["sure"] + p["unsure"] + p["unknown"])[0]["faces"][0]["crop_url"]
    crop = room.trainer.get(url).content
    assert crop.startswith(b"\xff\xd8")
    return url, crop


def test_everything_sealed_is_known_here(own):
    """Fails for a new table of wrapped keys, or column of bytes, until it is decided what a rotation
    does with it."""
    server, _ = own
    named = columns(server, "c.name = 'master_key_id'", "column_name = 'master_key_id'")
    assert {at.split(".")[0] for at in named} == WRAPPED
    assert columns(server, "c.type = 'BLOB'", "data_type = 'bytea'") == {f"{t}.wrapped" for t in WRAPPED} | set(BYTES)
    assert len(status(server)) == len(WRAPPED)


def test_what_was_sealed_before_opens_after(own):
    """A paper is shown by test_documents.py."""
    server, room = own
    client = Offline(room.trainer)
    url, crop = waiting_crop(room)
    tables = WRAPPED - {"justification_document"}
    before = {t: masters(server, t) for t in tables}
    assert all(before.values()), "a row of each"
    others = len(before["offline_client"]) + len(before["class_photo"])
    assert f"{others} keys of papers, offline clients and class photos" in server.run("key", "rotate").stdout
    for t in tables:
        assert len(masters(server, t)) == len(before[t]) and not set(masters(server, t)) & set(before[t])
    assert status(server)["class_photos"] == {"keys": 1, "current": 1, "waiting": 0, "lost": 0}
    assert room.trainer.get(url).content == crop
    server.stop()  # nothing remembers the old key
    server.start()
    assert recognised(room)
    assert room.trainer.get(url).content == crop
    body_of(client.send(client.event(room, 0)))


def test_killed_between_students_and_class_photos(own):
    server, room = own
    url, crop = waiting_crop(room)
    old = masters(server, "student_key")[0]
    process = subprocess.Popen([BINARY, "key", "rotate", "--batch", "1000", "--pause-ms", "60000"],
                               env=server.environment(), cwd=server.folder)
    until = time.monotonic() + 20 * SLOW
    while old in masters(server, "student_key") and time.monotonic() < until:
        time.sleep(0.005)
    process.kill()
    process.wait()
    left = status(server, 1)
    assert left["students"]["waiting"] == 0 and left["class_photos"] == {
        "keys": 1, "current": 0, "waiting": 1, "lost": 0}
    assert "1 waiting" in server.run("key", "status", check=False).stdout
    assert room.trainer.get(url).content == crop
    server.stop()
    server.start()
    assert room.trainer.get(url).content == crop
    assert server.run("key", "rotate").stdout.startswith("0 students' keys")
    assert status(server)["class_photos"]["current"] == 1
    server.stop()
    server.start()
    assert room.trainer.get(url).content == crop and recognised(room)


def test_crops_of_a_key_that_is_gone_stop_nothing(own):
    """As a program left them that did not wrap them again."""
    server, room = own
    url, _ = waiting_crop(room)
    sql(server, "UPDATE class_photo SET master_key_id = 'feedfeedfeedfeed', wrapped ="
                " (SELECT sealed FROM face_template LIMIT 1)")
    assert status(server, 1)["class_photos"]["lost"] == 1
    problem(room.trainer.get(url), 404, "not-found")
    server.run("key", "rotate")
    server.stop()
    server.start()
    problem(room.trainer.get(url), 404, "not-found")
    assert room.trainer.delete(url.rsplit("/", 2)[0]).status_code == 204
    assert status(server)["class_photos"]["keys"] == 0 and recognised(room)


def test_a_key_from_the_environment(own):
    """The same key by another way; it does not stay readable, and two ways at once are refused."""
    server, room = own
    text = base64.b64encode(bytes.fromhex(key_file(server).read_text().strip())).decode()
    server.stop()
    server.options["master_key"] = text
    try:
        assert "which is right" in refused(server)
        kept = key_file(server).read_text()
        key_file(server).unlink()
        server.options["master_key_file"] = "/nowhere"
        assert "comes from one place" in refused(server)
        del server.options["master_key_file"]
        server.start()
        assert recognised(room) and not key_file(server).exists()
        environ = open(f"/proc/{server.process.pid}/environ", "rb").read()
        assert text.encode() not in environ and b"SP_MASTER_KEY=" in environ
        assert text not in server.run("config", "show").stdout
        assert "stop the server" in server.run("key", "rotate", check=False).stderr
        server.stop()
        server.options["master_key"] = "short"
        assert "64 hexadecimal digits" in refused(server)
    finally:
        del server.options["master_key"]
    credential(server, room, kept)


def credential(server, room, kept):
    """As systemd's LoadCredential= gives it; then exchanged with the server stopped."""
    folder = server.folder / "credentials"
    folder.mkdir()
    (folder / "smartpresence.master_key").write_text(kept)
    os.environ["CREDENTIALS_DIRECTORY"] = str(folder)
    try:
        server.start()
        assert recognised(room) and not key_file(server).exists()
        server.stop()
        old, new = server.folder / "old", server.folder / "new"
        old.write_text(kept)
        new.write_text(server.run("key", "new").stdout)
        done = server.run("key", "rotate", "--old", str(old), "--new", str(new))
        assert done.stdout.startswith(f"{len(room.students)} students' keys")
        assert "sealed with another master key" in refused(server)
        (folder / "smartpresence.master_key").write_text(new.read_text())
        server.start()
        assert recognised(room)
    finally:
        del os.environ["CREDENTIALS_DIRECTORY"]


def test_no_core_dumps():
    with running() as server:
        limits = open(f"/proc/{server.process.pid}/limits").read()
        row = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
        assert row.split()[4:6] == ["0", "0"]
    with running(allow_core_dumps="true") as server:
        assert os.stat(f"/proc/{server.process.pid}/maps").st_uid == os.getuid()

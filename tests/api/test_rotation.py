# SPDX-License-Identifier: MIT
"""The master key: from one place, exchanged under load, cut off and taken up; useless copies."""
import base64
import contextlib
import os
import shutil
import signal
import subprocess
import threading
import time

import pytest

from classroom import Classroom, portrait, portraits
from client import Client
from conftest import PASSWORD
from contract import Contract
from factories import body_of
from own import running
from server import BINARY, ENGINE, SLOW, Server

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
    until = time.monotonic() + 20 * SLOW
    while len(key_file(server).read_text().split()) < 2 and time.monotonic() < until:
        time.sleep(0.005)
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
    process = subprocess.Popen([BINARY, "key", "rotate", "--batch", "1", "--pause-ms", "200"],
                               env=server.environment(), cwd=server.folder)
    until = time.monotonic() + 20 * SLOW
    while len(key.read_text().split()) < 2 and time.monotonic() < until:
        time.sleep(0.005)
    time.sleep(0.3)
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

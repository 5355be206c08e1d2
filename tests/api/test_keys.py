# SPDX-License-Identifier: MIT
"""The master key: nothing opens the templates without it, and a lost one is said at start."""
import sqlite3
import subprocess

import pytest

from classroom import Classroom, portrait, portraits
from client import Client
from contract import Contract
from factories import body_of
from own import ADMIN, PASSWORD, running
from server import BINARY, ENGINE, SLOW

FACE = portraits()[30]["id"]


@pytest.fixture(scope="module")
def own():
    with running() as s:
        yield s


@pytest.fixture(scope="module")
def room(own):
    contract = Contract(own.raw("GET", "/openapi.json").json())
    api = Client(own, contract)
    room = Classroom(api.login(ADMIN, PASSWORD), api, n=1).open()
    body_of(room.enrol(0, portrait(FACE)), 201)
    return room


def refused(server):
    done = subprocess.run([BINARY, "serve", "--http-port", "0"], env=server.environment(),
                          capture_output=True, text=True, timeout=60 * SLOW, cwd=server.folder)
    assert done.returncode == 1
    return done.stderr


def test_key_files_are_the_owners_alone(own, room):
    for name in ("master.key", "token.keys"):
        assert (own.folder / "data" / name).stat().st_mode & 0o777 == 0o600


def test_templates_are_sealed(own, room):
    if ENGINE != "sqlite":
        count = room.admin.get(f"/api/v1/students/{room.students[0]['id']}/enrolment").json()
        assert len(count["templates"]) == 1
        return
    with sqlite3.connect(own.folder / "data" / "smartpresence.db") as db:
        (sealed,) = db.execute("SELECT sealed FROM face_template").fetchone()
    # 512 floats of a unit vector all have an exponent byte near 0x3d; sealed bytes are even.
    assert len(sealed) == 24 + 2048 + 16
    high = sealed[24 + 3:24 + 2048:4]
    assert sum(b & 0x7f in (0x3b, 0x3c, 0x3d, 0x3e) for b in high) < len(high) / 4


def test_a_lost_or_wrong_master_key_is_said_at_start(own, room):
    key = own.folder / "data" / "master.key"
    good = key.read_bytes()
    own.stop()
    key.unlink()
    assert "sealed with another master key" in refused(own)
    assert not key.exists()
    key.write_text("ab" * 32 + "\n")
    assert "sealed with another master key" in refused(own)
    key.write_text("not a key\n")
    assert "64 hexadecimal digits" in refused(own)
    key.write_bytes(good)
    own.start()
    assert body_of(room.show(portrait(FACE)))["faces"][0]["outcome"]["decision"] == "match"

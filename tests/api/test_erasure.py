# SPDX-License-Identifier: MIT
"""Withdrawal, end to end: what is on the disk before and after, byte by byte (docs/adr/0015)."""
import contextlib
import ctypes
import pathlib
import sqlite3
import subprocess

import pytest

from chaos import sql
from classroom import Classroom, another_photo, portrait, portraits
from client import Client
from conftest import PASSWORD
from contract import Contract
from factories import body_of
from own import running
from server import ENGINE

FACES = [row["id"] for row in portraits()]
WINDOW, PIECES = 32, 8
sodium = ctypes.CDLL("libsodium.so.23")


def opened(sealed, key, context):
    """XChaCha20-Poly1305, nonce first; None when it does not open."""
    nonce, text = sealed[:24], sealed[24:]
    out = ctypes.create_string_buffer(len(text))
    length = ctypes.c_ulonglong(0)
    failed = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
        out, ctypes.byref(length), None, text, ctypes.c_ulonglong(len(text)), context,
        ctypes.c_ulonglong(len(context)), nonce, key)
    return None if failed else out.raw[:length.value]


def rows(server, statement):
    """Rows of blobs as bytes and of everything else as text."""
    if ENGINE == "sqlite":
        path = server.folder / "data" / "smartpresence.db"
        with contextlib.closing(sqlite3.connect(path)) as db:
            return db.execute(statement).fetchall()
    done = subprocess.run(["psql", "-qAtX", "-F", "\t", "-d", server.options["database_url"], "-c",
                           statement], check=True, capture_output=True, text=True)
    return [tuple(bytes.fromhex(c[2:]) if c.startswith("\\x") else c for c in line.split("\t"))
            for line in done.stdout.splitlines()]


def one(server, statement):
    return rows(server, statement)[0][0]


def pg_folder(server):
    """Where the cluster's files are: they are looked into as root or as their owner."""
    return pathlib.Path(one(server, "SHOW data_directory"))


def checkpoint(server):
    if ENGINE == "postgres":
        rows(server, "CHECKPOINT")


def files(server, tables_only=False):
    """Of the database, with the write-ahead log; the tests' other databases are left out."""
    if ENGINE == "sqlite":
        return sorted((server.folder / "data").glob("smartpresence.db*"))
    oid = one(server, "SELECT oid FROM pg_database WHERE datname = current_database()")
    parts = [f"base/{oid}", "global"] + ([] if tables_only else ["pg_wal"])
    return sorted(p for part in parts for p in (pg_folder(server) / part).rglob("*") if p.is_file())


def found(server, needles, tables_only=False):
    """The files that hold one of the byte strings."""
    hits = set()
    for path in files(server, tables_only):
        with contextlib.suppress(FileNotFoundError):
            data = path.read_bytes()
            if any(needle in data for needle in needles):
                hits.add(path.name)
    return hits


def windows(data):
    """Pieces from all over it, so that a part that was left somewhere is found too."""
    last = len(data) - WINDOW
    return [data[last * i // (PIECES - 1):][:WINDOW] for i in range(PIECES)]


class Face:
    """What the database and the key file hold of a student, and what it opens to."""

    def __init__(self, server, student_id):
        master = bytes.fromhex((server.folder / "data" / "master.key").read_text().split()[0])
        (self.wrapped,), = rows(server, f"SELECT wrapped FROM student_key WHERE student_id = {student_id}")
        self.sealed, self.model = zip(*rows(
            server, f"SELECT sealed, model FROM face_template WHERE student_id = {student_id}"))
        key = opened(self.wrapped, master, f"student-key:{student_id}".encode())
        assert len(key) == 32
        self.key = key
        self.plain = [opened(s, key, f"template:{student_id}:{m}".encode())
                      for s, m in zip(self.sealed, self.model)]
        assert all(len(p) == 2048 for p in self.plain)

    def plain_pieces(self):
        return [w for p in self.plain for w in windows(p)] + [self.key]

    def sealed_pieces(self):
        return [w for s in (*self.sealed, self.wrapped) for w in windows(s)]


@pytest.fixture(scope="module")
def own():
    with running() as server:
        contract = Contract(server.raw("GET", "/openapi.json").json())
        api = Client(server, contract)
        room = Classroom(api.login("admin@school.example", PASSWORD), api, n=8).open()
        # Neighbours in the same tables, so that rows share pages.
        for i in range(7):
            body_of(room.enrol(i, portrait(FACES[i]), another_photo(FACES[i], 3),
                               accept_duplicate="true"), 201)
        yield server, room


def withdraw(room, i):
    answer = room.admin.delete(f"/api/v1/students/{room.students[i]['id']}/consent")
    assert answer.status_code == 204


def derived(server, student_id):
    """Rows beside the templates that came of the face."""
    pairs = one(server, "SELECT count(*) FROM strict_pair WHERE a_student_id"
                        f" = {student_id} OR b_student_id = {student_id}")
    cases = one(server, "SELECT count(*) FROM duplicate_case WHERE student_id"
                        f" = {student_id} OR other_student_id = {student_id}")
    log = one(server, f"SELECT count(*) FROM recognition WHERE student_id = {student_id}")
    return int(pairs), int(cases), int(log)


def test_nothing_of_a_withdrawn_face_is_left(own):
    server, room = own
    number = room.students[3]["id"]
    other = room.students[4]["id"]
    sql(server, "INSERT INTO recognition (at, way, student_id, decision, model, policy, ms)"
                f" VALUES (1, 'face', {number}, 'match', 'm', 'roster', 1)")
    sql(server, "INSERT INTO strict_pair (a_student_id, b_student_id, reason, created_at, updated_at)"
                f" VALUES ({number}, {other}, 'look_alike', 1, 1)")
    sql(server, "INSERT INTO duplicate_case (student_id, other_student_id, similarity, opened_at,"
                f" seen_at) VALUES ({other}, {number}, 0.6, 1, 1)")
    face = Face(server, number)
    checkpoint(server)
    # The search finds what is there, and nothing is there in plain.
    assert found(server, face.sealed_pieces())
    assert not found(server, face.plain_pieces())
    total = int(one(server, "SELECT count(*) FROM recognition"))

    withdraw(room, 3)
    checkpoint(server)
    assert not found(server, face.plain_pieces())
    if ENGINE == "sqlite":  # the write-ahead log is one of the files
        assert not found(server, face.sealed_pieces())
    else:
        # The tables' files hold neither templates nor key; the write-ahead log may, until it is
        # recycled, and then opens with the master key of that time only: see below.
        assert not found(server, face.sealed_pieces(), tables_only=True)
    assert derived(server, number) == (0, 0, 0)
    assert int(one(server, "SELECT count(*) FROM recognition")) == total
    (item,) = body_of(room.admin.get(f"/api/v1/students/{number}/certificates"))["items"]
    body = room.admin.get(f"/api/v1/certificates/{item['certificate_id']}").json()["certificate"]
    assert body["destroyed"]["pairs"] == 2 and body["destroyed"]["log_rows"] >= 1
    assert (body["complete_after"] is None) == (ENGINE == "sqlite")


def test_the_others_are_untouched(own):
    server, room = own
    seen = body_of(room.show(portrait(FACES[4])))["faces"][0]["outcome"]
    assert seen["decision"] == "match" and seen["student_id"] == room.students[4]["id"]
    assert body_of(room.show(portrait(FACES[3])))["faces"][0]["outcome"]["decision"] == "unknown"


def test_after_a_rotation_no_old_copy_opens(own):
    """The remedy for copies that we cannot reach: a backup, or PostgreSQL's write-ahead log."""
    server, room = own
    number = room.students[5]["id"]
    face = Face(server, number)
    withdraw(room, 5)
    server.run("key", "rotate")
    master = bytes.fromhex((server.folder / "data" / "master.key").read_text().strip())
    assert opened(face.wrapped, master, f"student-key:{number}".encode()) is None
    assert body_of(room.show(portrait(FACES[4])))["faces"][0]["outcome"]["decision"] == "match"
    checkpoint(server)
    assert not found(server, face.plain_pieces())


def test_replaced_templates_are_not_left_either(own):
    """A new enrolment replaces; on SQLite the old rows are overwritten by the next cleaning."""
    server, room = own
    old = Face(server, room.students[6]["id"])
    body_of(room.send_photos(6, portrait(FACES[6]), accept_duplicate="true"), 201)
    withdraw(room, 6)
    checkpoint(server)
    sealed = [w for s in old.sealed for w in windows(s)]
    assert not found(server, sealed, tables_only=ENGINE == "postgres")
    assert not found(server, old.plain_pieces())


if ENGINE == "postgres":  # SQLite keeps no old versions of rows
    def test_an_older_snapshot_keeps_nothing(own):
        """Somebody's transaction may still see what was deleted; the tables are cleaned all the same."""
        server, room = own
        face = Face(server, room.students[2]["id"])
        with subprocess.Popen(["psql", "-qAtX", "-d", server.options["database_url"]], text=True,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE) as reader:
            reader.stdin.write("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM programme;\n")
            reader.stdin.flush()
            assert reader.stdout.readline().strip().isdigit()
            withdraw(room, 2)
            checkpoint(server)
            assert not found(server, face.sealed_pieces(), tables_only=True)
            reader.stdin.write("COMMIT;\n")
            reader.stdin.close()
            assert reader.wait() == 0

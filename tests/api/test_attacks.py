# SPDX-License-Identifier: MIT
"""What an attacker tried that once worked: each stays closed."""
import base64
import concurrent.futures
import contextlib
import re
import secrets
import socket
import sqlite3
import struct
import subprocess
import threading
import time

import pytest

from classroom import (Classroom, classroom, open_class, portrait,  # noqa: F401 (fixtures)
                       portraits)
from client import Client, problem
from conftest import PASSWORD
from factories import body_of, mail
from own import account, connect, exchange, some_address
from server import ENGINE, SLOW

LOGIN = "/api/v1/auth/login"


# Two servers in a row that read one request differently

@pytest.mark.parametrize("head", [
    "X-Note: a\r\n b\r\n",
    "Transfer-Encoding:\r\n chunked\r\n",
    "Transfer-Encoding: chunked\r\nX-Note: a\r\n\tb\r\n",
    "Content-Length: 4\r\n 0\r\n",
    "Content-Length: 0\r\n \r\n",
], ids=["note", "encoding", "after-encoding", "length", "blank"])
@pytest.mark.parametrize("place", ["first", "last"])
def test_folded_header_is_refused(server, head, place):
    host = "Host: x\r\nContent-Type: application/json\r\n"
    lines = head + host if place == "first" else host + head
    hidden = "0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    answers, closed = exchange(server, f"POST {LOGIN} HTTP/1.1\r\n{lines}\r\n{hidden}".encode())
    assert [a.status for a in answers] == [400] and closed
    assert b"folded" in answers[0].body


def test_blanks_around_a_header_are_no_fold(server):
    text = "GET /healthz HTTP/1.1\r\nHost:x\r\nA: b  \r\nC:\r\nD:  e\t\r\nConnection: close\r\n\r\n"
    assert [a.status for a in exchange(server, text.encode())[0]] == [200]


# Who comes, behind a proxy

def test_last_forwarded_for_line_counts(guarded, guarded_admin):
    """A proxy may leave the client's own line and add one after it."""
    who = account(guarded_admin)
    body = f'{{"email": "{who["email"]}", "password": "{PASSWORD}", "transport": "bearer"}}'
    seen = some_address()
    answers, _ = exchange(guarded, (
        f"POST {LOGIN} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"X-Forwarded-For: {some_address()}\r\nX-Forwarded-For: {some_address()}, {seen}\r\n"
        f"Connection: close\r\nContent-Length: {len(body)}\r\n\r\n{body}").encode())
    assert answers[0].status == 200
    token = answers[0].body.decode().partition('"access_token":"')[2].partition('"')[0]
    logins = Client(guarded, guarded_admin.contract, token).get("/api/v1/auth/logins").json()
    assert [login["ip"] for login in logins["items"]] == [seen]


def test_half_an_ipv6_address_is_one_caller(guarded):
    """Each of 2^64 addresses would else have failures of its own to spend."""
    network = f"2001:db8:{secrets.token_hex(2)}:{secrets.token_hex(2)}"

    def guess(i):
        return guarded.raw("POST", LOGIN, json={"email": mail("nobody"), "password": "wrong-Horse-88"},
                           headers={"X-Forwarded-For": f"{network}::{i:x}:1"}).status_code

    statuses = [guess(i) for i in range(1, 32)]
    assert set(statuses) == {401}
    # The delays double: a machine may outlast the first ones.
    assert 429 in (guess(i) for i in range(32, 40))


# Guessing passwords

def test_open_session_does_not_guess_on(guarded, guarded_admin):
    """Nor does it lock the owner out."""
    who = account(guarded_admin)
    found = Client(guarded, guarded_admin.contract).login(who["email"], PASSWORD)
    answers = [found.post("/api/v1/auth/password", json={
        "current_password": f"wrong-Horse-{i}", "new_password": "another-Plover-88"})
        for i in range(10)]
    statuses = [a.status_code for a in answers]
    assert statuses[:5] == [422] * 5 and 429 in statuses[5:] and set(statuses) <= {422, 429}, statuses
    refused = answers[statuses.index(429)]
    assert int(refused.headers["Retry-After"]) >= 1
    Client(guarded, guarded_admin.contract).login(who["email"], PASSWORD)


# A camera's socket that never stops sending

PING, BINARY = 9, 2


def frame(kind, data=b""):
    assert len(data) < 126
    return struct.pack("BB", 0x80 | kind, 0x80 | len(data)) + bytes(4) + data


@contextlib.contextmanager
def camera(room):
    with connect(room.trainer.server) as sock:
        sock.sendall((f"GET {room.path}/attendance/stream HTTP/1.1\r\nHost: x\r\n"
                      f"Authorization: {room.trainer.session.headers['Authorization']}\r\n"
                      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                      f"Sec-WebSocket-Key: {base64.b64encode(secrets.token_bytes(16)).decode()}"
                      "\r\n\r\n").encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            piece = sock.recv(1)
            assert piece, head
            head += piece
        assert head.startswith(b"HTTP/1.1 101 "), head
        yield sock


def resident_mb(server):
    with open(f"/proc/{server.process.pid}/status", encoding="ascii") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1]) // 1024


@pytest.mark.parametrize("reads", [True, False], ids=["reads-answers", "reads-nothing"])
def test_flooding_socket_does_not_stop_others(server, open_class, reads):
    over = threading.Event()
    before = resident_mb(server)

    def flood(sock):
        data = frame(PING) * 5000 + frame(BINARY, b"\0\0\0\1x") * 500
        with contextlib.suppress(OSError):
            while not over.is_set():
                sock.sendall(data)

    def drain(sock):
        with contextlib.suppress(OSError):
            while not over.is_set() and sock.recv(1 << 16):
                pass

    with camera(open_class) as one, camera(open_class) as two:
        threads = [threading.Thread(target=what, args=(sock,), daemon=True) for sock in (one, two)
                   for what in ((flood, drain) if reads else (flood,))]
        for t in threads:
            t.start()
        try:
            time.sleep(1)
            for _ in range(3):  # the socket's timeout is the limit
                with camera(open_class) as quiet:
                    quiet.sendall(frame(BINARY, b"\0\0\0\7junk"))
                    answer = b""
                    while b'"frame":7' not in answer:
                        piece = quiet.recv(4096)
                        assert piece, answer
                        answer += piece
            if SLOW == 1:
                assert resident_mb(server) - before < 200
        finally:
            over.set()
            for sock in (one, two):
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)
            for t in threads:
                t.join(10)


# Consent

def test_student_cannot_sign_for_the_guardian(admin, api, student):
    """Nor can a minor with a guardian's name."""
    young = Classroom(admin, api, n=0).make.student(account=True, email=mail("young"),
                                                    birth_date="2016-03-01")
    child = api.login(young["email"], "seven-Teal-otters")
    for who, number in ((child, young["id"]), (student, student.account["student_id"])):
        path = f"/api/v1/students/{number}/consent"
        words = {"given_by": "guardian", "given_by_name": "Nadia Alaoui", "text_version": "2026-11",
                 "locale": "fr"}
        assert set(problem(who.put(path, json=words), 422, "invalid")) == {"/given_by"}
        assert body_of(who.get(path))["state"] == "none"


@contextlib.contextmanager
def writes_held_up(server, student_id):
    """Whoever would change this student waits."""
    if ENGINE == "sqlite":
        with contextlib.closing(sqlite3.connect(f"{server.options['data_dir']}/smartpresence.db",
                                                isolation_level=None)) as db:
            db.execute("BEGIN IMMEDIATE")
            yield
            db.execute("ROLLBACK")
        return
    with subprocess.Popen(["psql", "-qAt", "-d", server.options["database_url"]],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as psql:
        psql.stdin.write(f"BEGIN; SELECT id FROM student WHERE id = {student_id}"
                         " FOR NO KEY UPDATE;\n")
        psql.stdin.flush()
        assert psql.stdout.readline().strip() == str(student_id)
        yield
        psql.stdin.close()


def patiently(call, *args, **more):
    """Asks again when it had to wait too long for its turn: on a slow machine the hold-up lasts."""
    for _ in range(5):
        answer = call(*args, **more)
        if answer.status_code != 503:
            break
    return answer


def test_consent_withdrawn_while_enrolling(server, classroom):
    """Whichever comes first: who has withdrawn is not enrolled."""
    student = classroom.students[0]["id"]
    photo = portrait(portraits()[5]["id"])
    body_of(classroom.consent(0))
    with concurrent.futures.ThreadPoolExecutor(2) as both:
        with writes_held_up(server, student):
            enrolled = both.submit(patiently, classroom.send_photos, 0, photo, accept_duplicate="true")
            time.sleep(1)
            withdrawn = both.submit(patiently, classroom.admin.delete, f"/api/v1/students/{student}/consent")
            time.sleep(0.5)
        assert withdrawn.result().status_code == 204
        assert enrolled.result().status_code in (201, 403, 409)
    assert body_of(classroom.admin.get(f"/api/v1/students/{student}/enrolment"))["templates"] == []


# Long lists

def test_groups_of_a_long_page_of_sessions(admin, api):
    """Each session with its own groups; nothing is read of the sessions between them."""
    room = Classroom(admin, api, n=0)
    others = [room.make.group() for _ in range(2)]
    module = room.make.module()["id"]
    expected = {room.session["id"]: {room.group["id"]}}
    for i in range(103):
        groups = [room.group, *others][:1 + i % 3]
        made = room.make.session(room.trainer_row, groups, module_id=module)
        expected[made["id"]] = {g["id"] for g in groups}
    items = body_of(room.trainer.get("/api/v1/sessions", params={"limit": 200}))["items"]
    assert {s["id"]: set(s["group_ids"]) for s in items} == expected
    assert all(len(s["group_names"]) == len(s["group_ids"]) for s in items)

# SPDX-License-Identifier: MIT
"""Everything at once for some seconds: marks, reads, faces, live streams that come and go. It is
also what gives the sanitizer builds something to see (Server.stop looks at what they say)."""
import asyncio
import collections
import contextlib
import os
import random
import secrets
import socket
import struct
import threading
import time

import pytest
import websockets

from chaos import IDS, check_chain, check_database, memory_kb, register, school
from classroom import another_photo, portrait, scene
from client import Client
from factories import body_of
from ledger import check_holds
from own import running, wait_until
from server import SLOW

MB = 1024
MIXED, STREAMS, CAMERAS = 8, 2, 2
SECONDS = float(os.environ.get("SP_TEST_STRESS_SECONDS") or 6)
# What may be said to a request that comes when the server is full, and nothing else.
BUSY = {"/problems/busy"}


class Load:
    """Threads that go on until `end` is set; what was answered, counted."""

    def __init__(self, room, seed):
        self.room, self.server = room, room.trainer.server
        self.end = threading.Event()
        self.lock = threading.Lock()
        self.answers = collections.Counter()
        self.odd, self.events, self.frames = [], 0, 0
        self.threads = []
        for work, count in ((self.mix, MIXED), (self.follow, STREAMS), (self.film, CAMERAS)):
            for n in range(count):
                name = f"{work.__name__}-{n}"
                self.threads.append(threading.Thread(
                    target=self.guard, args=(work, random.Random(f"{seed}-{name}")), name=name,
                    daemon=True))

    def __enter__(self):
        for t in self.threads:
            t.start()
        return self

    def __exit__(self, *_):
        self.finish()

    def is_enough(self):
        return (self.answers[200] > 50 and self.answers[201] > 0 and self.events > 10
                and self.frames > 3)

    def finish(self):
        self.end.set()
        for t in self.threads:
            t.join(60 * SLOW)
            assert not t.is_alive(), f"{t.name} got no answer"

    def guard(self, work, dice):
        try:
            work(dice)
        except Exception as trouble:  # a thread's failure is the test's
            if not self.end.is_set():
                self.odd.append(f"{threading.current_thread().name}: {trouble!r}")

    def note(self, what, answer):
        with self.lock:
            self.answers[answer.status_code] += 1
        if answer.status_code >= 500:
            kind = answer.json()["type"]
            if answer.status_code != 503 or kind not in BUSY:
                self.odd.append(f"{what}: {answer.status_code} {answer.text}")

    def client_of(self, other):
        mine = Client(self.server, other.contract, account=other.account)
        mine.session.headers.update(other.session.headers)
        return mine

    # Requests of all kinds, good and bad.
    def mix(self, dice):
        trainer, admin = self.client_of(self.room.trainer), self.client_of(self.room.admin)
        kinds = [self.mark, self.mark, self.read, self.read, self.face, self.undo, self.make,
                 self.nonsense, self.people]
        while not self.end.is_set():
            kind = dice.choice(kinds)
            self.note(kind.__name__, kind(dice, trainer, admin))

    def student(self, dice):
        return self.room.students[dice.randrange(len(self.room.students))]["id"]

    def mark(self, dice, trainer, _):
        return trainer.put(f"{self.room.path}/attendance/{self.student(dice)}", json={
            "status": dice.choice(("present", "late", "absent")), "note": str(dice.random())})

    def undo(self, dice, trainer, _):
        return trainer.post(f"{self.room.path}/attendance/{self.student(dice)}/undo",
                            headers={"Idempotency-Key": secrets.token_hex(4)})

    def read(self, dice, trainer, admin):
        path = dice.choice((self.room.path, self.room.path + "/register", "/api/v1/sessions",
                            f"{self.room.path}/attendance/{self.student(dice)}/events"))
        return dice.choice((trainer, admin)).get(path)

    def people(self, dice, _, admin):
        path = dice.choice(("/api/v1/students?limit=2", "/api/v1/students?q=s", "/api/v1/system",
                            "/api/v1/trainers", "/openapi.json", "/", "/readyz", "/metrics"))
        return admin.get(path, headers={"Accept-Encoding": dice.choice(("gzip", "br", ""))})

    def make(self, dice, _, admin):
        key = dice.choice(("one", "two", secrets.token_hex(4)))
        code = {"one": "R1", "two": "R2"}.get(key, "R" + key)
        return admin.post("/api/v1/rooms", json={"code": code, "name": "Room"},
                          headers={"Idempotency-Key": key})

    def face(self, dice, trainer, admin):
        photo = dice.choice((another_photo(IDS[0], 1), another_photo(IDS[1], 1), portrait("s01"),
                             scene(tuple(IDS[:3])), b"no picture"))
        if dice.random() < 0.3:
            return admin.post(f"/api/v1/students/{self.room.students[0]['id']}/enrolment/check",
                              files={"photo": ("a.jpg", photo, "image/jpeg")})
        return self.room.show(photo, client=trainer)

    def nonsense(self, dice, trainer, _):
        path = f"{self.room.path}/attendance/{self.student(dice)}"
        what = dice.randrange(4)
        if what == 0:
            return trainer.put(path, data=b"{" * 2000, headers={"Content-Type": "application/json"})
        if what == 1:
            return trainer.get("/api/v1/students/999999999")
        if what == 2:
            return trainer.post("/api/v1/rooms", json={"code": 1})
        return trainer.post(self.room.path + "/attendance/face", data=b"--x\r\n", headers={
            "Content-Type": "multipart/form-data; boundary=x"})

    # A page that follows what happens, and is closed without a word.
    def follow(self, dice):
        while not self.end.is_set():
            with socket.create_connection(("127.0.0.1", self.server.port), 30 * SLOW) as wire:
                token = self.room.trainer.session.headers["Authorization"]
                wire.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n"
                             f"Last-Event-ID: {dice.randrange(20)}\r\n\r\n".encode())
                until = time.monotonic() + dice.uniform(0.05, 1)
                wire.settimeout(0.2)
                while time.monotonic() < until:
                    with contextlib.suppress(socket.timeout):
                        data = wire.recv(65536)
                        if not data:
                            break
                        self.events += data.count(b"\nevent:")
                if dice.random() < 0.5:  # a reset instead of an end
                    wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    # A camera that sends more than is looked at, and goes away with or without a good-bye.
    def film(self, dice):
        while not self.end.is_set():
            asyncio.run(self.film_once(dice))

    async def film_once(self, dice):
        url = self.server.url.replace("http", "ws", 1) + self.room.path + "/attendance/stream"
        headers = {"Authorization": self.room.trainer.session.headers["Authorization"]}
        photo = another_photo(IDS[2], 1)
        async with websockets.connect(url, extra_headers=headers, open_timeout=60 * SLOW) as wire:
            for n in range(dice.randrange(1, 8)):
                await wire.send(struct.pack(">I", n) + dice.choice((photo, b"junk")))
                if dice.random() < 0.6:
                    await asyncio.wait_for(wire.recv(), 30 * SLOW)
                    self.frames += 1
            if dice.random() < 0.5:
                wire.transport.abort()


def open_files(server):
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))


def figure(server, name):
    for line in server.raw("GET", "/metrics").text.splitlines():
        if line.startswith(name + " "):
            return float(line.split()[1])
    raise KeyError(name)


def test_everything_at_once(contract):
    with running() as server:
        room = school(server, contract, n=8).open()
        files = open_files(server)
        # Caches fill, threads get their nets and allocator pools: that growth is not a leak.
        with Load(room, 1) as load:
            time.sleep(SECONDS / 2)
        warm = memory_kb(server)
        with Load(room, 2) as load:
            time.sleep(SECONDS)
            # A slow machine does as much, later.
            wait_until(load.is_enough, 60)
        print(dict(load.answers), load.events, "events", load.frames, "frames")
        assert load.odd == []
        assert load.is_enough()
        assert load.answers[503] <= sum(load.answers.values()) / 10

        # Whoever left has left nothing behind.
        assert wait_until(lambda: open_files(server) <= files + 16), open_files(server)
        assert wait_until(lambda: figure(server, "smartpresence_camera_streams") == 0)
        if SLOW == 1:
            assert memory_kb(server) - warm < 48 * MB
        for i in range(8):
            log, _ = check_chain(room, i)
            assert len({e["id"] for e in log}) == len(log)
        assert body_of(room.move("close"))["unmarked"] == 0
        check_database(server)
        check_holds(server)
        server.stop()


@pytest.mark.parametrize("seed", range(3, 5))
def test_stopped_under_load(contract, seed):
    """SIGTERM in the middle: what runs is finished, the end is clean, and all of it is there."""
    with running() as server:
        room = school(server, contract, n=8).open()
        load = Load(room, seed)
        with load:
            time.sleep(1 + random.Random(seed).random())
            assert wait_until(lambda: load.answers[200] > 0, 60)
            assert load.odd == []
            load.end.set()  # from now on a refused connection is no failure
            began = time.monotonic()
            server.stop()
            assert time.monotonic() - began < 45 * SLOW
        assert load.answers[200] > 0
        server.start()
        assert len(register(room)["records"]) == 8
        for i in range(8):
            check_chain(room, i)
        check_database(server)
        check_holds(server)

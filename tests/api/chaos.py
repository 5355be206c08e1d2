# SPDX-License-Identifier: MIT
"""What the tests of crashes, full disks and lost databases share: callers in threads that keep
what was acknowledged, and a look at a running process."""
import contextlib
import os
import pathlib
import secrets
import sqlite3
import threading

import requests

from classroom import Classroom, another_photo, portrait, portraits
from client import Client
from factories import body_of
from own import ADMIN, PASSWORD
from server import ENGINE, psql

IDS = [row["id"] for row in portraits()]
ENROLLED = 3


def school(server, contract, n=8, enrolled=ENROLLED):
    """A class on a server of the test's own; its first students can be recognised."""
    api = Client(server, contract)
    room = Classroom(api.login(ADMIN, PASSWORD), api, n=n)
    for i in range(enrolled):
        body_of(room.enrol(i, portrait(IDS[i]), accept_duplicate="true"), 201)
    return room


def entries(room, i):
    path = f"{room.path}/attendance/{room.students[i]['id']}/events"
    return body_of(room.trainer.get(path))["items"]


def register(room):
    return body_of(room.trainer.get(room.path + "/register"))


def check_chain(room, i):
    """The events of a student follow from each other and end in what the record says."""
    log, record = entries(room, i), room.record(i)
    before = "unmarked"
    for entry in log:
        assert entry["status_before"] == before, log
        before = entry["status_after"]
    assert record["status"] == before, (record, log)
    return log, record


def database_file(server):
    found = list(pathlib.Path(server.options["data_dir"]).glob("*.db"))
    assert len(found) == 1, found
    return found[0]


def check_database(server):
    """SQLite's own opinion of its file; PostgreSQL has no such question."""
    if ENGINE != "sqlite":
        return
    path = f"file:{database_file(server)}?mode=ro"
    with contextlib.closing(sqlite3.connect(path, uri=True)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        twice = db.execute("SELECT session_id, student_id FROM attendance_record"
                           " GROUP BY 1, 2 HAVING count(*) > 1").fetchall()
        assert twice == []


class Sender(threading.Thread):
    """Sends one request after the other until one is not answered; `steps` yields
    (what, method, path, arguments), each with an Idempotency-Key of its own."""

    def __init__(self, room, steps):
        super().__init__(daemon=True)
        self.client = Client(room.trainer.server, room.trainer.contract, account={})
        self.client.session.headers.update(room.trainer.session.headers)
        self.steps = steps
        self.acknowledged, self.refused, self.lost = [], [], None
        self.start()

    def send(self, step):
        _, method, path, more = step
        return self.client.request(method, path, **more)

    def run(self):
        for what, method, path, more in self.steps:
            more = {**more, "headers": {"Idempotency-Key": secrets.token_hex(8)}}
            step = (what, method, path, more)
            try:
                answer = self.send(step)
            except requests.RequestException:
                self.lost = step
                return
            (self.acknowledged if answer.ok else self.refused).append((what, answer))


def hand_marks(room, students, tag):
    """Marks without end; the note tells each from all others."""
    n = 0
    while True:
        for i in students:
            n += 1
            status = ("present", "late", "absent", "excused")[n % 4]
            note = f"{tag}-{n}"
            yield ((i, note), "PUT", f"{room.path}/attendance/{room.students[i]['id']}",
                   {"json": {"status": status, "note": note}})


def face_marks(room, students, seeds=range(1, 4)):
    while True:
        for seed in seeds:
            for i in students:
                photo = another_photo(IDS[i], seed)
                yield ((i, "face"), "POST", room.path + "/attendance/face",
                       {"files": {"photo": ("frame.jpg", photo, "image/jpeg")}})


def memory_kb(server, key="VmRSS"):
    for line in pathlib.Path(f"/proc/{server.process.pid}/status").read_text().splitlines():
        if line.startswith(key + ":"):
            return int(line.split()[1])
    raise KeyError(key)


def cpu_s(server):
    """What the process has worked: unlike the clock, no other program disturbs it."""
    stat = pathlib.Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")


def forget_peak(server):
    """VmHWM begins anew with what the process has now."""
    pathlib.Path(f"/proc/{server.process.pid}/clear_refs").write_text("5")


def peak_growth_kb(server, work, most):
    """How much more memory than before the process had at once while `work` ran. Its jobs come once a
    minute, and give back what is free: when it is more than `most`, it is measured again, twice."""
    for _ in range(3):
        forget_peak(server)
        before = memory_kb(server)
        work()
        grown = memory_kb(server, "VmHWM") - before
        if grown < most:
            break
    return grown


def sql(server, statement):
    """Changes the database behind the server's back."""
    if ENGINE == "sqlite":
        with contextlib.closing(sqlite3.connect(database_file(server), timeout=10)) as db:
            db.executescript(statement)
    else:
        psql(server.options["database_url"], statement)

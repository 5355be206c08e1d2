# SPDX-License-Identifier: MIT
"""A full disk: writing is refused with 507, reading goes on, and nothing has to be restarted."""
import contextlib
import pathlib
import resource
import subprocess
import tempfile

import pytest

from chaos import check_chain, check_database, hand_marks, memory_kb, register, school, sql
from classroom import portrait
from factories import body_of, problem
from own import running
from server import ENGINE, SLOW

NO_LIMIT = resource.RLIM_INFINITY
TABLES = ("account", "attendance_event", "event", "face_template", "idempotency", "login", "room",
          "student")


class FileLimit:
    """No file of the process may grow any more: needs no rights and works on every machine."""

    def __init__(self, server):
        self.server = server

    def fill(self):
        data = pathlib.Path(self.server.options["data_dir"])
        largest = max(f.stat().st_size for f in data.iterdir())
        self.limit(largest + 8192)

    def limit(self, size):
        resource.prlimit(self.server.process.pid, resource.RLIMIT_FSIZE, (size, NO_LIMIT))

    def empty(self):
        if self.server.process:
            self.limit(NO_LIMIT)


class SmallDisk:
    """A file system in memory, filled by a file of ours; mounting is for root."""

    def __init__(self, server):
        self.ballast = pathlib.Path(server.options["data_dir"]) / "ballast"

    def fill(self):
        with contextlib.suppress(OSError), open(self.ballast, "wb", buffering=0) as f:
            while True:
                f.write(bytes(4096))

    def empty(self):
        self.ballast.unlink()


class FullTables:
    """PostgreSQL's own answer to a full disk (53100), given by triggers: a really full one under
    the write-ahead log stops the cluster, which test_database_gone.py covers."""

    def __init__(self, server):
        self.server = server

    def fill(self):
        sql(self.server, "CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS $$"
            " BEGIN RAISE EXCEPTION USING ERRCODE = '53100', MESSAGE = 'no space left'; END $$;"
            + "".join(f"CREATE TRIGGER full_{t} BEFORE INSERT OR UPDATE ON {t}"
                      " EXECUTE FUNCTION disk_is_full();" for t in TABLES))

    def empty(self):
        sql(self.server, "DROP FUNCTION disk_is_full() CASCADE")


def mount(folder):
    return subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "smartpresence-test", folder],
                          capture_output=True, check=False).returncode == 0


def unmount(folder):
    subprocess.run(["umount", folder], check=True)


def can_mount():
    with tempfile.TemporaryDirectory() as folder:
        if not mount(folder):
            return False
        unmount(folder)
    return True


if ENGINE == "postgres":
    DISKS = [FullTables]
else:
    DISKS = [FileLimit] + ([SmallDisk] if can_mount() else [])


@contextlib.contextmanager
def data_folder(kind):
    with tempfile.TemporaryDirectory(prefix="sp-disk-") as folder:
        if kind is not SmallDisk:
            yield {}
            return
        assert mount(folder)
        try:
            yield {"data_dir": folder}
        finally:
            unmount(folder)


@pytest.fixture(params=DISKS, ids=lambda d: d.__name__)
def full(request, contract):
    """(a class on a disk of its own, the disk)"""
    with data_folder(request.param) as options, running(**options) as server:
        room = school(server, contract, n=4, enrolled=2)
        yield room.open(), request.param(server)


def mark_until_full(room):
    """Marks one after the other: those acknowledged before the first refusal."""
    done = []
    for (i, note), _, path, more in hand_marks(room, range(4), "full"):
        answer = room.trainer.put(path, **more)
        if not answer.ok:
            problem(answer, 507, "storage-full")
            return done
        done.append((i, note))
        assert len(done) < 3000, "the disk did not fill"
    return done


def check_marks(room, marks):
    for i in range(4):
        notes = [entry["note"] for entry in check_chain(room, i)[0]]
        assert notes == [note for k, note in marks if k == i]


def test_a_full_disk_stops_writing_only(full):
    room, disk = full
    disk.fill()
    try:
        done = mark_until_full(room)
        for n in range(5):
            problem(room.mark(n % 4, "late", note="too much"), 507, "storage-full")
        # What is smaller than a mark may fit a few times more.
        answers = [room.admin.post("/api/v1/rooms", json={"code": f"R{n}", "name": "x" * 200})
                   for n in range(60)]
        problem(answers[-1], 507, "storage-full")
        problem(room.send_photos(2, portrait("p03")), 409, "consent-required")
        assert room.consent(2).status_code in (200, 507)
        check_marks(room, done)
        assert len(register(room)["records"]) == 4
        assert room.trainer.server.raw("GET", "/healthz").status_code == 200
        ready = room.trainer.server.raw("GET", "/readyz")
        assert ready.status_code == 200 and ready.json()["database"]["ok"]
    finally:
        disk.empty()
    record = body_of(room.mark(0, "excused", note="space again"))
    assert record["note"] == "space again"
    check_marks(room, [*done, (0, "space again")])
    body_of(room.admin.post("/api/v1/rooms", json={"code": "R99", "name": "x" * 200}), 201)
    body_of(room.move("close"))
    check_database(room.trainer.server)


def test_many_at_once_on_a_full_disk(full):
    """Refused writers give everything back: no lock, no connection and no memory is left behind."""
    room, disk = full
    disk.fill()
    try:
        done = mark_until_full(room)
        before = memory_kb(room.trainer.server)
        for n in range(300):
            problem(room.mark(n % 4, "late", note="too much"), 507, "storage-full")
        if SLOW == 1:  # AddressSanitizer keeps what was freed
            assert memory_kb(room.trainer.server) - before < 20 * 1024
    finally:
        disk.empty()
    check_marks(room, done)
    body_of(room.mark(1, "present", note="again"))


def test_killed_on_a_full_disk(full):
    room, disk = full
    server = room.trainer.server
    disk.fill()
    try:
        done = mark_until_full(room)
        server.kill()
    finally:
        disk.empty()
    server.start()
    check_marks(room, done)
    check_database(server)
    body_of(room.mark(1, "present", note="again"))


def test_a_face_on_a_full_disk(full):
    room, disk = full
    disk.fill()
    try:
        done = mark_until_full(room)
        # A face is written down also where a person's word stands.
        problem(room.show(portrait("p01")), 507, "storage-full")
    finally:
        disk.empty()
    check_marks(room, done)
    assert body_of(room.show(portrait("p01")))["faces"][0]["outcome"]["student_id"] == room.students[0]["id"]

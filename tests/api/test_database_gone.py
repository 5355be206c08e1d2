# SPDX-License-Identifier: MIT
"""The database goes away and comes back: 503 meanwhile, and nothing has to be started anew."""
import contextlib
import os
import shutil
import subprocess
import tempfile
import threading
import time

from chaos import Sender, check_chain, database_file, hand_marks, school
from classroom import portrait
from factories import body_of, problem
from own import running, wait_until
from server import ENGINE, ROOT, SLOW, psql
from test_events import OF_MARKS, Stream

PG = ROOT / "tests" / "pg.sh"


def check_away(room):
    """Every kind of request says that it is the database, and when to ask again."""
    server = room.trainer.server
    for answer in (room.trainer.get(room.path), room.mark(0, "present"),
                   room.admin.post("/api/v1/rooms", json={"code": "R1", "name": "One"}),
                   room.trainer.get("/api/v1/me"),
                   room.admin.post("/api/v1/auth/login", json={
                       "email": "admin@school.example", "password": "whatever it is"})):
        problem(answer, 503, "database-unavailable")
        assert int(answer.headers["Retry-After"]) >= 1
        assert "127.0.0.1" not in answer.text and "sp_" not in answer.text
    assert server.raw("GET", "/healthz").status_code == 200
    ready = server.raw("GET", "/readyz")
    assert ready.status_code == 503
    assert ready.json()["status"] == "unavailable" and not ready.json()["database"]["ok"]
    assert server.raw("GET", "/openapi.json").status_code == 200


def is_ready(server):
    return server.raw("GET", "/readyz").status_code == 200


if ENGINE == "sqlite":

    def test_a_file_moved_away(contract):
        with running() as server:
            path = database_file(server)
            away = path.with_suffix(".away")
            assert is_ready(server)
            path.rename(away)
            assert server.raw("GET", "/healthz").status_code == 200
            ready = server.raw("GET", "/readyz")
            assert ready.status_code == 503 and not ready.json()["database"]["ok"]
            assert str(path) not in ready.text
            away.rename(path)
            assert is_ready(server)
            body_of(school(server, contract, n=1, enrolled=0).move("open"))

else:

    class Cluster:
        """A PostgreSQL of the test's own, to be stopped at will."""

        def __init__(self):
            self.folder = tempfile.mkdtemp(prefix="sp-gone-")
            self.url = self.do("start")
            # pg.sh trades what was committed last for speed; here it counts.
            psql(self.url, "ALTER DATABASE smartpresence SET synchronous_commit = on")

        def do(self, what):
            # A started server keeps whatever it inherits open: a pipe would never end.
            with open(os.path.join(self.folder, "said"), "w+", encoding="utf-8") as said:
                subprocess.run([str(PG), what, self.folder], stdout=said, check=True)
                said.seek(0)
                return said.read().strip()

    @contextlib.contextmanager
    def cluster():
        own = Cluster()
        try:
            yield own
        finally:
            own.do("remove")
            shutil.rmtree(own.folder, ignore_errors=True)

    def test_away_and_back(contract):
        with cluster() as db, running(database_url=db.url) as server:
            room = school(server, contract, n=4).open()
            stream = Stream(room.trainer)
            body_of(room.mark(0, "present"))
            last = stream.named(OF_MARKS, 2)[-1][0]

            db.do("stop")
            check_away(room)
            check_away(room)  # nor does it recover by itself, or run out of anything

            db.do("start")
            assert wait_until(lambda: is_ready(server))
            # The same access tokens, the same login, the same stream.
            body_of(room.mark(1, "late"))
            told = stream.named(OF_MARKS, 4)
            assert [name for _, name, _ in told[2:]] == ["attendance.marked", "session.changed"]
            resumed = Stream(room.trainer, last=last)
            assert resumed.named(OF_MARKS, 2) == told[2:]
            for s in (stream, resumed):
                s.close()
            body_of(room.show(portrait("p01")))
            assert check_chain(room, 0)[1]["status"] == "present"


    def test_stopped_in_the_middle_of_marking(contract):
        """Every answer is a mark or an honest 503; what was acknowledged is there once."""
        with cluster() as db, running(database_url=db.url) as server:
            room = school(server, contract, n=6, enrolled=0).open()
            gone = threading.Event()
            senders = [Sender(room, until(gone, hand_marks(room, (2 * k, 2 * k + 1), str(k))))
                       for k in range(3)]
            for _ in range(2):
                time.sleep(0.5)
                db.do("stop")
                told = [len(s.refused) for s in senders]
                assert wait_until(lambda t=told: [len(s.refused) for s in senders] > t)
                db.do("start")
            assert wait_until(lambda: is_ready(server))
            time.sleep(0.3)
            gone.set()
            for s in senders:
                s.join(60 * SLOW)
                assert not s.is_alive() and s.lost is None
                assert {a.json()["type"] for _, a in s.refused} <= {
                    "/problems/database-unavailable", "/problems/busy"}
            assert sum(len(s.refused) for s in senders) > 0
            count(room, senders)

    def until(gone, steps):
        for step in steps:
            if gone.is_set():
                return
            yield step

    def count(room, senders):
        notes = {i: [e["note"] for e in check_chain(room, i)[0]] for i in range(6)}
        for s in senders:
            for (i, note), _ in s.acknowledged:
                assert notes[i].count(note) == 1
            # A commit whose answer was lost may have been carried out, once.
            for (i, note), _ in s.refused:
                assert notes[i].count(note) <= 1

    def test_started_without_a_database(contract):
        """Nothing to serve from: an end with a reason, without the password."""
        with cluster() as db, running(database_url=db.url) as server:
            server.stop()
            db.do("stop")
            server.launch()
            assert server.process.wait(30 * SLOW) != 0
            server.process = None
            assert "the database cannot be reached" in server.log()
            assert db.url.split(":")[2].split("@")[0] not in server.log()
            db.do("start")
            server.start()
            assert is_ready(server) and contract

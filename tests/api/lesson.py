# SPDX-License-Identifier: MIT
"""A lesson at eight on a server whose clock the test moves: a trainer, an open register, students."""
import datetime

import pytest

from client import Client
from clock import ClockedServer
from factories import PASSWORD as OTHERS
from factories import Make, body_of
from own import ADMIN, PASSWORD

START = datetime.datetime(2026, 9, 14, 8, 0, 1, tzinfo=datetime.timezone.utc)


def moment(**more):
    """RFC 3339 of so long after the start, to the millisecond, as the server writes it."""
    when = START + datetime.timedelta(**more)
    return when.strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03}Z"


@pytest.fixture(scope="module")
def school():
    """Behind a proxy that says who calls."""
    server = ClockedServer(START, trusted_proxies="127.0.0.1", access_token_min=60,
                           public_url="https://presence.school.example/")
    try:
        server.run("create-admin", "--email", ADMIN, "--name", "Ada Admin", text=PASSWORD + "\n")
        yield server.start()
    finally:
        server.close()


@pytest.fixture(scope="module")
def head(school, contract):
    school.at(START)
    return Client(school, contract).login(ADMIN, PASSWORD)


class Lesson:
    """From 8:00 to 10:00; the students are signed in unless `accounts` says no."""

    def __init__(self, head, n=1, room=None, accounts=True, is_open=True, **more):
        self.server, self.head = head.server, head
        self.anybody = Client(head.server, head.contract)
        self.make = Make(head, self.anybody)
        self.trainer_row = self.make.trainer()
        self.group = self.make.group()
        self.rows = [self.make.student(account=accounts) for _ in range(n)]
        for row in self.rows:
            self.make.member(self.group, row, **{"from": "2020-01-01"})
        begin = START.replace(second=0)
        if room is not None:
            more["room_id"] = self.make.room(**room)["id"]
        self.session = self.new_session(begin, begin + datetime.timedelta(hours=2), **more)
        self.path = f"/api/v1/sessions/{self.session['id']}"
        self.trainer = self.anybody.login(self.trainer_row["email"], OTHERS)
        self.students = [self.anybody.login(row["email"], OTHERS) for row in self.rows if accounts]
        if is_open:
            self.move("open")

    def new_session(self, begin, end, **more):
        return self.make.session(self.trainer_row, [self.group], starts_at=begin.isoformat(),
                                 ends_at=end.isoformat(), **more)

    def move(self, verb, **body):
        return body_of(self.trainer.post(f"{self.path}/{verb}", **({"json": body} if body else {})))

    def code(self):
        return body_of(self.trainer.get(self.path + "/code"))

    def scan(self, token, who=0, headers=None, **more):
        return self.students[who].post("/api/v1/check-ins/code", json={"token": token, **more},
                                       headers=headers or {})

    def pin(self, pin, who=0, **more):
        body = {"session_id": self.session["id"], "pin": pin, **more}
        return self.students[who].post("/api/v1/check-ins/pin", json=body)

    def records(self):
        return body_of(self.trainer.get(self.path + "/register"))["records"]

    def record(self, who=0):
        return next(r for r in self.records() if r["student_id"] == self.rows[who]["id"])

    def events(self, who=0):
        path = f"{self.path}/attendance/{self.rows[who]['id']}/events"
        return body_of(self.trainer.get(path))["items"]

    def wait(self, **more):
        """Moves the clock from the start of the lesson."""
        return self.server.at(START + datetime.timedelta(**more))


@pytest.fixture
def lesson(school, head):
    def begin(**more):
        school.at(START)
        return Lesson(head, **more)
    return begin

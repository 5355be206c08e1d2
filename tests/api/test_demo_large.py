# SPDX-License-Identifier: MIT
"""`smartpresence demo --students N`: a school that holds together, with ledgers that verify."""
import re

import pytest

from clock import ClockedServer
from factories import body_of
from large import TRAINER, large_school, sign_in
from server import Server


@pytest.fixture(scope="module")
def school(contract):
    with large_school(students=120, weeks=2) as server:
        server.admin = sign_in(server, contract)
        yield server


def test_it_says_what_it_made(school):
    sessions, records, events = map(int, re.search(
        r"(\d+) sessions, (\d+) records, (\d+) events", school.printed).groups())
    # Twenty lessons a week for each student, less those that were cancelled; of this week what is past.
    assert 120 * 20 * 2 * 0.9 < records <= 120 * 20 * 3
    assert events > records and sessions > 100
    assert "week 2: " in school.progress


def test_every_ledger_verifies(school):
    said = school.run("ledger", "verify").stdout
    assert re.search(r"\d+", said)


def test_its_people_sign_in_and_see_their_own(school, contract):
    trainer = sign_in(school, contract, TRAINER)
    mine = body_of(trainer.get("/api/v1/sessions?limit=200"))["items"]
    assert mine and {s["trainer_name"] for s in mine} == {trainer.account["name"]}
    student = sign_in(school, contract, "s00007@demo.school")
    assert body_of(student.get("/api/v1/students/7/attendance?limit=5"))["items"]


def test_its_past_raises_no_alerts_until_somebody_asks(school):
    assert body_of(school.admin.get("/api/v1/alerts"))["items"] == []
    body_of(school.admin.post("/api/v1/alerts/refresh"), 204)
    assert len(body_of(school.admin.get("/api/v1/alerts"))["items"]) > 5


def test_nobody_is_in_two_places(school):
    day = body_of(school.admin.get("/api/v1/sessions?limit=200"))["items"]
    for member in ("trainer_id", "room_id"):
        taken = [(s[member], s["starts_at"]) for s in day
                 if s[member] and s["state"] != "cancelled"]
        assert len(taken) == len(set(taken))


def test_a_database_that_is_not_empty_is_refused(school):
    again = school.run("demo", "--students", "50", check=False)
    assert again.returncode == 1 and "not empty" in again.stderr


@pytest.mark.parametrize("arguments", [
    ("--students", "0"), ("--students", "many"), ("--students", "50", "--weeks", "53"),
    ("--weeks", "2"), ("--students", "50", "--portraits", "/tmp"),
])
def test_wrong_use(arguments):
    server = Server(database_url="sqlite::memory:")
    try:
        assert server.run("demo", *arguments, check=False).returncode == 2
    finally:
        server.close()


def test_the_same_seed_makes_the_same_school(contract):
    totals = []
    for seed in ("5", "5", "6"):
        with Made(seed) as server:
            totals.append(server)
    assert totals[0] == totals[1] != totals[2]


class Made:
    """Only the figures that the command prints; at one time of one day, since lessons end meanwhile."""

    def __init__(self, seed):
        self.server = ClockedServer("2026-03-26T10:00:00Z")
        self.seed = seed

    def __enter__(self):
        said = self.server.run("demo", "--students", "30", "--weeks", "1", "--seed", self.seed)
        return said.stdout.splitlines()[0]

    def __exit__(self, *_):
        self.server.close()

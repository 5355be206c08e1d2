# SPDX-License-Identifier: MIT
"""Justifications and the school's clock: a deadline over a change of clocks, a minor who comes of age."""
import time

import pytest

from client import Client, problem
from clock import ClockedServer
from factories import PASSWORD, Make, body_of
from own import ADMIN, PASSWORD as ADMIN_PASSWORD
from server import SLOW

PATH = "/api/v1/justifications"


@pytest.fixture(scope="module")
def paris():
    # Monday, 23:30 in Paris; the clocks went back on Sunday.
    server = ClockedServer("2026-10-26T22:30:00Z", time_zone="Europe/Paris", justify_days=7, info_days=5)
    try:
        server.run("create-admin", "--email", ADMIN, "--name", "Ada Admin", text=ADMIN_PASSWORD + "\n")
        yield server.start()
    finally:
        server.close()


def head(paris, contract):
    """Signed in by the clock of now."""
    anybody = Client(paris, contract)
    admin = anybody.login(ADMIN, ADMIN_PASSWORD)
    return admin, Make(admin, anybody)


def reason(admin):
    return next(r["id"] for r in body_of(admin.get("/api/v1/absence-reasons"))["items"] if r["code"] == "family")


def test_a_day_of_25_hours_is_whole(paris, contract):
    admin, make = head(paris, contract)
    row = make.student(account=True, birth_date="1999-01-02")
    made = body_of(make.api.login(row["email"], PASSWORD).post(PATH, json={
        "from": "2026-10-25", "to": "2026-10-26", "reason_id": reason(admin)}), 201)
    assert not made["partial"]
    assert (made["starts_at"], made["ends_at"]) == ("2026-10-24T22:00:00.000Z", "2026-10-26T23:00:00.000Z")


def test_a_deadline_is_a_local_one(paris, contract):
    admin, make = head(paris, contract)
    row = make.student(account=True, birth_date="1999-01-02")
    student = make.api.login(row["email"], PASSWORD)
    body = {"from": "2026-10-19", "reason_id": reason(admin)}  # ends at midnight; a week later is midnight
    made = body_of(student.post(PATH, json=body), 201)
    assert not made["late"], "half an hour is left: the week had an hour more"
    asked = body_of(admin.put(f"{PATH}/{made['id']}/decision", headers={"If-Match": f'"{made["version"]}"'},
                              json={"decision": "needs_info", "message": "Which bus?"}))
    assert asked["due_at"].startswith("2026-10-31T22:3")
    body_of(student.post(f"{PATH}/{made['id']}/withdraw"))
    paris.at("2026-10-26T23:00:01Z")
    student = make.api.login(row["email"], PASSWORD)
    assert body_of(student.post(PATH, json=body), 201)["late"]


def test_who_comes_of_age_meanwhile_needs_no_signature(paris, contract):
    paris.at("2026-10-27T22:50:00Z")  # ten minutes before the birthday at the school
    admin, make = head(paris, contract)
    row = make.student(account=True, birth_date="2008-10-28")
    guardian = make.guardian(row)
    student = make.api.login(row["email"], PASSWORD)
    announced = {"from": "2026-11-02", "reason_id": reason(admin)}
    made = body_of(student.post(PATH, json=announced), 201)
    assert made["state"] == "awaiting_guardian"
    problem(admin.put(f"{PATH}/{made['id']}/decision", headers={"If-Match": f'"{made["version"]}"'},
                      json={"decision": "approve"}), 409, "conflict")
    paris.stop()
    paris.at("2026-10-27T23:10:00Z")  # the 28th in Paris, the 27th of UTC still
    paris.start()  # the periodic jobs also run at the start
    admin, make = head(paris, contract)
    until = time.monotonic() + 20 * SLOW
    while True:
        now = body_of(admin.get(f"{PATH}/{made['id']}"))
        if now["state"] == "pending" or time.monotonic() > until:
            break
        time.sleep(0.05)
    assert now["state"] == "pending" and not now["guardian_missing"]
    assert now["steps"][-1]["message"] == "the student is of age: no signature is needed"
    mother = make.api.login(guardian["email"], PASSWORD)
    problem(mother.post(f"{PATH}/{made['id']}/sign", json={"statement": "I know of it."}), 409, "conflict")
    done = body_of(admin.put(f"{PATH}/{made['id']}/decision", headers={"If-Match": f'"{now["version"]}"'},
                             json={"decision": "approve"}))
    assert done["state"] == "approved" and done["signed_by"] is None

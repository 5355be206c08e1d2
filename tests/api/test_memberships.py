# SPDX-License-Identifier: MIT
"""Students who change group in mid-term: what was stays, what comes follows."""
import concurrent.futures
import datetime

import pytest

from chaos import sql
from client import Client
from clock import ClockedServer
from factories import PASSWORD as OTHERS
from factories import Make, body_of, field_errors, make, problem, walk, word  # noqa: F401
from own import ADMIN, PASSWORD

# The server's clock: no test sees a midnight.
NOW = datetime.datetime(2026, 11, 18, 10, 0, tzinfo=datetime.timezone.utc)
TODAY = NOW.date()


@pytest.fixture(scope="module")
def api(contract):
    server = ClockedServer(NOW)
    try:
        server.run("create-admin", "--email", ADMIN, "--name", "Ada Admin", text=PASSWORD + "\n")
        yield Client(server.start(), contract)
    finally:
        server.close()


@pytest.fixture(scope="module")
def admin(api):
    return api.login(ADMIN, PASSWORD)


@pytest.fixture(scope="module")
def trainer(admin, api):
    return api.login(Make(admin, api).trainer()["email"], OTHERS)


def day(offset):
    return (TODAY + datetime.timedelta(days=offset)).isoformat()


def move(admin, student, to, on, **more):
    return admin.post(f"/api/v1/students/{student['id']}/move", json={"to_group_id": to["id"], "on": on, **more})


def stays(client, student):
    items = body_of(client.get(f"/api/v1/students/{student['id']}/memberships"))["items"]
    return [(s["group_id"], s["from"], s["to"]) for s in items]


def session_on(make, trainer, groups, offset):
    start = (NOW + datetime.timedelta(days=offset)).replace(hour=10, minute=0, second=0, microsecond=0)
    return make.session(trainer, groups, starts_at=start.isoformat(),
                        ends_at=(start + datetime.timedelta(hours=1)).isoformat())


def expected(admin, session):
    """How many students are: these groups have one at most."""
    return body_of(admin.get(f"/api/v1/sessions/{session['id']}"))["expected"]


def test_sessions_before_the_day_expect_the_student_in_the_old_group(make, admin):
    old, new, student, trainer = make.group(), make.group(), make.student(), make.trainer()
    make.member(old, student, **{"from": day(-60)})
    before = {g["id"]: session_on(make, trainer, [g], -3) for g in (old, new)}
    after = {g["id"]: session_on(make, trainer, [g], 5) for g in (old, new)}
    moved = body_of(move(admin, student, new, day(2)))
    assert moved == {"group_id": new["id"], "student_id": student["id"], "from": day(2), "to": None}
    assert expected(admin, before[old["id"]]) == 1 and expected(admin, before[new["id"]]) == 0
    assert expected(admin, after[old["id"]]) == 0 and expected(admin, after[new["id"]]) == 1
    assert stays(admin, student) == [(new["id"], day(2), None), (old["id"], day(-60), day(2))]
    # The group of today is still the old one.
    assert body_of(admin.get(f"/api/v1/students/{student['id']}"))["group_id"] == old["id"]


def days_of_utc(server, admin, make, old, new, night):
    """What older versions stored begins at midnight of UTC, hours into the day here: it means the day."""
    utc = {d: int(datetime.datetime(2025, 6, d, tzinfo=datetime.timezone.utc).timestamp() * 1000) for d in (1, 12)}

    def stored(student, start, end):
        sql(server, f"UPDATE group_member SET from_day = {start}, to_day = {end} WHERE student_id = {student['id']}")

    back, moved, joined = (make.student() for _ in range(3))
    for student in (back, moved, joined):
        make.member(old, student, **{"from": "2025-06-01"})
    for student in (back, moved):
        stored(student, utc[1], utc[12])
    stored(joined, utc[12], "NULL")
    gone = f"/api/v1/groups/{old['id']}/students/{back['id']}"
    problem(admin.delete(gone), 404, "not-found")
    # Who left today comes back today, and counts once in the hours between the midnights.
    assert make.member(old, back)["from"] == "2025-06-12"
    assert body_of(move(admin, moved, old, "2025-06-12"))["from"] == "2025-06-12"
    for student in (back, moved):
        assert stays(admin, student) == [(old["id"], "2025-06-12", None), (old["id"], "2025-06-01", "2025-06-12")]
    end = (datetime.datetime.fromisoformat(night[:-1]) + datetime.timedelta(minutes=5)).isoformat() + "Z"
    assert expected(admin, make.session(make.trainer(), [old], starts_at=night, ends_at=end)) == 2
    # Who joined today and moves today was never there.
    assert body_of(move(admin, joined, new, "2025-06-12"))["from"] == "2025-06-12"
    assert stays(admin, joined) == [(new["id"], "2025-06-12", None)]


@pytest.mark.parametrize("zone,day_before,first,later", [
    # 12 June begins at 23:00 and at 18:15 of the 11th UTC.
    ("Africa/Casablanca", "2025-06-11T22:30:00Z", "2025-06-11T23:30:00Z", "2025-06-12T00:30:00Z"),
    ("Asia/Kathmandu", "2025-06-11T18:00:00Z", "2025-06-11T18:30:00Z", "2025-06-12T00:30:00Z"),
])
def test_days_are_those_of_the_school(zone, day_before, first, later, contract):
    server = ClockedServer(day_before, time_zone=zone, access_token_min=60)
    try:
        server.run("create-admin", "--email", ADMIN, "--name", "Ada Admin", text=PASSWORD + "\n")
        admin = Client(server.start(), contract).login(ADMIN, PASSWORD)
        make = Make(admin, admin)
        old, new, student, trainer = make.group(), make.group(), make.student(), make.trainer()
        make.member(old, student)
        assert stays(admin, student) == [(old["id"], "2025-06-11", None)]
        assert body_of(move(admin, student, new, "2025-06-12"))["from"] == "2025-06-12"
        at = {}
        for start in (day_before, first, later):
            end = (datetime.datetime.fromisoformat(start[:-1]) + datetime.timedelta(minutes=20)).isoformat() + "Z"
            at[start] = [expected(admin, make.session(trainer, [g], starts_at=start, ends_at=end)) for g in (old, new)]
        assert at == {day_before: [1, 0], first: [0, 1], later: [0, 1]}
        assert body_of(admin.get(f"/api/v1/students/{student['id']}"))["group_id"] == old["id"]
        server.at(first)
        admin = admin.login(ADMIN, PASSWORD)  # the token was for an hour
        make = Make(admin, admin)
        assert body_of(admin.get(f"/api/v1/students/{student['id']}"))["group_id"] == new["id"]
        assert [body_of(admin.get(f"/api/v1/groups/{g['id']}"))["student_count"] for g in (old, new)] == [0, 1]
        # Who joins at half past midnight joins today, and one that begins today is forgotten.
        assert make.member(old, student)["from"] == "2025-06-12"
        assert admin.delete(f"/api/v1/groups/{old['id']}/students/{student['id']}").status_code == 204
        assert stays(admin, student) == [(new["id"], "2025-06-12", None), (old["id"], "2025-06-11", "2025-06-12")]
        days_of_utc(server, admin, make, old, new, first)
    finally:
        server.close()


def test_nobody_moves_to_a_day_before_a_register(make, admin):
    old, new, student, trainer = make.group(), make.group(), make.student(), make.trainer()
    make.member(old, student, **{"from": day(-60)})
    start = NOW + datetime.timedelta(minutes=5)
    session = make.session(trainer, [old], starts_at=start.isoformat(),
                           ends_at=(start + datetime.timedelta(hours=1)).isoformat())
    assert admin.post(f"/api/v1/sessions/{session['id']}/open").status_code == 200
    on = start.date()
    assert field_errors(move(admin, student, new, on.isoformat()), 409) == {"/on": "min"}
    assert field_errors(move(admin, student, new, day(-20)), 409) == {"/on": "min"}
    assert expected(admin, session) == 1
    assert stays(admin, student) == [(old["id"], day(-60), None)]
    body_of(move(admin, student, new, (on + datetime.timedelta(days=1)).isoformat()))
    assert expected(admin, session) == 1


def test_a_past_day_without_registers_is_fine(make, admin):
    old, new, student = make.group(), make.group(), make.student()
    make.member(old, student, **{"from": day(-60)})
    body_of(move(admin, student, new, day(-10), from_group_id=old["id"]))
    assert stays(admin, student) == [(new["id"], day(-10), None), (old["id"], day(-60), day(-10))]
    assert body_of(admin.get(f"/api/v1/students/{student['id']}"))["group_id"] == new["id"]


def test_who_left_before_the_closing_gets_no_absence(make, admin):
    group, trainer = make.group(), make.trainer()
    stays_in, left, archived = (make.student() for _ in range(3))
    for student in (stays_in, left, archived):
        make.member(group, student, **{"from": day(-60)})
    start = NOW + datetime.timedelta(minutes=5)
    session = make.session(trainer, [group], starts_at=start.isoformat(),
                           ends_at=(start + datetime.timedelta(hours=1)).isoformat())
    path = f"/api/v1/sessions/{session['id']}"
    body_of(admin.post(path + "/open"))
    # A mark that was taken back leaves a record that says nothing.
    for student in (left, archived):
        body_of(admin.put(f"{path}/attendance/{student['id']}", json={"status": "present"}))
        body_of(admin.post(f"{path}/attendance/{student['id']}/undo", json={}))
    assert admin.delete(f"/api/v1/groups/{group['id']}/students/{left['id']}").status_code == 204
    row = body_of(admin.get(f"/api/v1/students/{archived['id']}"))
    body_of(admin.patch(f"/api/v1/students/{archived['id']}", json={"archived": True},
                        headers={"If-Match": f'"{row["version"]}"'}))
    body_of(admin.post(path + "/close"))
    records = body_of(admin.get(path + "/register"))["records"]
    assert [(r["student_id"], r["status"]) for r in records] == [(stays_in["id"], "absent")]
    assert expected(admin, session) == 1 and body_of(admin.get(path))["absent"] == 1
    for student in (left, archived):
        assert body_of(admin.get(f"/api/v1/students/{student['id']}/attendance/summary"))["absent"] == 0


def test_which_group_is_left(make, admin):
    first, second, new, student = make.group(), make.group(), make.group(), make.student()
    body_of(move(admin, student, first, day(0)))  # in none so far
    make.member(second, student)
    assert field_errors(move(admin, student, new, day(1))) == {"/from_group_id": "required"}
    body_of(move(admin, student, new, day(1), from_group_id=second["id"]))
    assert (first["id"], day(0), None) in stays(admin, student)
    assert (second["id"], day(0), day(1)) in stays(admin, student)


def test_what_is_to_come_can_be_changed(make, admin):
    old, new, better, student = make.group(), make.group(), make.group(), make.student()
    make.member(old, student, **{"from": day(-5)})
    body_of(move(admin, student, new, day(7)))
    assert field_errors(move(admin, student, new, day(3)), 409) == {"/to_group_id": "taken"}
    body_of(move(admin, student, better, day(7)))  # the move to `new` never was
    assert stays(admin, student) == [(better["id"], day(7), None), (old["id"], day(-5), day(7))]


def test_what_is_refused(make, admin, trainer):
    group, other, student = make.group(), make.group(), make.student()
    make.member(group, student)
    gone = make.group()
    admin.patch(f"/api/v1/groups/{gone['id']}", json={"archived": True}, version=gone["version"])
    assert field_errors(move(admin, student, group, day(0)), 409) == {"/to_group_id": "taken"}
    assert field_errors(move(admin, student, gone, day(0))) == {"/to_group_id": "archived"}
    assert field_errors(move(admin, student, {"id": 999999999}, day(0))) == {"/to_group_id": "not_found"}
    assert field_errors(move(admin, student, other, "2026-02-30")) == {"/on": "format"}
    assert field_errors(move(admin, student, other, "1969-12-31")) == {"/on": "format"}
    assert field_errors(move(admin, student, other, day(0), from_group_id=other["id"])) == {"/from_group_id": "not_found"}
    assert field_errors(move(admin, student, other, day(-1), from_group_id=group["id"])) == {"/from_group_id": "not_found"}
    problem(move(admin, {"id": 999999999}, other, day(0)), 404, "not-found")
    problem(move(trainer, student, other, day(0)), 403, "forbidden")
    student = body_of(admin.get(f"/api/v1/students/{student['id']}"))
    admin.patch(f"/api/v1/students/{student['id']}", json={"archived": True}, version=student["version"])
    assert field_errors(move(admin, student, other, day(0))) == {"student_id": "archived"}
    assert stays(admin, student) == [(group["id"], day(0), None)]


def test_the_year_9999(make, admin):
    group, student = make.group(), make.student()
    body_of(move(admin, student, group, "9999-12-31"))
    assert stays(admin, student) == [(group["id"], "9999-12-31", None)]


def test_many_moves_at_once_leave_one_group(make, admin):
    old, student = make.group(), make.student()
    groups = [make.group() for _ in range(4)]
    make.member(old, student, **{"from": day(-30)})
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda g: move(admin, student, g, day(0), from_group_id=old["id"]), groups))
    assert sorted(a.status_code for a in answers) == [200, 422, 422, 422]
    open_ones = [s for s in stays(admin, student) if s[2] is None]
    assert len(open_ones) == 1 and len(stays(admin, student)) == 2


def test_history_is_for_who_may_see_the_student(make, admin, trainer):
    old, new, student, stranger = make.group(), make.group(), make.student(account=True), make.student(account=True)
    make.member(old, student, **{"from": day(-9)})
    body_of(move(admin, student, new, day(-3)))
    guardian = make.sign_in(make.guardian(student)["email"])
    for who in (make.sign_in(student["email"]), guardian):
        assert [s[0] for s in stays(who, student)] == [new["id"], old["id"]]
    path = f"/api/v1/students/{student['id']}/memberships"
    for who in (trainer, make.sign_in(stranger["email"])):
        problem(who.get(path), 404, "not-found")
    items, pages = walk(admin, path, {"limit": 1})
    assert ([s["group_code"] for s in items], pages) == ([new["code"], old["code"]], 2)


@pytest.mark.parametrize("stored,asked", [
    ("آمنة الإدريسي", "امنه"), ("مصطفى", "مصطفي"), ("مُحَمَّد أمين", "محمد"), ("فـــؤاد", "فواد"),
    ("Zoé Lefèvre", "lefevre"), ("عائشة ٤٧", "عايشة 47"),
])
def test_names_are_found_without_accents(make, admin, stored, asked):
    stem = word("x")
    student = make.student(name=f"{stored} {stem}")
    found = body_of(admin.get("/api/v1/students", params={"q": asked, "limit": 200}))["items"]
    assert student["id"] in [s["id"] for s in found]

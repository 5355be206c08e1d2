# SPDX-License-Identifier: MIT
"""No list asks the database once for each of its rows: a page of many rows costs as many statements
as a page of few. The lists are those of the API document, so that a new one is here by itself."""
import datetime
import json
import re
import time
import zoneinfo

import pytest

from chaos import sql
from client import Client
from factories import body_of
from large import large_school, sign_in, traced

FEW, MANY = 5, 50
# Lists of which the generated school has few rows get more of them in `more_rows`; a new list too.


def resolve(document, node):
    while "$ref" in node:
        target = document
        for part in node["$ref"].lstrip("#/").split("/"):
            target = target[part]
        node = target
    return node


def lists(contract):
    """(operationId, path template) of each GET whose answer has items and next_cursor."""
    for op, method, template, operation in contract.operations():
        content = operation["responses"].get("200", {}).get("content", {})
        schema = content.get("application/json", {}).get("schema")
        if method == "GET" and schema:
            members = resolve(contract.document, schema).get("properties", {})
            if {"items", "next_cursor"} <= members.keys():
                yield op, template


def more_rows(server, admin):
    """Rows of what the generated school does not have."""
    for i in range(12):
        body_of(admin.post("/api/v1/devices", json={"kind": "kiosk", "name": f"Door {i}",
                                                    "room_id": 1 + i % 7}), 201)
    for i in range(8):  # no student has more
        body_of(admin.post("/api/v1/students/1/guardians", json={
            "relation": "other", "email": f"guardian{i}@demo.school", "name": f"Guardian {i}",
            "password": "seven-Teal-otters"}), 201)
    for i in range(8):
        body_of(admin.post("/api/v1/calendar-feeds", json={"subject": "room", "subject_id": 1 + i % 7}), 201)
    trainer = sign_in(server, admin.contract, "t0001@demo.school")
    for i in range(8):
        day = f"2027-02-{10 + i}"
        lesson = {"module_id": 1, "group_ids": [1], "kind": "course", "mode": "in_person"}
        body_of(admin.post("/api/v1/holidays", json={
            "name": f"Holiday {i}", "from_day": f"2027-07-{10 + i}", "to_day": f"2027-07-{11 + i}"}), 201)
        body_of(admin.post("/api/v1/series", json={
            **lesson, "trainer_id": 1, "first_day": day, "last_day": day, "allow_clash": True,
            "weekdays": ["mo", "tu", "we", "th", "fr", "sa", "su"], "starts_min": 540,
            "duration_min": 60}), 201)
        body_of(trainer.post("/api/v1/session-requests", json={
            **lesson, "starts_at": f"{day}T14:00:00Z", "ends_at": f"{day}T15:00:00Z"}), 201)
        body_of(admin.post("/api/v1/justifications", json={
            "student_id": 1, "from": day, "to": day, "reason_id": 3, "message": "Away"}), 201)
        body_of(admin.post(f"/api/v1/groups/{1 + i}/students",
                           json={"student_id": 1 if i else 60}), 201)
    now = datetime.datetime.now(datetime.timezone.utc)
    late = now - datetime.timedelta(hours=3)
    for i in range(8):
        body_of(admin.post("/api/v1/sessions", json={
            **lesson, "trainer_id": 1, "allow_clash": True, "starts_at": late.isoformat(),
            "ends_at": (late + datetime.timedelta(hours=1)).isoformat()}), 201)
    reader = body_of(admin.post("/api/v1/devices", json={"kind": "reader", "name": "Gate",
                                                         "room_id": 1}), 201)["token"]
    body_of(Client(server, admin.contract, reader).post("/api/v1/punches", json={"punches": [
        {"identifier": f"card-{i}", "at": (now - datetime.timedelta(minutes=i)).isoformat(),
         "direction": "in"} for i in range(8)]}))
    handed = body_of(admin.post("/api/v1/sessions", json={
        **lesson, "trainer_id": 1, "allow_clash": True, "starts_at": now.isoformat(),
        "ends_at": (now + datetime.timedelta(hours=1)).isoformat()}), 201)["id"]
    body_of(admin.post(f"/api/v1/sessions/{handed}/open"))
    for i in range(8):
        body_of(trainer.post("/api/v1/offline/clients", json={"name": f"Tablet {i}"}), 201)
        body_of(admin.post(f"/api/v1/sessions/{handed}/hand-over",
                           json={"trainer_id": 1 + (i + 1) % 2, "reason": "Ill"}), 201)
    body_of(admin.post("/api/v1/alerts/refresh"), 204)
    server.handed_over = handed
    server.full_day = late.astimezone(zoneinfo.ZoneInfo("Africa/Casablanca")).date()


FACTS = {"students": [2], "sessions": [40], "events": [1, 2], "methods": ["qr"]} | dict.fromkeys(
    ("client", "first_at", "last_at", "minutes", "skew_s", "failed", "km", "kmh"))
# Of what needs faces, phones or a year's work, as the program writes it.
BEHIND = """
INSERT INTO duplicate_case (student_id, other_student_id, similarity, opened_at, seen_at)
    SELECT 1, id, 0.9, 1, 1 FROM student WHERE id BETWEEN 2 AND 9;
INSERT INTO strict_pair (a_student_id, b_student_id, reason, similarity, created_at, updated_at)
    SELECT 1, id, 'look_alike', 0.9, 1, 1 FROM student WHERE id BETWEEN 2 AND 9;
INSERT INTO enrolment_history (student_id, at, source, assurance, templates, model)
    SELECT id, 1, 'photos', 'standard', 1, 'm' FROM student WHERE id BETWEEN 2 AND 9;
INSERT INTO photo_import (by_account_id, created_at, source, state, total, finished_at)
    SELECT 1, {now}, 'photos', 'done', 8, {now} FROM student WHERE id BETWEEN 2 AND 9;
INSERT INTO photo_import_row (import_id, student_number, student_id, source, files, checked, finished)
    SELECT 1, student_number, id, 'photos', '[]', 1, 1 FROM student WHERE id BETWEEN 2 AND 9;
INSERT INTO signal (kind, subject, session_id, student_id, facts, created_at, updated_at)
    SELECT 'duplicate', 'duplicate:' || id, 40, id, '{facts}', {now}, {now}
    FROM student WHERE id BETWEEN 2 AND 9;
INSERT INTO attendance_event (session_id, at, occurred_at, kind, method, status_before, status_after, request_id)
    SELECT 40, {now}, {now}, 'reopened', 'manual', 'closed', 'open', 'x' FROM student WHERE id BETWEEN 2 AND 9;
INSERT INTO dispute (session_id, student_id, claimed, status_then, message, state, created_at)
    SELECT 40, id, 'present', 'absent', 'I was there', 'open', {now}
    FROM student WHERE id BETWEEN 2 AND 9;
INSERT INTO guardian (account_id, student_id, relation, created_at)
    SELECT (SELECT id FROM account WHERE email_norm = 'guardian0@demo.school'), id, 'other', 1
    FROM student WHERE id BETWEEN 2 AND 8;
"""


@pytest.fixture(scope="module")
def school(contract):
    with large_school(students=220, weeks=3) as server:
        server.admin = sign_in(server, contract)
        more_rows(server, server.admin)
        sql(server, BEHIND.format(now=int(time.time() * 1000), facts=json.dumps(FACTS)))
        server.callers = {"guardian_wards": Client(server, contract).login(
            "guardian0@demo.school", "seven-Teal-otters")}
        yield server


def cost(school, op, path, limit):
    sign = "&" if "?" in path else "?"
    caller = school.callers.get(op, school.admin)
    answer, line, _ = traced(school, op, lambda: caller.get(f"{path}{sign}limit={limit}"))
    return len(body_of(answer)["items"]), int(line["statements"])


def filled(school, op, template):
    """The busiest of what the path names: the first student, group, trainer; a session of the past."""
    ids = {"session_id": school.handed_over if op == "register_hand_overs" else 40, "series_id": 1}
    path = re.sub(r"\{(\w+)\}", lambda m: str(ids.get(m[1], 1)), template)
    # Today may have begun an hour ago, or be a Sunday.
    return path + (f"?day={school.full_day}" if op == "report_day" else "")


def test_a_long_page_costs_no_more_statements(school, contract):
    wrong, short, seen = {}, [], 0
    for op, template in lists(contract):
        path = filled(school, op, template)
        few, at_few = cost(school, op, path, FEW)
        many, at_many = cost(school, op, path, MANY)
        if many <= FEW:
            short.append(op)
        elif at_few != at_many:
            wrong[op] = f"{few} rows: {at_few} statements, {many} rows: {at_many}"
        seen += 1
    assert not wrong, wrong
    assert seen >= 30
    assert not short, f"give these rows in more_rows: {short}"


def test_a_mark_asks_no_more_than_it_needs(school):
    now = datetime.datetime.now(datetime.timezone.utc)
    session = body_of(school.admin.post("/api/v1/sessions", json={
        "module_id": 1, "trainer_id": 1, "group_ids": [1, 2], "kind": "course",
        "mode": "in_person", "allow_clash": True, "starts_at": now.isoformat(),
        "ends_at": (now + datetime.timedelta(hours=1)).isoformat()}), 201)["id"]
    body_of(school.admin.post(f"/api/v1/sessions/{session}/open"))
    records = body_of(school.admin.get(f"/api/v1/sessions/{session}/register"))["records"]
    for record, status in ((records[0], "present"), (records[0], "absent"), (records[1], "late")):
        _, line, _ = traced(school, "attendance_set", lambda: body_of(school.admin.put(
            f"/api/v1/sessions/{session}/attendance/{record['student_id']}",
            json={"status": status})))
        assert int(line["statements"]) <= 12

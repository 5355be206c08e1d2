# SPDX-License-Identifier: MIT
"""Every statement behind the pages that a school looks at all day reaches the large tables by an
index. The statements are those that the program says it ran."""
import json
import re
import sqlite3
import subprocess

import pytest

from factories import body_of
from large import TRAINER, large_school, sign_in, traced
from server import ENGINE

LARGE = {"attendance_record", "attendance_event", "session", "session_group", "group_member",
         "student", "account", "alert"}
# route: path; what is asked for most, and what reads most.
HOT = {
    "register_get": "/api/v1/sessions/40/register",
    "session_get": "/api/v1/sessions/40",
    "session_list": "/api/v1/sessions?from=2020-01-01T00:00:00Z&limit=50",
    "register_not_taken": "/api/v1/registers/not-taken",
    "attendance_events": "/api/v1/sessions/40/attendance/{student}/events",
    "session_history": "/api/v1/sessions/40/history",
    "student_attendance": "/api/v1/students/7/attendance",
    "student_attendance_summary": "/api/v1/students/7/attendance/summary",
    "student_get": "/api/v1/students/7",
    "report_group": "/api/v1/reports/groups/1",
    "report_group_halves": "/api/v1/reports/groups/1/half-days",
    "report_student": "/api/v1/reports/students/7",
    "report_day": "/api/v1/reports/day",
    "alert_list": "/api/v1/alerts?state=open",
}
ALIAS = re.compile(r"\b(?:FROM|JOIN|,|UPDATE|INTO)\s+(\w+)(?:\s+(?:AS\s+)?(?!ON\b|WHERE\b|JOIN\b|LEFT\b"
                   r"|SET\b|ORDER\b|GROUP\b|LIMIT\b|USING\b)(\w+))?", re.I)


@pytest.fixture(scope="module")
def school(contract):
    with large_school(log_level="debug") as server:
        server.admin = sign_in(server, contract)
        server.trainer = sign_in(server, contract, TRAINER)
        register = body_of(server.admin.get("/api/v1/sessions/40/register"))
        server.student = register["records"][0]["student_id"]
        yield server


def sqlite_plan(server, sql):
    db = sqlite3.connect(server.folder / "data" / "smartpresence.db")
    try:
        numbers = {str(n): None for n in range(1, 60)}
        return [row[3] for row in db.execute("EXPLAIN QUERY PLAN " + sql, numbers)]
    finally:
        db.close()


def sqlite_faults(server, sql):
    """Plan lines that read a large table without an index."""
    plan = sqlite_plan(server, sql)
    tables = {alias or table: table for table, alias in ALIAS.findall(sql)}
    for line in plan:
        scan = re.match(r"SCAN (\w+)(.*)", line)
        if scan and tables.get(scan[1]) in LARGE and "USING INDEX" not in scan[2]:
            yield line


def postgres_plan(server, sql):
    count = max((int(n) for n in re.findall(r"\$(\d+)", sql)), default=0)
    values = f"({', '.join(['NULL'] * count)})" if count else ""
    script = ("SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off;"
              " SET enable_bitmapscan = off;"
              f" PREPARE q AS {sql}; EXPLAIN (FORMAT JSON) EXECUTE q{values};")
    out = subprocess.run(["psql", "-qAt", "-v", "ON_ERROR_STOP=1", "-d",
                          server.options["database_url"], "-c", script],
                         check=True, capture_output=True, text=True).stdout
    return json.loads(out)[0]["Plan"]


def postgres_nodes(server, sql):
    nodes = [postgres_plan(server, sql)]
    while nodes:
        node = nodes.pop()
        nodes += node.get("Plans", [])
        yield node


def postgres_faults(server, sql):
    for node in postgres_nodes(server, sql):
        if node["Node Type"] == "Seq Scan" and node.get("Relation Name") in LARGE:
            yield f"Seq Scan on {node['Relation Name']}"


def faults(server, sql):
    if not re.match(r"\s*(SELECT|WITH|UPDATE|INSERT|DELETE)\b", sql):
        return []
    return list((postgres_faults if ENGINE == "postgres" else sqlite_faults)(server, sql))


@pytest.mark.parametrize("who", ["admin", "trainer"])
@pytest.mark.parametrize("route", HOT)
def test_a_hot_query_uses_indexes(school, route, who):
    path = HOT[route].format(student=school.student)
    answer, _, ran = traced(school, route, lambda: getattr(school, who).get(path))
    assert answer.status_code in (200, 404), answer.text
    assert answer.status_code == 200 or who == "trainer"
    assert ran, "the program said nothing of its statements"
    wrong = {sql: f for sql in ran if (f := faults(school, sql))}
    assert not wrong, json.dumps(wrong, indent=1)


def test_the_look_at_plans_finds_a_scan(school):
    assert faults(school, "SELECT r.id FROM attendance_record r WHERE r.minutes_late = $1")
    assert not faults(school, "SELECT r.id FROM attendance_record r WHERE r.student_id = $1")


def ways_to(server, sql, index):
    """How a statement comes to the rows that it reads by this index."""
    if ENGINE == "postgres":
        return [n["Node Type"] for n in postgres_nodes(server, sql) if n.get("Index Name") == index]
    return [line for line in sqlite_plan(server, sql) if re.search(rf"\b{index}\b", line)]


@pytest.mark.parametrize("route", ["report_student", "student_attendance_summary"])
def test_a_students_sums_are_read_from_the_index_alone(school, route):
    _, _, ran = traced(school, route, lambda: school.admin.get(HOT[route]))
    ran = [sql for sql in ran if "attendance_record" in sql]
    assert len(ran) == 1, ran
    assert ran[0].count("attendance_record") == 1, "the records are read another time"
    way, = ways_to(school, ran[0], "attendance_record_by_student")
    assert way == "Index Only Scan" if ENGINE == "postgres" else "COVERING INDEX" in way


def test_a_week_of_the_timetable_begins_with_the_week(school):
    week = "/api/v1/sessions?from=2026-01-05T00:00:00Z&to=2026-01-12T00:00:00Z"
    for sort in ("", "&sort=-starts_at"):
        _, _, ran = traced(school, "session_list", lambda: school.trainer.get(week + sort))
        page = next(sql for sql in ran if "FROM session s WHERE" in sql)
        if ENGINE == "postgres":
            node, = [n for n in postgres_nodes(school, page) if n.get("Index Name") == "session_by_start"]
            bounds = node["Index Cond"]
        else:
            bounds, = ways_to(school, page, "session_by_start")
        assert re.search(r"starts_at *>", bounds) and re.search(r"starts_at *<", bounds), bounds


def test_registers_not_taken_are_looked_for_among_those(school):
    _, _, ran = traced(school, "register_not_taken",
                       lambda: school.admin.get(HOT["register_not_taken"]))
    page = next(sql for sql in ran if "minutes_overdue" in sql)
    assert ways_to(school, page, "session_unfinished")

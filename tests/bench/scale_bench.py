#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A school of 10,000 students with twelve weeks of registers, on SQLite and on PostgreSQL: what it
looks at all day, a class of 300 checking in within a minute, and the ledger.

usage: scale_bench.py --binary FILE [--pg URL] [--only sqlite|postgres] [--data DIR] [--rows JSON]
                      [--smoke]

The school is generated (`smartpresence demo --students`), then asked over HTTP by one client on a
kept connection; medians and 99th percentiles are of what that client waits. The check-in is the
rotating code, each student with an own login and connection. With --smoke: 200 students, seconds.

--data keeps the generated school in DIR (the one of PostgreSQL in its database, what is known of it
in DIR) and uses the one that is there: a measurement then takes three minutes. It brings the
school to the binary's migrations first. A school is of the days before it was made: make it anew
after some weeks, or the pages have less and less to show.

Prints the rows as they come and one table with goals and verdicts; exit status 1 when a goal is
missed, with --smoke only when something failed (report.py judges those rows by wide limits).
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import requests

from report import Row, print_table

PASSWORD = "quiet-Harbour-42"
MARKS_A_MINUTE = 2000


class School:
    def __init__(self, binary, engine, url, options):
        self.binary, self.engine, self.smoke = binary, engine, options.smoke
        self.database = url
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sp-scale-"))
        keep = options.data and options.data.resolve() / engine
        self.data = keep or self.folder / "data"
        self.known = keep and keep / "school.json"
        self.env = {**{k: v for k, v in os.environ.items() if not k.startswith("SP_")},
                    "SP_DATA_DIR": str(self.data), "SP_HTTP_PORT": "0",
                    "SP_TIME_ZONE": "Africa/Casablanca", "SP_RATE_PER_MINUTE": "10000000",
                    # A class behind one address: each phone keeps its connection.
                    "SP_CONNECTIONS_PER_ADDRESS": "2000",
                    "SP_LOG_LEVEL": "warn", "SP_FACE_RECOGNITION": "off"}
        if url:
            self.env["SP_DATABASE_URL"] = url
        self.process = None

    def run(self, *arguments, check=True):
        return subprocess.run([self.binary, *arguments], env=self.env, check=check, text=True,
                              capture_output=True, cwd=self.folder).stdout

    def prepare(self):
        """Whether it was generated just now."""
        made = not (self.known and self.known.exists())
        if made:
            about = self.generate()
            if self.known:
                self.known.write_text(json.dumps(about, indent=1) + "\n")
        else:
            about = json.loads(self.known.read_text())
            self.run("migrate", "upgrade")
        self.students, self.sessions = about["students"], about["sessions"]
        self.records, self.events = about["records"], about["events"]
        self.seconds = about["seconds"]
        return made

    def generate(self):
        students, weeks = ("200", "2") if self.smoke else ("10000", "12")
        began = time.monotonic()
        said = self.run("demo", "--students", students, "--weeks", weeks)
        seconds = time.monotonic() - began
        if self.database:  # as its own autovacuum does, but not while it is measured
            subprocess.run(["psql", "-qAt", "-d", self.database, "-c", "VACUUM ANALYZE"], check=True)
        counts = re.search(r"(\d+) sessions, (\d+) records, (\d+) events", said).groups()
        return {"students": int(students), "seconds": seconds,
                **dict(zip(("sessions", "records", "events"), map(int, counts)))}

    def start(self):
        port_file = self.folder / "port"
        self.process = subprocess.Popen(
            [self.binary, "serve", "--port-file", str(port_file)], env=self.env, cwd=self.folder,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 60
        while not (port_file.exists() and port_file.read_text().strip()):
            if self.process.poll() is not None or time.monotonic() > until:
                raise SystemExit("the server did not start")
            time.sleep(0.02)
        self.url = f"http://127.0.0.1:{port_file.read_text().strip()}"
        self.admin = self.login("admin@demo.school")

    def login(self, email):
        session = requests.Session()
        session.trust_env = False
        answer = session.post(self.url + "/api/v1/auth/login", timeout=60, json={
            "email": email, "password": PASSWORD, "transport": "bearer"})
        answer.raise_for_status()
        session.headers["Authorization"] = "Bearer " + answer.json()["access_token"]
        return session

    def get(self, path, **query):
        answer = self.admin.get(self.url + path, params=query, timeout=60)
        answer.raise_for_status()
        return answer

    def cpu_ms(self):
        """What the server has used so far, of a database server nothing: the same on a busy machine."""
        stat = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text()
        ticks = stat.rpartition(")")[2].split()[11:13]
        return sum(map(int, ticks)) * 1000 / os.sysconf("SC_CLK_TCK")

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=60)
            self.process = None

    def close(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def p99(times):
    return sorted(times)[max(0, -(-len(times) * 99 // 100) - 1)]


def timed(school, paths):
    """Milliseconds of each, and of the server's processors for all."""
    times, cpu_ms = [], school.cpu_ms()
    for path in paths:
        began = time.perf_counter()
        school.get(path)
        times.append((time.perf_counter() - began) * 1000)
    return times, school.cpu_ms() - cpu_ms


def open_session(school, groups):
    now = time.time()
    stamp = "%Y-%m-%dT%H:%M:%SZ"
    answer = school.admin.post(school.url + "/api/v1/sessions", timeout=60, json={
        "module_id": 1, "trainer_id": 1, "group_ids": groups, "kind": "course",
        "mode": "in_person", "allow_clash": True,
        "starts_at": time.strftime(stamp, time.gmtime(now)),
        "ends_at": time.strftime(stamp, time.gmtime(now + 7200))})
    answer.raise_for_status()
    session = answer.json()
    school.admin.post(f"{school.url}/api/v1/sessions/{session['id']}/open",
                      timeout=60).raise_for_status()
    return session["id"]


class Pace:
    """Calls `act(i)` for i < n, evenly over `seconds`, whoever is still waiting."""

    def __init__(self, school, n, seconds, act):
        self.times, self.errors, self.lock = [], 0, threading.Lock()
        began, cpu_ms = time.monotonic(), school.cpu_ms()
        with concurrent.futures.ThreadPoolExecutor(24) as pool:
            for i in range(n):
                time.sleep(max(0, began + seconds * i / n - time.monotonic()))
                pool.submit(self.once, act, i)
        self.seconds, self.cpu_ms = time.monotonic() - began, school.cpu_ms() - cpu_ms

    def once(self, act, i):
        began = time.perf_counter()
        try:
            good = act(i)
        except requests.RequestException:
            good = False
        with self.lock:
            self.times.append((time.perf_counter() - began) * 1000)
            self.errors += not good


def check_in_burst(school, pick):
    n, seconds = (20, 4) if school.smoke else (300, 60)
    groups = list(range(1, 3 if school.smoke else 13))
    session = open_session(school, groups)
    records = school.get(f"/api/v1/sessions/{session}/register").json()["records"]
    emails = [r["student_number"].lower() + "@demo.school" for r in records][:n]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        phones = list(pool.map(school.login, emails))
    pick.shuffle(phones)
    code = {"at": 0, "token": ""}

    def token():
        if time.monotonic() - code["at"] > 5:
            code["token"] = school.get(f"/api/v1/sessions/{session}/code").json()["token"]
            code["at"] = time.monotonic()
        return code["token"]

    def scan(i):
        answer = phones[i].post(school.url + "/api/v1/check-ins/code", timeout=60,
                                json={"token": token(), "client": f"phone-{i}"})
        return answer.status_code == 200 and answer.json()["intake"] == "counted"

    pace = Pace(school, len(phones), seconds, scan)
    marked = sum(r["status"] != "unmarked" for r in
                 school.get(f"/api/v1/sessions/{session}/register").json()["records"])
    return pace, marked == len(phones) and len(phones) == n


def sustained_marks(school, pick):
    seconds = 3 if school.smoke else 60
    n = MARKS_A_MINUTE * seconds // 60
    session = open_session(school, list(range(1, 7 if school.smoke else 21)))
    ids = [r["student_id"] for r in
           school.get(f"/api/v1/sessions/{session}/register").json()["records"]]
    work = [(s, status) for status in ("present", "late", "absent", "excused") for s in ids][:n]
    pick.shuffle(work)
    local = threading.local()

    def mark(i):
        if not hasattr(local, "session"):
            local.session = requests.Session()
            local.session.trust_env = False
            local.session.headers.update(school.admin.headers)
        student, status = work[i]
        return local.session.put(
            f"{school.url}/api/v1/sessions/{session}/attendance/{student}", timeout=60,
            json={"status": status}).status_code == 200

    return Pace(school, len(work), seconds, mark)


def row(name, ours, value, shown, limit, wide, at_most=True):
    return {"name": name, "ours": ours, "beside": "-", "value": value, "shown": shown,
            "limit": limit, "wide": wide, "at_most": at_most}


def wait_row(name, times, cpu_ms, limit, wide):
    median = statistics.median(times)
    return {**row(name, f"median {median:.1f} ms, p99 {p99(times):.1f} ms, CPU {cpu_ms / len(times):.1f} ms",
                  p99(times), f"{p99(times):.1f} ms", limit, wide), "typical": median}


def forget_pages(school):
    """What the system keeps of the database file in memory; of PostgreSQL it cannot be asked."""
    fd = os.open(school.data / "smartpresence.db", os.O_RDONLY)
    try:
        os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(fd)


def looked_at(school, pick):
    """What people look at: name, paths, goal in ms of the 99th percentile."""
    few = 10 if school.smoke else 300
    past = school.get("/api/v1/sessions", state="confirmed", limit=200, sort="starts_at").json()
    ids = [s["id"] for s in past["items"]] if school.smoke else range(1, school.sessions * 4 // 5)
    last = max(s["starts_at"] for s in past["items"])[:10]
    students = [pick.randint(1, school.students) for _ in range(few)]
    yield "register", [f"/api/v1/sessions/{pick.choice(ids)}/register" for _ in range(few)], 50
    yield "student's year", [f"/api/v1/reports/students/{s}" for s in students], 30
    yield "group's term", [f"/api/v1/reports/groups/{1 + s % (school.students // 28)}"
                           for s in students[:60]], 300
    yield "day board", [f"/api/v1/reports/day?day={last}"] * (5 if school.smoke else 20), 200


def year_from_disk(school, name, pick):
    times, cpu_ms = [], 0
    for _ in range(3 if school.smoke else 40):
        forget_pages(school)
        path = f"/api/v1/reports/students/{pick.randint(1, school.students)}"
        one, used = timed(school, [path])
        times += one
        cpu_ms += used
    return wait_row(name + "student's year, nothing in memory", times, cpu_ms, None, None)


def verify_rows(school, name):
    began = time.monotonic()
    said = json.loads(school.run("ledger", "verify", "--json", check=False))
    seconds = time.monotonic() - began
    rate = said["events"] / seconds
    yield row(name + "ledger verified, events a second", f"{said['events']} in {seconds:.1f} s",
              rate, f"{rate:.0f} /s", 10000, 500, at_most=False)
    wrong = len(said["faults"]) + len(said.get("differences", []))
    yield row(name + "faults of the ledger", "-", wrong, str(wrong), 0, 0)


def measure(school, made):
    pick = random.Random(1)
    name = f"school of {school.students}, " + {"sqlite": "SQLite: ", "postgres": "PostgreSQL: "}[
        school.engine]
    if made:
        yield row(name + "generated", f"{school.records} records, {school.events} events",
                  school.seconds, f"{school.seconds:.0f} s", 300, 240)
    for what, paths, limit in looked_at(school, pick):
        timed(school, paths[:2])
        yield wait_row(name + what, *timed(school, paths), limit, 20 * limit)
    if school.engine == "sqlite":
        yield year_from_disk(school, name, pick)
    burst, whole = check_in_burst(school, pick)
    yield wait_row(name + f"{len(burst.times)} check-ins in {burst.seconds:.0f} s", burst.times,
                   burst.cpu_ms, 100, 3000)
    failed = burst.errors + (not whole)
    yield row(name + "check-ins that failed", "-", failed, str(failed), 0, 0)
    marks = sustained_marks(school, pick)
    rate = len(marks.times) / marks.seconds * 60
    yield row(name + "marks a minute", f"p99 {p99(marks.times):.1f} ms,"
              f" CPU {marks.cpu_ms / len(marks.times):.1f} ms, {marks.errors} errors",
              0 if marks.errors else rate, f"{rate:.0f} /min", 0.97 * MARKS_A_MINUTE,
              0.3 * MARKS_A_MINUTE, at_most=False)
    school.stop()
    yield from verify_rows(school, name)


def engines(options):
    if options.only != "postgres":
        yield "sqlite", None
    if options.pg and options.only != "sqlite":
        yield "postgres", options.pg


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--pg")
    parser.add_argument("--only", choices=("sqlite", "postgres"))
    parser.add_argument("--data", type=pathlib.Path)
    parser.add_argument("--rows", type=pathlib.Path)
    parser.add_argument("--smoke", action="store_true")
    options = parser.parse_args()
    rows = []
    for engine, url in engines(options):
        school = School(os.path.abspath(options.binary), engine, url, options)
        try:
            made = school.prepare()
            school.start()
            for r in measure(school, made):
                rows.append(r)
                print(f"{r['name']:<58} {r['ours']:<44} load {os.getloadavg()[0]:.1f}",
                      file=sys.stderr, flush=True)
        finally:
            school.close()
    if options.rows:
        options.rows.write_text(json.dumps(rows, indent=1))
    judged = [Row(**r) for r in rows]
    print_table(judged, options.smoke)
    sys.exit(0 if all(r.good(options.smoke) for r in judged) else 1)


if __name__ == "__main__":
    main()

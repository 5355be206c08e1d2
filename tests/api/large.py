# SPDX-License-Identifier: MIT
"""A generated school of 200 students with four weeks of registers, and what the program says about
its own statements."""
import contextlib
import re
import time

from client import Client
from server import SLOW, Server

PASSWORD = "quiet-Harbour-42"
ADMIN = "admin@demo.school"
TRAINER = "t0001@demo.school"
LINE = re.compile(r'(\w+)=("(?:[^"\\]|\\.)*"|\S*)')


@contextlib.contextmanager
def large_school(students=200, weeks=4, **options):
    server = Server(time_zone="Africa/Casablanca", **options)
    try:
        made = server.run("demo", "--students", str(students), "--weeks", str(weeks))
        server.printed, server.progress = made.stdout, made.stderr
        yield server.start()
    finally:
        server.close()


def sign_in(server, contract, email=ADMIN):
    return Client(server, contract).login(email, PASSWORD)


def lines(server, event, after=0):
    """The log's lines of one kind, as dicts, from that place in it."""
    for text in server.log()[after:].splitlines():
        if f"event={event}" in text:
            pairs = {k: v for k, v in LINE.findall(text)}
            yield {k: bytes(v[1:-1], "utf-8").decode("unicode_escape") if v.startswith('"') else v
                   for k, v in pairs.items()}


def traced(server, route, call):
    """What `call` answers, the log line of its request, and the texts of the statements it ran."""
    after = len(server.log())
    answer = call()
    until = time.monotonic() + 30 * SLOW
    while time.monotonic() < until:
        done = [line for line in lines(server, "http.request", after) if line["route"] == route]
        if done:
            break
        time.sleep(0.005)
    ran = []
    for line in lines(server, "db.statement", after):
        if line.get("request_id") != done[0]["request_id"]:
            continue
        if line["part"] == "0":
            ran.append(line["sql"])
        else:
            ran[-1] += line["sql"]
    return answer, done[0], ran

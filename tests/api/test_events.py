# SPDX-License-Identifier: MIT
"""Live events: only what the caller may see, resumed where they were lost."""
import json
import socket
import threading
import time

from chaos import sql
from classroom import Classroom, classroom, open_class  # noqa: F401
from factories import body_of
from server import SLOW


def session_of(data):
    return data.get("session_id") or data.get("session", {}).get("id")


class Stream(threading.Thread):
    """Reads events until it is closed."""

    def __init__(self, client, last=None):
        super().__init__(daemon=True)
        headers = {"Accept": "text/event-stream"}
        if last is not None:
            headers["Last-Event-ID"] = str(last)
        self.answer = client.session.get(client.server.url + "/api/v1/events", headers=headers,
                                         stream=True, timeout=30 * SLOW)
        client.contract.called.add("events_stream")
        assert self.answer.status_code == 200
        assert self.answer.headers["Content-Type"].startswith("text/event-stream")
        self.answer.encoding = "utf-8"  # as the format says; else taken for Latin-1
        self.socket = self.answer.raw.connection.sock
        self.events = []
        self.start()

    def run(self):
        event = {}
        try:
            for line in self.answer.iter_lines(chunk_size=1, decode_unicode=True):
                if line == "" and "data" in event:
                    self.events.append((int(event["id"]), event["event"], json.loads(event["data"])))
                    event = {}
                elif ":" in line and not line.startswith(":"):
                    key, _, value = line.partition(":")
                    event[key] = value.strip()
        except Exception:  # the connection ends when the test does
            pass

    def named(self, names, want, session=None):
        """Waits for `want` events of these names, about that session if one is given, and gives those
        alone, whatever came between."""
        until = time.monotonic() + 30 * SLOW
        while True:
            found = [event for event in list(self.events) if event[1] in names
                     and session in (None, session_of(event[2]))]
            if len(found) >= want or time.monotonic() > until:
                return found
            time.sleep(0.01)

    def close(self):
        # Closing waits for the reader, which waits for the next heartbeat: end that wait first.
        self.socket.shutdown(socket.SHUT_RDWR)
        self.join()
        self.answer.close()


# The jobs of a server may tell of something else at any time.
OF_MARKS = ("attendance.marked", "attendance.changed", "session.changed")


def test_a_mark_is_told_at_once_to_whom_it_concerns(open_class, admin, trainer, student):
    streams = [Stream(c) for c in (open_class.trainer, admin, trainer, student)]
    number = open_class.session["id"]
    record = body_of(open_class.mark(0, "present"))
    for s in streams[:2]:
        mark, session = s.named(OF_MARKS, 2, number)
        assert (mark[1], session[1]) == ("attendance.marked", "session.changed")
        assert mark[2] == {"session_id": open_class.session["id"], "record": record}
        assert session[2]["session"]["present"] == 1
    time.sleep(0.3)
    assert not [name for s in streams[2:] for _, name, data in s.events if session_of(data) == number]
    for s in streams:
        s.close()


def test_a_student_hears_of_the_own_mark_only(admin, api, open_class):
    made = open_class.make.student(account=True)
    open_class.make.member(open_class.group, made, **{"from": "2020-01-01"})
    who = api.login(body_of(admin.get(f"/api/v1/students/{made['id']}"))["email"],
                    "seven-Teal-otters")
    stream = Stream(who)
    body_of(open_class.mark(0, "present"))
    open_class.students.append(made)
    body_of(open_class.mark(-1, "late"))
    stream.named(OF_MARKS, 1)
    time.sleep(0.3)
    assert [(name, data["record"]["student_id"]) for _, name, data in stream.events
            if name in OF_MARKS] == [("attendance.marked", made["id"])]
    stream.close()


def test_missed_events_come_first_and_once(open_class):
    first = Stream(open_class.trainer)
    body_of(open_class.mark(0, "present"))
    last = first.named(OF_MARKS, 2)[0][0]
    first.close()
    for i, status in ((0, "late"), (1, "present")):
        body_of(open_class.mark(i, status))
    resumed = Stream(open_class.trainer, last=last)
    body_of(open_class.mark(2, "present"))
    ids = [n for n, _, _ in resumed.named(OF_MARKS, 7)]
    assert len(ids) == 7 and ids == sorted(set(ids)) and ids[0] > last
    resumed.close()


def test_moves_of_a_session_are_told(classroom):
    stream = Stream(classroom.trainer)
    body_of(classroom.move("open"))
    body_of(classroom.move("close"))
    states = [d["session"]["state"] for _, _, d in stream.named(("session.changed",), 2)]
    assert states[0] == "open" and states[-1] == "closed"
    stream.close()


def test_who_missed_too_much_is_told_so(open_class, server):
    first = Stream(open_class.trainer)
    body_of(open_class.mark(0, "present"))
    last = first.named(OF_MARKS, 2)[0][0]
    first.close()
    for status in ("late", "absent"):
        body_of(open_class.mark(0, status))
    again = Stream(open_class.trainer, last=last)
    ids = [n for n, _, _ in again.named(OF_MARKS, 5)]
    again.close()
    # As the maintenance does with what is older than a day.
    sql(server, f"DELETE FROM event WHERE id <= {ids[1]}")
    for seen, told in ((last, ["reset"]), (ids[0], ["reset"]), (ids[-1] + 1000, ["reset"]),
                       (ids[1], ["session.changed", "attendance.changed", "session.changed"])):
        stream = Stream(open_class.trainer, last=seen)
        found = stream.named(("reset", *OF_MARKS), len(told))
        assert [name for _, name, _ in found] == told
        # What happens next has its number, so that the next resumption is right.
        assert found[-1][0] >= ids[-1]
        stream.close()

# SPDX-License-Identifier: MIT
"""A class with a past: sessions of earlier days with the marks that a test wants."""
import datetime
import functools

from factories import PASSWORD, Make, body_of, mail, problem  # noqa: F401

UTC = datetime.timezone.utc
# Once for the whole run, which may last over a Sunday's midnight.
TODAY = datetime.datetime.now(UTC).replace(hour=8, minute=0, second=0, microsecond=0)
LETTERS = {"p": "present", "l": "late", "a": "absent", "e": "excused"}


@functools.cache
def first_day():
    """Of the run: a week that begins meanwhile moves no Monday."""
    return datetime.datetime.now(UTC).replace(hour=8, minute=0, second=0, microsecond=0)


def monday(weeks_ago):
    """The Monday so many weeks before this week's, at 08:00 UTC."""
    today = first_day()
    return today - datetime.timedelta(days=today.weekday(), weeks=weeks_ago)


class Past:
    def __init__(self, admin, api, students=1):
        self.admin = admin
        self.make = Make(admin, api)
        mailbox = mail("past")
        self.trainer_row = self.make.trainer(email=mailbox)
        self.trainer = api.login(mailbox, PASSWORD)
        self.group = self.make.group()
        self.module = self.make.module()
        self.students = [self.make.student() for _ in range(students)]
        first = (datetime.datetime.now(UTC) - datetime.timedelta(days=119)).date().isoformat()
        for s in self.students:
            self.make.member(self.group, s, **{"from": first})
        self.sessions = []

    def lesson(self, at, letters, hour=0, **more):
        """A session an hour long; a letter for each student, "." leaves one unmarked."""
        start = at + datetime.timedelta(hours=hour)
        more.setdefault("module_id", self.module["id"])
        s = self.make.session(self.trainer_row, [self.group], starts_at=start.isoformat(),
                              ends_at=(start + datetime.timedelta(hours=1)).isoformat(), **more)
        body_of(self.admin.post(f"/api/v1/sessions/{s['id']}/open"))
        for student, letter in zip(self.students, letters):
            if letter != ".":
                self.mark(s, student, LETTERS[letter])
        self.sessions.append(s)
        return s

    def mark(self, session, student, status):
        return body_of(self.admin.put(
            f"/api/v1/sessions/{session['id']}/attendance/{student['id']}", json={"status": status}))

    def register(self, session):
        return body_of(self.admin.get(f"/api/v1/sessions/{session['id']}/register"))["records"]

    def alerts(self, i=0, who=None, **query):
        """What the rules say now of a student."""
        body_of(self.admin.post("/api/v1/alerts/refresh"), 204)
        query["student_id"] = self.students[i]["id"]
        return body_of((who or self.admin).get("/api/v1/alerts", params=query))["items"]

# SPDX-License-Identifier: MIT
"""The people, rooms and timetable of the school week (test_school_week.py), and who does what in it."""
import asyncio
import base64
import datetime
import hashlib
import hmac

from camera import until_decided, watching
from classroom import another_photo, portrait, portraits
from client import Client
from factories import PASSWORD, Make, body_of, mail
from live_frames import camera, send
from test_offline import b64, line, ms
from own import ADMIN, PASSWORD as ADMIN_PASSWORD, wait_until

FACES = [row["id"] for row in portraits()]
ZONE = "Europe/Paris"
TERM = {"from": "2026-03-01T00:00:00Z", "to": "2026-04-30T00:00:00Z"}


class Week:
    """Groups A (five students, the last a minor) and B (four); Anne, Basile and Chloé teach."""

    def __init__(self, server, contract):
        self.server, self.contract = server, contract
        self.anybody = Client(server, contract)
        self.mails = {"admin": ADMIN}
        self.clients = {}
        self.made = Make(self.by("admin"), self.anybody)
        self.rooms = {"R1": self.made.room(network="127.0.0.0/8", latitude=48.85, longitude=2.35,
                                           radius_m=100),
                      "R2": self.made.room()}
        self.trainers = {name: self._trainer(name) for name in ("anne", "basile", "chloe")}
        self.groups = {name: self.made.group() for name in "AB"}
        self.students = {}
        for name in ("a1", "a2", "a3", "a4", "a5", "b1", "b2", "b3", "b4"):
            self._student(name)
        self._faces("a1", "a2", "a3", "a4", "b4")
        self.modules = {name: self.made.module() for name in ("M1", "M2")}

    def at(self, when):
        """Moves the clock; tokens are of that time, so everybody signs in anew."""
        self.server.at(when)
        self.clients = {}
        return self

    def by(self, name):
        if name not in self.clients:
            password = ADMIN_PASSWORD if name == "admin" else PASSWORD
            self.clients[name] = self.anybody.login(self.mails[name], password)
        return self.clients[name]

    def _trainer(self, name):
        self.mails[name] = mail(name)
        return self.made.trainer(email=self.mails[name])

    def _student(self, name):
        self.mails[name] = mail(name)
        more = {"birth_date": "2010-05-04"} if name == "a5" else {"birth_date": "2004-01-02"}
        self.students[name] = self.made.student(email=self.mails[name], password=PASSWORD, **more)
        self.made.member(self.groups[name[0].upper()], self.students[name], **{"from": "2026-03-01"})

    def _faces(self, *names):
        self.face = dict(zip(names, FACES))
        for name, face in self.face.items():
            path = f"/api/v1/students/{self.students[name]['id']}"
            admin = self.by("admin")
            body_of(admin.put(path + "/consent", json={
                "given_by": "student", "text_version": "2026-1", "of_age": True, "locale": "fr"}))
            files = [("photos", ("1.jpg", portrait(face), "image/jpeg"))]
            body_of(admin.post(path + "/enrolment", files=files, data={"accept_duplicate": "true"}), 201)

    def run_jobs(self, done):
        """They also run right after the start."""
        self.server.stop()
        self.server.start()
        assert wait_until(done)

    # --- timetable

    def series(self, module, trainer, group, room, weekdays, starts_min, last_day):
        body = {"module_id": self.modules[module]["id"], "trainer_id": self.trainers[trainer]["id"],
                "group_ids": [self.groups[group]["id"]], "room_id": self.rooms[room]["id"],
                "kind": "course", "mode": "in_person", "time_zone": ZONE, "weekdays": weekdays,
                "first_day": "2026-03-26", "last_day": last_day, "starts_min": starts_min,
                "duration_min": 120}
        return body_of(self.by("admin").post("/api/v1/series", json=body), 201)

    def sessions_of(self, series):
        """{day: session} of a series."""
        answer = self.by("admin").get("/api/v1/sessions", params={
            "from": "2026-03-25T00:00:00Z", "to": "2026-04-02T00:00:00Z", "limit": 200})
        return {s["series_day"]: s for s in body_of(answer)["items"] if s["series_id"] == series}

    # --- the register

    def move(self, name, session, verb, **body):
        more = {"json": body} if body else {}
        return body_of(self.by(name).post(f"/api/v1/sessions/{session['id']}/{verb}", **more))

    def register(self, session, name="admin"):
        """{student: record}"""
        names = {row["id"]: name for name, row in self.students.items()}
        rows = body_of(self.by(name).get(f"/api/v1/sessions/{session['id']}/register"))["records"]
        return {names[r["student_id"]]: r for r in rows}

    def says(self, session):
        return {name: r["status"] for name, r in self.register(session).items()}

    def mark(self, trainer, session, student, status, **more):
        path = f"/api/v1/sessions/{session['id']}/attendance/{self.students[student]['id']}"
        return body_of(self.by(trainer).put(path, json={"status": status, **more}))

    # --- ways of checking in

    def code(self, trainer, session):
        return body_of(self.by(trainer).get(f"/api/v1/sessions/{session['id']}/code"))

    def by_code(self, student, shown, **headers):
        return self.by(student).post("/api/v1/check-ins/code", json={"token": shown["token"]},
                                     headers=headers)

    def by_pin(self, student, session, pin):
        return self.by(student).post("/api/v1/check-ins/pin",
                                     json={"session_id": session["id"], "pin": pin})

    def by_face(self, trainer, session, student):
        files = {"photo": ("f.jpg", another_photo(self.face[student], 5), "image/jpeg")}
        return body_of(self.by(trainer).post(f"/api/v1/sessions/{session['id']}/attendance/face",
                                             files=files))

    def by_self(self, student, session):
        """Looking at the own camera is enough where the school asks for no liveness."""
        me = self.by(student)
        live = body_of(me.post("/api/v1/liveness-sessions",
                               json={"purpose": "check_in", "session_id": session["id"]}), 201)
        with camera(self.face[student]) as person:
            for number in range(1, 60):
                reply = body_of(send(me, live, number, [person.frame(1 + number * 0.05)]))
                if reply["result"]:
                    return reply
        raise AssertionError("the check-in by the own face did not end")

    def device(self, kind, room):
        body = {"kind": kind, "name": f"{kind} {room}", "room_id": self.rooms[room]["id"]}
        made = body_of(self.by("admin").post("/api/v1/devices", json=body), 201)
        return Client(self.server, self.contract, made["token"])

    def at_kiosk(self, kiosk, student):
        async def look():
            async with watching(kiosk, "/api/v1/kiosk/stream") as socket:
                return await until_decided(socket, another_photo(self.face[student], 2))
        return asyncio.run(look())[-1]

    def punch(self, reader, *rows):
        """rows: (student, time, direction)"""
        body = {"punches": [{"identifier": self.students[s]["student_number"], "at": at,
                             "direction": way} for s, at, way in rows]}
        return body_of(reader.post("/api/v1/punches", json=body))

    def by_list(self, trainer, session, text, **form):
        """A CSV of marks; students by the names they have here."""
        numbers = {name: row["student_number"] for name, row in self.students.items()}
        lines = [line.split(",", 1) for line in text.splitlines()]
        text = "".join(f"{numbers.get(name, name)},{rest}\n" for name, rest in lines)
        return self.by(trainer).post(
            f"/api/v1/sessions/{session['id']}/attendance/import",
            files={"list": ("marks.csv", text.encode(), "text/csv")}, data=form)

    # --- what figures are told

    def rate(self, student):
        path = f"/api/v1/students/{self.students[student]['id']}/attendance/summary"
        return body_of(self.by("admin").get(path))

    def group_report(self, group):
        path = f"/api/v1/reports/groups/{self.groups[group]['id']}"
        return body_of(self.by("admin").get(path, params=TERM))


class Tablet:
    """Anne's, which writes down what happens where there is no network. Its clock is slow."""

    def __init__(self, week, slow_min):
        self.slow = datetime.timedelta(minutes=slow_min)
        made = body_of(week.by("anne").post("/api/v1/offline/clients", json={"name": "Tablet"}), 201)
        self.id, self.key = made["id"], base64.urlsafe_b64decode(made["key"] + "=")

    def clock(self, at):
        real = datetime.datetime.fromisoformat(at.replace("Z", "+00:00"))
        return (real - self.slow).isoformat(timespec="milliseconds")

    def event(self, session, student, at):
        """Seen by Anne at this time."""
        return {"uid": f"tablet-{session['id']}-{student['id']}", "session_id": session["id"],
                "student_id": student["id"], "way": "manual", "at": self.clock(at)}

    def send(self, week, events, at):
        sent = self.clock(at)
        text = f"smartpresence-offline-1\t{self.id}\t{ms(sent)}\t{len(events)}\n"
        text += "".join(line(e) + "\n" for e in events)
        signature = b64(hmac.new(self.key, text.encode(), hashlib.sha256).digest())
        return week.by("anne").post("/api/v1/offline/batches", json={
            "client_id": self.id, "sent_at": sent, "events": events, "signature": signature})

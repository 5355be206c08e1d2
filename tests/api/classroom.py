# SPDX-License-Identifier: MIT
"""A trainer with a class and a session that runs now; photos of the class on demand."""
import datetime
import functools
import io
import json
import os
import pathlib
import subprocess
import tempfile

import pytest
from PIL import Image

from factories import PASSWORD, Make, body_of, mail, word
from server import CACHE, ROOT

PORTRAITS = pathlib.Path(os.environ.get("SP_TEST_PORTRAITS_DIR") or CACHE / "portraits")
DERIVE = ROOT / "tools" / "photos" / "derive.py"
_made = tempfile.TemporaryDirectory(prefix="sp-photos-")


@functools.lru_cache(maxsize=None)
def portraits(use="enrol"):
    rows = json.loads((PORTRAITS / "portraits.json").read_text())
    return [row for row in rows if row["use"] == use]


def portrait(row_id):
    return next(PORTRAITS.glob(row_id + ".*")).read_bytes()


@functools.lru_cache(maxsize=None)
def derived(command, name, *args):
    """A picture made by tools/photos; ids of portraits stand for their files."""
    out = pathlib.Path(_made.name) / name
    ids = {row["id"]: str(PORTRAITS / row["file"]) for use in ("enrol", "stranger", "reject")
           for row in portraits(use)}
    full = [str(out) if a == "OUT" else ids.get(a, a) for a in args]
    subprocess.run(["/usr/bin/python3", str(DERIVE), command, *full], check=True,
                   capture_output=True)
    return out.read_bytes()


def another_photo(row_id, seed=1):
    return derived("vary", f"{row_id}-{seed}.jpg", "--seed", str(seed), row_id, "OUT")


def scene(ids, seed=1):
    return derived("scene", f"scene-{seed}-{'-'.join(ids)}.jpg", "--seed", str(seed),
                   "--size", "1280x720", "OUT", *ids)


@functools.lru_cache(maxsize=None)
def mosaic(columns, rows, side=100):
    """One face again and again, `side` pixels from one to the next; many more than a picture is asked for."""
    face = Image.open(io.BytesIO(portrait("p02"))).convert("RGB").crop((120, 90, 480, 450))
    whole, tile = Image.new("RGB", (columns * side, rows * side)), face.resize((side, side))
    for i in range(columns * rows):
        whole.paste(tile, (i % columns * side, i // columns * side))
    out = io.BytesIO()
    whole.save(out, "JPEG", quality=90)
    return out.getvalue()


def now(minutes=0):
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)
    return at.isoformat()


class Classroom:
    """`n` students in one group; a session that began `began_min` minutes ago."""

    def __init__(self, admin, api, n=4, began_min=1):
        self.make = Make(admin, api)
        self.admin = admin
        mailbox = mail("giver")
        self.trainer_row = self.make.trainer(email=mailbox)
        self.trainer = api.login(mailbox, PASSWORD)
        self.group = self.make.group()
        self.students = [self.make.student() for _ in range(n)]
        for s in self.students:
            # Also of sessions that began before midnight.
            self.make.member(self.group, s, **{"from": now(-2 * 24 * 60)[:10]})
        self.session = self.new_session(began_min)

    def new_session(self, began_min=1, **more):
        return self.make.session(self.trainer_row, [self.group], starts_at=now(-began_min),
                                 ends_at=now(120 - began_min), **more)

    @property
    def path(self):
        return f"/api/v1/sessions/{self.session['id']}"

    def move(self, verb, **body):
        return self.trainer.post(f"{self.path}/{verb}", **({"json": body} if body else {}))

    def open(self):
        body_of(self.move("open"))
        return self

    def record(self, i, client=None):
        register = body_of((client or self.trainer).get(self.path + "/register"))
        return next(r for r in register["records"] if r["student_id"] == self.students[i]["id"])

    def mark(self, i, status, client=None, **more):
        return (client or self.trainer).put(f"{self.path}/attendance/{self.students[i]['id']}",
                                            json={"status": status, **more})

    def consent(self, i, **more):
        return self.admin.put(f"/api/v1/students/{self.students[i]['id']}/consent",
                              json={"given_by": "student", "text_version": "2026-1", "of_age": True,
                                    "locale": "fr", **more})

    def enrol(self, i, *photos, **form):
        body_of(self.consent(i))
        return self.send_photos(i, *photos, **form)

    def send_photos(self, i, *photos, **form):
        files = [("photos", (f"{k}.jpg", photo, "image/jpeg")) for k, photo in enumerate(photos)]
        return self.admin.post(f"/api/v1/students/{self.students[i]['id']}/enrolment",
                               files=files, data=form)

    def show(self, photo, client=None, **form):
        return (client or self.trainer).post(
            self.path + "/attendance/face", files={"photo": ("frame.jpg", photo, "image/jpeg")},
            data=form)


@pytest.fixture
def classroom(admin, api):
    return Classroom(admin, api)


@pytest.fixture
def open_class(classroom):
    return classroom.open()


@pytest.fixture(scope="session")
def enrolled_class(admin, api):
    """Four students, the first three enrolled with p01, p02, p03; the register is open."""
    room = Classroom(admin, api, n=4)
    for i in range(3):
        body_of(room.enrol(i, portrait(portraits()[i]["id"]), accept_duplicate="true"), 201)
    return room.open()

# SPDX-License-Identifier: MIT
"""Odd, broken and hostile picture files (tools/photos/bad.py) against every door for pictures."""
import atexit
import concurrent.futures
import io
import json
import pathlib
import shutil
import subprocess
import tempfile

import pytest
from PIL import Image

from chaos import cpu_s, forget_peak, memory_kb, peak_growth_kb
from classroom import DERIVE, PORTRAITS, Classroom, enrolled_class  # noqa: F401
from factories import body_of, problem
from own import wait_until
from server import SLOW

FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="sp-bad-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
# p01 is the face of the enrolled class' first student.
subprocess.run(["/usr/bin/python3", str(DERIVE), "bad", "--portrait", str(PORTRAITS / "p01.jpg"),
                str(FOLDER)], check=True, capture_output=True)
MANIFEST = json.loads((FOLDER / "manifest.json").read_text())
MB = 1024  # in the kilobytes of /proc


def each(rows):
    return pytest.mark.parametrize("entry", rows, ids=[e["file"] for e in rows])


REFUSED = [e for e in MANIFEST if not e["accept"]]
PLAIN = [e for e in MANIFEST if e["accept"] and not e.get("face")]
FACES = [e for e in MANIFEST if e.get("face")]
HUGE = [e for e in MANIFEST if e["file"].startswith(("huge-", "bomb-", "long-side"))]


@pytest.fixture
def warm_class(enrolled_class, server):
    """Each worker has loaded its nets; the peak of memory is forgotten."""
    photo = (PORTRAITS / "p01.jpg").read_bytes()
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for answer in pool.map(lambda _: enrolled_class.show(photo), range(8)):
            body_of(answer)
    forget_peak(server)
    return enrolled_class


def content(entry):
    return (FOLDER / entry["file"]).read_bytes()


@pytest.fixture(scope="session")
def newcomer(admin, api):
    """A student with consent and without templates."""
    room = Classroom(admin, api, n=1)
    body_of(room.consent(0))
    return room


def check_photo(room, photo):
    return room.admin.post(f"/api/v1/students/{room.students[0]['id']}/enrolment/check",
                           files={"photo": ("a.jpg", photo, "image/jpeg")})


def refused(answer, entry):
    if entry["file"] == "empty.jpg":  # refused as a field or as a picture
        assert body_of(answer, 422)["type"] in ("/problems/invalid", "/problems/image-invalid")
        assert answer.json()["errors"]
        return
    status = {"image-invalid": 422, "too-large": 413, "unsupported-media": 415}[entry["error"]]
    problem(answer, status, entry["error"])


@each(REFUSED)
def test_a_refused_picture(enrolled_class, newcomer, entry):
    photo = content(entry)
    refused(enrolled_class.show(photo), entry)
    refused(check_photo(newcomer, photo), entry)
    refused(newcomer.send_photos(0, photo), entry)
    status = newcomer.admin.get(f"/api/v1/students/{newcomer.students[0]['id']}/enrolment").json()
    assert status["templates"] == []


@each(PLAIN)
def test_a_picture_without_a_face(enrolled_class, newcomer, entry):
    photo = content(entry)
    shown = body_of(enrolled_class.show(photo))
    assert shown["faces"] == [] and shown["outcome"]["decision"] == "no_face"
    problem(enrolled_class.show(photo, single="true"), 422, "face-none")
    seen = body_of(check_photo(newcomer, photo))
    assert seen["faces"] == 0 and not seen["ok"]
    problem(newcomer.send_photos(0, photo), 422, "face-quality")


@each(FACES)
def test_a_face_however_it_is_stored(enrolled_class, entry):
    """Turned by EXIF, grey, CMYK, PNG …: the same person."""
    enrolled_class.session = enrolled_class.new_session()
    enrolled_class.open()
    seen = body_of(enrolled_class.show(content(entry)))
    assert (seen["width"], seen["height"]) == (entry["width"], entry["height"])
    assert [f["outcome"]["student_id"] for f in seen["faces"]] == [enrolled_class.students[0]["id"]]
    assert seen["faces"][0]["outcome"]["similarity"] > 0.6


@each(FACES)
def test_the_coach_sees_it_alike(newcomer, entry):
    """However it is stored, it is the same upright face to the coach."""
    seen = body_of(check_photo(newcomer, content(entry)))
    assert seen["ok"] and seen["faces"] == 1 and seen["pose"] == "front"


@each(HUGE)
def test_declared_sizes_cost_nothing(warm_class, server, entry):
    """Refused by the header, before any pixel has a place."""
    photo = content(entry)

    def show():
        worked = cpu_s(server)
        for _ in range(3):
            problem(warm_class.show(photo), 413, "too-large")
        assert cpu_s(server) - worked < 3 * SLOW

    grown = peak_growth_kb(server, show, 8 * MB)
    assert grown < 8 * MB or SLOW > 1  # a sanitizer keeps books of its own


def test_memory_for_all_of_them(warm_class, server):
    def show():
        for entry in MANIFEST:
            warm_class.show(content(entry))

    grown = peak_growth_kb(server, show, 64 * MB)
    assert SLOW > 1 or (grown < 64 * MB and memory_kb(server, "VmHWM") < 400 * MB)


def test_the_largest_picture_that_is_taken(warm_class, server):
    """40 megapixels are looked at; their memory is given back."""
    photo = png_of(8000, 5000)
    before = memory_kb(server)
    assert body_of(warm_class.show(photo))["outcome"]["decision"] == "no_face"
    if SLOW == 1:
        assert before + 100 * MB < memory_kb(server, "VmHWM") < before + 400 * MB
        assert wait_until(lambda: memory_kb(server) < before + 64 * MB)


def png_of(width, height):
    out = io.BytesIO()
    Image.new("RGB", (width, height), (200, 180, 160)).save(out, "PNG", compress_level=1)
    return out.getvalue()


def test_memory_for_an_enrolment(warm_class, newcomer, server):
    """What a form takes follows from what came, not from what may come."""
    before = memory_kb(server)
    problem(newcomer.send_photos(0, *[b"no picture"] * 5), 415, "unsupported-media")
    errors = body_of(newcomer.send_photos(0, bytes((8 << 20) + 1)), 422)["errors"]
    assert [(e["field"], e["code"]) for e in errors] == [("photos/0", "max_bytes")]
    if SLOW == 1:
        assert memory_kb(server, "VmHWM") < before + 64 * MB


def test_pictures_leave_nothing_behind(enrolled_class, server):
    photos = [content(e) for e in MANIFEST if e["file"] in (
        "truncated.jpg", "truncated.png", "truncated.webp", "bad-deflate.png", "many-scans.jpg",
        "polyglot-jar.jpg", "huge-100mp.jpg")]
    assert len(photos) == 7

    def round_of(n):
        for k in range(n):
            assert enrolled_class.show(photos[k % 7]).status_code in (413, 415, 422)

    round_of(70)
    for _ in range(3):  # what was given back to the system just before is taken again
        before = memory_kb(server)
        round_of(210)
        grown = memory_kb(server) - before
        if grown < 16 * MB * SLOW:
            break
    assert grown < 16 * MB * SLOW

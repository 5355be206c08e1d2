# SPDX-License-Identifier: MIT
"""Photos of a class: a proposal that marks nobody, and a person's word that marks once."""
import concurrent.futures
import contextlib
import io
import sqlite3
import subprocess
import threading
import time

import pytest
import requests
from PIL import Image

from chaos import database_file, peak_growth_kb, sql
from classroom import Classroom, derived, mosaic, portrait, portraits
from factories import body_of, field_errors, problem
from client import Client
from live_frames import SCREEN, camera
from own import ADMIN, PASSWORD, running
from server import ENGINE, SLOW
from test_images import FACES, PLAIN, REFUSED, content, each

IDS = [row["id"] for row in portraits()]
STRANGERS = [row["id"] for row in portraits("stranger")]
ENROLLED = 6


def crowd(ids, heights="90", seed=1, size="1000x750"):
    name = f"crowd-{seed}-{size}-{heights.replace(',', '.')}-{'-'.join(ids)}.jpg"
    return derived("crowd", name, "--seed", str(seed), "--size", size, "--heights", heights,
                   "OUT", *ids)


def send(room, *photos, client=None):
    files = [("photos", (f"{i}.jpg", photo, "image/jpeg")) for i, photo in enumerate(photos)]
    return (client or room.trainer).post(room.path + "/class-photos", files=files)


def propose(room, *photos):
    return body_of(send(room, *photos), 201)


def confirm(room, proposal, present=(), assignments=(), client=None):
    return (client or room.trainer).post(
        f"{room.path}/class-photos/{proposal['id']}/confirm",
        json={"present": list(present),
              "assignments": [{"face": f, "student_id": s} for f, s in assignments]})


def ids_of(people):
    return [p["student"]["id"] for p in people]


@pytest.fixture(scope="module")
def whole_class(admin, api):
    """Eight students; six are enrolled with p01 to p06."""
    room = Classroom(admin, api, n=8)
    for i in range(ENROLLED):
        body_of(room.enrol(i, portrait(IDS[i]), accept_duplicate="true"), 201)
    return room


@pytest.fixture
def room(whole_class):
    whole_class.session = whole_class.new_session()
    return whole_class.open()


def test_proposed_then_confirmed(room):
    photo = crowd(IDS[:4] + STRANGERS[:1])
    p = propose(room, photo)
    assert p["outcome"] is None and p["session_id"] == room.session["id"]
    assert [(x["width"], x["height"]) for x in p["photos"]] == [(1000, 750)]
    assert set(ids_of(p["sure"])) == {s["id"] for s in room.students[:4]}
    assert p["unsure"] == [] and len(p["unknown"]) >= 1
    assert {s["id"] for s in p["absent"]} == {s["id"] for s in room.students[4:]}
    for person in p["sure"]:
        d = person["outcome"]
        assert d["decision"] == "match" and d["student_id"] == person["student"]["id"]
        assert d["similarity"] >= d["threshold"] + 0.05 and d["policy"].startswith("roster")
        assert d["why"]["fr"] and person["reasons"] == [] and person["candidates"] == []
    for person in p["unknown"]:
        assert person["outcome"]["student_id"] is None and person["student"] is None
        assert person["candidates"] == []
    # Nobody is marked by looking.
    assert body_of(room.trainer.get(room.path))["unmarked"] == 8
    assert body_of(room.trainer.get(f"{room.path}/class-photos/{p['id']}")) == p

    face = p["sure"][0]["faces"][0]
    crop = room.trainer.get(face["crop_url"])
    assert crop.headers["Content-Type"] == "image/jpeg" and len(crop.content) < 16384
    assert crop.headers["Cache-Control"] == "no-store"
    assert Image.open(io.BytesIO(crop.content)).size == (128, 128)

    answer = body_of(confirm(room, p, ids_of(p["sure"]) + [room.students[7]["id"]]))
    assert [m["by_face"] for m in answer["students"]] == [True] * 4 + [False]
    assert all(m["status"] == "present" and not m["already"] for m in answer["students"])
    record = room.record(0)
    by_id = {x["student"]["id"]: x for x in p["sure"]}
    assert record["method"] == "class_photo" and record["status"] == "present"
    assert record["similarity"] == pytest.approx(
        by_id[record["student_id"]]["outcome"]["similarity"])
    by_hand = room.record(7)
    assert by_hand["method"] == "manual" and by_hand["similarity"] is None
    assert body_of(room.trainer.get(room.path))["present"] == 5
    # The crops are gone, and so is the proposal.
    problem(room.trainer.get(face["crop_url"]), 404, "not-found")
    problem(room.trainer.get(f"{room.path}/class-photos/{p['id']}"), 404, "not-found")
    problem(room.trainer.delete(f"{room.path}/class-photos/{p['id']}"), 404, "not-found")


def events_of(room, i):
    return body_of(room.trainer.get(
        f"{room.path}/attendance/{room.students[i]['id']}/events"))["items"]


def test_confirming_again_changes_nothing(room, admin):
    p = propose(room, crowd(IDS[:4] + STRANGERS[:1]))
    body_of(room.mark(0, "excused"))
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = [body_of(a) for a in pool.map(
            lambda client: confirm(room, p, ids_of(p["sure"]), client=client),
            [room.trainer, admin, room.trainer, admin])]
    assert all(a == answers[0] for a in answers)
    already = {m["student_id"]: m["already"] for m in answers[0]["students"]}
    assert already.pop(room.students[0]["id"]) and not any(already.values())
    assert room.record(0)["status"] == "excused" and room.record(0)["method"] == "manual"
    # That the excused student was there is in the ledger; the record stands.
    assert [len(events_of(room, i)) for i in range(4)] == [2, 1, 1, 1]
    # A lost answer is asked for again, also with other words, also when the register is closed.
    body_of(room.move("close"))
    assert body_of(confirm(room, p, [])) == answers[0]


def test_a_picture_of_a_student_is_for_a_person_to_decide(room, admin):
    """The liveness level `passive` of class photos: a phone that shows a student is a doubt."""
    with camera(IDS[0], SCREEN, seed=3) as phone:
        photo = phone.frame(0.5)
    p = propose(room, photo)
    assert ids_of(p["sure"]) == [room.students[0]["id"]]
    assert p["sure"][0]["outcome"]["liveness"] is None
    path = "/api/v1/liveness/policy"
    before = {"rules": [{k: v for k, v in rule.items() if v}
                        for rule in body_of(admin.get(path))["rules"]]}
    rule = {"way": "class_photo", "level": "passive"}
    others = [r for r in before["rules"] if r["way"] != "class_photo"]
    body_of(admin.put(path, json={"rules": [*others, rule]}))
    try:
        small = propose(room, crowd(IDS[:1], heights="60"))
        p = propose(room, photo)
    finally:
        body_of(admin.put(path, json=before))
    # Too small to say: nothing is measured, and it stands as without the rule.
    assert all(x["outcome"]["liveness"] is None for x in small["sure"] + small["unsure"])
    assert p["sure"] == [] and len(p["unsure"]) == 1, p["sure"][:1]
    doubt, = p["unsure"]
    assert doubt["reasons"] == ["not_alive"] and doubt["student"] is None
    assert doubt["outcome"]["decision"] == "spoof_suspected"
    assert doubt["outcome"]["liveness"] < 0.3 and doubt["outcome"]["student_id"] is None
    # It stays a person's decision, and the score is kept with the mark.
    student = doubt["candidates"][0]["student"]["id"]
    assert student == room.students[0]["id"]
    answer = body_of(confirm(room, p, assignments=[(doubt["faces"][0]["face"], student)]))
    assert answer["students"][0]["by_face"]
    assert events_of(room, 0)[-1]["liveness"] == pytest.approx(doubt["outcome"]["liveness"])


def test_the_same_people_in_two_photos(room):
    photos = crowd(IDS[:4] + STRANGERS[:1]), crowd(IDS[2:6] + STRANGERS[:1], seed=2)
    p = propose(room, *photos)
    assert set(ids_of(p["sure"])) == {s["id"] for s in room.students[:6]}
    seen = {x["student"]["id"]: [f["photo"] for f in x["faces"]] for x in p["sure"]}
    assert sorted(seen[room.students[2]["id"]]) == sorted(seen[room.students[3]["id"]]) == [0, 1]
    assert seen[room.students[0]["id"]] == [0] and seen[room.students[5]["id"]] == [1]
    stranger = [x for x in p["unknown"] if len(x["faces"]) == 2]
    assert len(stranger) == 1
    numbers = [f["face"] for key in ("sure", "unsure", "unknown") for x in p[key] for f in x["faces"]]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))


def test_small_faces_are_never_sure(room):
    p = propose(room, crowd(IDS[:5], heights="36"))
    assert p["sure"] == [] and p["photos"][0]["faces"] == 5
    assert len(p["unsure"]) >= 3
    for person in p["unsure"]:
        assert "low_quality" in person["reasons"]
        assert person["faces"][0]["flaws"][0] == "too_small"
        assert person["outcome"]["decision"] == "low_quality"
        assert person["outcome"]["student_id"] is None
        assert 1 <= len(person["candidates"]) <= 3
    # The trainer says who it is: with a candidate the photo is evidence, else a word alone.
    first, second = p["unsure"][0], p["unsure"][1]
    named = first["candidates"][0]["student"]["id"]
    other = p["absent"][-1]["id"]
    answer = body_of(confirm(room, p, [], [(first["faces"][0]["face"], named),
                                           (second["faces"][0]["face"], other)]))
    assert [m["by_face"] for m in answer["students"]] == [True, False]
    i = next(i for i, s in enumerate(room.students) if s["id"] == named)
    assert room.record(i)["method"] == "class_photo"
    assert room.record(i)["similarity"] == pytest.approx(first["candidates"][0]["similarity"])


def test_a_crowd_of_strangers(room):
    p = propose(room, crowd(STRANGERS, heights="120"))
    assert p["sure"] == [] and len(p["absent"]) >= 7
    assert p["photos"][0]["faces"] >= len(STRANGERS) - 1
    answer = body_of(confirm(room, p))
    assert answer["students"] == []
    assert body_of(room.trainer.get(room.path))["unmarked"] == 8


def test_more_faces_than_are_looked_at(room):
    p = propose(room, mosaic(14, 12))
    assert (p["photos"][0]["faces"], p["photos"][0]["more_faces"]) == (160, 8)
    assert body_of(room.trainer.get(f"{room.path}/class-photos/{p['id']}"))["photos"] == p["photos"]


def test_wrong_answers(room):
    p = propose(room, crowd(IDS[:4] + STRANGERS[:1]))
    mine = ids_of(p["sure"])
    face = p["sure"][0]["faces"][0]["face"]
    assert field_errors(confirm(room, p, [10**9])) == {"/present/0": "one_of"}
    assert field_errors(confirm(room, p, [mine[0], mine[0]])) == {"/present/1": "duplicate"}
    assert field_errors(confirm(room, p, [], [(999, mine[0])])) == {"/assignments/0": "one_of"}
    twice = field_errors(confirm(room, p, [], [(face, mine[0]), (face, mine[1])]))
    assert twice == {"/assignments/1": "duplicate"}
    assert field_errors(confirm(room, p, mine[:1], [(face, mine[0])])) == {
        "/assignments/0": "duplicate"}
    assert confirm(room, p, range(1, 1002)).status_code == 422
    url = f"{room.path}/class-photos/{p['id']}/confirm"
    assert room.trainer.post(url, json={"present": []}).status_code == 422
    assert room.trainer.post(url, json={"present": ["x"], "assignments": []}).status_code == 422
    assert body_of(room.trainer.get(room.path))["unmarked"] == 8
    body_of(confirm(room, p, mine))


def test_discarded_or_replaced(room, admin):
    photo = crowd(IDS[:4] + STRANGERS[:1])
    first, second = propose(room, photo), propose(room, photo)
    assert room.trainer.get(f"{room.path}/class-photos/{first['id']}").status_code == 404
    others = body_of(send(room, photo, client=admin), 201)
    assert room.trainer.get(f"{room.path}/class-photos/{second['id']}").status_code == 200
    assert room.trainer.get(f"{room.path}/class-photos/{others['id']}").status_code == 200
    assert room.trainer.delete(f"{room.path}/class-photos/{second['id']}").status_code == 204
    problem(room.trainer.get(second["sure"][0]["faces"][0]["crop_url"]), 404, "not-found")
    problem(confirm(room, second, []), 404, "not-found")
    missing = f"{room.path}/class-photos/{others['id']}/crops/999"
    problem(room.trainer.get(missing), 404, "not-found")


def test_whose_session_it_is(room, trainer, student):
    photo = portrait(IDS[0])
    p = propose(room, photo)
    at = f"{room.path}/class-photos/{p['id']}"
    crop = p["sure"][0]["faces"][0]["crop_url"]
    problem(send(room, photo, client=trainer), 404, "not-found")
    problem(send(room, photo, client=student), 403, "forbidden")
    for path in (at, crop):
        problem(trainer.get(path), 404, "not-found")
        problem(student.get(path), 403, "forbidden")
    problem(trainer.delete(at), 404, "not-found")
    problem(confirm(room, p, [], client=trainer), 404, "not-found")
    other = room.new_session()
    problem(room.trainer.get(at.replace(room.path, f"/api/v1/sessions/{other['id']}")), 404,
            "not-found")


def test_only_while_the_register_is_open(room):
    p = propose(room, portrait(IDS[0]))
    body_of(room.move("close"))
    problem(send(room, portrait(IDS[0])), 409, "session-not-open")
    problem(confirm(room, p, ids_of(p["sure"])), 409, "session-not-open")
    assert room.record(0)["status"] == "absent"
    room.session = room.new_session()
    problem(send(room, portrait(IDS[0])), 409, "session-not-open")


def test_nobody_enrolled(admin, api):
    room = Classroom(admin, api, n=2).open()
    p = propose(room, crowd(IDS[:4] + STRANGERS[:1]))
    assert p["outcome"]["decision"] == "no_consent"
    assert p["sure"] == p["unsure"] == p["unknown"] == [] and p["photos"][0]["faces"] == 0
    assert {s["id"] for s in p["absent"]} == {s["id"] for s in room.students}
    body_of(confirm(room, p, [room.students[1]["id"]]))
    assert room.record(1)["method"] == "manual"


def test_how_many_photos(room):
    assert send(room).status_code in (415, 422)
    assert "photos" in field_errors(send(room, *[portrait(IDS[0])] * 6))
    p = propose(room, *[portrait(IDS[0])] * 5)
    assert ids_of(p["sure"]) == [room.students[0]["id"]] and len(p["sure"][0]["faces"]) == 5


def jpeg_of(image, **more):
    out = io.BytesIO()
    image.save(out, "JPEG", **more)
    return out.getvalue()


@each(REFUSED)
def test_a_refused_picture(room, entry):
    answer = send(room, content(entry))
    if entry["file"] == "empty.jpg":
        assert answer.status_code == 422
        return
    status = {"image-invalid": 422, "too-large": 413, "unsupported-media": 415}[entry["error"]]
    problem(answer, status, entry["error"])
    assert answer.json()["errors"][0]["field"].endswith("photos/0")


def test_pictures_without_a_face(room):
    p = propose(room, *[content(e) for e in PLAIN[:5]])
    assert p["outcome"]["decision"] == "no_face" and len(p["absent"]) == 8
    assert all(x["faces"] == 0 for x in p["photos"])


def test_cartoons_animals_and_the_dark_are_nobody(room):
    odd = [row["id"] for row in portraits("reject")
           if row["reject_reason"] in ("no_face", "drawing", "too_small", "dark")]
    for i in range(0, len(odd), 5):
        p = propose(room, *[portrait(row) for row in odd[i:i + 5]])
        assert p["sure"] == []
    dark = Image.open(io.BytesIO(portrait(IDS[0]))).convert("RGB").point(lambda v: v // 12)
    assert propose(room, jpeg_of(dark))["sure"] == []


def test_a_face_however_it_is_stored(room):
    """Turned by EXIF, grey, CMYK, 16-bit PNG, progressive: the same person."""
    for i in range(0, len(FACES), 5):
        some = FACES[i:i + 5]
        p = propose(room, *[content(e) for e in some])
        assert ids_of(p["sure"]) == [room.students[0]["id"]]
        assert len(p["sure"][0]["faces"]) == len(some)
        assert [(x["width"], x["height"]) for x in p["photos"]] == [
            (e["width"], e["height"]) for e in some]


def test_how_large(room, server):
    plain = Image.new("RGB", (6000, 4000), (200, 180, 160))
    p = propose(room, jpeg_of(plain, quality=30))
    assert p["outcome"]["decision"] == "no_face"
    photos = portrait(IDS[0]), jpeg_of(plain.resize((6000, 4001)), quality=30)

    def too_large():
        answer = send(room, *photos)
        problem(answer, 413, "too-large")
        assert "24.0 megapixels (6000 x 4001), at most 24" in answer.text
        assert answer.json()["errors"][0]["field"].endswith("photos/1")

    grown = peak_growth_kb(server, too_large, 40 * 1024)
    assert grown < 40 * 1024 or SLOW > 1  # refused by its header
    heavy = portrait(IDS[0]) + bytes(12 << 20)
    assert field_errors(send(room, heavy)) == {"photos/0": "max_bytes"}
    try:
        assert send(room, *[portrait(IDS[0]) + bytes(9 << 20)] * 5).status_code == 413
    except requests.ConnectionError:
        pass  # closed while it was still being sent


def small_class(server, contract):
    api = Client(server, contract)
    room = Classroom(api.login(ADMIN, PASSWORD), api, n=3)
    for i in range(3):
        body_of(room.enrol(i, portrait(IDS[i]), accept_duplicate="true"), 201)
    return room


def try_to_confirm(room, proposal, told):
    try:
        told.append(confirm(room, proposal, ids_of(proposal["sure"])).status_code)
    except OSError:
        told.append(None)  # killed before it answered


def test_killed_while_confirming(contract):
    """All are marked or nobody, and asking again ends in the same place."""
    photo = crowd(IDS[:3], heights="120", size="1000x800")
    with running() as server:
        room = small_class(server, contract)
        for wait_ms in (0, 3, 6, 10):
            room.session = room.new_session()
            room.open()
            p = propose(room, photo)
            assert len(p["sure"]) == 3
            told = []
            thread = threading.Thread(target=try_to_confirm, args=(room, p, told))
            thread.start()
            time.sleep(wait_ms / 1000)
            server.kill()
            thread.join(30)
            server.start()
            marked = body_of(room.trainer.get(room.path))["present"]
            assert marked in ((3,) if told == [200] else (0, 3))
            answer = body_of(confirm(room, p, ids_of(p["sure"])))
            assert len(answer["students"]) == 3
            assert [len(events_of(room, i)) for i in range(3)] == [1, 1, 1]
        check_what_is_kept(room, server, photo)


def one(server, statement):
    """The first column of the first row, as text."""
    if ENGINE == "sqlite":
        with contextlib.closing(sqlite3.connect(database_file(server), timeout=10)) as db:
            return str(db.execute(statement).fetchone()[0])
    return subprocess.run(["psql", "-qAt", "-d", server.options["database_url"], "-c", statement],
                          check=True, capture_output=True, text=True).stdout.strip()


def check_what_is_kept(room, server, photo):
    """Crops only until the decision or the end of their time; no pixel outside a seal."""
    assert one(server, "SELECT count(*) FROM class_photo_crop") == "0"
    assert one(server, "SELECT count(*) FROM class_photo"
                       " WHERE wrapped IS NOT NULL OR kept <> ''") == "0"
    room.session = room.new_session()
    room.open()
    p = propose(room, photo)
    assert one(server, "SELECT count(*) FROM class_photo_crop") == "3"
    kept = one(server, "SELECT kept FROM class_photo WHERE state = 'open'")
    assert not any(s["name"] in kept for s in room.students)
    until = one(server, "SELECT expires_at - created_at FROM class_photo WHERE state = 'open'")
    assert until == str(24 * 3600 * 1000)
    sql(server, "UPDATE class_photo SET expires_at = created_at WHERE state = 'open'")
    problem(room.trainer.get(f"{room.path}/class-photos/{p['id']}"), 404, "not-found")
    problem(room.trainer.get(p["sure"][0]["faces"][0]["crop_url"]), 404, "not-found")
    problem(confirm(room, p, []), 404, "not-found")


@pytest.mark.parametrize("switch", ["off", "verify"])
def test_switched_off(contract, switch):
    with running(face_recognition=switch) as server:
        api = Client(server, contract)
        room = Classroom(api.login(ADMIN, PASSWORD), api, n=1).open()
        problem(send(room, portrait(IDS[0])), 403, "biometrics-off")

# SPDX-License-Identifier: MIT
"""How far recognition can be trusted: look-alikes, corrections, calibration, the school's threshold."""
import json
import re
import sqlite3
import subprocess
import xml.etree.ElementTree as ET

import pytest

from chaos import sql
from classroom import Classroom, another_photo, portrait
from factories import PASSWORD, body_of, field_errors, walk
from server import ENGINE, Server

PAIRS = "/api/v1/recognition/pairs"
CALIBRATION = "/api/v1/recognition/calibration"
THRESHOLD = "/api/v1/recognition/threshold"


@pytest.fixture(scope="module")
def room(admin, api):
    """0: p11, with an account. 1 and 2: both p12, one person under two names. 3: nobody."""
    room = Classroom(admin, api, n=4)
    room.students[0] = room.make.student(account=True)
    room.make.member(room.group, room.students[0])
    for i, row in enumerate(["p11", "p12", "p12"]):
        photos = [portrait(row), another_photo(row, seed=3 + i)]
        body_of(room.enrol(i, *photos, accept_duplicate="true"), 201)
    room.open()
    room.own = api.login(room.students[0]["email"], PASSWORD)
    return room


def pairs_of(room, *who, reason=None):
    ids = {room.students[i]["id"] for i in who}
    return [p for p in walk(room.admin, PAIRS, {"limit": 200})[0]
            if {p["a_student_id"], p["b_student_id"]} - {None} == ids
            and reason in (None, p["reason"])]


def seen(room, row):
    """What was decided about the one face of a portrait."""
    return body_of(room.show(portrait(row)))["faces"][0]["outcome"]


def not_me(room, client, i, **body):
    return client.post(f"{room.path}/attendance/{room.students[i]['id']}/not-me", json=body)


def test_not_me(room):
    """A student takes the own mark back, once; the next look asks for more."""
    before = seen(room, "p11")
    assert before["decision"] == "match" and before["threshold"] == pytest.approx(0.45)
    assert room.record(0)["status"] in ("present", "late")

    record = body_of(not_me(room, room.own, 0))
    assert record["status"] == "unmarked" and room.record(0)["status"] == "unmarked"
    (pair,) = pairs_of(room, 0, reason="correction")
    assert pair["b_student_id"] is None and pair["times"] == 1
    assert pair["more_threshold"] == pytest.approx(0.02) and pair["similarity"] is None

    # Said again: nothing is left to take back, and it counts once.
    assert body_of(not_me(room, room.own, 0))["status"] == "unmarked"
    assert pairs_of(room, 0, reason="correction")[0]["times"] == 1
    assert seen(room, "p11")["threshold"] == pytest.approx(0.47)
    assert room.record(0)["status"] in ("present", "late")


def test_a_trainers_correction_counts_once_a_mark(room):
    times = pairs_of(room, 0, reason="correction")[0]["times"]
    assert seen(room, "p11")["decision"] == "match"
    for _ in range(2):
        body_of(room.mark(0, "absent"))
    assert pairs_of(room, 0, reason="correction")[0]["times"] == times + 1
    # By hand there is nothing that the engine did wrong.
    body_of(room.mark(0, "present"))
    body_of(room.mark(0, "absent"))
    assert pairs_of(room, 0, reason="correction")[0]["times"] == times + 1
    assert not_me(room, room.own, 0).status_code == 200  # corrected before: nothing to do
    assert room.record(0)["status"] == "absent"
    for _ in range(3):
        body_of(room.trainer.post(f"{room.path}/attendance/{room.students[0]['id']}/undo"))
    # Back at the face's mark, whose undoing was counted already.
    body_of(room.trainer.post(f"{room.path}/attendance/{room.students[0]['id']}/undo"))
    assert pairs_of(room, 0, reason="correction")[0]["times"] == times + 1


def test_who_it_was_is_for_the_school_to_say(room):
    other = room.students[3]["id"]
    assert room.record(0)["status"] == "unmarked"
    assert seen(room, "p11")["decision"] == "match"
    refused = not_me(room, room.own, 0, actual_student_id=other)
    assert refused.status_code == 422 and refused.json()["errors"][0]["field"] == "/actual_student_id"
    own = not_me(room, room.trainer, 0, actual_student_id=room.students[0]["id"])
    assert own.status_code == 422
    assert not pairs_of(room, 0, 3)
    body_of(not_me(room, room.trainer, 0, actual_student_id=other))
    (pair,) = pairs_of(room, 0, 3)
    assert pair["reason"] == "correction" and pair["times"] == 1
    assert pair["a_student_id"] < pair["b_student_id"]


def test_not_me_is_refused(room, api):
    stranger = api.login(room.make.student(account=True)["email"], PASSWORD)
    assert not_me(room, stranger, 0).status_code == 404
    assert not_me(room, room.own, 1).status_code == 404  # not the own mark
    assert not_me(room, room.trainer, 3).status_code == 404  # never marked
    body_of(room.mark(3, "present"))
    assert not_me(room, room.trainer, 3).status_code == 404  # by hand


def test_look_alikes_are_found_at_enrolment(room):
    (pair,) = pairs_of(room, 1, 2, reason="look_alike")
    assert pair["similarity"] > 0.8 and pair["more_margin"] == pytest.approx(0.05)
    assert pair["a_name"] and pair["b_name"] and pair["since"]
    assert seen(room, "p12")["decision"] == "ambiguous"


def test_second_factor_and_seen(room):
    (pair,) = pairs_of(room, 0, 3)
    changed = body_of(room.admin.put(f"{PAIRS}/{pair['id']}", json={"second_factor": True}))
    assert changed["second_factor"] is True and changed["seen"] is False
    face = seen(room, "p11")
    assert face["decision"] == "ambiguous" and face["student_id"] is None
    assert room.record(0)["status"] == "unmarked"
    assert all("QR" in face["why"][language] for language in ("en", "fr", "ar"))
    changed = body_of(room.admin.put(f"{PAIRS}/{pair['id']}",
                                     json={"second_factor": False, "seen": True}))
    assert changed["second_factor"] is False and changed["seen"] is True
    assert seen(room, "p11")["decision"] == "match"
    assert room.admin.put(f"{PAIRS}/999999", json={"seen": True}).status_code == 404


def test_more_pairs_than_a_page_holds(room, server):
    a = room.students[3]["id"]
    sql(server, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 530)"
                " INSERT INTO strict_pair (a_student_id, reason, similarity, times, created_at, updated_at)"
                f" SELECT {a}, 'look_alike', 0.5 + (i % 97) * 0.004, 1, 7, 7 FROM n")
    try:
        items, pages = walk(room.admin, PAIRS, {"limit": 200})
        small, many = walk(room.admin, PAIRS, {"limit": 61})
    finally:
        sql(server, "DELETE FROM strict_pair WHERE created_at = 7")
    assert pages == -(-len(items) // 200) >= 3 and many == -(-len(items) // 61)
    assert [p["id"] for p in items] == [p["id"] for p in small]
    assert len({p["id"] for p in items}) == len(items) >= 530
    kinds = [p["reason"] for p in items]
    assert kinds == sorted(kinds)  # corrections, then look-alikes
    alike = [p["similarity"] for p in items if p["reason"] == "look_alike"]
    assert alike == sorted(alike, reverse=True)
    field_errors(room.admin.get(PAIRS, params={"cursor": "bmFtZQ"}))
    field_errors(room.admin.get(PAIRS, params={"limit": 201}))


def test_calibration(room):
    got = body_of(room.admin.get(CALIBRATION))
    assert got["ready"] is True and got["missing"] == []
    assert got["genuine_n"] > 0 and got["look_alikes"] >= 1
    assert sum(b["genuine"] for b in got["bins"]) == got["genuine_n"]
    assert sum(b["impostor"] for b in got["bins"]) == got["impostor_n"]
    # One person under two names is the closest pair there is.
    assert got["closest"]["similarity"] > 0.8 and got["closest"]["a_name"]
    for roster in got["rosters"]:
        assert roster["fpir_low"] <= roster["fpir"] <= roster["fpir_high"]
        assert roster["fnir_low"] <= roster["fnir"] <= roster["fnir_high"]
        assert roster["fpir"] == pytest.approx(1 - (1 - roster["fmr"]) ** roster["persons"], abs=1e-4)
    assert got["floor"] <= got["suggested"] <= got["most"] == 0.8
    assert got["own"] is None


def test_calibration_drawn(room):
    answer = room.admin.get(CALIBRATION + ".svg")
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("image/svg+xml")
    root = ET.fromstring(answer.text)
    names = [re.sub(r"{.*}", "", e.tag) for e in root.iter()]
    assert root.get("role") == "img" and "title" in names and "desc" in names
    assert names.count("path") >= 4 and "script" not in names
    for student in room.students:
        assert student["name"] not in answer.text


def test_the_schools_threshold(room):
    try:
        for wrong, code in ((0.2, "min"), (0.449, "min"), (0.81, "max")):
            refused = room.admin.put(THRESHOLD, json={"threshold": wrong})
            assert refused.status_code == 422
            assert refused.json()["errors"][0]["code"] == code
        assert "strangers" in room.admin.put(THRESHOLD, json={"threshold": 0.2}).text
        got = body_of(room.admin.put(THRESHOLD, json={"threshold": 0.6}))
        assert got["own"] == 0.6 and got["threshold"] == 0.6
        assert all(r["threshold"] == 0.6 for r in got["rosters"])
        assert seen(room, "p12")["threshold"] == pytest.approx(0.6)
    finally:
        got = body_of(room.admin.put(THRESHOLD, json={"threshold": None}))
    assert got["own"] is None
    assert seen(room, "p12")["threshold"] == pytest.approx(0.45)


def sealed_rows(server):
    """The stored templates, byte for byte."""
    sql = "SELECT id, student_id, model, quality, {} FROM face_template ORDER BY id"
    if ENGINE == "postgres":
        return subprocess.run(["psql", "-qAt", "-d", server.options["database_url"], "-c",
                               sql.format("md5(sealed)")], check=True, capture_output=True).stdout
    path = next((server.folder / "data").rglob("*.db"))
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        return db.execute(sql.format("sealed")).fetchall()


def test_the_engine_never_learns_from_its_own_matches(room, server):
    before = sealed_rows(server)
    assert before
    photos = [portrait("p11"), *(another_photo("p11", seed) for seed in (1, 2))]
    matched = 0
    for k in range(100):
        face = body_of(room.show(photos[k % 3]))["faces"][0]
        matched += face["outcome"]["decision"] == "match"
    assert matched == 100
    assert sealed_rows(server) == before


def test_pairs_vanish_with_templates(room):
    (pair,) = pairs_of(room, 1, 2, reason="look_alike")
    # Enrolled again by another face: they are no longer alike.
    body_of(room.send_photos(2, portrait("p13"), another_photo("p13"), accept_duplicate="true"), 201)
    assert not pairs_of(room, 1, 2, reason="look_alike")
    assert seen(room, "p12")["decision"] == "match"
    body_of(room.send_photos(2, portrait("p12"), accept_duplicate="true"), 201)
    (again,) = pairs_of(room, 1, 2, reason="look_alike")
    assert again["id"] != pair["id"]
    path = f"/api/v1/students/{room.students[2]['id']}"
    assert room.admin.delete(path + "/consent").status_code in (200, 204)
    assert not pairs_of(room, 1, 2)


def test_calibrate_on_the_command_line(server, tmp_path):
    drawing = tmp_path / "out.svg"
    got = json.loads(server.run("face", "calibrate", "--json", "--svg", str(drawing)).stdout)
    assert got["ready"] is True and got["closest"] is None  # no names, no ids of a pair
    assert ET.parse(drawing).getroot().tag.endswith("svg")
    text = server.run("face", "calibrate").stdout
    assert "suggested threshold" in text and "roster  threshold" in text
    assert server.run("face", "calibrate", "--dance", check=False).returncode == 2


def test_calibrate_says_what_is_missing():
    empty = Server()
    try:
        empty.run("migrate", "upgrade")
        text = empty.run("face", "calibrate").stdout
        assert "at least two persons" in text and "two photos or more" in text
        got = json.loads(empty.run("face", "calibrate", "--json").stdout)
        assert got["ready"] is False and got["missing"] == ["two_persons", "two_templates"]
        assert got["suggested"] == got["floor"] == 0.45
    finally:
        empty.close()

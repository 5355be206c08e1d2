# SPDX-License-Identifier: MIT
"""Marking by face: the right student, once, or an honest unknown."""
import asyncio
import json
import struct

import pytest
import websockets

from classroom import (Classroom, another_photo, enrolled_class, portrait, portraits,  # noqa: F401
                       scene)
from factories import body_of, field_errors, problem

IDS = [row["id"] for row in portraits()]
STRANGERS = [row["id"] for row in portraits("stranger")]


@pytest.fixture
def room(enrolled_class):
    """The enrolled class with a fresh open session."""
    enrolled_class.session = enrolled_class.new_session()
    return enrolled_class.open()


def test_a_face_marks_its_student_once(room):
    seen = body_of(room.show(another_photo(IDS[0], 3)))
    assert len(seen["faces"]) == 1
    face = seen["faces"][0]
    assert face["decision"] == "match" and face["student_id"] == room.students[0]["id"]
    assert not face["already"] and face["similarity"] >= face["threshold"] >= 0.4
    record = room.record(0)
    assert record == face["record"]
    assert record["status"] == "present" and record["method"] == "face"
    again = body_of(room.show(another_photo(IDS[0], 4)))["faces"][0]
    assert again["already"] and again["record"] == record
    log = body_of(room.trainer.get(
        f"{room.path}/attendance/{room.students[0]['id']}/events"))["items"]
    assert len(log) == 1 and log[0]["similarity"] == face["similarity"]


def test_several_faces_in_one_picture(room):
    seen = body_of(room.show(scene((IDS[0], IDS[1], IDS[2], STRANGERS[0]))))
    matched = {f["student_id"] for f in seen["faces"] if f["decision"] == "match"}
    assert matched == {s["id"] for s in room.students[:3]}
    assert sum(f["decision"] in ("unknown", "low_quality") for f in seen["faces"]) >= 1
    assert body_of(room.trainer.get(room.path))["present"] == 3


@pytest.mark.parametrize("stranger", STRANGERS)
def test_a_stranger_stays_unknown(room, stranger):
    faces = body_of(room.show(portrait(stranger)))["faces"]
    assert all(f["decision"] in ("unknown", "low_quality") for f in faces)
    assert all(f["student_id"] is None and f["record"] is None for f in faces)


def test_somebody_of_another_class_stays_unknown(room, admin, api):
    other = Classroom(admin, api, n=1)
    body_of(other.enrol(0, portrait(IDS[20]), accept_duplicate="true"), 201)
    assert body_of(room.show(portrait(IDS[20])))["faces"][0]["decision"] == "unknown"


def test_a_trainers_word_stands(room):
    body_of(room.mark(0, "excused"))
    face = body_of(room.show(portrait(IDS[0])))["faces"][0]
    assert face["already"] and face["record"]["status"] == "excused"


def test_late_by_the_clock(room):
    room.session = room.new_session(began_min=12)
    room.open()
    record = body_of(room.show(portrait(IDS[0])))["faces"][0]["record"]
    assert record["status"] == "late" and record["minutes_late"] == 12
    room.session = room.new_session(began_min=45)
    room.open()
    record = body_of(room.show(portrait(IDS[1])))["faces"][0]["record"]
    assert record["status"] == "absent" and record["minutes_late"] == 45


def test_undone_and_seen_again(room):
    body_of(room.show(portrait(IDS[0])))
    undo = f"{room.path}/attendance/{room.students[0]['id']}/undo"
    assert body_of(room.trainer.post(undo))["status"] == "unmarked"
    assert not body_of(room.show(portrait(IDS[0])))["faces"][0]["already"]


def test_one_face_expected(room):
    problem(room.show(scene((IDS[0], IDS[1])), single="true"), 422, "face-many")
    problem(room.show(portrait(STRANGERS[0]), single="true"), 422, "face-unknown")
    nobody = next(r["id"] for r in portraits("reject") if r["reject_reason"] == "no_face")
    problem(room.show(portrait(nobody), single="true"), 422, "face-none")
    tiny = next(r["id"] for r in portraits("reject") if r["reject_reason"] == "too_small")
    assert room.show(portrait(tiny), single="true").status_code == 422
    assert body_of(room.trainer.get(room.path))["unmarked"] == 4


def test_nobody_enrolled(admin, api):
    room = Classroom(admin, api, n=1).open()
    problem(room.show(portrait(IDS[0])), 409, "consent-required")


def test_withdrawn_consent_is_unknown_at_once(admin, api):
    room = Classroom(admin, api, n=2).open()
    for i in (0, 1):
        body_of(room.enrol(i, portrait(IDS[21 + i]), accept_duplicate="true"), 201)
    assert admin.delete(f"/api/v1/students/{room.students[0]['id']}/consent").status_code == 204
    assert body_of(room.show(portrait(IDS[21])))["faces"][0]["decision"] == "unknown"


def test_closed_register(room):
    body_of(room.move("close"))
    problem(room.show(portrait(IDS[0])), 409, "session-not-open")


def test_not_ones_own_session(room, trainer, student):
    problem(room.show(portrait(IDS[0]), client=trainer), 404, "not-found")
    problem(room.show(portrait(IDS[0]), client=student), 403, "forbidden")


def test_what_is_not_a_picture(room):
    for junk in (b"", b"hello", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, portrait(IDS[0])[:2000]):
        answer = room.show(junk)
        assert answer.status_code in (415, 422), answer.text
        assert answer.json()["type"].rpartition("/")[2] in ("unsupported-media", "image-invalid",
                                                            "invalid")
    answer = room.trainer.post(room.path + "/attendance/face", json={"photo": "x"})
    problem(answer, 415, "unsupported-media")
    answer = room.trainer.post(room.path + "/attendance/face", data={"single": "maybe"},
                               files={"photo": ("a.jpg", b"x", "image/jpeg")})
    assert "single" in field_errors(answer) or "/single" in field_errors(answer)


def frame(number, photo):
    return struct.pack(">I", number) + photo


async def talk(room, client, frames):
    url = room.trainer.server.url.replace("http", "ws", 1) + room.path + "/attendance/stream"
    headers = {"Authorization": client.session.headers["Authorization"]}
    answers = []
    async with websockets.connect(url, extra_headers=headers) as socket:
        for f in frames:
            await socket.send(f)
            answers.append(json.loads(await asyncio.wait_for(socket.recv(), 60)))
    return answers


def test_frames_of_a_camera(room):
    nobody = next(r["id"] for r in portraits("reject") if r["reject_reason"] == "no_face")
    answers = asyncio.run(talk(room, room.trainer, [
        frame(7, portrait(nobody)), frame(8, portrait(IDS[2])), frame(9, b"junk"), "text",
        frame(10, portrait(IDS[2]))]))
    assert [a["frame"] for a in answers] == [7, 8, 9, 0, 10]
    assert answers[0]["error"] is None and answers[0]["result"]["faces"] == []
    assert answers[1]["result"]["faces"][0]["student_id"] == room.students[2]["id"]
    assert answers[2]["error"]["type"] == "/problems/unsupported-media"
    assert answers[3]["error"]["type"] == "/problems/bad-request"
    assert answers[4]["result"]["faces"][0]["already"]
    assert room.record(2)["method"] == "face"


def test_a_stranger_to_the_session_gets_no_socket(room, trainer, student):
    for who, status in ((trainer, 404), (student, 403)):
        with pytest.raises(websockets.InvalidStatusCode) as refused:
            asyncio.run(talk(room, who, []))
        assert refused.value.status_code == status
    answer = room.trainer.get(room.path + "/attendance/stream")
    assert answer.status_code in (400, 426)


def test_a_camera_stops_when_its_login_ends(room, api):
    email = room.trainer.account["email"]
    other = api.login(email, "seven-Teal-otters")

    async def show_then_log_out():
        url = api.server.url.replace("http", "ws", 1) + room.path + "/attendance/stream"
        headers = {"Authorization": other.session.headers["Authorization"]}
        async with websockets.connect(url, extra_headers=headers) as socket:
            await socket.send(frame(1, portrait(IDS[1])))
            first = json.loads(await asyncio.wait_for(socket.recv(), 60))
            await asyncio.to_thread(other.post, "/api/v1/auth/logout")
            await socket.send(frame(2, portrait(IDS[2])))
            return first, json.loads(await asyncio.wait_for(socket.recv(), 60))

    first, second = asyncio.run(show_then_log_out())
    assert first["result"]["faces"][0]["decision"] == "match"
    assert second["error"]["type"] == "/problems/unauthenticated"
    assert room.record(2)["status"] == "unmarked"

# SPDX-License-Identifier: MIT
"""Marking by face: the right student, once, or an honest unknown."""
import asyncio
import time

import pytest
import websockets

from camera import ask, frame, until_decided, watching
from classroom import (Classroom, another_photo, enrolled_class, mosaic, portrait,  # noqa: F401
                       portraits, scene)
from factories import body_of, field_errors, problem

IDS = [row["id"] for row in portraits()]
STRANGERS = [row["id"] for row in portraits("stranger")]
NOBODY = next(row["id"] for row in portraits("reject") if row["reject_reason"] == "no_face")


@pytest.fixture
def room(enrolled_class):
    """The enrolled class with a fresh open session."""
    enrolled_class.session = enrolled_class.new_session()
    return enrolled_class.open()


def test_a_face_marks_its_student_once(room):
    seen = body_of(room.show(another_photo(IDS[0], 3)))
    assert len(seen["faces"]) == 1
    face = seen["faces"][0]
    outcome = face["outcome"]
    assert seen["outcome"] is None and face["track"] is None
    assert outcome["decision"] == "match" and outcome["student_id"] == room.students[0]["id"]
    assert outcome["student_name"] == room.students[0]["name"] and outcome["policy"].startswith("roster")
    assert not face["already"] and outcome["similarity"] >= outcome["threshold"] >= 0.4
    assert outcome["margin"] >= outcome["min_margin"] and outcome["quality"] > 2.8
    assert all(outcome["why"][lang] for lang in ("en", "fr", "ar"))
    record = room.record(0)
    assert record == face["record"]
    assert record["status"] == "present" and record["method"] == "face"
    again = body_of(room.show(another_photo(IDS[0], 4)))["faces"][0]
    assert again["already"] and again["record"] == record
    log = body_of(room.trainer.get(
        f"{room.path}/attendance/{room.students[0]['id']}/events"))["items"]
    assert len(log) == 1 and log[0]["similarity"] == outcome["similarity"]
    assert log[0]["quality"] == outcome["quality"] and log[0]["device_id"] is None


def test_several_faces_in_one_picture(room):
    seen = body_of(room.show(scene((IDS[0], IDS[1], IDS[2], STRANGERS[0]))))
    outcomes = [f["outcome"] for f in seen["faces"]]
    matched = {o["student_id"] for o in outcomes if o["decision"] == "match"}
    assert matched == {s["id"] for s in room.students[:3]}
    assert sum(o["decision"] in ("unknown", "low_quality") for o in outcomes) >= 1
    assert body_of(room.trainer.get(room.path))["present"] == 3


def test_more_faces_than_are_looked_at(room):
    seen = body_of(room.show(mosaic(10, 8)))
    assert len(seen["faces"]) == 64 and seen["more_faces"] == 16
    assert body_of(room.show(portrait(IDS[0])))["more_faces"] == 0


@pytest.mark.parametrize("stranger", STRANGERS)
def test_a_stranger_stays_unknown(room, stranger):
    faces = body_of(room.show(portrait(stranger)))["faces"]
    assert all(f["outcome"]["decision"] in ("unknown", "low_quality") for f in faces)
    assert all(f["outcome"]["student_id"] is None and f["record"] is None for f in faces)


def test_somebody_of_another_class_stays_unknown(room, admin, api):
    other = Classroom(admin, api, n=1)
    body_of(other.enrol(0, portrait(IDS[20]), accept_duplicate="true"), 201)
    assert body_of(room.show(portrait(IDS[20])))["faces"][0]["outcome"]["decision"] == "unknown"


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
    problem(room.show(portrait(NOBODY), single="true"), 422, "face-none")
    tiny = next(r["id"] for r in portraits("reject") if r["reject_reason"] == "too_small")
    assert room.show(portrait(tiny), single="true").status_code == 422
    assert body_of(room.trainer.get(room.path))["unmarked"] == 4


def test_nobody_enrolled(admin, api):
    room = Classroom(admin, api, n=1).open()
    problem(room.show(portrait(IDS[0]), single="true"), 409, "consent-required")
    seen = body_of(room.show(portrait(IDS[0])))
    assert seen["outcome"]["decision"] == "no_consent" and seen["outcome"]["why"]["fr"]
    assert [f["outcome"] for f in seen["faces"]] == [None]


def test_nobody_in_the_picture(room):
    seen = body_of(room.show(portrait(NOBODY)))
    assert seen["faces"] == [] and seen["outcome"]["decision"] == "no_face"


def test_withdrawn_consent_is_unknown_at_once(admin, api):
    room = Classroom(admin, api, n=2).open()
    for i in (0, 1):
        body_of(room.enrol(i, portrait(IDS[21 + i]), accept_duplicate="true"), 201)
    assert admin.delete(f"/api/v1/students/{room.students[0]['id']}/consent").status_code == 204
    assert body_of(room.show(portrait(IDS[21])))["faces"][0]["outcome"]["decision"] == "unknown"


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


async def talk(room, client, frames):
    async with watching(client, room.path + "/attendance/stream") as socket:
        return [await ask(socket, f) for f in frames]


def decisions(answer):
    return [f["outcome"] and f["outcome"]["decision"] for f in answer["result"]["faces"]]


def test_frames_of_a_camera(room):
    answers = asyncio.run(talk(room, room.trainer, [
        frame(7, portrait(NOBODY)), frame(9, b"junk"), "text", frame(10, portrait(IDS[2]))]))
    assert [a["frame"] for a in answers] == [7, 9, 0, 10]
    assert answers[0]["error"] is None and answers[0]["result"]["faces"] == []
    assert answers[0]["result"]["outcome"]["decision"] == "no_face"
    assert answers[1]["error"]["type"] == "/problems/unsupported-media"
    assert answers[2]["error"]["type"] == "/problems/bad-request"
    assert decisions(answers[3]) == [None] and answers[3]["result"]["faces"][0]["votes"] == 1
    assert room.record(2)["status"] == "unmarked"


def test_several_looks_name_and_mark_once(room):
    async def stand():
        async with watching(room.trainer, room.path + "/attendance/stream") as socket:
            first = await until_decided(socket, portrait(IDS[2]))
            return first, await ask(socket, frame(99, portrait(IDS[2])))

    answers, after = asyncio.run(stand())
    faces = [a["result"]["faces"][0] for a in answers]
    # Who was not seen for two seconds, on a machine that was busy elsewhere, begins anew.
    faces = [f for f in faces if f["track"] == faces[-1]["track"]]
    assert 3 <= len(faces) <= 5
    assert [f["votes"] for f in faces[:-1]] == list(range(1, len(faces)))
    assert all(f["outcome"] is None and f["record"] is None for f in faces[:-1])
    assert faces[-1]["outcome"]["student_id"] == room.students[2]["id"]
    assert faces[-1]["outcome"]["policy"].startswith("track")
    assert faces[-1]["record"]["method"] == "face" and not faces[-1]["already"]
    later = after["result"]["faces"][0]
    assert later["already"] and later["record"] is None and later["outcome"]["decision"] == "match"
    assert room.record(2)["method"] == "face"
    log = body_of(room.trainer.get(f"{room.path}/attendance/{room.students[2]['id']}/events"))
    assert len(log["items"]) == 1


def test_one_lucky_frame_names_nobody(room):
    pictures = [STRANGERS[0]] * 3 + [IDS[1]] + [STRANGERS[0]] * 3

    async def slip_in():
        """The answers, and whether they came without a pause that would end a track."""
        answers, at = [], []
        async with watching(room.trainer, room.path + "/attendance/stream") as socket:
            for n, p in enumerate(pictures, 1):
                at.append(time.monotonic())
                answers.append(await ask(socket, frame(n, portrait(p)), pause=0.1))
        at.append(time.monotonic())
        return answers, max(b - a for a, b in zip(at, at[1:])) < 0.9

    for _ in range(5):
        answers, steady = asyncio.run(slip_in())
        assert all(a["error"] is None and "match" not in decisions(a) for a in answers)
        tracks = [a["result"]["faces"][0]["track"] for a in answers]
        assert tracks[3] != tracks[0], "another face is another track"
        if steady:
            assert len(set(tracks[:3])) == 1
            break
    assert room.record(1)["status"] == "unmarked"


def test_an_old_frame_is_dropped_and_counted(room, server):
    for _ in range(5):  # the second one is late too on a machine that was busy elsewhere for a second
        answers = asyncio.run(talk(room, room.trainer, [
            frame(1, portrait(IDS[1]), age_ms=5000), frame(2, portrait(IDS[1]), age_ms=0),
            frame(3, portrait(IDS[1]), age_ms=70000)]))
        if not answers[1]["late"]:
            break
    assert [a["late"] for a in answers] == [True, False, True]
    assert [a["dropped"] for a in answers] == [1, 1, 2]
    assert answers[0]["result"] is None and answers[0]["error"] is None
    assert answers[1]["result"]["faces"][0]["votes"] == 1
    line = next(row for row in server.raw("GET", "/metrics").text.splitlines()
                if row.startswith('smartpresence_frames_total{fate="late"}'))
    assert int(line.rpartition(" ")[2]) >= 2


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
        async with watching(other, room.path + "/attendance/stream") as socket:
            first = await until_decided(socket, portrait(IDS[1]))
            await asyncio.to_thread(other.post, "/api/v1/auth/logout")
            last = await ask(socket, frame(2, portrait(IDS[2])))
            with pytest.raises(websockets.ConnectionClosed):
                await ask(socket, frame(3, portrait(IDS[2])))
            return first[-1], last

    first, second = asyncio.run(show_then_log_out())
    assert decisions(first) == ["match"]
    assert second["error"]["type"] == "/problems/unauthenticated"
    assert room.record(2)["status"] == "unmarked"

# SPDX-License-Identifier: MIT
"""A tablet at the door: who may be named, where a mark lands, and what ends the stream."""
import asyncio
import json
import socket as sockets

import pytest
import websockets

from camera import LOOK_S, ask, frame, until_decided, watching
from chaos import forget_peak, memory_kb
from classroom import Classroom, enrolled_class, now, portrait, portraits, scene  # noqa: F401
from client import Client
from factories import body_of
from server import SLOW

IDS = [row["id"] for row in portraits()]
STRANGERS = [row["id"] for row in portraits("stranger")]
STREAM = "/api/v1/kiosk/stream"


class Door:
    """A room with a kiosk, and the enrolled class in it."""

    def __init__(self, room, admin):
        self.admin = admin
        self.room = room.make.room()
        self.klass = room
        body = {"kind": "kiosk", "name": "Tablet", "room_id": self.room["id"]}
        self.made = body_of(admin.post("/api/v1/devices", json=body), 201)
        self.kiosk = Client(admin.server, admin.contract, self.made["token"])
        self.rule("off")

    def rule(self, level):
        """How much liveness the school asks of kiosks: portraits on a screen are not alive."""
        rules = [{"way": "kiosk", "level": level}]
        body_of(self.admin.put("/api/v1/liveness/policy", json={"rules": rules}))

    def open(self, began_min=1, **more):
        self.klass.session = self.klass.new_session(began_min, room_id=self.room["id"], **more)
        self.klass.open()
        return self.klass.session["id"]

    def watch(self):
        return watching(self.kiosk, STREAM)


@pytest.fixture
def door(enrolled_class, admin):
    door = Door(enrolled_class, admin)
    yield door
    body_of(admin.put("/api/v1/liveness/policy", json={"rules": []}))


def outcomes(answer):
    return [f["outcome"] and f["outcome"]["decision"] for f in answer["result"]["faces"]]


def test_a_student_at_the_door_is_greeted_and_marked(door):
    session = door.open()

    async def stand():
        async with door.watch() as socket:
            answers = await until_decided(socket, portrait(IDS[0]))
            return answers, await ask(socket, frame(50, portrait(IDS[0])))

    answers, after = asyncio.run(stand())
    face = answers[-1]["result"]["faces"][0]
    student = door.klass.students[0]
    assert face["outcome"]["student_id"] == student["id"] and len(answers) >= 3
    assert face["outcome"]["student_name"] == student["name"].split(" ")[0], "given names only"
    assert face["mark"]["session_id"] == session and face["mark"]["status"] == "present"
    assert "record" not in face and not face["already"]
    assert after["result"]["faces"][0]["already"] and after["result"]["faces"][0]["mark"] is None
    record = door.klass.record(0)
    assert record["method"] == "kiosk" and record["marked_by"] is None
    events = body_of(door.klass.trainer.get(
        f"{door.klass.path}/attendance/{student['id']}/events"))["items"]
    assert len(events) == 1 and events[0]["device_id"] == door.made["id"]
    assert events[0]["quality"] > 2.8 and events[0]["by_user_id"] is None


def test_several_at_once_and_no_stranger(door):
    door.open()
    picture = scene((IDS[0], IDS[1], IDS[2], STRANGERS[0]))

    everybody = {s["id"] for s in door.klass.students[:3]}

    def named(faces):
        return {f["outcome"]["student_id"] for f in faces if f["outcome"] and f["outcome"]["student_id"]}

    async def stand():
        async with door.watch() as socket:
            for n in range(1, 41):  # who was not looked at for two seconds begins anew
                faces = (await ask(socket, frame(n, picture), pause=LOOK_S))["result"]["faces"]
                if n >= 8 and named(faces) == everybody:
                    break
            return faces

    last = asyncio.run(stand())
    assert named(last) == everybody
    others = [f["outcome"] for f in last if f["outcome"] and not f["outcome"]["student_id"]]
    assert all(o["student_name"] is None and o["decision"] != "match" for o in others)
    assert body_of(door.klass.trainer.get(door.klass.path))["present"] == 3


def test_nobody_of_another_room_and_nothing_without_a_session(door, admin, api):
    async def show(picture, most=5):
        async with door.watch() as socket:
            return await until_decided(socket, picture, most=most)

    idle = asyncio.run(show(portrait(IDS[0])))[-1]
    assert idle["error"]["type"] == "/problems/session-not-open" and idle["result"] is None
    other = Classroom(admin, api, n=1)
    other.session = other.new_session(room_id=door.room["id"])
    other.open()
    answers = asyncio.run(show(portrait(IDS[0])))
    assert answers[-1]["result"]["outcome"]["decision"] == "no_consent"
    assert answers[-1]["result"]["outcome"]["why"]["ar"] and outcomes(answers[-1]) == [None]
    body_of(other.enrol(0, portrait(IDS[20]), accept_duplicate="true"), 201)
    answers = asyncio.run(show(portrait(IDS[0]), most=14))
    assert outcomes(answers[-1]) == ["unknown"] and len(answers) >= 12


def test_the_nearest_of_two_sessions_is_marked(door):
    far = door.open(began_min=25)
    near = door.open(began_min=2)
    room = body_of(door.kiosk.get("/api/v1/kiosk/room"))
    assert [s["id"] for s in room["sessions"]] == [near, far]

    async def stand():
        async with door.watch() as socket:
            return await until_decided(socket, portrait(IDS[1]))

    assert asyncio.run(stand())[-1]["result"]["faces"][0]["mark"]["session_id"] == near
    assert door.klass.record(1)["method"] == "kiosk"


def test_the_room_tells_what_comes_next(door):
    room = body_of(door.kiosk.get("/api/v1/kiosk/room"))
    assert room["sessions"] == [] and room["next"] is None
    planned = door.klass.make.session(door.klass.trainer_row, [door.klass.group], starts_at=now(60),
                                      ends_at=now(120), room_id=door.room["id"])
    room = body_of(door.kiosk.get("/api/v1/kiosk/room"))
    assert room["next"]["id"] == planned["id"] and room["next"]["module_name"] == planned["module_name"]
    assert room["room_name"] == door.room["name"]


@pytest.mark.parametrize("end", ("revoke", "rotate", "sign in elsewhere"))
def test_the_stream_is_cut_within_a_frame(door, end):
    door.open()
    path = f"/api/v1/devices/{door.made['id']}"

    def cut():
        if end == "revoke":
            return door.admin.delete(path)
        if end == "rotate":
            return door.admin.post(path + "/rotate")
        return Client(door.admin.server, door.admin.contract).post(
            "/api/v1/kiosk/login", json={"token": door.made["token"]})

    async def stand():
        async with door.watch() as socket:
            first = await ask(socket, frame(1, portrait(IDS[2])))
            assert (await asyncio.to_thread(cut)).ok
            last = await ask(socket, frame(2, portrait(IDS[2])))
            with pytest.raises(websockets.ConnectionClosed):
                await ask(socket, frame(3, portrait(IDS[2])))
            return first, last

    first, last = asyncio.run(stand())
    assert first["error"] is None
    assert last["error"]["type"] == "/problems/unauthenticated" and last["result"] is None
    assert door.klass.record(2)["status"] == "unmarked"


def test_what_does_not_look_alive_marks_nobody(door):
    """Portraits are photos: with the passive hint some are refused, and none is marked early."""
    door.rule("challenge")
    door.open()

    async def stand():
        async with door.watch() as socket:
            answers = []
            for n in range(1, 13):
                answers.append(await ask(socket, frame(n, portrait(IDS[0])), pause=LOOK_S))
            return answers

    answers = asyncio.run(stand())
    faces = [a["result"]["faces"][0] for a in answers]
    assert all((f["outcome"] or {}).get("decision") in (None, "spoof_suspected") for f in faces)
    assert any(f["asks_blink"] or (f["outcome"] or {}).get("decision") == "spoof_suspected" for f in faces)
    assert door.klass.record(0)["status"] == "unmarked"


def test_a_flood_of_frames_is_replaced_not_kept(door):
    """200 frames a second from a client that does not wait: bounded memory, newest first."""
    door.open()
    picture = portrait(IDS[0])
    server = door.admin.server

    async def flood(n):
        async with door.watch() as socket:
            await ask(socket, frame(1, picture))
            forget_peak(server)
            before = memory_kb(server)
            for i in range(2, n):
                await socket.send(frame(i, picture))
                await asyncio.sleep(0.002)
            await socket.send(frame(n, picture))
            answer = {"frame": 0}
            while answer["frame"] != n:
                answer = json.loads(await asyncio.wait_for(socket.recv(), 60 * SLOW))
            return answer, memory_kb(server, "VmHWM") - before

    last, grown = asyncio.run(flood(300))
    assert last["dropped"] > 20 and grown < 60_000 * SLOW, (last["dropped"], grown)


def test_a_kiosk_that_stops_reading_stops_nobody_else(door):
    door.open()
    picture = portrait(STRANGERS[0])

    async def both():
        async with door.watch() as deaf, door.watch() as good:
            deaf.transport.get_extra_info("socket").setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 2048)
            deaf.transport.pause_reading()
            for i in range(1, 60):
                await deaf.send(frame(i, picture))
            answer = await ask(good, frame(1, portrait(IDS[1])))
            deaf.transport.abort()
            return answer

    assert asyncio.run(both())["error"] is None


def test_malformed_frames_are_told_and_survived(door):
    door.open()
    junk = (b"", b"\0", b"\0\0\0\1", b"\0\0\0\1\0\0\0", b"\0\0\0\1\0\0\0\0", frame(2, b"\xff\xd8\xff"), "text",
            frame(3, portrait(IDS[0])[:1500]), frame(4, b"\x89PNG\r\n\x1a\n" + b"\0" * 64))

    async def send_all():
        async with door.watch() as socket:
            bad = [await ask(socket, piece) for piece in junk]
            return bad, await ask(socket, frame(9, portrait(IDS[0])))

    bad, good = asyncio.run(send_all())
    slugs = {a["error"]["type"] for a in bad}
    assert slugs <= {"/problems/bad-request", "/problems/unsupported-media", "/problems/image-invalid"}
    assert good["error"] is None and good["frame"] == 9


def test_only_a_kiosk_opens_the_stream(door, admin, trainer, student, server):
    address = server.url.replace("http", "ws", 1) + STREAM

    async def refusal(headers):
        with pytest.raises(websockets.InvalidStatusCode) as refused:
            async with websockets.connect(address, extra_headers=headers):
                pass
        return refused.value.status_code

    for who in (admin, trainer, student):
        bearer = {"Authorization": who.session.headers["Authorization"]}
        assert asyncio.run(refusal(bearer)) == 403
    for headers in ({"Cookie": "sp_device=x"}, {}, {"Authorization": "Bearer spd_x"}):
        assert asyncio.run(refusal(headers)) == 401
    assert door.kiosk.get("/api/v1/students").status_code == 403
    assert door.kiosk.get("/api/v1/me").status_code == 403

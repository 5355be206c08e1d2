# SPDX-License-Identifier: MIT
"""The school's switch: with `off` no route looks at a face and no model is in memory; `verify` knows
a student's own templates only. The routes are read from the server's own document."""
import asyncio
import contextlib
import json
import os

import pytest

from camera import ask, frame, watching
from classroom import Classroom, portrait, portraits
from client import Client
from contract import Contract
from factories import body_of, problem
from own import running
from server import SLOW
from test_matrix import SOCKET, fill

PHOTO = portrait(portraits()[0]["id"])
RUNTIME = "onnxruntime"


def may_say_off(contract):
    """Operations that declare biometrics-off, with method, path and document."""
    found = {op: (method, path, operation) for op, method, path, operation in contract.operations()
             if "biometrics-off" in json.dumps(operation["responses"])}
    # Whatever takes a picture of people must declare it.
    pictures = {op for op, _, path, operation in contract.operations()
                if "multipart/form-data" in operation.get("requestBody", {}).get("content", {})
                and ("photo" in path or "face" in path or "enrolment" in path)}
    assert {"enrolment_create", "enrolment_check", "attendance_mark_face"} <= pictures <= set(found)
    return found


def resolve(contract, schema):
    while "$ref" in schema:
        schema = contract.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def sample(contract, schema):
    schema = resolve(contract, schema)
    if "examples" in schema:
        return schema["examples"][0]
    if "example" in schema:
        return schema["example"]
    return {"integer": 1, "boolean": False, "string": "x", "array": []}.get(schema.get("type"), None)


def body_for(contract, operation):
    content = operation.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in content:
        schema = resolve(contract, content["multipart/form-data"]["schema"])
        files, data = [], {}
        for name, member in schema["properties"].items():
            member = resolve(contract, member)
            if name in schema.get("required", ()):
                binary = "binary" in json.dumps(member) or "octet" in json.dumps(member)
                if binary:
                    files.append((name, ("a.jpg", PHOTO, "image/jpeg")))
                else:
                    data[name] = str(sample(contract, member))
        return {"files": files, "data": data}
    if "application/json" in content:
        schema = resolve(contract, content["application/json"]["schema"])
        return {"json": {name: sample(contract, schema["properties"][name])
                         for name in schema.get("required", ())}}
    return {}


@pytest.fixture(scope="module")
def off():
    with running(face_recognition="off", allow_core_dumps="true") as server:
        contract = Contract(server.raw("GET", "/openapi.json").json())
        api = Client(server, contract)
        admin = api.login("admin@school.example", "plover-Cabinet-77")
        yield server, contract, api, admin


def test_no_route_looks_at_a_face(off):
    server, contract, api, admin = off
    room = Classroom(admin, api, n=0).open()
    student = room.make.student(account=True, birth_date="1999-01-01")
    room.make.member(room.group, student)
    consent = {"given_by": "student", "text_version": "2026-11", "locale": "en"}
    body_of(admin.put(f"/api/v1/students/{student['id']}/consent", json=consent))
    ids = {"student_id": student["id"], "session_id": room.session["id"]}
    callers = {"admin": admin, "student": api.login(student["email"], "seven-Teal-otters")}
    said_off = set()
    for op, (method, template, operation) in may_say_off(contract).items():
        class Known(dict):
            def __missing__(self, key):
                return 1
        path = fill(template, Known(ids))
        caller = callers["admin" if "admin" in operation["x-roles"] else "student"]
        headers = SOCKET if "426" in operation["responses"] else {}
        answer = caller.session.request(method, server.url + path, headers=headers, timeout=60 * SLOW,
                                        **body_for(contract, operation))
        slug = answer.json().get("type", "") if answer.content else ""
        # Of what is not there (1) the server may say 404, of a body it does not know 422; never more.
        assert answer.status_code in (403, 404, 409, 422), f"{op}: {answer.status_code} {answer.text}"
        if slug == "/problems/biometrics-off":
            said_off.add(op)
    assert {"enrolment_create", "enrolment_check", "attendance_mark_face"} <= said_off, said_off


def refused_streams(api, admin):
    """What the kiosk and the register's camera answer to a face, with a session open in the room."""
    room = Classroom(admin, api, n=1)
    place = room.make.room()
    room.session = room.new_session(room_id=place["id"])
    room.open()
    made = body_of(admin.post("/api/v1/devices", json={"kind": "kiosk", "name": "T", "room_id": place["id"]}), 201)

    async def one(client, path):
        async with watching(client, path) as socket:
            return await ask(socket, frame(1, PHOTO))

    answers = [asyncio.run(one(Client(api.server, api.contract, made["token"]), "/api/v1/kiosk/stream")),
               asyncio.run(one(room.trainer, room.path + "/attendance/stream"))]
    assert room.record(0)["status"] == "unmarked"
    return [(a["result"], a["error"]["type"]) for a in answers]


def test_no_stream_looks_at_a_face(off):
    assert refused_streams(off[2], off[3]) == [(None, "/problems/biometrics-off")] * 2


def test_no_model_is_in_memory(off):
    server = off[0]
    with open(f"/proc/{server.process.pid}/maps") as maps:
        text = maps.read()
    assert RUNTIME not in text and ".onnx" not in text and "smartpresence" in text
    status = open(f"/proc/{server.process.pid}/status").read()
    used = int(next(line.split()[1] for line in status.splitlines() if line.startswith("RssAnon")))
    assert used < 100_000, f"{used} KiB: smaller than the models"
    for fd in os.listdir(f"/proc/{server.process.pid}/fd"):
        with contextlib.suppress(FileNotFoundError):  # closed meanwhile
            assert ".onnx" not in os.readlink(f"/proc/{server.process.pid}/fd/{fd}")


def test_the_same_look_finds_them_when_on():
    """Otherwise the test above would pass for a wrong reason."""
    with running(face_recognition="roster", allow_core_dumps="true") as server:
        assert RUNTIME in open(f"/proc/{server.process.pid}/maps").read()


def test_off_is_the_default(off):
    shown = off[0].run("config", "--doc").stdout
    row = next(line for line in shown.splitlines() if "SP_FACE_RECOGNITION" in line or
               "face_recognition" in line)
    assert "`off`" in row or "| off" in row
    assert body_of(off[3].get("/api/v1/privacy/retention"))["face_recognition"] == "off"


def test_verify_enrols_and_never_searches():
    with running(face_recognition="verify") as server:
        api = Client(server, Contract(server.raw("GET", "/openapi.json").json()))
        admin = api.login("admin@school.example", "plover-Cabinet-77")
        room = Classroom(admin, api, n=1).open()
        body_of(room.enrol(0, PHOTO), 201)
        problem(room.show(PHOTO), 403, "biometrics-off")
        assert refused_streams(api, admin) == [(None, "/problems/biometrics-off")] * 2

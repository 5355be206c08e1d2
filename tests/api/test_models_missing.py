# SPDX-License-Identifier: MIT
"""Without models, or with other ones than those that were measured: the server starts, says so,
and everything but faces works. With faces switched off, nothing of them is loaded."""
import asyncio
import contextlib
import json
import pathlib
import shutil
import tempfile

import pytest
import websockets

from chaos import check_chain, school
from classroom import enrolled_class, portrait  # noqa: F401
from factories import body_of, problem
from own import running
from server import CACHE, Server
from test_faces import frame, talk

LIBRARY = "onnxruntime/libonnxruntime.so.1"
MEND = "./scripts/fetch-models.sh"


def no_models(folder):
    return {"models_dir": folder / "none"}, "fr_detect.onnx is missing"


def one_missing(folder):
    (folder / "models" / "fr_landmark.onnx").unlink()
    return {"models_dir": folder / "models"}, "fr_landmark.onnx is missing"


def one_byte(folder):
    path = folder / "models" / "fr_feature.onnx"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    return {"models_dir": folder / "models"}, "fr_feature.onnx is not the one that was measured"


def one_cut(folder):
    path = folder / "models" / "fr_detect.onnx"
    path.write_bytes(path.read_bytes()[:-1])
    return {"models_dir": folder / "models"}, "fr_detect.onnx is not the one that was measured"


def one_folder(folder):
    path = folder / "models" / "fr_eye.onnx"
    path.unlink()
    path.mkdir()
    return {"models_dir": folder / "models"}, "fr_eye.onnx cannot be read"


def no_library(folder):
    return {"onnxruntime": folder / "none.so"}, "libonnxruntime.so.1) is missing"


def junk_library(folder):
    path = folder / "junk.so"
    path.write_bytes(b"not a library\n" * 100)
    return {"onnxruntime": path}, "libonnxruntime.so.1) cannot be loaded"


def cut_library(folder):
    path = folder / "cut.so"
    path.write_bytes((CACHE / LIBRARY).read_bytes()[:100000])
    return {"onnxruntime": path}, "libonnxruntime.so.1) cannot be loaded"


def other_library(folder):
    found = sorted(pathlib.Path("/usr/lib").glob("*/libz.so.1")) + sorted(
        pathlib.Path("/lib").glob("*/libz.so.1"))
    return {"onnxruntime": found[0]}, "libonnxruntime.so.1) cannot be loaded"


BROKEN = [no_models, one_missing, one_byte, one_cut, one_folder, no_library, junk_library,
          cut_library, other_library]


@contextlib.contextmanager
def broken_settings(how):
    with tempfile.TemporaryDirectory(prefix="sp-models-") as name:
        folder = pathlib.Path(name)
        shutil.copytree(CACHE / "models", folder / "models")
        yield folder, *how(folder)


def face_answers(room):
    """Every endpoint that would look at a face."""
    student = f"/api/v1/students/{room.students[0]['id']}"
    files = {"photo": ("a.jpg", portrait("p01"), "image/jpeg")}
    body_of(room.consent(0))
    return [room.show(portrait("p01")), room.send_photos(0, portrait("p01")),
            room.admin.post(student + "/enrolment/check", files=files)]


def check_by_hand(room):
    body_of(room.mark(0, "present"))
    body_of(room.mark(1, "late"))
    assert check_chain(room, 0)[1]["status"] == "present"
    assert body_of(room.move("close"))["absent"] == len(room.students) - 2


def says_nothing_of_the_machine(text, folder):
    assert str(folder) not in text and str(CACHE) not in text
    assert "/usr/" not in text and "/lib/" not in text and ".so:" not in text


@pytest.mark.parametrize("how", BROKEN, ids=lambda h: h.__name__)
def test_everything_but_faces(contract, how):
    with broken_settings(how) as (folder, options, why), running(**options) as server:
        ready = server.raw("GET", "/readyz")
        assert ready.status_code == 200, ready.text
        said = ready.json()
        assert said["status"] == "degraded" and said["database"]["ok"]
        assert not said["models"]["ok"]
        assert why in said["models"]["detail"] and MEND in said["models"]["detail"]
        says_nothing_of_the_machine(ready.text, folder)

        assert "event=face.unavailable" in server.log()
        room = school(server, contract, n=3, enrolled=0).open()
        for answer in face_answers(room):
            problem(answer, 503, "models-unavailable")
            assert int(answer.headers["Retry-After"]) >= 1
            says_nothing_of_the_machine(answer.text, folder)
        [seen] = asyncio.run(talk(room, room.trainer, [frame(1, portrait("p01"))]))
        assert seen["error"]["type"] == "/problems/models-unavailable"
        says_nothing_of_the_machine(json.dumps(seen), folder)
        check_by_hand(room)

        system = body_of(room.admin.get("/api/v1/system"))
        assert system["status"] == "degraded" and why in system["models_problem"]
        # Of the library and the nets; the file that only lies beside them is not needed.
        bad = [m for m in system["models"] if m["problem"] and m["role"] != "passive_liveness"]
        assert bad
        for m in bad:
            where = str(options["onnxruntime"]) if m["role"] == "runtime" else m["file"]
            assert where in m["problem"], "an admin is told which file it is"


@pytest.mark.parametrize("how", BROKEN, ids=lambda h: h.__name__)
def test_the_doctor_names_file_and_remedy(how):
    with broken_settings(how) as (_, options, why):
        server = Server(**options)
        try:
            told = server.run("doctor", "--json", check=False)
            assert told.returncode == 1, told.stdout
            report = json.loads(told.stdout)
            bad = [f for f in report["findings"] if not f["good"]]
            assert not report["good"] and any(why in f["detail"] for f in bad), bad
            assert all(f["mend"] for f in bad)
            assert any(MEND in f["mend"] for f in bad)
            human = server.run("doctor", check=False).stdout
            assert why in human and "to mend: " + MEND in human
        finally:
            server.close()


def test_a_well_server_is_ready(server, admin):
    assert server.raw("GET", "/readyz").json() == {
        "status": "ready", "database": {"ok": True}, "models": {"ok": True}}
    system = body_of(admin.get("/api/v1/system"))
    assert system["models_problem"] == "" and not any(m["problem"] for m in system["models"])


def mapped(server):
    return pathlib.Path(f"/proc/{server.process.pid}/maps").read_text()


def test_switched_off(contract, server, enrolled_class):
    """Not a byte of the library or the models is loaded, and every door is closed."""
    assert body_of(enrolled_class.trainer.get(enrolled_class.path))
    assert "libonnxruntime" in mapped(server), "the other server uses faces: the look must tell"
    with running(face_recognition="off") as off:
        room = school(off, contract, n=3, enrolled=0).open()
        for answer in face_answers(room):
            problem(answer, 403, "biometrics-off")
        with contextlib.suppress(websockets.InvalidStatusCode):
            [seen] = asyncio.run(talk(room, room.trainer, [frame(1, portrait("p01"))]))
            assert seen["error"]["type"] == "/problems/biometrics-off"
        check_by_hand(room)
        ready = off.raw("GET", "/readyz").json()
        assert ready["status"] == "ready" and ready["models"] == {"ok": True}
        system = body_of(room.admin.get("/api/v1/system"))
        assert system["face_recognition"] == "off" and system["models"] == []
        assert "onnx" not in mapped(off)


def test_switched_off_after_enrolment(contract):
    """What was enrolled can still be seen and deleted, and nothing else."""
    with running() as server:
        room = school(server, contract, n=3, enrolled=2).open()
        body_of(room.show(portrait("p01")))
        server.stop()
        server.options["face_recognition"] = "off"
        server.start()
        path = f"/api/v1/students/{room.students[0]['id']}/enrolment"
        problem(room.show(portrait("p01")), 403, "biometrics-off")
        assert body_of(room.admin.get(path))["enrolled"]
        assert room.admin.delete(path).status_code == 204
        assert not body_of(room.admin.get(path))["enrolled"]
        assert room.record(0)["method"] == "face"

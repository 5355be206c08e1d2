# SPDX-License-Identifier: MIT
"""Model packs: those of InsightFace as they are handed out, packs with a pack.json, and bad ones."""
import hashlib
import json
import math
import os
import pathlib
import shutil
import types

import pytest
from PIL import Image

import pack_nets
from chaos import school
from classroom import another_photo, portrait
from client import Client
from factories import PASSWORD as STUDENT_PASSWORD
from factories import body_of, problem
from own import running
from server import CACHE, ROOT, Server

DEFAULT = ROOT / "packs" / "default" / "pack.json"
DEFAULT_ID = "faceplugin-0.0.1/fr_feature/bgr"


@pytest.fixture
def place(tmp_path):
    """Commands with a data folder and a packs folder of their own; no server."""
    server = Server(packs_dir=tmp_path / "packs")
    (tmp_path / "packs").mkdir()

    def run(*args, code=0):
        done = server.run("face", *map(str, args), check=False)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stderr if code else done.stdout

    yield types.SimpleNamespace(
        server=server, run=run, packs=tmp_path / "packs", folder=tmp_path,
        report=lambda *args: json.loads(run(*args, "--json")))
    server.close()


def picture(path, colour, size=(640, 480)):
    Image.new("RGB", size, colour).save(path)
    return path


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def faces_of(place, path):
    [one] = place.report("detect", path)["pictures"]
    return one["faces"]


def check_box(face, box, scale):
    want = [v * scale for v in box]
    got = [face["box"][k] for k in ("x", "y", "width", "height")]
    assert got == pytest.approx(want, abs=0.01)
    eye = face["points"][0]
    stride = box[2] / (4 if box == pack_nets.BOXES[0] else 6)
    centre = (want[0] + want[2] / 2, want[1] + want[3] / 2)
    assert eye["x"] == pytest.approx(centre[0] - stride * scale, abs=0.01)
    assert eye["y"] == pytest.approx(centre[1] - stride * scale, abs=0.01)


@pytest.mark.parametrize("names", [("det_500m.onnx", "w600k_mbf.onnx"),
                                   ("det_10g.onnx", "w600k_r50.onnx")])
def test_a_folder_of_insightface_runs(place, names):
    """Copied as it is: chosen, its checksums recorded, and its numbers are the known ones."""
    name = "buffalo_sc" if "500m" in names[0] else "buffalo_l"
    folder = pack_nets.insightface(place.packs / name, names)
    for other in ("1k3d68.onnx", "2d106det.onnx", "genderage.onnx"):
        (folder / other).write_bytes(b"not looked at")
    packs = {p["id"]: p for p in place.report("models", "list")["packs"]}
    assert packs[name]["problem"] == "" and not packs[name]["recorded"]
    assert packs["default"]["in_use"] and packs["default"]["builtin"]

    stem = names[1].removesuffix(".onnx")
    model = f"{name}/{stem}@{sha256(folder / names[1])[:12]}"
    assert model in place.run("models", "verify", name)
    said = place.run("models", "use", name)
    assert model in said and "checksums" in said
    written = json.loads((folder / "pack.json").read_text())
    assert [m["sha256"] for m in written["models"]] == [[sha256(folder / n)] for n in names]
    now = place.report("models", "list")
    assert now["pack"] == name and now["model_id"] == model and now["ready"]
    assert "blink" in now["eyes_problem"]
    assert all("non-commercial" in m["licence"] for m in now["models"] if m["role"] != "runtime")

    for size, scale in (((640, 480), 1), ((320, 240), 0.5), ((1280, 960), 2)):
        faces = faces_of(place, picture(place.folder / "red.png", (220, 90, 30), size))
        assert len(faces) == 2, "the third is the first again, the fourth is below the least score"
        for face, box, score in zip(faces, pack_nets.BOXES, (0.90, 0.70)):
            check_box(face, box, scale)
            assert face["score"] == pytest.approx(score, abs=1e-4)
    assert faces_of(place, picture(place.folder / "blue.png", (30, 90, 220))) == []


def test_the_embedding_is_that_of_the_pixels(place):
    """Red first, (v - 127.5) / 127.5, on the aligned face."""
    pack_nets.insightface(place.packs / "buffalo_s")
    place.run("models", "use", "buffalo_s")
    a, b = (220, 90, 30), (200, 50, 100)
    paths = [picture(place.folder / f"{i}.png", c) for i, c in enumerate((a, b))]
    va, vb = ([(c[k] - 127.5) / 127.5 for k in (0, 2)] for c in (a, b))
    face = faces_of(place, paths[0])[0]
    assert face["norm"] == pytest.approx(math.sqrt(256 * (va[0] ** 2 + va[1] ** 2)), rel=1e-4)
    assert face["left_eye_closed"] is None and face["right_eye_closed"] is None
    assert not any("eyes" in flaw for flaw in face["flaws"])
    cosine = (va[0] * vb[0] + va[1] * vb[1]) / math.hypot(*va) / math.hypot(*vb)
    got = place.report("compare", *paths)
    assert got["similarity"] == pytest.approx(cosine, abs=1e-4)
    assert got["threshold"] == 0.4 and got["same"] == (cosine >= 0.4)


def test_the_batched_form_of_the_detector_and_tiles(place):
    folder = pack_nets.insightface(place.packs / "mine")
    shutil.move(folder / "det_500m.onnx", folder / "det_old.onnx")
    pack_nets.detector(folder / "det_500m.onnx", batched=True)
    (folder / "det_old.onnx").unlink()
    place.run("models", "use", "mine")
    red = picture(place.folder / "red.png", (220, 90, 30))
    check_box(faces_of(place, red)[0], pack_nets.BOXES[0], 1)
    tiled = json.loads(place.run("detect", red, "--tiled", "--json"))["pictures"][0]["faces"]
    for face in tiled:
        x = face["box"]["x"] + face["box"]["width"] / 2
        assert face["points"][2]["x"] == pytest.approx(x, abs=0.01), "points move with their tile"
    assert len(tiled) > 2


@pytest.mark.parametrize("form", [
    {"by_stride": True},                # score, distances, points of one stride, then of the next
    {"by_stride": True, "batched": True},
    {"said": 0},                        # sizes left open, as newer exports have them
    {"said": 0, "by_stride": True},
], ids=str)
def test_other_forms_of_the_detector(place, form):
    folder = pack_nets.insightface(place.packs / "mine")
    pack_nets.detector(folder / "det_500m.onnx", **form)
    place.run("models", "use", "mine")
    faces = faces_of(place, picture(place.folder / "red.png", (220, 90, 30)))
    assert len(faces) == 2
    for face, box in zip(faces, pack_nets.BOXES):
        check_box(face, box, 1)


def test_a_detector_at_another_size_than_it_was_exported_with(place):
    """Published files declare the sizes of 640 x 640 and follow their input all the same."""
    folder, form = own_pack(place)
    pack_nets.detector(folder / "det_500m.onnx", side=512, said=640)
    model(form, "detect")["input"].update(width=512, height=512)
    recorded(folder, form)
    place.run("models", "use", "mine")
    faces = faces_of(place, picture(place.folder / "red.png", (220, 90, 30), (512, 384)))
    assert len(faces) == 2
    for face, box in zip(faces, pack_nets.BOXES):
        check_box(face, box, 1)
    # One that does not follow it is found out when it is run.
    pack_nets.detector(folder / "det_500m.onnx", said=640)
    recorded(folder, form)
    assert "det_500m.onnx" in place.run("models", "use", "mine", code=1)


def test_scores_without_the_sigmoid(place):
    folder, form = own_pack(place)
    pack_nets.detector(folder / "det_500m.onnx", logits=True)
    recorded(folder, form)
    said = place.run("models", "use", "mine", code=1)
    assert "det_500m.onnx: its scores are not between 0 and 1" in said and '"scores": "logits"' in said
    model(form, "detect")["scores"] = "logits"
    rewrite(folder, form)
    place.run("models", "use", "mine")
    faces = faces_of(place, picture(place.folder / "red.png", (220, 90, 30)))
    assert [f["score"] for f in faces] == pytest.approx([0.90, 0.70], abs=1e-4)
    assert faces_of(place, picture(place.folder / "blue.png", (30, 90, 220))) == []
    pack_nets.detector(folder / "det_500m.onnx")
    recorded(folder, form)
    assert "they are no logits" in place.run("models", "use", "mine", code=1)


@pytest.mark.parametrize("blind", ["Mul", "Div"])
def test_a_face_without_an_embedding_is_none(place, blind):
    """A net that goes wrong in some pictures only: nothing, or infinity."""
    folder = pack_nets.insightface(place.packs / "mine")
    pack_nets.embedder(folder / "w600k_mbf.onnx", blind=blind)
    place.run("models", "use", "mine")
    assert len(faces_of(place, picture(place.folder / "red.png", (220, 90, 30)))) == 2
    assert faces_of(place, picture(place.folder / "dark.png", (60, 120, 20))) == []


def test_changed_after_it_was_recorded(place):
    folder = pack_nets.insightface(place.packs / "buffalo_l")
    place.run("models", "use", "buffalo_l")
    pack_nets.embedder(folder / "w600k_mbf.onnx", poison=2)
    said = place.run("models", "verify", code=1)
    assert "pack buffalo_l" in said and "w600k_mbf.onnx is not the one that was recorded" in said
    assert "models use default" in said
    assert not place.report("models", "list")["ready"]
    place.run("models", "use", "default")
    assert place.report("models", "list")["ready"]
    assert place.report("models", "list")["model_id"] == DEFAULT_ID


# Bad packs

def own_pack(place, name="mine", **changes):
    """A pack of tiny nets with a pack.json of its own, that works unless it is changed."""
    folder = pack_nets.insightface(place.packs / name)
    form = json.loads((ROOT / "packs" / "insightface" / "pack.json").read_text())
    form["id"] = name
    for model, file in zip(form["models"], ("det_500m.onnx", "w600k_mbf.onnx")):
        model["file"], model["sha256"] = file, [sha256(folder / file)]
    form.update(changes)
    (folder / "pack.json").write_text(json.dumps(form))
    return folder, form


def rewrite(folder, form):
    (folder / "pack.json").write_text(json.dumps(form))


def recorded(folder, form):
    """The files may be changed: their checksums are made to fit."""
    for model in form["models"]:
        model["sha256"] = [sha256(folder / model["file"])]
    rewrite(folder, form)


def model(form, role):
    return next(m for m in form["models"] if m["role"] == role)


def bad(change):
    """change(folder, form) spoils form, which is written then."""
    def spoil(folder, form):
        change(folder, form)
        rewrite(folder, form)
    return spoil


def bad_net(make):
    def spoil(folder, form):
        make(folder)
        recorded(folder, form)
    return spoil


def cut(folder):
    path = folder / "w600k_mbf.onnx"
    path.write_bytes(path.read_bytes()[:-40])


def linked(folder, form):
    outside = folder.parent.parent / "outside.onnx"
    shutil.move(folder / "det_500m.onnx", outside)
    os.symlink(outside, folder / "det_500m.onnx")


def piped(folder, form):
    (folder / "det_500m.onnx").unlink()
    os.mkfifo(folder / "det_500m.onnx")


def without_json(folder, form):
    (folder / "pack.json").unlink()
    (folder / "det_500m.onnx").unlink()


def two_detectors(folder, form):
    (folder / "pack.json").unlink()
    shutil.copy(folder / "det_500m.onnx", folder / "det_10g.onnx")


def too_large(folder, form):
    (folder / "pack.json").write_text(json.dumps(form) + " " * 70000)


def linked_json(folder, form):
    shutil.move(folder / "pack.json", folder.parent.parent / "pack.json")
    os.symlink(folder.parent.parent / "pack.json", folder / "pack.json")


BAD = {
    "wrong hash": (bad(lambda f, p: model(p, "embed").update(sha256=["0" * 64])),
                   "w600k_mbf.onnx is not the one that was recorded: its checksum differs"),
    "hash of no form": (bad(lambda f, p: model(p, "embed").update(sha256=["ABC"])),
                        "/models/1/sha256/0 must be 64 lower-case hex digits"),
    "no hash": (bad(lambda f, p: model(p, "embed").update(sha256=[])), "at least one checksum"),
    "missing file": (lambda f, p: (f / "det_500m.onnx").unlink(),
                     "model file det_500m.onnx is missing"),
    "missing role": (bad(lambda f, p: p["models"].__setitem__(
        1, {**p["models"][1], "role": "landmark", "adapter": "ibug68",
            "input": {"width": 64, "height": 64, "channels": "grey", "mean": 0, "std": 256}})),
                     'no model for role "embed"'),
    "no landmarks": (bad(lambda f, p: model(p, "detect").update(
        adapter="ultraface", input={**model(p, "detect")["input"], "width": 320, "height": 240})),
                     'no model for role "landmark", which this detector needs'),
    "no least score": (bad(lambda f, p: model(p, "detect").pop("min_score")),
                       "/models/0: a detector needs min_score and max_iou"),
    "no embedding": (bad(lambda f, p: p["models"].pop()), "/models needs at least 2 items"),
    "role twice": (bad(lambda f, p: p["models"].append(p["models"][0])),
                   'two models for role "detect"'),
    "eye alone": (bad(lambda f, p: p["models"].append(
        {**p["models"][1], "role": "eye", "adapter": "eye_state",
         "input": {"width": 24, "height": 24, "channels": "grey", "mean": 0, "std": 255}})),
                  'role "eye" needs a model for role "landmark"'),
    "nan": (bad_net(lambda f: pack_nets.embedder(f / "w600k_mbf.onnx", poison=math.nan)),
            "w600k_mbf.onnx: its output 1 has a number that is not finite"),
    "infinite": (bad_net(lambda f: pack_nets.detector(f / "det_500m.onnx", poison=math.inf)),
                 "det_500m.onnx: its output 1 has a number that is not finite"),
    "zeros": (bad_net(lambda f: pack_nets.embedder(f / "w600k_mbf.onnx", poison=0)),
              "w600k_mbf.onnx: its embedding is all zeros"),
    "other length": (bad_net(lambda f: pack_nets.embedder(f / "w600k_mbf.onnx", dimension=128)),
                     'w600k_mbf.onnx: wrong shape: output "683" is 1 x 128, wanted is 1 x 512'),
    "other input": (bad_net(lambda f: pack_nets.embedder(f / "w600k_mbf.onnx", side=96,
                                                         dimension=338)),
                    'wrong shape: input "input.1" is ? x 3 x 96 x 96, wanted is 1 x 3 x 112 x 112'),
    "no points": (bad_net(lambda f: pack_nets.detector(f / "det_500m.onnx", kinds=2)),
                  "det_500m.onnx: wrong shape: 1 inputs and 6 outputs, wanted are 1 and 9"),
    "other rows": (bad_net(lambda f: pack_nets.detector(f / "det_500m.onnx", rows=2)),
                   'output "0.8" is 12798 x 1, wanted is 12800 x 1'),
    "truncated": (bad_net(cut), "w600k_mbf.onnx"),
    "no net": (bad_net(lambda f: (f / "w600k_mbf.onnx").write_text("not a net")), "w600k_mbf.onnx"),
    "empty": (bad_net(lambda f: (f / "w600k_mbf.onnx").write_bytes(b"")), "w600k_mbf.onnx is empty"),
    "unknown key": (bad(lambda f, p: p.update(colour="red")), "/colour"),
    "unknown inner key": (bad(lambda f, p: p["models"][0]["input"].update(scale=2)),
                          "/models/0/input/scale"),
    "missing key": (bad(lambda f, p: p.pop("quality")), "/quality is required"),
    "no JSON": (lambda f, p: (f / "pack.json").write_text("{"), "pack.json: not JSON: line 1"),
    "too large": (too_large, "pack.json is larger than 65536 bytes"),
    "deep": (lambda f, p: (f / "pack.json").write_text("[" * 20000), "nested deeper"),
    "parent folder": (bad(lambda f, p: model(p, "detect").update(file="../det_500m.onnx")),
                      "/models/0/file must be the plain name"),
    "dots": (bad(lambda f, p: model(p, "detect").update(file="..")), "/models/0/file"),
    "absolute": (bad(lambda f, p: model(p, "detect").update(file="/etc/passwd")),
                 "/models/0/file must be the plain name"),
    "link": (linked, "det_500m.onnx is a link: copy the file itself"),
    "linked json": (linked_json, "pack.json is a link"),
    "pipe": (piped, "det_500m.onnx cannot be read"),
    "unknown adapter": (bad(lambda f, p: model(p, "detect").update(adapter="yolo")),
                        '/models/0/adapter "yolo" is not known; known are ultraface, scrfd'),
    "other adapter": (bad(lambda f, p: model(p, "detect").update(adapter="embedding")),
                      '"embedding" is for role "embed"'),
    "zero std": (bad(lambda f, p: model(p, "embed")["input"].update(std=0)),
                 "/models/1/input/std must be more than 0"),
    "odd size": (bad(lambda f, p: model(p, "detect")["input"].update(width=650)),
                 "multiples of 32 pixels"),
    "huge size": (bad(lambda f, p: model(p, "detect")["input"].update(width=1 << 40)),
                  "/models/0/input/width is out of range"),
    "scores of another": (bad(lambda f, p: model(p, "embed").update(scores="logits")),
                          '/models/1: scores belongs to adapter "scrfd" only'),
    "unknown scores": (bad(lambda f, p: model(p, "detect").update(scores="raw")), "/models/0/scores"),
    "grey": (bad(lambda f, p: model(p, "embed")["input"].update(channels="grey")), "channels"),
    "dimension": (bad(lambda f, p: p["embedding"].update(dimension=128)),
                  "/embedding/dimension is 128; this program compares embeddings of 512"),
    "template": (bad(lambda f, p: p["embedding"].update(template=[{"x": 5, "y": 5}] * 5)),
                 "the five points coincide"),
    "thresholds": (bad(lambda f, p: p["thresholds"].reverse()), "/thresholds"),
    "low threshold": (bad(lambda f, p: p["thresholds"][0].update(threshold=0)), "at least 0.1"),
    "text for number": (bad(lambda f, p: p.update(min_margin="0.05")), "/min_margin"),
    "other id": (bad(lambda f, p: p.update(id="theirs")), '/id is "theirs", but the folder'),
    "no detector": (without_json, "no det_*.onnx as InsightFace names it"),
    "two detectors": (two_detectors, "both det_10g.onnx and det_500m.onnx fit det_*.onnx"),
}


# Of the files, not of pack.json: what `face models list` does not look at.
FILES = ["wrong hash", "missing file", "nan", "infinite", "zeros", "other length", "other input",
         "no points", "other rows", "truncated", "no net", "empty", "link", "pipe"]


@pytest.mark.parametrize("why", FILES + ["no JSON", "zero std"])
def test_bad_packs_are_refused(place, why):
    spoil, says = BAD[why]
    spoil(*own_pack(place))
    said = place.run("models", "use", "mine", code=1)
    assert "pack mine" in said and says in said, said
    assert "models use default" in said, "what to do"
    assert not (pathlib.Path(place.server.options["data_dir"]) / "face-pack").exists()


def test_bad_descriptions_are_told(place):
    """All of them in one folder, beside one that is well: each tells its own fault, in one list."""
    wrong = [why for why in BAD if why not in FILES]
    for n, why in enumerate(wrong):
        BAD[why][0](*own_pack(place, f"p{n}"))
    own_pack(place)
    now = place.report("models", "list")
    assert now["pack"] == "default" and now["ready"]
    packs = {p["id"]: p["problem"] for p in now["packs"]}
    assert packs.pop("mine") == "" and packs.pop("default") == ""
    assert len(packs) == len(wrong)
    for n, why in enumerate(wrong):
        assert packs[f"p{n}"].startswith(f"pack p{n}: "), packs[f"p{n}"]
        assert BAD[why][1] in packs[f"p{n}"], (why, packs[f"p{n}"])


def test_a_pack_that_is_well_is_taken(place):
    """The packs above are refused for what was changed, not for being there."""
    own_pack(place)
    place.run("models", "use", "mine")
    assert place.report("models", "list")["pack"] == "mine"


def test_names_that_are_no_packs(place):
    own_pack(place)
    for name, says in (("nope", "no folder of this name"), ("../packs/mine", "a pack's name"),
                       ("MINE", "a pack's name"), (".", "a pack's name"), ("a" * 65, "at most 64")):
        assert says in place.run("models", "use", name, code=1)
    place.server.options["pack"] = "default"
    assert "the option pack is set" in place.run("models", "use", "mine", code=1)
    place.run("models", "use", code=2)
    place.run("models", "sell", "mine", code=2)
    place.run("models", "prune", DEFAULT_ID, "--yes", code=1)
    place.run("models", "prune", "other/model", code=2)


@pytest.mark.parametrize("why", ["nan", "no JSON"])
def test_a_server_with_a_bad_pack_starts_without_faces(contract, place, why):
    spoil, says = BAD[why]
    spoil(*own_pack(place))
    with running(packs_dir=place.packs, pack="mine") as server:
        ready = server.raw("GET", "/readyz")
        assert ready.status_code == 200 and ready.json()["status"] == "degraded"
        detail = ready.json()["models"]["detail"]
        assert "pack mine" in detail and says in detail and str(place.folder) not in detail
        room = school(server, contract, n=2, enrolled=0).open()
        problem(room.show(portrait("p01")), 503, "models-unavailable")
        body_of(room.mark(0, "present"))
        assert says in server.run("doctor", check=False).stdout


# Switching

def copied_pack(folder, name, without=()):
    """The default nets under another id: faces that are faces."""
    form = json.loads(DEFAULT.read_text())
    form["models"] = [m for m in form["models"] if m["role"] not in without]
    form["id"], form["embedding"]["model"] = name, "copied/one"
    (folder / name).mkdir(parents=True)
    for one in form["models"]:
        shutil.copy(CACHE / "models" / one["file"], folder / name)
    (folder / name / "pack.json").write_text(json.dumps(form))


def progress(room):
    now = body_of(room.admin.get("/api/v1/system"))
    return now["enrolled_with_model"], now["enrolled"]


def sees(room, i, name):
    """Whether another picture of that person marks that student."""
    room.show(another_photo(name))
    return room.record(i)["status"] != "unmarked"


def test_switching_keeps_both_while_people_are_enrolled_anew(contract, tmp_path):
    copied_pack(tmp_path, "copy")
    with running(packs_dir=tmp_path) as server:
        room = school(server, contract, n=3, enrolled=2).open()
        assert progress(room) == (2, 2)
        assert sees(room, 0, "p01")

        server.stop()
        server.run("face", "models", "use", "copy")
        server.start()
        assert progress(room) == (0, 2)
        assert server.raw("GET", "/readyz").json()["status"] == "ready"
        # The very same nets and picture: only the id keeps them apart.
        assert not sees(room, 1, "p02")
        body_of(room.enrol(1, portrait("p02"), accept_duplicate="true"), 201)
        assert progress(room) == (1, 2)
        assert sees(room, 1, "p02")

        listed = json.loads(server.run("face", "models", "list", "--json").stdout)
        assert {t["model"]: t["students"] for t in listed["templates"]} == {
            DEFAULT_ID: 2, "copied/one": 1}
        assert (listed["enrolled_with_model"], listed["enrolled"]) == (1, 2)
        assert "1 of 2 enrolled students" in server.run("face", "models").stdout

        # Back again: re-enrolling kept the templates of the other model.
        server.run("face", "models", "use", "default")
        assert "1 of 2" not in server.run("face", "models").stdout
        done = server.run("face", "models", "prune", "copied/one", check=False)
        assert done.returncode == 2 and "--yes" in done.stderr
        assert "templates deleted" in server.run("face", "models", "prune", "copied/one",
                                                 "--yes").stdout
        listed = json.loads(server.run("face", "models", "list", "--json").stdout)
        assert [t["model"] for t in listed["templates"]] == [DEFAULT_ID]
        assert (listed["enrolled_with_model"], listed["enrolled"]) == (2, 2)


def test_without_a_net_for_eyes(contract, tmp_path):
    """Eyes are not measured and keep nobody from being enrolled; a blink is not asked for."""
    copied_pack(tmp_path, "blind", without=("eye",))
    with running(packs_dir=tmp_path, pack="blind") as server:
        room = school(server, contract, n=0, enrolled=0)
        row = room.make.student(account=True)
        room.make.member(room.group, row)
        room.students = [row]
        body_of(room.enrol(0, portrait("p06"), accept_duplicate="true"), 201)
        student = Client(server, contract).login(row["email"], STUDENT_PASSWORD)
        begun = student.post("/api/v1/liveness-sessions", json={"purpose": "test"})
        problem(begun, 503, "models-unavailable")
        system = body_of(room.admin.get("/api/v1/system"))
        for told in (server.log(), system["eyes_problem"], server.run("face", "models").stdout):
            assert "pack blind has no model for role eye" in told
        assert system["status"] == "ready"

        flaws = {}
        for pack in ("blind", "default"):
            done = server.run("face", "detect", next((CACHE / "portraits").glob("r-eyes-closed-1.*")),
                              "--pack", pack, "--json")
            [face] = json.loads(done.stdout)["pictures"][0]["faces"]
            flaws[pack] = "eyes closed" in face["flaws"]
            assert (face["left_eye_closed"] is None) == (pack == "blind")
        assert flaws == {"blind": False, "default": True}

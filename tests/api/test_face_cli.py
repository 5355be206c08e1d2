# SPDX-License-Identifier: MIT
"""`smartpresence face …`: the command line of recognition, on portraits of the cache folder."""
import json
import os
import shutil
import subprocess

import pytest
from PIL import Image

from classroom import mosaic
from server import BINARY, CACHE, SLOW

PORTRAITS = CACHE / "portraits"
PEOPLE = [f"p{n:02}" for n in range(1, 11)]
EVAL_KEYS = {"pairs", "accuracy", "accuracy_std", "eer", "tar_at_fmr_1e3", "threshold",
             "failed_to_detect", "ms_per_image"}


def face(*args, code=0, env=None):
    """Runs the command; gives what it printed (stderr when it was to fail)."""
    clean = {k: v for k, v in os.environ.items()
             if not k.startswith("SP_") or k == "SP_CACHE_DIR"}
    done = subprocess.run([BINARY, "face", *map(str, args)], env={**clean, **(env or {})},
                          text=True, capture_output=True, timeout=60 * SLOW)
    assert done.returncode == code, done.stderr
    return done.stderr if code else done.stdout


def report(*args):
    return json.loads(face(*args, "--json"))


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    """NAME/NAME_0001.jpg …: three pictures each of ten persons."""
    root = tmp_path_factory.mktemp("people")
    for person in PEOPLE:
        folder = root / person
        folder.mkdir()
        with Image.open(PORTRAITS / f"{person}.jpg") as portrait:
            rgb = portrait.convert("RGB")
        small = rgb.resize((rgb.width * 7 // 10, rgb.height * 7 // 10))
        turned = rgb.rotate(9, Image.BICUBIC, fillcolor=(90, 90, 90))
        for n, (image, quality) in enumerate([(rgb, 92), (small, 55), (turned, 75)], 1):
            image.save(folder / f"{person}_{n:04}.jpg", quality=quality)
    (root / "beside.txt").write_text("not a folder")
    return root


def test_eval_all_pairs(people):
    got = report("eval", "--root", people, "--all-pairs")
    assert set(got) == EVAL_KEYS
    assert got["pairs"] == 30 * 29 // 2
    assert got["accuracy"] >= 0.999
    assert got["tar_at_fmr_1e3"] >= 0.99
    assert got["eer"] <= 0.01
    assert got["failed_to_detect"] == 0
    assert 0.2 < got["threshold"] < 0.8
    assert got["accuracy_std"] == 0
    assert got["ms_per_image"] > 0


def test_leaves_nothing_behind(tmp_path):
    """The runtime reports to nobody: official builds keep a device id and a queue in the cache."""
    told = face("detect", PORTRAITS / "p01.jpg",
                env={"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache"),
                     "SP_CACHE_DIR": str(CACHE)})
    assert "1 face" in told
    assert not list(tmp_path.rglob("*"))


def lfw_pairs(folds=10, of_kind=3):
    lines = [f"{folds}\t{of_kind}"]
    for fold in range(folds):
        for k in range(of_kind):
            lines.append(f"{PEOPLE[(fold + k) % 10]}\t{k + 1}\t{(k + 1) % 3 + 1}")
        for k in range(of_kind):
            lines.append(f"{PEOPLE[fold]}\t{k + 1}\t{PEOPLE[(fold + k + 1) % 10]}\t1")
    return "\n".join(lines) + "\n"


def test_eval_pairs_in_folds(people, tmp_path):
    pairs = tmp_path / "pairs.txt"
    pairs.write_text(lfw_pairs())
    got = report("eval", "--root", people, "--pairs", pairs)
    assert set(got) == EVAL_KEYS
    assert got["pairs"] == 60
    assert got["accuracy"] >= 0.98
    assert got["failed_to_detect"] == 0
    text = face("eval", "--root", people, "--pairs", pairs)
    assert "accuracy" in text and "TAR at FMR 1e-3" in text


def test_eval_wrong_labels_are_seen(people, tmp_path):
    """Half of the genuine pairs are lies: the figures must show it."""
    pairs = tmp_path / "pairs.txt"
    pairs.write_text("20\n" + "".join(
        f"p01\t1\tp01\t{k % 3 + 1}\n" if k % 2 else "p01\t1\t2\n" for k in range(40)))
    got = report("eval", "--root", people, "--pairs", pairs)
    assert got["accuracy"] < 0.9


def test_eval_counts_pictures_without_a_face(people, tmp_path):
    root = tmp_path / "some"
    shutil.copytree(people / "p01", root / "p01")
    Image.new("RGB", (200, 200), (120, 90, 60)).save(root / "p01" / "p01_0004.png")
    shutil.copytree(people / "p02", root / "p02")
    got = report("eval", "--root", root, "--all-pairs")
    assert got["failed_to_detect"] == 1
    assert got["pairs"] == 7 * 6 // 2
    assert got["tar_at_fmr_1e3"] < 1


def test_eval_aligned(tmp_path):
    for person in ("a", "b"):
        (tmp_path / person).mkdir()
        for n in (1, 2):
            Image.new("RGB", (112, 112), (n * 40, 90, ord(person))).save(
                tmp_path / person / f"{person}_{n:04}.png")
    got = report("eval", "--root", tmp_path, "--all-pairs", "--aligned")
    assert got["pairs"] == 6 and got["failed_to_detect"] == 0
    Image.new("RGB", (250, 250)).save(tmp_path / "a" / "a_0003.png")
    assert "112 x 112" in face("eval", "--root", tmp_path, "--all-pairs", "--aligned", code=1)


@pytest.mark.parametrize("text, says", [
    ("", "line 1"),
    ("x\t3\np01\t1\t2\n", "line 1"),
    ("10\t1\n", "no pairs"),
    ("10\t1\np01\t1\n", "line 2"),
    ("10\t1\np01\tone\t2\n", "line 2"),
    ("10\t1\n../p01\t1\t2\n", "line 2"),
    ("10\t1\np01\t1\t2\np01\t1\t99\n", "line 3"),
])
def test_eval_says_what_is_wrong_with_pairs(people, tmp_path, text, says):
    pairs = tmp_path / "pairs.txt"
    pairs.write_text(text)
    missing = says == "line 3"
    assert says in face("eval", "--root", people, "--pairs", pairs, code=1 if missing else 2)


def test_detect():
    got = report("detect", PORTRAITS / "p02.jpg", PORTRAITS / "r-several-people-2.jpg")
    one, several = got["pictures"]
    assert one["file"].endswith("p02.jpg") and one["width"] == 600
    assert len(one["faces"]) == 1 and len(several["faces"]) == 2
    found = one["faces"][0]
    assert found["flaws"] == [] and len(found["points"]) == 5
    assert abs(found["box"]["height"] - 296) < 5
    assert "embedding" not in json.dumps(got)
    assert "1 face" in face("detect", PORTRAITS / "p02.jpg")


def test_detect_counts_what_it_leaves_out(tmp_path):
    crowd = tmp_path / "crowd.jpg"
    crowd.write_bytes(mosaic(10, 8))
    (picture,) = report("detect", crowd)["pictures"]
    assert len(picture["faces"]) == 64 and picture["more_faces"] == 16
    assert report("detect", PORTRAITS / "p02.jpg")["pictures"][0]["more_faces"] == 0


def test_detect_says_what_is_wrong(tmp_path):
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"GIF89a" + bytes(20))
    assert "GIF" in face("detect", bad, code=1)
    whole = (PORTRAITS / "p01.jpg").read_bytes()
    bad.write_bytes(whole[:len(whole) // 2])
    assert "cut off" in face("detect", bad, code=1)
    assert "No such file" in face("detect", tmp_path / "none.jpg", code=1)


def test_compare(people):
    same = report("compare", people / "p03/p03_0001.jpg", people / "p03/p03_0003.jpg")
    other = report("compare", people / "p03/p03_0001.jpg", people / "p04/p04_0001.jpg")
    assert same["same"] is True and same["similarity"] > 0.8
    assert other["same"] is False and other["similarity"] < 0.4
    assert "same person" in face("compare", people / "p03/p03_0001.jpg",
                                 people / "p03/p03_0002.jpg")
    assert "no face" in face("compare", PORTRAITS / "r-no-face-1.png",
                             people / "p03/p03_0001.jpg", code=1)


def test_models(tmp_path):
    got = report("models")
    assert got["ready"] is True and got["problem"] == ""
    assert {m["role"] for m in got["models"]} >= {"runtime", "detect", "landmark", "embed", "eye"}
    assert all(m["licence"] and len(m["sha256"]) == 64 for m in got["models"])

    shutil.copytree(CACHE / "models", tmp_path / "models")
    with open(tmp_path / "models" / "fr_landmark.onnx", "r+b") as file:
        file.seek(1000)
        file.write(b"altered")
    got = report("models", "--models-dir", tmp_path / "models")
    assert got["ready"] is False
    assert "fr_landmark.onnx is not the one" in got["problem"]
    assert "fr_landmark.onnx" in face("compare", PORTRAITS / "p01.jpg", PORTRAITS / "p02.jpg",
                                      "--models-dir", tmp_path / "models", code=1)


@pytest.mark.parametrize("args", [
    [], ["dance"], ["detect"], ["detect", "--fast", "x.jpg"], ["compare", "one.jpg"], ["eval"],
    ["eval", "--root", "/tmp"], ["eval", "--root", "/tmp", "--pairs", "x", "--all-pairs"],
])
def test_wrong_use(args):
    assert "--help" in face(*args, code=2)


IDENTIFY_KEYS = {"hit_rate", "fpir", "fnir", "wrong_name_rate", "threshold", "probes", "strangers"}


@pytest.fixture(scope="module")
def gallery_and_probes(people, tmp_path_factory):
    """p01 to p06 are enrolled by their first picture; everybody is asked about."""
    root = tmp_path_factory.mktemp("identify")
    for person in PEOPLE:
        if person <= "p06":
            (root / "gallery" / person).mkdir(parents=True)
            shutil.copy(people / person / f"{person}_0001.jpg", root / "gallery" / person)
        shutil.copytree(people / person, root / "probes" / person)
    (root / "gallery" / "beside.txt").write_text("not a folder")
    return root / "gallery", root / "probes"


def test_identify(gallery_and_probes):
    gallery, probes = gallery_and_probes
    got = report("identify", "--gallery", gallery, "--probes", probes)
    assert IDENTIFY_KEYS <= set(got) and "curve" not in got
    # The picture that is a template is no probe: two are left of each who is enrolled.
    assert (got["persons"], got["templates"], got["skipped"]) == (6, 6, 6)
    assert (got["probes"], got["mated"], got["strangers"]) == (24, 12, 12)
    assert got["hit_rate"] == 1 and got["fnir"] == 0
    assert got["fpir"] == 0 and got["wrong_name_rate"] == 0
    assert got["threshold"] == 0.45
    told = face("identify", "--gallery", gallery, "--probes", probes)
    assert "hit rate          1.0000" in told and "24, 12 of strangers" in told


def test_identify_counts_what_goes_wrong(gallery_and_probes, tmp_path):
    """Folders with other people's pictures: each mistake must show in its own figure."""
    gallery, probes = gallery_and_probes
    shutil.copytree(probes, tmp_path / "probes")
    # p01's pictures under p02's name, p03's under a stranger's, and one without a face.
    shutil.rmtree(tmp_path / "probes" / "p02")
    shutil.copytree(probes / "p01", tmp_path / "probes" / "p02")
    shutil.copytree(probes / "p03", tmp_path / "probes" / "somebody")
    Image.new("RGB", (200, 200), (120, 90, 60)).save(tmp_path / "probes" / "p04" / "none.png")
    got = report("identify", "--gallery", gallery, "--probes", tmp_path / "probes")
    assert (got["mated"], got["hits"], got["misnamed"]) == (13, 10, 2)
    assert (got["strangers"], got["strangers_named"]) == (14, 2)
    assert got["failed_to_detect"] == 1
    assert got["hit_rate"] == pytest.approx(10 / 13, abs=1e-5)
    assert got["fnir"] == pytest.approx(3 / 13, abs=1e-5)
    assert got["fpir"] == pytest.approx(2 / 14, abs=1e-5)
    assert got["wrong_name_rate"] == pytest.approx(4 / 27, abs=1e-5)


def test_identify_curve(gallery_and_probes):
    gallery, probes = gallery_and_probes
    got = report("identify", "--gallery", gallery, "--probes", probes, "--curve")
    rows = got["curve"]
    assert {r["roster"] for r in rows} == {2, 5, 6}
    for size in (2, 5, 6):
        of_size = [r for r in rows if r["roster"] == size]
        thresholds = [r["threshold"] for r in of_size]
        assert thresholds == sorted(thresholds) and len(thresholds) == 9
        assert [r["threshold"] for r in of_size if r["in_use"]] == [0.45]
        # A stricter threshold names fewer, strangers too.
        for key in ("hit_rate", "fpir"):
            assert [r[key] for r in of_size] == sorted((r[key] for r in of_size), reverse=True)
        assert all(r["hit_rate"] + r["fnir"] == pytest.approx(1, abs=1e-5) for r in of_size)
    assert "6    0.45*" in face("identify", "--gallery", gallery, "--probes", probes, "--curve")


def test_identify_takes_as_many_templates_as_asked(people, gallery_and_probes):
    probes = gallery_and_probes[1]
    got = report("identify", "--gallery", people, "--probes", probes, "--templates", 2)
    assert (got["persons"], got["templates"], got["skipped"]) == (10, 20, 20)
    assert (got["probes"], got["strangers"], got["hit_rate"]) == (10, 0, 1)


def test_identify_with_quality(gallery_and_probes, tmp_path):
    """A face that a session would not compare is found without --quality only."""
    gallery = gallery_and_probes[0]
    (tmp_path / "p02").mkdir()
    with Image.open(PORTRAITS / "p02.jpg") as portrait:
        portrait.convert("RGB").resize((80, 80)).save(tmp_path / "p02" / "small.png")
    got = report("identify", "--gallery", gallery, "--probes", tmp_path)
    assert (got["low_quality"], got["hits"]) == (1, 1)
    got = report("identify", "--gallery", gallery, "--probes", tmp_path, "--quality")
    assert (got["low_quality"], got["hits"], got["fnir"]) == (1, 0, 1)


def test_identify_says_what_is_wrong(gallery_and_probes, tmp_path):
    gallery, probes = gallery_and_probes
    for args, code, says in [
            (["--gallery", gallery], 2, "--probes"),
            (["--gallery", gallery, "--probes", probes, "--templates", "6"], 2, "1 to 5"),
            (["--gallery", tmp_path, "--probes", probes], 1, "no folder with pictures"),
            (["--gallery", tmp_path / "none", "--probes", probes], 1, "No such file")]:
        assert says in face("identify", *args, code=code)
    (tmp_path / "p01").mkdir()
    Image.new("RGB", (200, 200)).save(tmp_path / "p01" / "black.png")
    assert "shows a face" in face("identify", "--gallery", tmp_path, "--probes", probes, code=1)

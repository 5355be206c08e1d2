# SPDX-License-Identifier: MIT
"""What the coach says of a photo: hints with figures, the pose, a score, the pose wanted next."""
import functools
import io

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance

from classroom import Classroom, another_photo, portrait, portraits
from client import Client
from factories import body_of, field_errors, problem
from own import PASSWORD, running

FACE = portraits()[17]["id"]
TURNS = "p02"  # stays a good face when its middle is moved


@pytest.fixture(scope="module")
def room(contract):
    with running() as own:
        admin = Client(own, contract).login("admin@school.example", PASSWORD)
        made = Classroom(admin, Client(own, contract), n=2)
        for i in range(2):
            body_of(made.consent(i))
        yield made


def look(room, photo, have=None, i=0):
    answer = room.admin.post(f"/api/v1/students/{room.students[i]['id']}/enrolment/check",
                             files={"photo": ("a.jpg", photo, "image/jpeg")},
                             params={"have": have} if have else {})
    return body_of(answer)


def codes(seen):
    return [h["code"] for h in seen["hints"]]


def jpeg(image):
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=92)
    return out.getvalue()


def picture(row_id):
    return Image.open(io.BytesIO(portrait(row_id))).convert("RGB")


@functools.lru_cache(maxsize=None)
def turned(row_id, share):
    """The middle of the face moved sideways by that share of the box' width, as a turn does."""
    x, y, w, h = next(r["face"] for r in portraits() if r["id"] == row_id)
    pixels = np.asarray(picture(row_id)).astype(float)
    rows, columns = np.mgrid[0:pixels.shape[0], 0:pixels.shape[1]].astype(float)
    near = np.exp(-((columns - x - w / 2) ** 2 + (rows - y - 0.66 * h) ** 2) / (2 * (0.2 * h) ** 2))
    source = np.clip(columns - share * w * near, 0, pixels.shape[1] - 1.001)
    left = source.astype(int)
    part = (source - left)[..., None]
    line = np.arange(pixels.shape[0])[:, None]
    moved = pixels[line, left] * (1 - part) + pixels[line, left + 1] * part
    return jpeg(Image.fromarray(moved.round().astype(np.uint8)))


def test_a_good_front_view(room):
    seen = look(room, portrait(FACE))
    assert seen["ok"] and seen["hints"] == [] and seen["pose"] == "front"
    assert seen["wanted"] == "front" and abs(seen["yaw_offset"]) < 0.12 and 0.3 < seen["score"] <= 1


def test_the_next_pose(room):
    for have, wanted, hint in (("front", "slightly_left", ["turn_left"]),
                               ("front,slightly_left", "slightly_right", ["turn_right"]),
                               ("front,slightly_left,slightly_right", None, [])):
        seen = look(room, portrait(FACE), have)
        assert (seen["wanted"], codes(seen)) == (wanted, hint)
        assert seen["ok"]
    answer = room.admin.post(f"/api/v1/students/{room.students[0]['id']}/enrolment/check?have=up",
                             files={"photo": ("a.jpg", portrait(FACE), "image/jpeg")})
    assert field_errors(answer) == {"have": "one_of"}


@pytest.mark.parametrize("row_id, pose", [("s05", "slightly_left"), ("s06", "slightly_right"),
                                          ("s07", "slightly_right"), ("s02", "slightly_right")])
def test_a_slight_turn_counts_once_the_front_is_there(room, row_id, pose):
    """Left and right are the person's own: the nose towards the right of the picture is left."""
    first = look(room, portrait(row_id))
    assert not first["ok"] and first["pose"] == pose and codes(first) == ["turn_to_front"]
    assert first["hints"][0]["measured"] >= first["hints"][0]["limit"] == 0.12
    then = look(room, portrait(row_id), "front")
    assert then["ok"] and (then["yaw_offset"] > 0) == (pose == "slightly_left")
    assert codes(then) == ([] if pose == "slightly_left" else ["turn_left"])
    mirrored = look(room, jpeg(picture(row_id).transpose(Image.FLIP_LEFT_RIGHT)), "front")
    assert {pose, mirrored["pose"]} == {"slightly_left", "slightly_right"}


def test_the_three_poses_become_templates(room):
    photos = [portrait(TURNS), another_photo(TURNS, 3), turned(TURNS, 0.16), turned(TURNS, -0.16)]
    made = body_of(room.send_photos(0, *photos, source="webcam"), 201)
    assert made["missing_poses"] == [] and made["assurance"] == "standard", made["shots"]
    assert {t["pose"] for t in made["templates"]} == {"front", "slightly_left", "slightly_right"}
    assert [s["pose"] for s in made["shots"]][2:] == ["slightly_left", "slightly_right"]
    assert all(s["accepted"] for s in made["shots"])


def test_turned_away_alone_is_no_enrolment(room):
    answer = room.send_photos(1, portrait("s06"))
    told = problem(answer, 422, "face-quality")
    assert {e["code"] for e in told["errors"]} == {"not_frontal"}


def lit(row_id, factor):
    return jpeg(ImageEnhance.Brightness(picture(row_id)).enhance(factor))


def small():
    canvas = Image.new("RGB", (640, 480), (120, 120, 120))
    canvas.paste(picture(FACE).resize((150, 150)), (240, 150))
    return jpeg(canvas)


def aside():
    face = picture(FACE).resize((420, 420))
    canvas = Image.new("RGB", (1200, 480), (120, 120, 120))
    canvas.paste(face, (760, 30))
    return jpeg(canvas)


def masked():
    image = picture(FACE)
    x, y, w, h = next(r["face"] for r in portraits() if r["id"] == FACE)
    ImageDraw.Draw(image).rectangle((x, y + 0.5 * h, x + w, y + 1.05 * h), fill=(90, 140, 190))
    return jpeg(image)


@pytest.mark.parametrize("photo, hint", [
    (lambda: lit(FACE, 0.3), "more_light"), (lambda: lit("p06", 2.3), "less_light"),
    (small, "closer"), (aside, "centred"), (lambda: portrait("r-profile-1"), "turn_to_front"),
    (lambda: portrait("s04"), "straighten"), (lambda: portrait("r-eyes-closed-1"), "eyes_open"),
    (lambda: portrait("r-several-people-1"), "one_person"),
    (lambda: portrait("r-no-face-1"), "show_face"),
    (lambda: portrait("r-drawing-2"), "more_detail"),
    (lambda: jpeg(picture(FACE).resize((60, 60)).resize((600, 600))), "hold_still"),
], ids=["dark", "over-exposed", "tiny", "aside", "profile", "tilted", "closed", "many", "animal",
        "drawing", "blurred"])
def test_what_is_wrong_is_said_with_figures(room, photo, hint):
    seen = look(room, photo())
    said = [h for h in seen["hints"] if h["code"] == hint]
    assert said, seen
    least = hint in ("closer", "more_light", "hold_still", "more_detail", "show_face")
    assert (said[0]["measured"] < said[0]["limit"]) == least


def test_a_mask_drawn_on_is_no_good_face(room):
    """The face is found, or not; what hides half of it is not enrolled as if nothing were."""
    seen = look(room, masked())
    bare = look(room, portrait(FACE))
    assert not seen["ok"] or seen["score"] < bare["score"]


def test_a_better_picture_has_a_better_score(room):
    good = look(room, portrait(TURNS))["score"]
    poor = look(room, jpeg(picture(TURNS).resize((110, 110)).resize((600, 600))))["score"]
    assert good > poor + 0.05

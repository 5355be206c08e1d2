# SPDX-License-Identifier: MIT
"""Another photo of the same person, made from a portrait.

One draw of each parameter, uniform in its range; the seed alone decides. Ranges by strength:

| parameter           | enrol        | probe        | hard        | unit                            |
| ------------------- | ------------ | ------------ | ----------- | ------------------------------- |
| rotation            | +-5          | +-12         | +-22        | degrees, about the face         |
| crop                | 0.88 to 1    | 0.80 to 1    | 0.70 to 1   | share of width and height kept  |
| scale               | 0.85 to 1    | 0.50 to 1    | 0.30 to 0.7 | never above 1                   |
| smallest face       | 112          | 72           | 52          | pixels; bounds the scale        |
| gain                | 0.90 to 1.12 | 0.75 to 1.25 | 0.5 to 1.5  | factor                          |
| gamma               | 0.92 to 1.10 | 0.85 to 1.20 | 0.7 to 1.4  | exponent                        |
| colour cast         | +-0.03       | +-0.06       | +-0.10      | gain of each channel            |
| light from the side | +-0.06       | +-0.15       | +-0.30      | ramp over the width             |
| blur                | 0 to 0.4     | 0 to 0.9     | 0.6 to 1.6  | sigma, % of the face's height   |
| noise               | 0 to 2       | 0 to 4       | 2 to 8      | standard deviation, grey levels |
| JPEG quality        | 82 to 94     | 60 to 90     | 30 to 60    | as libjpeg counts               |

A portrait whose face is smaller than "smallest face" keeps its size. The crop stays within the
portrait (only turned corners show mirrored surroundings) and keeps the face box, grown by 12 %,
wherever it fits. Measured on the enrolled portraits with four seeds: of the "enrol" pictures 1 in
100 is refused by the quality gate; similarity to the original is at least 0.9 for "enrol", 0.8 for
"probe", and about 0.5 to 0.9 for "hard", some of which are too dark for the detector.
"""
import numpy as np
from PIL import Image, ImageFilter

from photo import Box, lit, noisy, padded, random_of, resized

RANGES = {
    "enrol": {
        "rotation": (-5, 5), "crop": (0.88, 1), "scale": (0.85, 1), "smallest": 112,
        "gain": (0.90, 1.12), "gamma": (0.92, 1.10), "cast": 0.03, "side": (-0.06, 0.06),
        "blur": (0, 0.4), "noise": (0, 2), "quality": (82, 94),
    },
    "probe": {
        "rotation": (-12, 12), "crop": (0.80, 1), "scale": (0.5, 1), "smallest": 72,
        "gain": (0.75, 1.25), "gamma": (0.85, 1.20), "cast": 0.06, "side": (-0.15, 0.15),
        "blur": (0, 0.9), "noise": (0, 4), "quality": (60, 90),
    },
    "hard": {
        "rotation": (-22, 22), "crop": (0.70, 1), "scale": (0.3, 0.7), "smallest": 52,
        "gain": (0.5, 1.5), "gamma": (0.7, 1.4), "cast": 0.10, "side": (-0.30, 0.30),
        "blur": (0.6, 1.6), "noise": (2, 8), "quality": (30, 60),
    },
}
PAD = 0.35
FACE_MARGIN = 0.12


def draw(rnd, strength):
    """One set of parameters."""
    ranges = RANGES[strength]
    uniform = lambda key: float(rnd.uniform(*ranges[key]))
    cast = ranges["cast"]
    return {
        "rotation": uniform("rotation"),
        "crop": uniform("crop"),
        "shift": [float(rnd.uniform(0, 1)), float(rnd.uniform(0, 1))],
        "scale": uniform("scale"),
        "gain": uniform("gain"),
        "gamma": uniform("gamma"),
        "cast": [1 + float(rnd.uniform(-cast, cast)) for _ in range(3)],
        "side": uniform("side"),
        "blur": uniform("blur"),
        "noise": uniform("noise"),
        "quality": int(rnd.randint(ranges["quality"][0], ranges["quality"][1] + 1)),
        "smallest": ranges["smallest"],
    }


def turned(image, face, degrees):
    """The picture turned about its face, its surroundings mirrored outwards; face moves along."""
    wide, pad = padded(image, max(image.size) * PAD)
    centre = face.centre[0] + pad, face.centre[1] + pad
    wide = wide.rotate(degrees, Image.BICUBIC, center=centre)
    return wide, face.moved(pad, pad), pad


def window_start(length, frame, pad, shift, low, high):
    """Where a crop of `length` starts on one axis of a picture of `frame` pixels padded by `pad`:
    within the frame, and there so that [low, high] (the face) stays inside if it fits."""
    start = pad + shift * (frame - length)
    start = min(max(start, high - length), low)
    return int(round(min(max(start, pad), pad + frame - length)))


def cropped(image, face, p):
    """Turns and crops; returns the picture and where the face is now."""
    wide, moved, pad = turned(image, face, p["rotation"])
    width, height = (max(8, int(side * p["crop"])) for side in image.size)
    dx, dy = moved.width * FACE_MARGIN, moved.height * FACE_MARGIN
    left = window_start(width, image.width, pad, p["shift"][0],
                        moved.x - dx, moved.x + moved.width + dx)
    top = window_start(height, image.height, pad, p["shift"][1],
                       moved.y - dy, moved.y + moved.height + dy)
    return wide.crop((left, top, left + width, top + height)), moved.moved(-left, -top)


def vary(image, face, seed, strength="probe"):
    """Returns the new picture, its face box and the parameters; `seed` is an int or a tuple."""
    rnd = random_of(*np.atleast_1d(seed))
    p = draw(rnd, strength)
    p["scale"] = min(1.0, max(p["scale"], p["smallest"] / face.height))
    image, face = resized(image, p["scale"]), face.scaled(p["scale"])
    image, face = cropped(image, face, p)
    image = lit(image, p["gain"], p["gamma"], p["cast"], p["side"])
    sigma = p["blur"] * face.height / 100
    if sigma > 0.05:
        image = image.filter(ImageFilter.GaussianBlur(sigma))
    image = noisy(image, p["noise"], rnd)
    return image, Box(face.x, face.y, face.width, face.height), p

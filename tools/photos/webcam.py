# SPDX-License-Identifier: MIT
"""A clip for Chromium's --use-file-for-fake-video-capture: a head that moves a little, as
YUV4MPEG2 4:2:0. The clip loops without a jump; several portraits follow one another, and none gives
an empty room.

Within a loop the head drifts up to 3 % of the width and 2 % of the height, comes 3 % nearer and
farther, turns 2 degrees, and the light changes by 5 %. The face box is about 170 px high (a head of
about 200), or less where the portrait has less: it is not enlarged.
"""
import math

import numpy as np
from PIL import Image, ImageFilter

from photo import Box, lit, noisy, random_of, resized
from scene import wall

WIDTH, HEIGHT, FPS = 640, 480, 10
FACE_HEIGHT = 170
NOISE = 1.5
EDGE = 16  # pixels over which the portrait passes into its blurred continuation
BLUR = 26  # of the continuation: strong enough that the detector sees no face in it


def to_i420(image):
    """BT.601 studio-range planes, chroma averaged over 2x2 pixels."""
    rgb = np.asarray(image, np.float64)
    r, g, b = rgb[:, :, 0], rgb[:, :, 1], rgb[:, :, 2]
    y = 16 + 0.257 * r + 0.504 * g + 0.098 * b
    u = 128 - 0.148 * r - 0.291 * g + 0.439 * b
    v = 128 + 0.439 * r - 0.368 * g - 0.071 * b
    halved = lambda p: (p[0::2, 0::2] + p[0::2, 1::2] + p[1::2, 0::2] + p[1::2, 1::2]) / 4
    planes = (y, halved(u), halved(v))
    return b"".join(np.clip(p + 0.5, 0, 255).astype(np.uint8).tobytes() for p in planes)


def continued(image, face, k):
    """The portrait k times as large, continued on all sides to more than a frame around the face.

    Its edge pixels go on outwards and blur into each other: shoulders stay shoulders, and no
    second face appears as it would by mirroring. Returns the picture and where the face is."""
    image, face = resized(image, k), face.scaled(k)
    across, along = int(WIDTH * 0.65), int(HEIGHT * 0.70)
    left, right = (max(0, int(across - v)) for v in (face.centre[0], image.width - face.centre[0]))
    top, bottom = (max(0, int(along - v)) for v in (face.centre[1], image.height - face.centre[1]))
    pixels = np.pad(np.asarray(image), ((top, bottom), (left, right), (0, 0)), "edge")
    wide = Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(BLUR))
    mask = Image.new("L", wide.size, 0)
    inside = (left + EDGE * bool(left), top + EDGE * bool(top),
              left + image.width - EDGE * bool(right), top + image.height - EDGE * bool(bottom))
    mask.paste(255, inside)
    mask = mask.filter(ImageFilter.GaussianBlur(EDGE / 2))
    wide.paste(Image.fromarray(pixels), (0, 0), mask)
    return wide, face.moved(left, top)


class Sitter:
    """One portrait before the camera."""

    def __init__(self, image, face, rnd):
        k = min(1.0, FACE_HEIGHT / face.height)
        self.portrait, self.face = continued(image, face, k)
        self.phase = float(rnd.uniform(0, 2 * math.pi))
        self.noise_seed = int(rnd.randint(1 << 30))

    def frame(self, i, frames):
        """Frame i of a loop of `frames`, and the face box in it."""
        t = 2 * math.pi * i / frames
        k = 1 + 0.03 * math.sin(t + self.phase)
        angle = math.radians(2 * math.sin(t))
        cos, sin = math.cos(angle) / k, math.sin(angle) / k
        cx, cy = self.face.centre
        x = WIDTH / 2 + 0.03 * WIDTH * math.sin(t)
        y = HEIGHT * 0.46 + 0.02 * HEIGHT * math.sin(2 * t + self.phase)
        inverse = (cos, sin, cx - cos * x - sin * y, -sin, cos, cy + sin * x - cos * y)
        picture = self.portrait.transform((WIDTH, HEIGHT), Image.AFFINE, inverse, Image.BICUBIC)
        picture = lit(picture, 1 + 0.05 * math.sin(t + 1))
        width, height = self.face.width * k, self.face.height * k
        return (noisy(picture, NOISE, random_of(self.noise_seed, i)),
                Box(x - width / 2, y - height / 2, width, height))


def empty_frame(room, i, seed):
    return noisy(room, NOISE, random_of(seed, i))


def write_clip(out, portraits, seed, seconds=3.0):
    """`portraits` is a list of (image, face box). Returns a list of (first frame, face boxes)."""
    rnd = random_of(seed)
    frames = max(1, int(round(seconds * FPS)))
    told = []
    with open(out, "wb") as f:
        f.write(b"YUV4MPEG2 W%d H%d F%d:1 Ip A1:1 C420jpeg\n" % (WIDTH, HEIGHT, FPS))
        if not portraits:
            room = wall(WIDTH, HEIGHT, rnd)
            for i in range(frames):
                f.write(b"FRAME\n" + to_i420(empty_frame(room, i, seed)))
        for n, (image, face) in enumerate(portraits):
            sitter = Sitter(image, face, rnd)
            boxes = []
            for i in range(frames):
                picture, box = sitter.frame(i, frames)
                f.write(b"FRAME\n" + to_i420(picture))
                boxes.append(box)
            told.append((n * frames, boxes))
    return told

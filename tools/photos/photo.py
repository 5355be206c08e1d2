# SPDX-License-Identifier: MIT
"""What the photo tools share: loading, where the face is, light, and saving the same bytes again.

Nothing here looks for faces. Where the face of a portrait is stands in the portraits.json beside it
(`face`: x, y, width, height in pixels), or is given by hand, or is guessed to be where portraits
usually have it.
"""
import json
import os

import numpy as np
from PIL import Image, ImageOps

Image.MAX_IMAGE_PIXELS = 40_000_000


class Box:
    """A face: x, y, width, height in pixels."""

    def __init__(self, x, y, width, height):
        self.x, self.y, self.width, self.height = x, y, width, height

    @property
    def centre(self):
        return self.x + self.width / 2, self.y + self.height / 2

    def scaled(self, k):
        return Box(self.x * k, self.y * k, self.width * k, self.height * k)

    def moved(self, dx, dy):
        return Box(self.x + dx, self.y + dy, self.width, self.height)

    def rounded(self):
        return [round(v, 1) for v in (self.x, self.y, self.width, self.height)]


def random_of(*seeds):
    """A generator whose stream numpy promises never to change."""
    return np.random.RandomState(np.array(seeds, np.uint32))


def load(path):
    """The picture upright, as RGB over white."""
    with Image.open(path) as stored:
        upright = ImageOps.exif_transpose(stored)
        if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
            upright = upright.convert("RGBA")
            ground = Image.new("RGBA", upright.size, "white")
            ground.alpha_composite(upright)
            upright = ground
        return upright.convert("RGB")


def listed(path):
    """The entry of the portraits.json beside `path` that names it, or {}."""
    listing = os.path.join(os.path.dirname(os.path.abspath(path)), "portraits.json")
    if not os.path.exists(listing):
        return {}
    with open(listing, encoding="utf-8") as f:
        for entry in json.load(f):
            if entry["file"] == os.path.basename(path):
                return entry
    return {}


def face_of(path, size, given=None):
    """The face box of a portrait of `size`; `given` (x, y, width, height) wins."""
    box = given or listed(path).get("face")
    if box:
        return Box(*box)
    width, height = size
    side = min(width, height)
    return Box(width / 2 - side * 0.19, height * 0.38 - side * 0.25, side * 0.38, side * 0.5)


def padded(image, pad):
    """The picture with `pad` mirrored pixels on each side."""
    pixels = np.asarray(image)
    pad = int(min(pad, pixels.shape[0] - 1, pixels.shape[1] - 1))
    return Image.fromarray(np.pad(pixels, ((pad, pad), (pad, pad), (0, 0)), "symmetric")), pad


def resized(image, k):
    """The picture k times as large; a large reduction averages, so nothing flickers."""
    if abs(k - 1) < 1e-6:
        return image
    size = max(1, round(image.width * k)), max(1, round(image.height * k))
    return image.resize(size, Image.LANCZOS)


def lit(image, gain=1.0, gamma=1.0, cast=(1.0, 1.0, 1.0), side=0.0):
    """Other light: overall gain, gamma, a gain per channel, and a ramp from left to right."""
    pixels = np.asarray(image, np.float64) / 255
    ramp = 1 + side * np.linspace(-1, 1, image.width)[None, :, None]
    pixels = np.clip(pixels, 0, 1) ** gamma * gain * np.asarray(cast) * ramp
    return Image.fromarray((np.clip(pixels, 0, 1) * 255 + 0.5).astype(np.uint8))


def noisy(image, sd, rnd):
    """Sensor noise: mostly in the luminance, a little in the colours."""
    if sd <= 0:
        return image
    pixels = np.asarray(image, np.float64)
    luma = rnd.normal(0, sd, pixels.shape[:2])[:, :, None]
    colour = rnd.normal(0, sd * 0.4, pixels.shape)
    return Image.fromarray(np.clip(pixels + luma + colour + 0.5, 0, 255).astype(np.uint8))


def save(image, path, quality=90):
    """Writes by the name's ending; the same pixels give the same bytes."""
    ending = os.path.splitext(path)[1].lower()
    if ending == ".png":
        image.save(path, "PNG", optimize=False, compress_level=6)
    elif ending == ".webp":
        image.save(path, "WEBP", quality=quality, method=4)
    else:
        image.save(path, "JPEG", quality=quality, subsampling=2, optimize=False)

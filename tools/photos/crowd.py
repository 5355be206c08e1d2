# SPDX-License-Identifier: MIT
"""A photo of a class, composed from portraits: rows of people whose faces have given heights.

The smallest faces sit in the back row (at the top), the largest in front, each in a place of its
own, so no face covers another. Each person is cut out as in scene.py, turned by up to 4 degrees and
lit a little differently. Behind them is a room: a wall with uneven light, windows, a board with
writing, shelves and desks, whose edges a detector must not take for faces. Fine sensor noise covers
all of it.
"""
import math

import numpy as np
from PIL import Image, ImageDraw

from photo import Box, lit, random_of, resized
from scene import cut_out, soft_mask, wall

NOISE_SD = 2.0
NOISE_TILE = 512


def furnish(ground, rnd):
    """Windows, a board with writing, shelves with books and rows of desks."""
    draw = ImageDraw.Draw(ground)
    width, height = ground.size
    for left in (0.03, 0.20):
        box = [left * width, 0.04 * height, (left + 0.13) * width, 0.30 * height]
        draw.rectangle(box, fill=(216, 228, 238), outline=(120, 110, 100), width=max(2, width // 400))
        draw.line([(box[0] + box[2]) / 2, box[1], (box[0] + box[2]) / 2, box[3]],
                  fill=(120, 110, 100), width=max(1, width // 600))
    board = [0.40 * width, 0.05 * height, 0.68 * width, 0.24 * height]
    draw.rectangle(board, fill=(52, 84, 70), outline=(140, 110, 70), width=max(2, width // 300))
    step = max(6, height // 60)
    for y in range(int(board[1] + step), int(board[3] - step), step):
        x = board[0] + step
        while x < board[2] - 3 * step:
            word = float(rnd.uniform(0.5, 3)) * step
            draw.line([x, y, x + word, y + float(rnd.uniform(-2, 2))], fill=(214, 222, 214),
                      width=max(1, step // 6))
            x += word + step * 0.7
    x = 0.76 * width
    while x < 0.97 * width:
        thick = float(rnd.uniform(0.004, 0.012)) * width
        colour = tuple(int(v) for v in rnd.randint(60, 200, 3))
        top = float(rnd.uniform(0.06, 0.10)) * height
        draw.rectangle([x, top, x + thick, 0.2 * height], fill=colour)
        x += thick + 1
    for row in range(6):
        y = (0.36 + 0.11 * row) * height
        draw.rectangle([0, y, width, y + height * 0.012], fill=(150 - 8 * row, 118 - 6 * row, 84))


def rows_of(heights, width):
    """Indices of the faces, row by row, smallest first; a row is as wide as the picture allows."""
    order = sorted(range(len(heights)), key=lambda i: heights[i])
    rows, used = [[]], 0.0
    for i in order:
        room = 2.2 * heights[i]
        per_row = max(4, math.ceil(len(heights) / 5))
        if rows[-1] and (used + room > 0.94 * width or len(rows[-1]) >= per_row):
            rows.append([])
            used = 0.0
        rows[-1].append(i)
        used += room
    return rows


def seat(ground, portrait, face, at, face_height, rnd):
    """Sets one person with the face's centre at `at`; returns the face box in the picture."""
    turned = portrait.rotate(float(rnd.uniform(-4, 4)), Image.BICUBIC, center=face.centre,
                             fillcolor=portrait.getpixel((0, 0)))
    person, face = cut_out(turned, face)
    k = face_height / face.height
    person, face = lit(resized(person, k), float(rnd.uniform(0.9, 1.1))), face.scaled(k)
    x, y = int(at[0] - face.centre[0]), int(at[1] - face.centre[1])
    ground.paste(person, (x, y), soft_mask(*person.size))
    return face.moved(x, y)


def add_noise(ground, rnd):
    """One tile of noise over the whole picture: enough for a detector, and quickly made."""
    pixels = np.asarray(ground, np.int16)
    noise = np.rint(rnd.normal(0, NOISE_SD, (NOISE_TILE, NOISE_TILE, 1))).astype(np.int16)
    down, across = -(-pixels.shape[0] // NOISE_TILE), -(-pixels.shape[1] // NOISE_TILE)
    noise = np.tile(noise, (down, across, 1))[: pixels.shape[0], : pixels.shape[1]]
    return Image.fromarray(np.clip(pixels + noise, 0, 255).astype(np.uint8))


def crowd(portraits, width, height, heights, seed):
    """`portraits` is a list of (image, face box), one for each of `heights`. Returns the picture
    and the face boxes in the order given."""
    rnd = random_of(seed)
    ground = wall(width, height, rnd)
    furnish(ground, rnd)
    rows = rows_of(heights, width)
    boxes = [None] * len(heights)
    for r, row in enumerate(rows):
        tallest = max(heights[i] for i in row)
        y = (0.30 + 0.58 * (r + 0.5) / len(rows)) * height
        places = rnd.permutation(len(row))
        step = width / len(row)
        for i, place in zip(row, places):
            spare = max(0.0, step - 2.2 * heights[i]) / 2
            at = (step * (place + 0.5) + float(rnd.uniform(-1, 1)) * spare * 0.8,
                  y + float(rnd.uniform(-0.4, 0.4)) * tallest)
            image, face = portraits[i]
            boxes[i] = seat(ground, image, Box(face.x, face.y, face.width, face.height), at,
                            heights[i], rnd)
    return add_noise(ground, rnd), boxes

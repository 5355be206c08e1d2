# SPDX-License-Identifier: MIT
"""A group photo composed from portraits: one cell of a grid each, so no face covers another.

Each person is cut out with a soft edge (head and shoulders), turned by up to 4 degrees, lit a
little differently, never enlarged, and set with some jitter before a plain wall that is darker
towards the floor and blurred.
"""
import math

import numpy as np
from PIL import Image, ImageFilter

from photo import Box, lit, random_of, resized

AROUND = (0.75, 0.55, 0.75, 0.75)  # room left, above, right, below; in face widths and heights
FILL = 0.92  # share of the cell that a person takes
WALLS = ((196, 190, 178), (170, 182, 190), (188, 196, 180), (205, 200, 196), (160, 168, 176))


def wall(width, height, rnd):
    """A plain wall with soft uneven light."""
    colour = np.array(WALLS[rnd.randint(len(WALLS))], np.float64)
    coarse = rnd.uniform(-8, 8, (6, 8)).astype(np.float32)
    uneven = np.asarray(Image.fromarray(coarse, "F").resize((width, height), Image.BICUBIC))
    floor = np.linspace(6, -26, height)[:, None]
    pixels = colour[None, None, :] + (uneven + floor)[:, :, None]
    image = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    return image.filter(ImageFilter.GaussianBlur(3))


def soft_mask(width, height, feather=0.16):
    """White inside, falling to black at the edge; the corners are round."""
    y, x = np.mgrid[0:height, 0:width]
    u = np.abs((x + 0.5) / width * 2 - 1)
    v = np.abs((y + 0.5) / height * 2 - 1)
    radius = (u**4 + v**4) ** 0.25
    mask = np.clip((1 - radius) / feather, 0, 1)
    mask = mask * mask * (3 - 2 * mask)
    return Image.fromarray((mask * 255).astype(np.uint8), "L")


def cut_out(image, face):
    """The person with some room around the face, as far as the portrait goes."""
    left, above, right, below = AROUND
    x0 = max(0, int(face.x - left * face.width))
    y0 = max(0, int(face.y - above * face.height))
    x1 = min(image.width, int(math.ceil(face.x + face.width * (1 + right))))
    y1 = min(image.height, int(math.ceil(face.y + face.height * (1 + below))))
    return image.crop((x0, y0, x1, y1)), face.moved(-x0, -y0)


def grid(n, width, height):
    """Columns and rows whose cells come closest to the shape of a person's cut-out."""
    best = None
    for columns in range(1, n + 1):
        rows = -(-n // columns)
        shape = (width / columns) / (height / rows)
        badness = abs(math.log(shape / 0.87)) + 0.15 * (columns * rows - n)
        if best is None or badness < best[0]:
            best = badness, columns, rows
    return best[1], best[2]


def place(ground, portrait, face, cell, rnd):
    """Sets one person into its cell (x, y, width, height); returns the face box in the scene."""
    turned = portrait.rotate(float(rnd.uniform(-4, 4)), Image.BICUBIC, center=face.centre,
                             fillcolor=portrait.getpixel((0, 0)))
    person, face = cut_out(turned, face)
    gain = float(rnd.uniform(0.92, 1.08))
    room = float(rnd.uniform(0.86, 1.0)) * FILL
    k = min(1.0, cell[2] * room / person.width, cell[3] * room / person.height)
    person, face = lit(resized(person, k), gain), face.scaled(k)
    x = int(cell[0] + rnd.uniform(0, 1) * (cell[2] - person.width))
    y = int(cell[1] + rnd.uniform(0, 1) * (cell[3] - person.height))
    ground.paste(person, (x, y), soft_mask(*person.size))
    return face.moved(x, y)


def scene(portraits, width, height, seed):
    """`portraits` is a list of (image, face box). Returns the picture and the face boxes."""
    rnd = random_of(seed)
    ground = wall(width, height, rnd)
    columns, rows = grid(len(portraits), width, height)
    order = rnd.permutation(columns * rows)[: len(portraits)]
    boxes = []
    for (image, face), slot in zip(portraits, order):
        row, column = divmod(int(slot), columns)
        cell = (column * width / columns, row * height / rows, width / columns, height / rows)
        boxes.append(place(ground, image, Box(face.x, face.y, face.width, face.height), cell, rnd))
    return ground, boxes

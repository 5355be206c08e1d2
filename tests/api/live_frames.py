# SPDX-License-Identifier: MIT
"""A synthetic person before the camera, and clients that show it to a liveness session in real
time. What is drawn, and how, stands in tests/bench/liveness_render.h."""
import asyncio
import contextlib
import itertools
import json
import os
import pathlib
import struct
import subprocess
import time

import websockets

from classroom import PORTRAITS
from server import BINARY, CACHE, SLOW

# Drawing is no part of the product: a sanitiser's build may take the camera of a quicker one.
CAMERA = pathlib.Path(os.environ.get("SP_TEST_CAMERA", pathlib.Path(BINARY).resolve().parent
                                     / "tests" / "bench" / "liveness_camera"))
BONA_FIDE, STILL, SCREEN = 0, 1, 4
EVERY = 0.1  # seconds between frames
_seeds = itertools.count(11)


class Camera:
    """Frames of one person; `species` as in tests/bench/liveness_player.h."""

    def __init__(self, portrait, species=BONA_FIDE, seed=None):
        photo = next(PORTRAITS.glob(portrait + ".*"))
        self.process = subprocess.Popen(
            [str(CAMERA), str(CACHE / "models"), str(CACHE / "onnxruntime" / "libonnxruntime.so.1"),
             str(photo), str(seed or next(_seeds)), str(species)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.first = self.frame(0.0)  # the nets are loaded before anybody waits for a frame

    def frame(self, seconds, reply=None):
        """What is seen `seconds` after the beginning, by somebody who heard `reply`."""
        asked = reply or {"done": 0, "total": 0, "challenge": None}
        line = f"{seconds:.3f} {asked['done']} {asked['total']} {asked['challenge'] or 'none'}\n"
        self.process.stdin.write(line.encode())
        self.process.stdin.flush()
        size, = struct.unpack(">I", self.process.stdout.read(4))
        return self.process.stdout.read(size)

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=30 * SLOW)
        self.process.stdout.close()


@contextlib.contextmanager
def camera(portrait, species=BONA_FIDE, seed=None):
    made = Camera(portrait, species, seed)
    try:
        yield made
    finally:
        made.close()


def wire(client, live_id):
    headers = {"Authorization": client.session.headers["Authorization"]}
    return websockets.connect(
        f"{client.server.url.replace('http', 'ws', 1)}/api/v1/liveness-sessions/{live_id}/stream",
        extra_headers=headers, open_timeout=20 * SLOW)


async def ask(socket, message):
    await socket.send(message)
    return json.loads(await asyncio.wait_for(socket.recv(), 30 * SLOW))


def message(number, jpeg):
    return struct.pack(">I", number) + jpeg


async def show(client, live, person, keep=None, limit=45.0):
    """Shows the person until the session has ended; the last answer. `keep` collects the frames."""
    async with wire(client, live["id"]) as socket:
        reply = await ask(socket, json.dumps({"nonce": live["nonce"]}))
        assert reply["error"] is None, reply
        began = time.monotonic()
        for number in itertools.count(1):
            at = time.monotonic() - began
            assert at < limit * SLOW, f"no end after {at:.0f} s: {reply}"
            jpeg = await asyncio.to_thread(person.frame, at, reply)
            if keep is not None:
                keep.append(jpeg)
            reply = await ask(socket, message(number, jpeg))
            if reply["error"] or reply["result"]:
                return reply
            await asyncio.sleep(max(0.0, EVERY - (time.monotonic() - began - at)))


def send(client, live, first, frames, every_ms=100, nonce=None, **more):
    """A batch without a WebSocket."""
    files = [("frames", (f"{i}.jpg", jpeg, "image/jpeg")) for i, jpeg in enumerate(frames)]
    form = {"nonce": nonce or live["nonce"], "first": str(first), "every_ms": str(every_ms)}
    return client.post(f"/api/v1/liveness-sessions/{live['id']}/frames", files=files, data=form,
                       **more)

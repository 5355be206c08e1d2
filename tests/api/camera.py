# SPDX-License-Identifier: MIT
"""A camera on a WebSocket: frames with numbers, one answer each."""
import asyncio
import json
import struct

import websockets

from server import SLOW

LOOK_S = 0.1  # looks nearer in time than this count as one


def frame(number, photo, age_ms=None):
    """With `age_ms` it says how old the picture was when it was sent."""
    age = b"" if age_ms is None else struct.pack(">I", age_ms)
    return struct.pack(">I", number) + age + photo


def watching(client, path, **more):
    """`client`: its bearer token opens the socket; other headers in `more`."""
    headers = {"Authorization": client.session.headers["Authorization"], **more}
    return websockets.connect(client.server.url.replace("http", "ws", 1) + path, extra_headers=headers,
                              ping_interval=None, open_timeout=20 * SLOW)


def is_of_now(message):
    """A frame that does not say how old its picture is."""
    return isinstance(message, bytes) and message[4:5] == b"\xff"


async def ask(socket, message, pause=0):
    """Offers a frame again that waited longer than a look may on a busy machine."""
    for _ in range(50):
        await socket.send(message)
        answer = json.loads(await asyncio.wait_for(socket.recv(), 60 * SLOW))
        await asyncio.sleep(pause)
        if not (answer.get("late") and is_of_now(message)):
            break
    return answer


async def until_decided(socket, photo, most=20):
    """Shows one picture until something is decided about its first face: every answer."""
    answers = []
    for number in range(1, most + 1):
        answers.append(await ask(socket, frame(number, photo), pause=LOOK_S))
        faces = (answers[-1]["result"] or {}).get("faces")
        if not faces or faces[0]["outcome"]:
            break
    return answers

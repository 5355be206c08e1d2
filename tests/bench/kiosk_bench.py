#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Frames per second of 1, 2, 4 and 8 kiosks over real WebSockets, on a server of its own: each kiosk sends
its next frame when the last is answered. SP_TEST_BINARY names the program; --seconds, --kiosks, --json."""
import argparse
import asyncio
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))

import websockets  # noqa: E402

from camera import frame  # noqa: E402
from classroom import Classroom, portrait, portraits  # noqa: E402
from client import Client  # noqa: E402
from contract import Contract  # noqa: E402
from factories import body_of  # noqa: E402
from own import ADMIN, PASSWORD, running  # noqa: E402

ENROLLED = 4


def school(server):
    contract = Contract(server.raw("GET", "/openapi.json").json())
    api = Client(server, contract)
    admin = api.login(ADMIN, PASSWORD)
    room = Classroom(admin, api, n=30)
    for i in range(ENROLLED):
        body_of(room.enrol(i, portrait(portraits()[i]["id"]), accept_duplicate="true"), 201)
    place = room.make.room()
    room.session = room.new_session(room_id=place["id"])
    room.open()
    return admin, place


def device(admin, place, n):
    body = {"kind": "kiosk", "name": f"Kiosk {n}", "room_id": place["id"]}
    return body_of(admin.post("/api/v1/devices", json=body), 201)["token"]


async def one_kiosk(address, token, photo, until):
    frames = 0
    headers = {"Authorization": "Bearer " + token}
    async with websockets.connect(address, extra_headers=headers, ping_interval=None) as socket:
        while time.monotonic() < until:
            frames += 1
            await socket.send(frame(frames, photo))
            answer = json.loads(await socket.recv())
            assert answer["error"] is None, answer
    return frames


async def measure(server, tokens, seconds):
    address = server.url.replace("http", "ws", 1) + "/api/v1/kiosk/stream"
    began = time.monotonic()
    counts = await asyncio.gather(*(
        one_kiosk(address, token, portrait(portraits()[i % ENROLLED]["id"]), began + seconds)
        for i, token in enumerate(tokens)))
    took = time.monotonic() - began
    return {"kiosks": len(tokens), "fps_total": round(sum(counts) / took, 1),
            "fps_per_kiosk": round(sum(counts) / took / len(tokens), 1)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--kiosks", type=int, nargs="+", default=[1, 2, 4, 8])
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    rows = []
    with running() as server:
        admin, place = school(server)
        tokens = [device(admin, place, n) for n in range(max(args.kiosks))]
        for n in args.kiosks:
            rows.append(asyncio.run(measure(server, tokens[:n], args.seconds)))
    if args.json:
        print(json.dumps(rows))
        return
    print("| kiosks | frames/s each | frames/s in all |\n|---|---|---|")
    for row in rows:
        print(f"| {row['kiosks']} | {row['fps_per_kiosk']} | {row['fps_total']} |")


if __name__ == "__main__":
    main()

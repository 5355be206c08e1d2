#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Frames per second of 1, 2, 4 and 8 kiosks over real WebSockets, on a server of its own: each kiosk sends
its next frame, of 640 x 480 pixels, when the last is answered. SP_TEST_BINARY names the program; --rows
writes what report.py shows."""
import argparse
import asyncio
import io
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))

import websockets  # noqa: E402
from PIL import Image, ImageOps  # noqa: E402

from camera import frame  # noqa: E402
from classroom import Classroom, portrait, portraits  # noqa: E402
from client import Client  # noqa: E402
from contract import Contract  # noqa: E402
from factories import body_of  # noqa: E402
from own import ADMIN, PASSWORD, running  # noqa: E402

ENROLLED, WIDTH, HEIGHT = 4, 640, 480


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


def look(i):
    """What a kiosk's camera sees of an enrolled person."""
    face = ImageOps.exif_transpose(Image.open(io.BytesIO(portrait(portraits()[i]["id"]))))
    face.thumbnail((WIDTH, HEIGHT))
    picture = Image.new("RGB", (WIDTH, HEIGHT), (96, 96, 96))
    picture.paste(face, ((WIDTH - face.width) // 2, (HEIGHT - face.height) // 2))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


async def one_kiosk(address, token, photo, until):
    frames = 0
    headers = {"Authorization": "Bearer " + token}
    async with websockets.connect(address, extra_headers=headers, ping_interval=None,
                                  open_timeout=60) as socket:
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
        one_kiosk(address, token, look(i % ENROLLED), began + seconds)
        for i, token in enumerate(tokens)))
    took = time.monotonic() - began
    return {"kiosks": len(tokens), "fps_total": round(sum(counts) / took, 1),
            "fps_per_kiosk": round(sum(counts) / took / len(tokens), 1)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--kiosks", type=int, nargs="+", default=[1, 2, 4, 8])
    parser.add_argument("--rows", type=pathlib.Path)
    args = parser.parse_args()
    rows = []
    with running() as server:
        admin, place = school(server)
        tokens = [device(admin, place, n) for n in range(max(args.kiosks))]
        for n in args.kiosks:
            rows.append(asyncio.run(measure(server, tokens[:n], args.seconds)))
    if args.rows:
        args.rows.write_text(json.dumps([{
            "name": f"kiosks: {row['kiosks']} at once, frames answered",
            "ours": f"{row['fps_total']} /s in all", "beside": f"{row['fps_per_kiosk']} /s each",
            "value": row["fps_total"], "shown": f"{row['fps_total']} /s"} for row in rows]),
            encoding="utf-8")
        return
    print("| kiosks | frames/s each | frames/s in all |\n|---|---|---|")
    for row in rows:
        print(f"| {row['kiosks']} | {row['fps_per_kiosk']} | {row['fps_total']} |")


if __name__ == "__main__":
    main()

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""One face in a 640 x 480 frame, from pixels to embedding: ours beside others, in turns.

usage: face_peers.py --build DIR --models DIR --runtime FILE --portraits DIR [--node DIR] --json FILE

Beside: the same nets by the same recipe from Node (onnxruntime-node), and face-api on WebAssembly
with its two detectors. --node is the folder with their packages (npm ci in tests/bench/node);
without it only ours is measured. Every contestant gets every frame in every round, on one thread.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

from PIL import Image, ImageOps

WIDTH, HEIGHT, PEOPLE, ROUNDS = 640, 480, 8, 5


class Contestant:
    def __init__(self, *command):
        self.process = subprocess.Popen([str(part) for part in command], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                        text=True)

    def ask(self, line):
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit(f"{self.process.args[:2]} ended")
        return answer.split()

    def close(self):
        self.process.stdin.close()
        self.process.wait(60)


def make_frames(portraits, folder):
    raw, jpeg = [], []
    for i, path in enumerate(sorted(portraits.glob("p0*.jpg"))[:PEOPLE]):
        picture = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
        picture.thumbnail((WIDTH, HEIGHT))
        frame = Image.new("RGB", (WIDTH, HEIGHT), (96, 96, 96))
        frame.paste(picture, ((WIDTH - picture.width) // 2, (HEIGHT - picture.height) // 2))
        raw.append(folder / f"{i}.{WIDTH}x{HEIGHT}.rgb")
        raw[-1].write_bytes(frame.tobytes())
        jpeg.append(folder / f"{i}.jpg")
        frame.save(jpeg[-1], quality=85)
    if len(raw) < PEOPLE:
        sys.exit(f"{portraits} holds {len(raw)} of {PEOPLE} portraits")
    return raw, jpeg


def contestants(args, raw):
    yield "ours", Contestant(args.build / "tests/bench/frame_bench", args.models, args.runtime,
                             *raw)
    if args.node:
        node = pathlib.Path(__file__).parent / "node"
        yield "same_nets_node", Contestant("node", node / "same_nets.mjs", args.models, *raw)
        for kind in ("tiny", "ssd"):
            yield f"face_api_{kind}", Contestant("node", node / "face_api.mjs", kind, *raw)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("build", "models", "runtime", "portraits", "json"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    parser.add_argument("--node", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        raw, jpeg = make_frames(args.portraits, pathlib.Path(work))
        all_of = dict(contestants(args, raw))
        whole = Contestant(args.build / "tests/bench/frame_bench", args.models, args.runtime, *jpeg)
        times = {name: [] for name in all_of}
        nets, decoded, faces = [], [], {name: 0 for name in all_of}
        for i in range(2 * PEOPLE):
            for one in (*all_of.values(), whole):
                one.ask(i % PEOPLE)
        for i in range(ROUNDS * PEOPLE):
            for name, one in all_of.items():
                ms, inside, found = one.ask(i % PEOPLE)
                times[name].append(float(ms))
                faces[name] += int(found)
                if name == "ours":
                    nets.append(float(inside))
            decoded.append(float(whole.ask(i % PEOPLE)[0]))
        memory = float(all_of["ours"].ask("memory")[0])
        for one in (*all_of.values(), whole):
            one.close()
    ours = times["ours"]
    figures = {
        "frames": len(ours), "ours_ms": statistics.median(ours),
        "nets_ms": statistics.median(nets),
        "overhead": statistics.median((a - b) / b for a, b in zip(ours, nets)),
        "jpeg_frames_per_s": 1000 / statistics.median(decoded), "memory_mb": memory,
        "beside": {name: {"ms": statistics.median(own), "faces": faces[name],
                          "ratio": statistics.median(t / o for t, o in zip(own, ours))}
                   for name, own in times.items() if name != "ours"},
    }
    args.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

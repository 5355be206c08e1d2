#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Makes photo material for the demo school and the tests from the portraits. The same arguments
give the same bytes. What each command does to a picture, with all ranges, stands at the top of
vary.py, scene.py, crowd.py, webcam.py and bad.py.

Where the face of a portrait is comes from the portraits.json beside it (scripts/portraits.sh puts
it there) or from --face X,Y,W,H.
"""
import argparse
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import bad  # noqa: E402
import crowd  # noqa: E402
import photo  # noqa: E402
import scene  # noqa: E402
import vary  # noqa: E402
import webcam  # noqa: E402

SEED_MAX = 2**32 - 1


def seed_of(text):
    seed = int(text)
    if not 0 <= seed <= SEED_MAX:
        raise argparse.ArgumentTypeError(f"a seed is 0 to {SEED_MAX}")
    return seed


def size_of(text):
    width, _, height = text.partition("x")
    size = int(width), int(height)
    if not all(64 <= side <= 8192 for side in size):
        raise argparse.ArgumentTypeError("sides are 64 to 8192 pixels")
    return size


def box_of(text):
    box = [float(v) for v in text.split(",")]
    if len(box) != 4 or box[2] <= 0 or box[3] <= 0:
        raise argparse.ArgumentTypeError("a face is X,Y,WIDTH,HEIGHT")
    return box


def portrait(path, given=None):
    image = photo.load(path)
    return image, photo.face_of(path, image.size, given)


def tell(value):
    json.dump(value, sys.stdout, indent=1)
    print()


def run_vary(args):
    image, face = portrait(args.input, args.face)
    image, face, p = vary.vary(image, face, args.seed, args.strength)
    photo.save(image, args.output, p["quality"])
    tell({"file": args.output, "size": list(image.size), "face": face.rounded(), "parameters": p})


def run_scene(args):
    people = [portrait(path) for path in args.input]
    image, boxes = scene.scene(people, *args.size, args.seed)
    photo.save(image, args.output, args.quality)
    faces = [{"file": os.path.basename(path), "box": box.rounded()}
             for path, box in zip(args.input, boxes)]
    tell({"file": args.output, "size": list(image.size), "faces": faces})


def heights_of(text):
    heights = [float(v) for v in text.split(",")]
    if not all(8 <= h <= 2000 for h in heights):
        raise argparse.ArgumentTypeError("heights are 8 to 2000 pixels")
    return heights


def run_crowd(args):
    """The portraits, and the heights, start again from the first when there are more people."""
    loaded = [portrait(path) for path in args.input]
    who = [n % len(loaded) for n in range(args.people or len(loaded))]
    heights = [args.heights[n % len(args.heights)] for n in range(len(who))]
    image, boxes = crowd.crowd([loaded[n] for n in who], *args.size, heights, args.seed)
    photo.save(image, args.output, args.quality)
    faces = [{"file": os.path.basename(args.input[n]), "box": box.rounded()}
             for n, box in zip(who, boxes)]
    tell({"file": args.output, "size": list(image.size), "faces": faces})


def run_webcam(args):
    people = [portrait(path) for path in args.input]
    told = webcam.write_clip(args.output, people, args.seed, args.seconds)
    sitters = [{"file": os.path.basename(path), "first_frame": first, "box": boxes[0].rounded()}
               for path, (first, boxes) in zip(args.input, told)]
    tell({"file": args.output, "size": [webcam.WIDTH, webcam.HEIGHT], "fps": webcam.FPS,
          "sitters": sitters})


def run_bad(args):
    face = photo.load(args.portrait) if args.portrait else None
    entries = bad.write_all(args.dir, face)
    tell({"dir": args.dir, "files": len(entries), "accept": sum(e["accept"] for e in entries)})


def run_set(args):
    """For each person who is enrolled: pictures to enrol with and pictures to be recognised by."""
    with open(os.path.join(args.portraits, "portraits.json"), encoding="utf-8") as f:
        people = [entry for entry in json.load(f) if entry["use"] == "enrol"]
    os.makedirs(args.dir, exist_ok=True)
    made = []
    wanted = [("enrol", "e", args.enrol), ("probe", "v", args.probe), ("hard", "h", args.hard)]
    for entry in people:
        image, face = portrait(os.path.join(args.portraits, entry["file"]))
        for strength, letter, count in wanted:
            for n in range(1, count + 1):
                name = f"{entry['id']}-{letter}{n}.jpg"
                seed = (args.seed, entry["person"], ord(letter), n)
                out, box, p = vary.vary(image, face, seed, strength)
                photo.save(out, os.path.join(args.dir, name), p["quality"])
                made.append({"file": name, "id": entry["id"], "person": entry["person"],
                             "strength": strength, "face": box.rounded()})
    with open(os.path.join(args.dir, "set.json"), "w", encoding="utf-8") as f:
        json.dump(made, f, indent=1)
    tell({"dir": args.dir, "people": len(people), "photos": len(made)})


def parser():
    top = argparse.ArgumentParser(description=__doc__,
                                  formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = top.add_subparsers(dest="command", required=True)

    p = commands.add_parser("vary", help="another photo of the same person")
    p.add_argument("--seed", type=seed_of, required=True)
    p.add_argument("--strength", choices=sorted(vary.RANGES), default="probe")
    p.add_argument("--face", type=box_of, metavar="X,Y,W,H")
    p.add_argument("input")
    p.add_argument("output")
    p.set_defaults(run=run_vary)

    p = commands.add_parser("scene", help="a group photo, composed from portraits")
    p.add_argument("--seed", type=seed_of, required=True)
    p.add_argument("--size", type=size_of, default=(1280, 720), metavar="WxH")
    p.add_argument("--quality", type=int, default=90)
    p.add_argument("output")
    p.add_argument("input", nargs="+")
    p.set_defaults(run=run_scene)

    p = commands.add_parser("crowd", help="a class photo: rows of people, faces of given heights")
    p.add_argument("--seed", type=seed_of, required=True)
    p.add_argument("--size", type=size_of, default=(4000, 3000), metavar="WxH")
    p.add_argument("--people", type=int, help="default: one for each portrait")
    p.add_argument("--heights", type=heights_of, default=[40.0], metavar="PX,PX,…")
    p.add_argument("--quality", type=int, default=90)
    p.add_argument("output")
    p.add_argument("input", nargs="+")
    p.set_defaults(run=run_crowd)

    p = commands.add_parser("webcam", help="a clip for a browser's fake webcam (.y4m)")
    p.add_argument("--seed", type=seed_of, required=True)
    p.add_argument("--seconds", type=float, default=3.0, help="for each portrait")
    p.add_argument("output")
    p.add_argument("input", nargs="*", help="none: an empty room")
    p.set_defaults(run=run_webcam)

    p = commands.add_parser("bad", help="odd and broken picture files with a manifest")
    p.add_argument("--portrait", help="adds this face, stored in many ways")
    p.add_argument("dir")
    p.set_defaults(run=run_bad)

    p = commands.add_parser("set", help="photos of all enrolled people, with set.json")
    p.add_argument("--seed", type=seed_of, required=True)
    p.add_argument("--enrol", type=int, default=3, help="pictures to enrol with, each")
    p.add_argument("--probe", type=int, default=1, help="pictures to be recognised by, each")
    p.add_argument("--hard", type=int, default=0, help="bad pictures of them, each")
    p.add_argument("portraits", help="folder with the portraits and portraits.json")
    p.add_argument("dir")
    p.set_defaults(run=run_set)
    return top


if __name__ == "__main__":
    arguments = parser().parse_args()
    arguments.run(arguments)

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Composes class photos and measures how many faces are found, by their height, and how long it
takes. Writes rows for report.py."""
import argparse
import json
import pathlib
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
DERIVE = ROOT / "tools" / "photos" / "derive.py"
# Of the photo that is timed: from the back row to the front.
MIXED = "20,24,32,40,56,72,96,130"
HEIGHTS = (14, 16, 18, 20, 22, 24, 32, 48, 100, 200)
SEEDS = (1, 2)


def compose(args, folder, name, heights, seed, size="4000x3000", people=40):
    listed = json.loads((args.portraits / "portraits.json").read_text(encoding="utf-8"))
    who = [str(args.portraits / p["file"]) for p in listed if p["use"] == "enrol"]
    photo = folder / f"{name}.jpg"
    told = subprocess.run(
        ["/usr/bin/python3", str(DERIVE), "crowd", "--seed", str(seed), "--size", size, "--people",
         str(people), "--heights", heights, str(photo), *who], check=True, capture_output=True)
    truth = folder / f"{name}.json"
    truth.write_bytes(told.stdout)
    return photo, truth


def measure(args, photo, truth, runs):
    out = subprocess.run([args.bench, args.models, args.runtime, str(photo), str(truth), str(runs)],
                         check=True, capture_output=True, text=True).stdout
    return json.loads(out)


def rows_of(name, one, two):
    yield {"name": f"class photo: {name}, faces found", "ours": f"{one['found']} of {one['faces']}",
           "beside": f"{one['extra']} more", "value": one["found"], "shown": str(one["found"]),
           "limit": 0.95 * one["faces"], "wide": 0.95 * one["faces"], "at_most": False}
    yield {"name": f"class photo: {name}, one thread", "ours": f"{one['total_ms']:.0f} ms",
           "beside": f"search {one['search_ms']:.0f}, describe {one['describe_ms']:.0f}, "
                     f"decode {one['decode_ms']:.0f} ms",
           "value": one["total_ms"], "shown": f"{one['cpu_ms']:.0f} ms of CPU", "limit": 2500,
           "wide": 25000, "typical": one["cpu_ms"]}
    yield {"name": f"class photo: {name}, two at once on two threads",
           "ours": f"{two['total_ms']:.0f} ms", "beside": f"one alone {one['total_ms']:.0f} ms",
           "value": two["total_ms"], "shown": f"{two['total_ms'] / one['total_ms']:.2f} x"}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bench", required=True)
    parser.add_argument("--models", required=True)
    parser.add_argument("--runtime", required=True)
    parser.add_argument("--portraits", type=pathlib.Path, required=True)
    parser.add_argument("--rows", type=pathlib.Path, required=True)
    parser.add_argument("--smoke", action="store_true")
    args = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory(prefix="sp-crowd-") as name:
        folder = pathlib.Path(name)
        mixed = compose(args, folder, "mixed", MIXED, 5)
        rows += rows_of("40 people, 12 MP", *measure(args, *mixed, 1 if args.smoke else 5))
        for height in () if args.smoke else HEIGHTS:
            seen = [measure(args, *compose(args, folder, "even", str(height), seed), 1)[0]
                    for seed in SEEDS]
            found, faces = (sum(s[key] for s in seen) for key in ("found", "faces"))
            rows.append({"name": f"class photo: faces of {height} px", "beside": "-",
                         "ours": f"{found} of {faces}", "value": found / faces,
                         "shown": f"{100 * found / faces:.0f} %"})
    args.rows.write_text(json.dumps(rows, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()

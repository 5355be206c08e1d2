#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Prints what the benches measured as one table, beside the limits; exit status 1 when one is missed.

usage: report.py FACE_JSON HTTP_JSON [--smoke] [--tap FILE]

With --smoke the wide limits hold: a short run on a busy machine proves that the benches work, not
how fast the product is.
"""
import argparse
import json
import os
import pathlib
import sys
from dataclasses import dataclass


@dataclass
class Row:
    name: str
    ours: str
    beside: str
    value: float
    shown: str
    limit: float = None  # None: shown only
    wide: float = None
    at_most: bool = True

    def bound(self, smoke):
        return self.wide if smoke else self.limit

    def good(self, smoke):
        bound = self.bound(smoke)
        if bound is None:
            return True
        return self.value <= bound if self.at_most else self.value >= bound


def face_rows(face):
    frame = face["frame"]
    yield Row("face: 640 x 480 frame, detect + align + embed", f"{frame['median_ms']:.1f} ms",
              f"nets alone {frame['nets_ms']:.1f} ms", frame["overhead"],
              f"+{frame['overhead'] * 100:.0f} %", 0.25, 0.75)
    for gallery in face["gallery"]:
        ratio = gallery["search_ms"] / gallery["every_row_in_full_ms"]
        yield Row(f"gallery: search among {gallery['persons']:,} persons",
                  f"{gallery['search_ms']:.2f} ms",
                  f"every row in full {gallery['every_row_in_full_ms']:.2f} ms", ratio,
                  f"{ratio:.2f}")


def http_rows(http):
    limits = {"healthz": (0.8, 0.2)}
    titles = {"healthz": "GET /healthz, answered at once",
              "me": "GET /api/v1/me, token + rights + SQL"}
    for name, title in titles.items():
        case = http[name]
        limit, wide = limits.get(name, (None, None))
        yield Row(f"http: {title}", f"{case['ours']:,} /s", f"nginx {case['nginx']:,} /s",
                  case["ratio"], f"{case['ratio']:.2f}", limit, wide, at_most=False)
    yield Row("start to ready, demo school, faces on", f"{http['start_ms']} ms", "-",
              http["start_ms"], f"{http['start_ms']} ms", 1000, 5000)


def limit_text(row, smoke):
    bound = row.bound(smoke)
    if bound is None:
        return "-"
    sign = "<=" if row.at_most else ">="
    return f"{sign} {bound:g}"


def print_table(rows, smoke):
    head = ("bench", "ours", "beside", "ratio", "limit", "")
    lines = [(r.name, r.ours, r.beside, r.shown, limit_text(r, smoke),
              "ok" if r.good(smoke) else "MISSED") for r in rows]
    widths = [max(len(line[i]) for line in [head, *lines]) for i in range(len(head))]
    for line in (head, tuple("-" * w for w in widths), *lines):
        print("  ".join(text.ljust(width) for text, width in zip(line, widths)).rstrip())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("face", type=pathlib.Path)
    parser.add_argument("http", type=pathlib.Path)
    parser.add_argument("--smoke", action="store_true")
    parser.add_argument("--tap", type=pathlib.Path)
    args = parser.parse_args()
    rows = [*face_rows(json.loads(args.face.read_text(encoding="utf-8"))),
            *http_rows(json.loads(args.http.read_text(encoding="utf-8")))]
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
          f"{', short run with wide limits' if args.smoke else ''}")
    print_table(rows, args.smoke)
    if args.tap:
        args.tap.write_text("".join(
            f"{'ok' if row.good(args.smoke) else 'not ok'} - {row.name}: {row.shown}\n"
            for row in rows), encoding="utf-8")
    sys.exit(0 if all(row.good(args.smoke) for row in rows) else 1)


if __name__ == "__main__":
    main()

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""How many synthetic attacks pass a liveness session, and how many synthetic people do not.

usage: liveness.py --bench PROGRAM --models DIR --runtime FILE --portraits DIR [options]
       liveness.py --from JSON [options]

Runs liveness_bench (see there) and prints one table: for each kind of attack the share that passed
(APCER), for people the share that was refused (BPCER), with counts and exact 95 % intervals
(Clopper and Pearson 1934), by challenges and by the passive net alone. Exit status 1 when a limit
is missed. The same seed gives the same pictures.
"""
import argparse
import datetime
import json
import math
import os
import pathlib
import subprocess
import sys

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
BONA_FIDE = "bona fide (synthetic)"
# Most attacks that may pass, as a share; what is not named is shown only.
LIMITS = {"still photo": 0.01, "print with paper edge": 0.05, "phone showing a photo": 0.05,
          "recorded session fed": 0.0}
BPCER_LIMIT, BPCER_WIDE, WIDE = 0.05, 0.5, 0.34


def tail(count, n, p):
    """P(X >= count) of n tries with chance p each."""
    if count <= 0:
        return 1.0
    if p <= 0 or p >= 1:
        return float(p >= 1)
    return sum(math.exp(math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
                        + k * math.log(p) + (n - k) * math.log1p(-p)) for k in range(count, n + 1))


def solve(function, target):
    """Where a rising function of 0..1 reaches the target."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if function(middle) < target else (low, middle)
    return (low + high) / 2


def interval(count, n):
    """Clopper and Pearson's 95 % interval."""
    low = 0.0 if count == 0 else solve(lambda p: tail(count, n, p), 0.025)
    high = 1.0 if count == n else solve(lambda p: tail(count + 1, n, p), 0.975)
    return low, high


def percent(p):
    return f"{100 * p:.1f}"


def rate(count, n):
    if not n:
        return "-"
    low, high = interval(count, n)
    return f"{count} of {n}: {percent(count / n)} % ({percent(low)}–{percent(high)})"


class Species:
    def __init__(self, told):
        self.name, self.n = told["species"], told["n"]
        self.live = self.name == BONA_FIDE
        wrong_if_passed = told["passed"], told["passive_live"]
        self.wrong, self.passive_wrong = wrong_if_passed
        self.passive_n = told["passive_n"]
        if self.live:
            self.wrong = self.n - self.wrong
            self.passive_wrong = self.passive_n - self.passive_wrong
        reasons = sorted(told["reasons"].items(), key=lambda item: -item[1])
        self.reasons = ", ".join(f"{name} {count}" for name, count in reasons)

    def share(self):
        return self.wrong / self.n if self.n else 1.0

    def limit(self):
        if self.live:
            return BPCER_LIMIT
        return next((v for name, v in LIMITS.items() if self.name.startswith(name)), None)

    def row(self):
        """What report.py takes."""
        limit = self.limit()
        wide = None if limit is None else BPCER_WIDE if self.live else min(WIDE, limit * 50)
        return {"name": f"liveness: {'refused' if self.live else 'accepted'}: {self.name}",
                "ours": f"{self.wrong} of {self.n}", "beside": "-", "value": self.share(),
                "shown": f"{100 * self.share():.1f} %", "limit": limit, "wide": wide}


def table(all_species):
    lines = ["| | challenges: error rate (95 %) | passive score alone, at 0.5 | limit "
             "| why refused |", "|---|---|---|---|---|"]
    for s in all_species:
        limit = "-" if s.limit() is None else f"{100 * s.limit():g} %"
        lines.append(f"| {s.name} | {rate(s.wrong, s.n)} "
                     f"| {rate(s.passive_wrong, s.passive_n)} | {limit} | {s.reasons or '-'} |")
    return lines


def text(told, all_species):
    width, height = told["width"], told["height"]
    left_out = told["turns_unseen"] + told["lids_unseen"]
    yield (f"Measured on {datetime.date.today():%Y-%m-%d} with seed {told['seed']}: "
           f"{told['portraits']} of {told['portraits'] + left_out} portraits, frames of "
           f"{width} x {height} at {told['fps']} a second. {left_out} portraits were left out "
           f"before, because the nets did not see a drawn turn ({told['turns_unseen']}) or drawn "
           f"lids ({told['lids_unseen']}).")
    yield ""
    yield from table(all_species)


def write_docs(path, lines):
    page = path.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    path.write_text("\n".join([before + BEGIN, *lines, END + after]), encoding="utf-8")


def run(args):
    count = 4 if args.smoke else args.count
    out = subprocess.run([args.bench, args.models, args.runtime, args.portraits, str(count),
                          str(args.seed), str(args.threads)], check=True, stdout=subprocess.PIPE)
    return json.loads(out.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("bench", "models", "runtime", "portraits"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--from", dest="told", type=pathlib.Path, help="figures of an earlier run")
    parser.add_argument("--count", type=int, default=200, help="sessions of the kind with the tightest limit")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--smoke", action="store_true", help="one to four of each kind, wide limits")
    parser.add_argument("--docs", type=pathlib.Path, help="page whose measured part is replaced")
    parser.add_argument("--json", type=pathlib.Path, help="keeps the figures")
    parser.add_argument("--rows", type=pathlib.Path, help="rows for report.py")
    args = parser.parse_args()
    told = json.loads(args.told.read_text(encoding="utf-8")) if args.told else run(args)
    all_species = [Species(s) for s in told["species"]]
    lines = list(text(told, all_species))
    print("\n".join(lines))
    rows = [s.row() for s in all_species]
    if args.docs:
        write_docs(args.docs, lines)
    if args.json:
        args.json.write_text(json.dumps(told), encoding="utf-8")
    if args.rows:
        args.rows.write_text(json.dumps(rows), encoding="utf-8")
    bound = "wide" if args.smoke else "limit"
    missed = [r["name"] for r in rows if r[bound] is not None and r["value"] > r[bound]]
    for name in missed:
        print(f"MISSED {name}")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()

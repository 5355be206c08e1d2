#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Runs the stages of scripts/stages.txt, side by side where they allow it, and sums up the results.

usage: run_stages.py MODE RESULTS [STAGE...]     MODE is quick, full or long

A stage is a function of scripts/lib/stages.sh. It gets a folder for its reports in SP_TEST_RESULTS
(read by count_results.py); its output goes to a log, shown when it fails. A stage without reports
counts as one test. Of each stage the time that passed is told, and how long it kept a processor core
busy. The last line is `N passed, N failed`.
"""
import os
import pathlib
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field

from count_results import Results, count_folder

ROOT = pathlib.Path(__file__).resolve().parent.parent
TABLE = ROOT / "scripts" / "stages.txt"
RUNNER = ROOT / "scripts" / "lib" / "stages.sh"
# One more than there are cores: tests wait for clocks and for servers that start.
SLOTS = max(2, os.cpu_count() or 2) + 1
LOG_LINES = 80
COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
MODES = {"quick": "q", "full": "f", "long": "l"}


@dataclass
class Stage:
    name: str
    modes: str
    slots: int
    minutes: int
    needs: list
    title: str
    process: subprocess.Popen = None
    started: float = 0
    state: str = "waiting"
    busy: float = 0
    results: Results = field(default_factory=Results)


def read_table(mode, names):
    stages = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        line = line.split("#", 1)[0].strip()
        if not line:
            continue
        name, modes, slots, minutes, needs, title = line.split(None, 5)
        needs = [] if needs == "-" else needs.split(",")
        stages.append(Stage(name, modes, min(int(slots), SLOTS), int(minutes), needs, title))
    known = {stage.name: stage for stage in stages}
    for name in names:
        if name not in known:
            sys.exit(f"no such stage: {name}; there are: {' '.join(known)}")
    wanted = set(names) or {s.name for s in stages if MODES[mode] in s.modes}
    # What a wanted stage needs is run too.
    for stage in reversed(stages):
        if stage.name in wanted:
            wanted.update(stage.needs)
    return [stage for stage in stages if stage.name in wanted]


class Run:
    def __init__(self, mode, results, stages):
        self.mode = mode
        self.folder = results
        self.stages = stages
        self.done = 0

    def log_of(self, stage):
        return self.folder / f"{stage.name}.log"

    def start(self, stage):
        reports = self.folder / stage.name
        reports.mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, "SP_TEST_RESULTS": str(reports), "SP_TEST_MODE": self.mode}
        with open(self.log_of(stage), "wb") as log:
            stage.process = subprocess.Popen(
                ["bash", RUNNER, stage.name], stdout=log, stderr=subprocess.STDOUT, cwd=ROOT,
                stdin=subprocess.DEVNULL, env=environment, start_new_session=True)
        stage.started = time.monotonic()
        stage.state = "running"
        print(f"         ... {stage.title}", flush=True)

    def finish(self, stage, status, why=None):
        stage.results = count_folder(self.folder / stage.name)
        if stage.results.total() == 0:
            stage.results.add(stage.title, "failed" if status else "passed")
        elif status and not stage.results.failed:
            stage.results.add(f"{stage.title}: ended with status {status}", "failed")
        if why:
            stage.results.add(f"{stage.title}: {why}", "failed")
        stage.state = "failed" if stage.results.failed else "passed"
        self.done += 1
        seconds = time.monotonic() - stage.started
        print(f"[{self.done:2}/{len(self.stages)}] {stage.state.upper():6} {stage.title}: "
              f"{stage.results.line()} in {seconds:.0f} s (busy {stage.busy:.0f} s)", flush=True)
        if stage.state == "failed":
            self.show_log(stage)

    def show_log(self, stage):
        lines = self.log_of(stage).read_text(encoding="utf-8", errors="replace").splitlines()
        print(f"--- the last lines of {self.log_of(stage).relative_to(ROOT)}:")
        for line in lines[-LOG_LINES:]:
            print(f"  | {COLOUR.sub('', line)[:300]}")
        print("---", flush=True)

    def give_up(self, stage):
        """A stage whose needs failed cannot be run: that is a failure, and is said."""
        stage.state = "failed"
        self.done += 1
        stage.results.add(f"{stage.title}: not run, because it needs a stage that failed", "failed")
        print(f"[{self.done:2}/{len(self.stages)}] FAILED {stage.title}: not run, needs "
              f"{', '.join(stage.needs)}", flush=True)

    def check_running(self):
        for stage in self.stages:
            if stage.state != "running":
                continue
            status = ended(stage)
            if status is not None:
                self.finish(stage, status)
            elif time.monotonic() - stage.started > stage.minutes * 60:
                stop(stage)
                self.finish(stage, 1, f"stopped after {stage.minutes} minutes")

    def start_what_can(self):
        state_of = {stage.name: stage.state for stage in self.stages}
        first = None
        for stage in self.stages:
            if stage.state != "waiting":
                continue
            needs = [state_of.get(name, "passed") for name in stage.needs]
            if "failed" in needs:
                self.give_up(stage)
            elif all(state == "passed" for state in needs):
                if self.fits(stage, first):
                    self.start(stage)
                else:
                    first = first or stage

    def fits(self, stage, first):
        """There is room; and `first`, which waits for some, will get it when a stage as wide ends."""
        running = [s.slots for s in self.stages if s.state == "running"]
        if sum(running) + stage.slots > SLOTS:
            return False
        beside = sum(slots for slots in running if first and slots < first.slots)
        return not first or beside + stage.slots + first.slots <= SLOTS

    def all(self):
        while any(stage.state in ("waiting", "running") for stage in self.stages):
            self.check_running()
            self.start_what_can()
            time.sleep(0.1)

    def stop_all(self):
        for stage in self.stages:
            if stage.state == "running":
                stop(stage)


def ended(stage):
    """The exit status of a running stage, or None; notes the processor time of all it waited for."""
    process, status, used = os.wait4(stage.process.pid, os.WNOHANG)
    if process == 0:
        return None
    stage.busy = used.ru_utime + used.ru_stime
    stage.process.returncode = os.waitstatus_to_exitcode(status)
    return stage.process.returncode


def stop(stage):
    """Ends a stage with everything that it started."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(stage.process.pid, sign)
            stage.process.wait(timeout=10)
            return
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def report(stages, seconds):
    total = Results()
    for stage in stages:
        total.merge(stage.results)
    busy = sum(stage.busy for stage in stages)
    print(f"\n{len(stages)} stages in {seconds // 60:.0f} min {seconds % 60:.0f} s, "
          f"busy {busy // 60:.0f} min {busy % 60:.0f} s")
    for stage in stages:
        for name in stage.results.skipped:
            print(f"skipped in {stage.name}: {name}")
    for stage in stages:
        for name in stage.results.failed:
            print(f"failed in {stage.name}: {name}")
    print(f"{total.passed} passed, {len(total.failed)} failed")
    return 1 if total.failed or not total.passed else 0


def main(arguments):
    if len(arguments) < 2 or arguments[0] not in MODES:
        sys.exit(__doc__)
    run = Run(arguments[0], pathlib.Path(arguments[1]).resolve(), read_table(arguments[0], arguments[2:]))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    begun = time.monotonic()
    try:
        run.all()
    finally:
        run.stop_all()
    sys.exit(report(run.stages, time.monotonic() - begun))


if __name__ == "__main__":
    main(sys.argv[1:])

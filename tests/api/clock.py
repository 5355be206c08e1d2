# SPDX-License-Identifier: MIT
"""A server whose clock the test moves, by libfaketime: the program itself knows nothing of it."""
import datetime
import itertools
import os
import pathlib
import subprocess

from server import Server

LIBRARY = "/usr/lib/{}/faketime/libfaketimeMT.so.1"


def _library():
    triplet = subprocess.run(["gcc", "-print-multiarch"], check=True, capture_output=True, text=True)
    return LIBRARY.format(triplet.stdout.strip())


def _sanitiser():
    """The sanitiser's own library, which must come before any other."""
    build = os.environ.get("SP_TEST_BUILD", "")
    names = [n for n in ("asan", "tsan") if n in build]
    paths = [subprocess.run(["gcc", f"-print-file-name=lib{n}.so"], check=True, capture_output=True,
                            text=True).stdout.strip() for n in names]
    return [str(pathlib.Path(p).resolve()) for p in paths]


class ClockedServer(Server):
    """`server.at("2026-03-27T08:00:00Z")` moves its clock; from there it runs on, or stands still."""

    def __init__(self, start, **options):
        super().__init__(**options)
        self.clock_file = self.folder / "clock"
        self.moves = itertools.count()
        self.at(start)

    def at(self, when, still=False):
        """`when`: RFC 3339 or a datetime with a zone; forwards or backwards. `still`: the clock stays
        there until it is moved again, however long that takes."""
        if isinstance(when, str):
            when = datetime.datetime.fromisoformat(when.replace("Z", "+00:00"))
        moment = when.astimezone(datetime.timezone.utc)
        fresh = self.clock_file.with_suffix(".new")
        # Nanoseconds of its own: the clock only starts anew when the text is another one.
        text = moment.strftime("%Y-%m-%d %H:%M:%S.%f") + f"{next(self.moves) % 1000:03}\n"
        fresh.write_text(text if still else "@" + text)
        fresh.rename(self.clock_file)
        return moment

    def environment(self):
        env = super().environment()
        # Of a run that is itself at another time: they would go before the file.
        for name in ("FAKETIME", "FAKETIME_SHARED"):
            env.pop(name, None)
        return {
            **env,
            "LD_PRELOAD": ":".join([*_sanitiser(), _library()]),
            "FAKETIME_TIMESTAMP_FILE": str(self.clock_file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            # Waiting with a deadline is by the real clock too.
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",
            "TZ": "UTC",
        }

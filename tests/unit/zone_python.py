# SPDX-License-Identifier: MIT
"""zone.c against Python's zoneinfo on the same tz database: each half hour around each change of the
clocks in four zones, and random instants in all zones. usage: zone_python.py ZONE_PROBE. Speaks TAP."""
import datetime as dt
import random
import subprocess
import sys
import zoneinfo

UTC = dt.timezone.utc
EPOCH = dt.datetime(1970, 1, 1, tzinfo=UTC)
FOUR = ["Africa/Casablanca", "Europe/Paris", "America/New_York", "Asia/Kathmandu", "Europe/Dublin",
        "Australia/Lord_Howe", "America/Sao_Paulo"]


def local_answer(zone, ms):
    t = (EPOCH + dt.timedelta(milliseconds=ms)).astimezone(zoneinfo.ZoneInfo(zone))
    offset = int(t.utcoffset().total_seconds())
    return f"{t.year:04d}-{t:%m-%d} {t.hour * 60 + t.minute} {t.second} {t.isoweekday()} {offset}"


def utc_answer(zone, day, minute):
    """fold=0 is the offset before a gap and the first time of an overlap (PEP 495)."""
    z = zoneinfo.ZoneInfo(zone)
    naive = dt.datetime.combine(day, dt.time(minute // 60, minute % 60))
    first, second = (naive.replace(tzinfo=z, fold=f).utcoffset() for f in (0, 1))
    ms = (naive - first - dt.datetime(1970, 1, 1)) // dt.timedelta(milliseconds=1)
    return f"{ms} {0 if first == second else 1 if first < second else 2}"


def changes(zone, first_year, last_year):
    z, day = zoneinfo.ZoneInfo(zone), dt.datetime(first_year, 1, 2, tzinfo=UTC)
    before = day.astimezone(z).utcoffset()
    while day.year <= last_year:
        now = day.astimezone(z).utcoffset()
        if now != before:
            yield day.date() - dt.timedelta(days=1)
        before = now
        day += dt.timedelta(days=1)


def ask(probe, questions):
    lines = "".join(q + "\n" for q in questions)
    return subprocess.run([probe], input=lines, capture_output=True, text=True, check=True).stdout.splitlines()


def compare(name, number, probe, rows):
    got = ask(probe, [q for q, _ in rows])
    wrong = [f"{q}: {g}, expected {e}" for (q, e), g in zip(rows, got) if g != e]
    good = not wrong and len(got) == len(rows) and len(rows) > 1000
    print(f"{'ok' if good else 'not ok'} {number} - {name}: {len(rows)} compared")
    for line in wrong[:10]:
        print("# " + line)
    return good


def around_changes():
    rows = []
    for zone in FOUR:
        for day in changes(zone, 1969, 2100):
            for d in (-1, 0, 1):
                at = day + dt.timedelta(days=d)
                rows += [(f"{zone} {at} {m}", utc_answer(zone, at, m)) for m in range(0, 1440, 30)]
    return rows


def random_instants(dice):
    names = sorted(z for z in zoneinfo.available_timezones()
                   if not z.startswith(("posix/", "right/")) and z not in ("localtime", "posixrules"))
    rows = []
    for _ in range(20000):
        zone = dice.choice(names)
        far = 9998 if dice.random() < 0.1 else 2060
        ms = dice.randrange(-30_000_000, int((dt.datetime(far, 12, 30, tzinfo=UTC) - EPOCH).total_seconds())) * 1000
        rows.append((f"{zone} {ms}", local_answer(zone, ms)))
    return rows


def main():
    seed = random.randrange(1 << 32)
    print(f"# seed {seed}")
    good = compare("local times around the changes of clocks", 1, sys.argv[1], around_changes())
    good = compare("random instants in all zones", 2, sys.argv[1], random_instants(random.Random(seed))) and good
    print("1..2")
    return 0 if good else 1


sys.exit(main())

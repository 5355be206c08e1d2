# SPDX-License-Identifier: MIT
"""Register, student page, group report, CSV and alert say the same of the same marks: by hand and
on marks drawn at random (the seed is printed)."""
import collections
import csv
import io
import random

import pytest

from factories import body_of
from figures import LETTERS, Past, monday

import datetime

CATEGORIES = ("present", "late", "partial", "left_early", "remote", "absent", "excused")


def level(absence):
    return ("failing" if absence >= .25 else "critical" if absence >= .20
            else "warning" if absence >= .15 else "fine")


def rate_of(counts):
    """The rule in words: attended sessions among those that count; excused ones do not."""
    counted = sum(counts[c] for c in CATEGORIES) - counts["excused"]
    return (counted - counts["absent"]) / counted if counted else 1


def rows_of_csv(admin, group):
    answer = admin.get(f"/api/v1/reports/groups/{group['id']}/csv")
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    return {row["student_number"]: row for row in rows}


def halves_agree(past, admin, in_csv):
    """Half-days, before and after 13:00 UTC: absent when one of their sessions is, else excused."""
    marks = [collections.defaultdict(set) for _ in past.students]
    for s in past.sessions:
        half = (s["starts_at"][:10], s["starts_at"][11:16] >= "13:00")
        by_student = {r["student_id"]: r["status"] for r in past.register(s)}
        for i, student in enumerate(past.students):
            if by_student[student["id"]] != "unmarked":
                marks[i][half].add(by_student[student["id"]])
    answer = body_of(admin.get(f"/api/v1/reports/groups/{past.group['id']}/half-days"))
    in_group = {r["student_id"]: r for r in answer["students"]}
    sums = collections.Counter()
    for i, student in enumerate(past.students):
        absent = sum("absent" in half for half in marks[i].values())
        excused = sum("excused" in half and "absent" not in half for half in marks[i].values())
        counted = len(marks[i]) - excused
        want = {"half_days": len(marks[i]), "absent": absent, "excused": excused,
                "rate": pytest.approx((counted - absent) / counted if counted else 1, abs=1e-6)}
        one = body_of(admin.get(f"/api/v1/reports/students/{student['id']}"))["halves"]
        assert one == want
        assert {name: in_group[student["id"]][name] for name in want} == want
        line = in_csv[student["student_number"]]
        assert [int(line[c]) for c in ("half_days", "half_days_absent", "half_days_excused")] == [
            want["half_days"], absent, excused]
        sums.update({name: want[name] for name in ("half_days", "absent", "excused")})
    total = answer["total"]
    assert {name: total[name] for name in ("half_days", "absent", "excused")} == dict(sums)
    assert [int(in_csv[""][c]) for c in ("half_days", "half_days_absent", "half_days_excused")] == [
        sums[n] for n in ("half_days", "absent", "excused")]
    counted = sums["half_days"] - sums["excused"]
    assert total["rate"] == pytest.approx((counted - sums["absent"]) / counted if counted else 1, abs=1e-6)
    return in_group


def everything_agrees(past, admin):
    """All places where a rate is shown, against the registers themselves."""
    counts = [collections.Counter() for _ in past.students]
    for s in past.sessions:
        by_student = {r["student_id"]: r["status"] for r in past.register(s)}
        for i, student in enumerate(past.students):
            counts[i][by_student[student["id"]]] += 1
    report = body_of(admin.get(f"/api/v1/reports/groups/{past.group['id']}"))
    in_report = {r["student_id"]: r for r in report["students"]}
    in_csv = rows_of_csv(admin, past.group)
    for i, student in enumerate(past.students):
        rate = rate_of(counts[i])
        one = body_of(admin.get(f"/api/v1/reports/students/{student['id']}"))
        page = body_of(admin.get(f"/api/v1/students/{student['id']}/attendance/summary"))
        row = in_report[student["id"]]
        for shown in (row, one["total"], page):
            assert shown["rate"] == pytest.approx(rate, abs=1e-6)
            for c in ("present", "late", "absent", "excused"):
                assert shown[c] == counts[i][c], c
        assert row["level"] == one["total"]["level"] == level(round(1 - rate, 9))
        for parts in (one["modules"], one["weeks"]):
            assert sum(p["sessions"] for p in parts) == one["total"]["sessions"]
            assert sum(p["weight"] for p in parts) == one["total"]["weight"]
        assert sum(m["sessions"] for m in one["methods"]) == one["total"]["sessions"]
        line = in_csv[student["student_number"]]
        assert line["rate_percent"] == f"{100 * rate:.1f}" and line["level"] == row["level"]
        assert [int(line[c]) for c in CATEGORIES] == [row[c] for c in CATEGORIES]
        ladder = [a for a in past.alerts(i, kind="ladder") if a["state"] != "closed"]
        counted = sum(counts[i][c] for c in CATEGORIES) - counts[i]["excused"]
        if counted >= 5 and row["level"] != "fine":
            assert [a["level"] for a in ladder] == [row["level"]]
            assert ladder[0]["share"] == pytest.approx(1 - rate, abs=1e-6)
            assert (ladder[0]["absences"], ladder[0]["counted"]) == (counts[i]["absent"], counted)
        else:
            assert not ladder
    total = collections.Counter()
    for c in counts:
        total += c
    assert report["total"]["rate"] == pytest.approx(rate_of(total), abs=1e-6)
    halves_agree(past, admin, in_csv)
    return in_report


def test_by_hand(admin, api):
    past = Past(admin, api, students=4)
    marks = ["ppppppppppa", "aappppppppl", "aaaplplpppp", "eeeeeeeeeea"]
    for i in range(11):
        past.lesson(monday(6) + datetime.timedelta(days=i), [m[i] for m in marks])
    found = everything_agrees(past, admin)
    rates = [found[s["id"]]["rate"] for s in past.students]
    levels = [found[s["id"]]["level"] for s in past.students]
    assert rates == [pytest.approx(v, abs=1e-6) for v in (10 / 11, 9 / 11, 8 / 11, 0)]
    assert levels == ["fine", "warning", "failing", "failing"]


def test_half_days_by_hand(admin, api):
    past = Past(admin, api, students=3)
    # Two mornings and an afternoon; 13:00 is the afternoon's.
    for days, hour, letters in ((0, 0, "paa"), (0, 2, "ape"), (0, 5, "ppe"), (1, 0, "epl"), (1, 2, "app")):
        past.lesson(monday(3) + datetime.timedelta(days=days), letters, hour=hour)
    found = halves_agree(past, admin, rows_of_csv(admin, past.group))
    got = [[found[s["id"]][c] for c in ("half_days", "absent", "excused")] for s in past.students]
    assert got == [[3, 2, 0], [3, 1, 0], [3, 1, 1]]
    assert [found[s["id"]]["rate"] for s in past.students] == [
        pytest.approx(v, abs=1e-6) for v in (1 / 3, 2 / 3, 1 / 2)]


def test_at_random(admin, api):
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    chance = random.Random(seed)
    past = Past(admin, api, students=5)
    modules = [past.module, past.make.module()]
    for i in range(8):
        letters = chance.choices([*LETTERS, "."], weights=(60, 8, 20, 7, 5), k=5)
        past.lesson(monday(4) + datetime.timedelta(days=i // 2), letters, hour=chance.choice((0, 1, 4, 5, 8)),
                    module_id=chance.choice(modules)["id"])
    everything_agrees(past, admin)
    for _ in range(6):
        past.mark(chance.choice(past.sessions), chance.choice(past.students),
                  LETTERS[chance.choice(list(LETTERS))])
    everything_agrees(past, admin)

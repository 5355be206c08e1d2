# SPDX-License-Identifier: MIT
"""Series at their edges: ends that hold, days too short, days left out of an older pattern."""
import pytest

from factories import body_of, field_errors, make, problem  # noqa: F401
from test_timetable import SERIES, cancel, change, local, read, school  # noqa: F401


@pytest.mark.parametrize("zone,first,dark,bright", [
    ("Europe/Paris", "2025-03-28", "2025-03-30", "2025-03-31"),
    ("America/New_York", "2025-03-07", "2025-03-09", "2025-03-10"),
])
def test_a_day_of_23_hours_is_too_short_for_one_of_24(school, zone, first, dark, bright):
    daily = {"time_zone": zone, "first_day": first, "last_day": bright, "starts_min": 0, "duration_min": 1440,
             "weekdays": ["mo", "tu", "we", "th", "fr", "sa", "su"]}
    refused = school.weekly(**daily)
    assert field_errors(refused) == {"/duration_min": "overlap"}
    assert f"on {bright} it begins before that of {dark} has ended" in refused.text
    left = body_of(school.weekly(**daily, skip_clashing=True), 201)
    assert dark in school.days(left) and bright not in school.days(left)
    assert [e["day"] for e in left["exceptions"]] == [bright]
    body_of(cancel(school.admin, left, scope="all", reason="x"))
    over = body_of(school.weekly(**daily, allow_clash=True), 201)
    assert bright in school.days(over) and [w["code"] for w in over["warnings"]] == ["clash"]
    # It is also seen when the days come later, and an hour less fits.
    body_of(cancel(school.admin, over, scope="all", reason="x"))
    fits = body_of(school.weekly(**{**daily, "duration_min": 1380}), 201)
    assert field_errors(change(school.admin, fits, scope="all", duration_min=1440)) == {"/duration_min": "overlap"}
    assert read(school.admin, fits) == {**fits, "warnings": [], "shifted": []}


def test_what_was_cancelled_as_a_whole_does_not_come_back(school):
    made = body_of(school.weekly(last_day="2031-03-20"), 201)
    ended = body_of(cancel(school.admin, made, scope="all", reason="Over"))
    assert ended["ended"]
    for body in ({"scope": "all", "last_day": "2031-04-13"}, {"scope": "all", "weekdays": ["tu"]},
                 {"scope": "following", "day": "2031-03-10", "starts_min": 600},
                 {"scope": "this", "day": "2031-03-10", "starts_min": 600}):
        problem(change(school.admin, ended, **body), 409, "session-state")
    assert set(school.days(made).values()) == {"cancelled"} and len(school.days(made)) == 3
    assert read(school.admin, ended)["last_day"] == "2031-03-20"
    # A day that was left out before does not come back either.
    other = body_of(school.weekly(weekdays=["th"]), 201)
    path = f"{SERIES}/{other['id']}/exceptions"
    out = body_of(school.admin.post(path, json={"day": "2031-03-13", "reason": "Open day"}), 201)
    body_of(cancel(school.admin, out, scope="all", reason="Over"))
    problem(school.admin.delete(path + "/2031-03-13"), 409, "session-state")
    assert set(school.days(other).values()) == {"cancelled"}


def test_cancelling_after_the_end_does_not_lengthen_a_series(school):
    made = body_of(school.weekly(last_day="2031-03-20"), 201)
    after = body_of(cancel(school.admin, made, scope="following", day="2031-06-01", reason="Over"))
    assert (after["last_day"], after["ended"], after["cancelled"]) == ("2031-03-20", False, 0)
    new = body_of(change(school.admin, after, scope="following", day="2031-05-05", last_day="2031-05-20"))
    assert new["id"] != made["id"] and sorted(school.days(new)) == ["2031-05-05", "2031-05-12", "2031-05-19"]
    assert read(school.admin, made)["last_day"] == "2031-03-20"


def test_following_from_the_first_time_is_all(school):
    made = body_of(school.weekly(first_day="2031-03-01"), 201)  # a Saturday: the first time is on Monday the 3rd
    same = body_of(change(school.admin, made, scope="following", day="2031-03-03", starts_min=600))
    assert same["id"] == made["id"] and same["sessions"] == 6
    assert {local(s).hour for s in school.sessions(same)} == {10}
    ended = body_of(cancel(school.admin, same, scope="following", day="2031-03-03", reason="Over"))
    assert ended["ended"] and ended["cancelled"] == 6


def test_a_day_left_out_of_an_older_pattern_brings_no_session_back(school):
    made = body_of(school.weekly(), 201)
    path = f"{SERIES}/{made['id']}/exceptions"
    out = body_of(school.admin.post(path, json={"day": "2031-03-17", "reason": "Open day"}), 201)
    shifted = body_of(change(school.admin, out, scope="all", weekdays=["tu"]))
    assert school.days(shifted)["2031-03-18"] == "scheduled"  # the day left out was the Monday
    before = {s["series_day"]: s for s in school.sessions(made)}
    given = body_of(school.admin.delete(path + "/2031-03-17"))
    assert given["exceptions"] == []
    assert {s["series_day"]: s for s in school.sessions(made)} == before


def test_one_session_in_another_zone_keeps_its_local_time(school):
    made = body_of(school.weekly(), 201)
    body_of(change(school.admin, made, scope="this", day="2031-03-10", time_zone="Etc/GMT-5"))
    row = {s["series_day"]: s for s in school.sessions(made)}["2031-03-10"]
    assert (row["time_zone"], local(row).hour, row["starts_at"]) == ("Etc/GMT-5", 9, "2031-03-10T04:00:00.000Z")


def test_a_substitute_who_becomes_the_trainer_is_none_any_more(school):
    made = body_of(school.weekly(), 201)
    other = school.make.trainer()
    first = school.sessions(made)[0]
    body_of(school.admin.post(f"/api/v1/sessions/{first['id']}/substitute",
                              json={"trainer_id": other["id"], "reason": "Illness"}))
    body_of(change(school.admin, made, scope="all", trainer_id=other["id"]))
    row = body_of(school.admin.get(f"/api/v1/sessions/{first['id']}"))
    assert (row["trainer_id"], row["planned_trainer_id"]) == (other["id"], None)

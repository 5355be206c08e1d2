# SPDX-License-Identifier: MIT
"""Alerts about absences: figures by hand, one alert at a time, owners, histories, who sees what."""
import datetime

import pytest

from chaos import sql
from factories import body_of, field_errors, make, problem  # noqa: F401
from figures import Past, monday

DAY = datetime.timedelta(days=1)


@pytest.fixture
def past(admin, api):
    return Past(admin, api)


def one(alerts, kind):
    found = [a for a in alerts if a["kind"] == kind]
    assert len(found) <= 1
    return found[0] if found else None


def lessons(past, letters, weeks_ago=5, per_day=1):
    """One letter for each session, `per_day` a day from that Monday on. Absences come last: the job that
    looks for alerts each minute sees no more of them meanwhile than there are in the end."""
    first = monday(weeks_ago)
    made = {i: past.lesson(first + DAY * (i // per_day), letter, hour=2 * (i % per_day))
            for i, letter in sorted(enumerate(letters), key=lambda pair: pair[1] == "a")}
    return [made[i] for i in range(len(letters))]


def history(admin, alert):
    return body_of(admin.get(f"/api/v1/alerts/{alert['id']}"))["history"]


def test_the_ladder_rises_falls_and_recovers(past, admin):
    made = lessons(past, "aappppppppp")  # 2 of 11: 18.2 %
    alert = one(past.alerts(), "ladder")
    assert (alert["level"], alert["state"]) == ("warning", "open")
    assert (alert["absences"], alert["counted"]) == (2, 11)
    assert alert["share"] == pytest.approx(2 / 11, abs=1e-6)
    assert "18.2 %" in alert["why_en"] and "2 of 11" in alert["why_en"]
    assert "18,2 %" in alert["why_fr"] and "18.2" in alert["why_ar"]
    past.mark(made[2], past.students[0], "absent")  # 3 of 11: 27.3 %
    risen = one(past.alerts(), "ladder")
    assert (risen["id"], risen["level"]) == (alert["id"], "failing")
    past.mark(made[2], past.students[0], "excused")  # 2 of 10: 20 %
    fallen = one(past.alerts(), "ladder")
    assert (fallen["level"], fallen["counted"]) == ("critical", 10)
    for s in made[:2]:
        past.mark(s, past.students[0], "excused")
    closed = one(past.alerts(), "ladder")
    assert closed["state"] == "closed" and closed["recovered"] and closed["closed_at"]
    steps = history(admin, alert)
    assert [s["change"] for s in steps] == ["opened", "rose", "fell", "recovered"]
    assert [s["level"] for s in steps] == ["warning", "failing", "critical", "critical"]
    assert all(s["by_user_id"] is None for s in steps)
    # Going wrong again is a new alert.
    for s in made[:2]:
        past.mark(s, past.students[0], "absent")
    again = [a for a in past.alerts() if a["kind"] == "ladder"]
    assert [a["state"] for a in again] == ["open", "closed"]


def test_four_sessions_are_too_few_for_the_ladder(past):
    lessons(past, "papa")
    assert one(past.alerts(), "ladder") is None


def test_asking_twice_changes_nothing(past, admin):
    lessons(past, "aaapp")
    first = past.alerts()
    assert past.alerts() == first
    assert len(history(admin, one(first, "ladder"))) == 1


def test_three_in_a_row(past):
    lessons(past, "paaea")  # the excused one does not break the row
    alert = one(past.alerts(), "consecutive")
    assert (alert["absences"], alert["level"]) == (3, "warning")
    assert alert["why_en"].startswith("3 absences in a row")
    assert (alert["since_at"] < alert["latest_at"])


def test_a_row_that_ended_is_none(past):
    lessons(past, "paaap")
    assert one(past.alerts(), "consecutive") is None


def test_the_same_weekday(past):
    for week, letter in enumerate("aapa"):  # 3 of 4 Mondays
        past.lesson(monday(5 - week), letter)
        past.lesson(monday(5 - week) + 2 * DAY, "p")
    alert = one(past.alerts(), "weekday")
    assert (alert["absences"], alert["counted"], alert["weekday"]) == (3, 4, 1)
    assert "3 of 4" in alert["why_en"] and "Mondays" in alert["why_en"]
    assert "lundi" in alert["why_fr"] and "الإثنين" in alert["why_ar"]


def test_only_the_first_lesson(past):
    lessons(past, "al" "lp" "ap" "pp", weeks_ago=2, per_day=2)
    alert = one(past.alerts(), "first_lesson")
    assert (alert["absences"], alert["counted"], alert["level"]) == (3, 4, "notice")


def test_what_was_closed_stays_closed_until_more_happens(past, admin):
    made = lessons(past, "aappppppppp")  # warning
    alert = one(past.alerts(), "ladder")
    path = f"/api/v1/alerts/{alert['id']}"
    for blank in ({}, {"message": " \n"}):
        assert field_errors(admin.patch(path, version=alert["version"], json={"state": "closed", **blank})) == {
            "/message": "required"}
    done = body_of(admin.patch(path, version=alert["version"],
                               json={"state": "closed", "message": "Talked with the student."}))
    assert done["state"] == "closed" and not done["recovered"]
    assert done["history"][-1]["message"] == "Talked with the student."
    assert done["history"][-1]["by_user_id"] == admin.account["id"]
    past.mark(made[3], past.students[0], "excused")  # 2 of 10: 20 %, higher
    levels = [(a["state"], a["level"]) for a in past.alerts() if a["kind"] == "ladder"]
    assert levels == [("open", "critical"), ("closed", "warning")]
    assert field_errors(admin.patch(path, version=done["version"], json={"message": "more"})) == {
        "/state": "fixed"}


def test_the_same_is_not_opened_twice(past, admin):
    made = lessons(past, "aappppppppp")
    alert = one(past.alerts(), "ladder")
    body_of(admin.patch(f"/api/v1/alerts/{alert['id']}", version=alert["version"],
                        json={"state": "closed", "message": "Known."}))
    past.mark(made[-1], past.students[0], "late")
    assert [a["state"] for a in past.alerts() if a["kind"] == "ladder"] == ["closed"]


def test_owners(past, admin, make, api, trainer2):
    lessons(past, "aaapp")
    alert = one(past.alerts(), "ladder")
    path = f"/api/v1/alerts/{alert['id']}"
    # The trainer with most sessions has it at first.
    assert alert["owner_id"] == past.trainer.account["id"]
    assert alert["owner_name"] == past.trainer.account["name"]
    assert field_errors(admin.patch(path, version=1, json={"owner_id": trainer2.account["id"]})) == {
        "/owner_id": "not_found"}
    assert field_errors(admin.patch(path, version=1, json={"owner_id": 999999})) == {
        "/owner_id": "not_found"}
    given = body_of(admin.patch(path, version=1, json={"owner_id": admin.account["id"]}))
    assert given["owner_id"] == admin.account["id"] and given["version"] == 2
    problem(admin.patch(path, version=1, json={"owner_id": None}), 412, "version-mismatch")
    nobody = body_of(admin.patch(path, version=2, json={"owner_id": None, "state": "in_progress"}))
    assert nobody["owner_id"] is None and nobody["state"] == "in_progress"
    assert [s["change"] for s in nobody["history"]] == ["opened", "assigned", "started"]
    back = body_of(past.trainer.patch(path, version=3, json={"state": "open"}))
    assert back["history"][-1]["change"] == "returned"


def test_who_gives_an_alert_away_is_told_so(past, admin, trainer2):
    lessons(past, "aaapp")
    alert = one(past.alerts(), "ladder")
    theirs, ours = (f"(SELECT id FROM trainer WHERE account_id = {t.account['id']})" for t in (trainer2, past.trainer))
    sql(admin.server, f"UPDATE session SET trainer_id = {theirs} WHERE trainer_id = {ours}")
    path = f"/api/v1/alerts/{alert['id']}"
    given = body_of(past.trainer.patch(path, version=1, json={"owner_id": admin.account["id"]}))
    assert given["history"][-1]["change"] == "assigned"
    problem(past.trainer.get(path), 404, "not-found")


def test_who_sees_an_alert(past, admin, trainer2, student):
    lessons(past, "aaapp")
    alert = one(past.alerts(), "ladder")
    path = f"/api/v1/alerts/{alert['id']}"
    assert [a["id"] for a in past.alerts(who=past.trainer, kind="ladder")] == [alert["id"]]
    assert past.alerts(who=trainer2) == []
    problem(trainer2.get(path), 404, "not-found")
    problem(trainer2.patch(path, version=1, json={"message": "mine"}), 404, "not-found")
    problem(student.get("/api/v1/alerts"), 403, "forbidden")
    problem(student.get(path), 403, "forbidden")


def test_filters_and_pages(admin, api):
    past = Past(admin, api, students=3)
    for i in range(5):
        past.lesson(monday(3) + i * DAY, "aaa")
    ids = set()
    for i in range(3):
        found = past.alerts(i, state="open", level="failing", kind="ladder")
        assert len(found) == 1
        ids.add(found[0]["id"])
        assert past.alerts(i, state="closed") == []
        assert past.alerts(i, group_id=past.group["id"]) and past.alerts(i, group_id=999999) == []
        owned = past.alerts(i, owner_id=past.trainer.account["id"])
        assert {a["kind"] for a in owned} >= {"ladder", "consecutive"}
    seen, cursor = [], None
    while cursor is not None or not seen:
        query = {"limit": 1, "kind": "ladder", "owner_id": past.trainer.account["id"]}
        page = body_of(past.trainer.get("/api/v1/alerts",
                                        params=query | ({"cursor": cursor} if cursor else {})))
        seen += [a["id"] for a in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert set(seen) == ids and len(seen) == 3
    assert field_errors(admin.get("/api/v1/alerts?level=fine"))["level"] == "one_of"
    problem(admin.get("/api/v1/alerts/999999"), 404, "not-found")

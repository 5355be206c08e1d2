# SPDX-License-Identifier: MIT
"""What plans must not do behind anybody's back: substitutes, days given back, reasons."""
import concurrent.futures

from client import Client
from factories import body_of, field_errors, make, problem  # noqa: F401
from test_timetable import SERIES, School, cancel, change, read, school  # noqa: F401


def archive(school, kind, row):
    path = f"/api/v1/{kind}/{row['id']}"
    version = body_of(school.admin.get(path))["version"]
    body_of(school.admin.patch(path, version=version, json={"archived": True}))


def test_what_comes_back_must_fit_in(school):
    made = body_of(school.weekly(), 201)
    path = f"{SERIES}/{made['id']}/exceptions"
    by_itself = {s["series_day"]: s for s in school.sessions(made)}["2031-03-10"]
    when = {"starts_at": "2031-03-11T10:00:00Z", "ends_at": "2031-03-11T11:00:00Z"}
    body_of(school.admin.patch(f"/api/v1/sessions/{by_itself['id']}", version=by_itself["version"], json=when))
    for day in ("2031-03-10", "2031-03-24"):
        body_of(school.admin.post(path, json={"day": day, "reason": "Open day"}), 201)
    other = body_of(school.plan("2031-03-11T10:30:00+00:00"), 201)
    problem(school.admin.delete(path + "/2031-03-10"), 409, "timetable-clash")
    body_of(school.admin.post(f"/api/v1/sessions/{other['id']}/cancel", json={"reason": "moved"}))
    body_of(school.admin.delete(path + "/2031-03-10"))
    back = {s["series_day"]: s for s in school.sessions(made)}["2031-03-10"]
    assert (back["state"], back["starts_at"]) == ("scheduled", "2031-03-11T10:00:00.000Z")
    archive(school, "trainers", school.trainer)
    assert field_errors(school.admin.delete(path + "/2031-03-24")) == {"/trainer_id": "archived"}


def test_a_series_is_not_moved_onto_its_substitutes_other_session(school, make):
    made = body_of(school.weekly(), 201)
    other = School(make)
    first, second = school.sessions(made)[:2]
    for s in (first, second):
        body_of(school.admin.post(f"/api/v1/sessions/{s['id']}/substitute",
                                  json={"trainer_id": other.trainer["id"], "reason": "Illness"}))
    body_of(other.plan("2031-03-10T12:00:00+00:00"), 201)
    made = read(school.admin, made)
    clash = change(school.admin, made, scope="all", starts_min=13 * 60 + 30)
    assert field_errors(clash, 409) == {"/trainer_id": "clash"}
    assert [e["detail"][:11] for e in clash.json()["errors"]] == ["2031-03-10:"]
    left_out = body_of(change(school.admin, made, scope="all", starts_min=13 * 60 + 30, skip_clashing=True))
    assert [e["day"] for e in left_out["exceptions"]] == ["2031-03-10"]
    now = {s["series_day"]: (s["state"], s["trainer_id"]) for s in school.sessions(made)}
    assert now["2031-03-03"] == ("scheduled", other.trainer["id"]) and now["2031-03-10"][0] == "cancelled"


def test_standing_in_while_the_session_is_moved(school, server, contract, make):
    """Not onto what the substitute gives at the new time, whoever of the two comes first."""
    other = School(make)
    token = school.admin.session.headers["Authorization"].split()[1]
    hers, his = Client(server, contract, token), Client(server, contract, token)
    for day in range(1, 11):
        at = f"2030-06-{day:02d}T"
        body_of(other.plan(at + "14:00:00+00:00"), 201)
        s = body_of(school.plan(at + "09:00:00+00:00"), 201)
        path = f"/api/v1/sessions/{s['id']}"
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            pool.submit(hers.patch, path, version=s["version"],
                        json={"starts_at": at + "14:00:00Z", "ends_at": at + "15:00:00Z"})
            asked = pool.submit(his.post, path + "/substitute",
                                json={"trainer_id": other.trainer["id"], "reason": "Illness"})
        now = body_of(school.admin.get(path))
        assert asked.result().status_code in (200, 409)
        assert now["starts_at"][11:13] == "09" or now["trainer_id"] == school.trainer["id"]


def test_nothing_is_given_back_to_who_left(school, make):
    s = body_of(school.plan("2030-05-16T09:30:00+00:00"), 201)
    path = f"/api/v1/sessions/{s['id']}/substitute"
    ask = {"trainer_id": make.trainer()["id"], "reason": "Illness"}
    body_of(school.admin.post(path, json=ask))
    archive(school, "trainers", school.trainer)
    assert field_errors(school.admin.delete(path)) == {"/trainer_id": "archived"}


def test_blank_reasons_are_none(school):
    made = body_of(school.weekly(), 201)
    out = {"day": "2031-03-17", "reason": " \t"}
    assert field_errors(school.admin.post(f"{SERIES}/{made['id']}/exceptions", json=out)) == {"/reason": "required"}
    for more in ({"scope": "all"}, {"scope": "this", "day": "2031-03-17"}):
        assert field_errors(cancel(school.admin, made, reason="  ", **more)) == {"reason": "required"}
    path = f"/api/v1/sessions/{school.sessions(made)[0]['id']}/substitute"
    ask = {"trainer_id": school.make.trainer()["id"], "reason": " "}
    assert field_errors(school.admin.post(path, json=ask)) == {"/reason": "required"}
    assert set(school.days(made).values()) == {"scheduled"}

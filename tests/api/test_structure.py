# SPDX-License-Identifier: MIT
"""Programmes, modules and rooms: what each has of its own. The rest: test_resources.py."""
import pytest

from factories import body_of, field_errors, make, word  # noqa: F401


def change(admin, path, body):
    etag = admin.get(path).headers["ETag"]
    return admin.patch(path, json=body, headers={"If-Match": etag})


def test_module_belongs_to_programme(make, admin):
    programme, other = make.programme(), make.programme()
    modules = [make.module(programme_id=programme["id"]) for _ in range(3)]
    make.module(programme_id=other["id"])
    listed = body_of(admin.get("/api/v1/modules", params={"programme_id": programme["id"]}))
    assert sorted(m["id"] for m in listed["items"]) == sorted(m["id"] for m in modules)
    path = f"/api/v1/modules/{modules[0]['id']}"
    assert body_of(change(admin, path, {"programme_id": other["id"]}))["programme_id"] == other["id"]


@pytest.mark.parametrize("kind,member", [("module", "hours"), ("room", "capacity")])
def test_size_may_be_unknown(kind, member, make, admin):
    made = getattr(make, kind)(**{member: 30})
    assert made[member] == 30
    path = f"/api/v1/{kind}s/{made['id']}"
    assert body_of(change(admin, path, {"name": word("N")}))[member] == 30
    assert body_of(change(admin, path, {member: None}))[member] is None
    assert body_of(change(admin, path, {member: 1}))[member] == 1
    assert getattr(make, kind)()[member] is None
    assert getattr(make, kind)(**{member: None})[member] is None


@pytest.mark.parametrize("kind", ["module", "group"])
def test_programme_must_be_usable(kind, make, admin):
    programme = make.programme()
    made = getattr(make, kind)(programme_id=programme["id"])
    old = make.programme()
    change(admin, f"/api/v1/programmes/{old['id']}", {"archived": True})
    path = f"/api/v1/{kind}s/{made['id']}"
    for wrong, code in ((old["id"], "archived"), (999999999, "not_found")):
        body = {"programme_id": wrong, "code": word("C"), "name": word("N")}
        assert field_errors(admin.post(f"/api/v1/{kind}s", json=body)) == {"/programme_id": code}
        assert field_errors(change(admin, path, {"programme_id": wrong})) == {"/programme_id": code}
    # What was built on it before goes on.
    change(admin, f"/api/v1/programmes/{programme['id']}", {"archived": True})
    assert body_of(change(admin, path, {"name": "Still here"}))["name"] == "Still here"


@pytest.mark.parametrize("who", ["trainer", "student"])
@pytest.mark.parametrize("kind", ["programme", "module", "room"])
def test_everybody_reads(kind, who, make, request):
    caller = request.getfixturevalue(who)
    made = getattr(make, kind)()
    assert body_of(caller.get(f"/api/v1/{kind}s/{made['id']}")) == made
    found = body_of(caller.get(f"/api/v1/{kind}s", params={"q": made["name"]}))
    assert found["items"] == [made]


def test_members_of_other_kinds_are_unknown(make, admin):
    body = {"code": word("C"), "name": word("N")}
    assert field_errors(admin.post("/api/v1/programmes", json=body | {"hours": 3})) == {"/hours": "unknown"}
    assert field_errors(admin.post("/api/v1/rooms", json=body | {"hours": 3})) == {"/hours": "unknown"}
    room = make.room()
    assert field_errors(change(admin, f"/api/v1/rooms/{room['id']}", {"programme_id": 1})) == \
        {"/programme_id": "unknown"}


def test_search_finds_codes(make, admin):
    room = make.room(code=word("Bât-7"))
    found = body_of(admin.get("/api/v1/rooms", params={"q": room["code"].replace("â", "A").lower()}))
    assert [item["id"] for item in found["items"]] == [room["id"]]


PLACE = {"latitude": 33.5899, "longitude": -7.6039, "radius_m": 80}


def test_rooms_have_a_network_and_a_place(make, admin, trainer, student):
    room = make.room(network="10.0.4.0/24, 2001:db8:4::/48,10.0.9.7", **PLACE)
    path = f"/api/v1/rooms/{room['id']}"
    read = body_of(trainer.get(path))
    assert {key: read[key] for key in PLACE} == PLACE and read["network"].startswith("10.0.4.0/24")
    # Who checks in is not told from where it would count.
    for seen in (body_of(student.get(path)),
                 next(r for r in body_of(student.get("/api/v1/rooms", params={"q": room["code"]}))["items"])):
        assert [seen[key] for key in ("network", *PLACE)] == [None] * 4
    changed = body_of(admin.patch(path, version=room["version"], json={"network": None, **dict.fromkeys(PLACE)}))
    assert [changed[key] for key in ("network", *PLACE)] == [None] * 4
    changed = body_of(admin.patch(path, version=changed["version"], json={"capacity": 12, "radius_m": 10, "latitude": -90,
                                                                          "longitude": 180}))
    assert (changed["capacity"], changed["radius_m"], changed["latitude"]) == (12, 10, -90)


@pytest.mark.parametrize("body,wrong", [
    ({"latitude": 1.5}, {"/longitude": "required", "/radius_m": "required"}),
    ({"latitude": 1.5, "longitude": 2.5}, {"/radius_m": "required"}),
    ({**PLACE, "latitude": 90.001}, {"/latitude": "max"}),
    ({**PLACE, "longitude": -180.5}, {"/longitude": "min"}),
    ({**PLACE, "radius_m": 9}, {"/radius_m": "min"}),
    ({**PLACE, "radius_m": 5001}, {"/radius_m": "max"}),
    ({"network": "10.0.0.0/33"}, {"/network": "format"}),
    ({"network": "10.0.0.0/8,,::1"}, {"/network": "format"}),
    ({"network": "everywhere"}, {"/network": "format"}),
    ({"network": ",".join(f"10.{i}.0.0/16" for i in range(17))}, {"/network": "format"}),
])
def test_what_is_no_place(make, admin, body, wrong):
    answer = admin.post("/api/v1/rooms", json={"code": word("R"), "name": word("Room"), **body})
    assert field_errors(answer) == wrong
    room = make.room()
    assert field_errors(admin.patch(f"/api/v1/rooms/{room['id']}", version=room["version"], json=body)) == wrong

# SPDX-License-Identifier: MIT
"""Registered devices: a token shown once, kept as a hash, changed, limited and taken away."""
import pytest

from client import Client
from factories import body_of, field_errors, make, problem  # noqa: F401
from own import cookies_of, running
from server import ENGINE


def new_device(admin, make, **more):
    body = {"kind": "kiosk", "name": "Tablet at the door", "room_id": make.room()["id"], **more}
    return body_of(admin.post("/api/v1/devices", json=body), 201)


@pytest.fixture
def device(admin, make):
    return new_device(admin, make)


def kiosk_of(admin, token):
    return Client(admin.server, admin.contract, token)


def sign_in(server, contract, token):
    """A browser that changed the token for its cookie."""
    client = Client(server, contract)
    answer = client.post("/api/v1/kiosk/login", json={"token": token})
    if answer.status_code == 200:
        client.session.headers["Cookie"] = "sp_device=" + cookies_of(answer)["sp_device"][0]
    return client, answer


def test_a_device_is_made_read_changed_and_listed(admin, make, device):
    path = f"/api/v1/devices/{device['id']}"
    assert device["token"].startswith("spd_") and len(device["token"]) >= 47
    made = body_of(admin.get(path))
    assert made == device["device"] and "token" not in made
    assert not made["signed_in"] and made["last_seen_at"] is None and made["network"] is None
    room = make.room()
    changed = body_of(admin.patch(path, version=made["version"],
                                  json={"name": "Porte", "room_id": room["id"], "network": "127.0.0.0/8"}))
    assert (changed["name"], changed["room_name"], changed["network"]) == ("Porte", room["name"], "127.0.0.0/8")
    problem(admin.patch(path, version=made["version"], json={"name": "Late"}), 412, "version-mismatch")
    cleared = body_of(admin.patch(path, version=changed["version"], json={"network": None}))
    assert cleared["network"] is None and cleared["name"] == "Porte"
    found = body_of(admin.get("/api/v1/devices?q=PORTE&limit=200"))["items"]
    assert device["id"] in [d["id"] for d in found]


def test_what_is_wrong_is_told_by_field(admin, make):
    room = make.room()["id"]
    good = {"kind": "kiosk", "name": "Tablet", "room_id": room}
    for field, value in (("name", "  "), ("room_id", 10 ** 9), ("kind", "robot"), ("network", "10.0.0.0/33"),
                         ("network", "somewhere"), ("network", "10.0.0.0/-1"), ("network", "::1/129"),
                         ("network", "")):
        answer = admin.post("/api/v1/devices", json={**good, field: value})
        assert "/" + field in field_errors(answer), answer.text
    assert admin.get("/api/v1/devices/999999").status_code == 404


def test_the_token_becomes_a_cookie_of_its_own(server, contract, admin, device):
    browser, answer = sign_in(server, contract, device["token"])
    room = body_of(answer)
    assert room["room_name"] == device["device"]["room_name"] and room["sessions"] == []
    value, attributes = cookies_of(answer)["sp_device"]
    assert "httponly" in attributes and attributes["samesite"] == "Strict"
    assert attributes["path"] == "/api/v1/kiosk" and value not in device["token"]
    assert body_of(browser.get("/api/v1/kiosk/room"))["device_id"] == device["id"]
    seen = body_of(admin.get(f"/api/v1/devices/{device['id']}"))
    assert seen["signed_in"] and seen["last_seen_at"]
    second, answer = sign_in(server, contract, device["token"])
    assert answer.status_code == 200
    assert browser.get("/api/v1/kiosk/room").status_code == 401, "one browser at a time"
    assert second.get("/api/v1/kiosk/room").status_code == 200


def test_a_wrong_token_opens_nothing(server, contract, device):
    for token in ("spd_" + "A" * 43, "x", device["token"][:-1], device["token"] + "A"):
        _, answer = sign_in(server, contract, token)
        problem(answer, 401, "unauthenticated")
        assert Client(server, contract, token).get("/api/v1/kiosk/room").status_code == 401
    client = Client(server, contract)
    client.session.headers["Cookie"] = "sp_device=nobody"
    problem(client.get("/api/v1/kiosk/room"), 401, "unauthenticated")


def test_rotating_ends_the_old_token_and_the_browser(server, contract, admin, device):
    browser, _ = sign_in(server, contract, device["token"])
    path = f"/api/v1/devices/{device['id']}"
    again = body_of(admin.post(path + "/rotate"))
    assert again["token"] != device["token"] and not again["device"]["signed_in"]
    assert browser.get("/api/v1/kiosk/room").status_code == 401
    assert kiosk_of(admin, device["token"]).get("/api/v1/kiosk/room").status_code == 401
    assert kiosk_of(admin, again["token"]).get("/api/v1/kiosk/room").status_code == 200


def test_revoking_is_for_good(admin, device):
    path = f"/api/v1/devices/{device['id']}"
    assert admin.delete(path).status_code == 204
    assert kiosk_of(admin, device["token"]).get("/api/v1/kiosk/room").status_code == 401
    revoked = body_of(admin.get(path))
    assert revoked["revoked_at"] and not revoked["signed_in"]
    problem(admin.delete(path), 404, "not-found")
    problem(admin.post(path + "/rotate"), 404, "not-found")
    problem(admin.patch(path, version=revoked["version"], json={"name": "Back"}), 404, "not-found")
    ids = [d["id"] for d in body_of(admin.get("/api/v1/devices?limit=200"))["items"]]
    gone = [d["id"] for d in body_of(admin.get("/api/v1/devices?limit=200&archived=true"))["items"]]
    assert device["id"] not in ids and device["id"] in gone


def test_a_device_calls_from_its_network_only(server, contract, admin, make):
    inside = new_device(admin, make, network="127.0.0.0/30")
    outside = new_device(admin, make, network="10.1.2.0/24")
    assert sign_in(server, contract, inside["token"])[1].status_code == 200
    problem(sign_in(server, contract, outside["token"])[1], 401, "unauthenticated")
    kiosk = kiosk_of(admin, inside["token"])
    assert kiosk.get("/api/v1/kiosk/room").status_code == 200
    body_of(admin.patch(f"/api/v1/devices/{inside['id']}", version=inside["device"]["version"],
                        json={"network": "127.0.0.4"}))
    assert kiosk.get("/api/v1/kiosk/room").status_code == 401


def test_tokens_are_kept_as_hashes_and_not_logged():
    with running() as server:
        from contract import Contract
        contract = Contract(server.raw("GET", "/openapi.json").json())
        admin = Client(server, contract).login("admin@school.example", "plover-Cabinet-77")
        room = body_of(admin.post("/api/v1/rooms", json={"code": "R1", "name": "Room"}), 201)
        key = {"Idempotency-Key": "make-one-device"}
        body = {"kind": "kiosk", "name": "Tablet", "room_id": room["id"]}
        made = body_of(admin.post("/api/v1/devices", json=body, headers=key), 201)
        _, answer = sign_in(server, contract, made["token"])
        secrets = [made["token"], cookies_of(answer)["sp_device"][0]]
        log = server.log()
        assert not any(secret in log for secret in secrets)
        if ENGINE == "sqlite":
            files = [f for f in server.folder.rglob("*") if f.is_file()]
            assert any(f.suffix == ".db" for f in files)
            for f in files:
                data = f.read_bytes()
                assert not any(secret.encode() in data for secret in secrets), f.name

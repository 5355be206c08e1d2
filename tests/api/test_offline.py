# SPDX-License-Identifier: MIT
"""Clients without network: signed batches, clocks that are wrong, everything exactly once."""
import base64
import datetime
import hashlib
import hmac
import itertools
import json
import random
import threading
import time

import pytest
import requests

from chaos import sql
from classroom import Classroom
from client import Client, problem
from factories import body_of, field_errors, make, walk  # noqa: F401
from own import ADMIN, PASSWORD, running
from server import SLOW

CLIENTS = "/api/v1/offline/clients"
BATCHES = "/api/v1/offline/batches"
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
MS = datetime.timedelta(milliseconds=1)


def now():
    return datetime.datetime.now(datetime.timezone.utc)


def ms(text):
    return (datetime.datetime.fromisoformat(text.replace("Z", "+00:00")) - EPOCH) // MS


def b64(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def far(text):
    """Milliseconds of a time of any year, as ECMAScript writes it."""
    return {"+010000-01-01T00:00:00Z": 253402300800000}.get(text) or ms(text)


def line(event):
    """docs/offline.md, written a second time."""
    return "\t".join([event["uid"], str(event["session_id"]), str(event["student_id"]), event["way"],
                      event.get("direction") or "in", str(far(event["at"])), event.get("status") or "",
                      b64((event.get("code") or "").encode()), b64((event.get("note") or "").encode())])


class Offline:
    """A client with its key; `off` seconds are added to its clock."""

    def __init__(self, sender, off=0):
        self.sender, self.off, self.count = sender, datetime.timedelta(seconds=off), itertools.count(1)
        made = body_of(sender.post(CLIENTS, json={"name": "Tablet of the bus trip"}), 201)
        self.id, self.key = made["id"], base64.urlsafe_b64decode(made["key"] + "=")
        self.since = now()

    def event(self, room, i, ago=0.0, **more):
        """`ago` seconds before now; as the client's clock has it. Never before the registration."""
        at = now() - datetime.timedelta(seconds=ago) + self.off
        return {"uid": f"e-{next(self.count)}", "session_id": room.session["id"],
                "student_id": room.students[i]["id"], "way": "qr",
                "at": at.isoformat(timespec="milliseconds"), **more}

    def body(self, events, **more):
        sent = (now() + self.off).isoformat(timespec="milliseconds")
        text = f"smartpresence-offline-1\t{self.id}\t{ms(sent)}\t{len(events)}\n"
        text += "".join(line(e) + "\n" for e in events)
        signature = b64(hmac.new(self.key, text.encode(), hashlib.sha256).digest())
        return {"client_id": self.id, "sent_at": sent, "events": events, "signature": signature, **more}

    def send(self, *events, **more):
        return self.sender.post(BATCHES, json=self.body(list(events), **more))


def outcomes(answer):
    return [(e["outcome"], e["reason"]) for e in body_of(answer)["events"]]


@pytest.fixture(scope="module")
def rooms(admin, api):
    """Two registers of one class; each test opens sessions of its own in them."""
    return Classroom(admin, api, n=4)


@pytest.fixture
def room(rooms):
    rooms.session = rooms.new_session()
    return rooms.open()


@pytest.fixture
def client(room):
    return Offline(room.trainer)


def test_a_client_is_registered_listed_and_revoked(admin, room, trainer2):
    made = body_of(room.trainer.post(CLIENTS, json={"name": "Telephone"}), 201)
    assert len(base64.urlsafe_b64decode(made["key"] + "=")) == 32
    mine = walk(room.trainer, CLIENTS, {"limit": 200})[0]
    assert made["client"] in mine and "key" not in made["client"]
    assert made["client"] in walk(admin, CLIENTS, {"limit": 200})[0]
    assert made["client"] not in walk(trainer2, CLIENTS, {})[0]
    path = f"{CLIENTS}/{made['id']}"
    problem(trainer2.delete(path), 404, "not-found")
    body_of(room.trainer.delete(path), 204)
    problem(room.trainer.delete(path), 404, "not-found")
    revoked = {c["id"]: c for c in walk(room.trainer, CLIENTS, {"archived": "true"})[0]}
    assert revoked[made["id"]]["revoked_at"]
    assert field_errors(room.trainer.post(CLIENTS, json={"name": "  "})) == {"/name": "blank"}


def test_what_was_written_down_counts_once(room, client):
    events = [client.event(room, 0), client.event(room, 1, way="manual", status="late", note="bus"),
              client.event(room, 2, way="manual", status="absent", code="A"), client.event(room, 3, way="manual")]
    first = client.send(*events)
    assert outcomes(first) == [("counted", "on_time"), ("counted", "person_said"), ("counted", "person_said"),
                               ("counted", "on_time")]
    assert body_of(first)["skew_ms"] == 0 and body_of(first)["counted"] == 4
    assert [room.record(i)["status"] for i in range(4)] == ["present", "late", "absent", "present"]
    assert (room.record(1)["note"], room.record(1)["method"]) == ("bus", "manual")
    again = client.send(*events)
    assert body_of(again)["events"] == body_of(first)["events"]
    part = client.send(events[2], client.event(room, 2, way="manual", status="present"), events[0])
    assert [e["outcome"] for e in body_of(part)["events"]] == ["counted"] * 3
    assert room.record(2)["status"] == "present"
    log = body_of(room.trainer.get(f"{room.path}/attendance/{room.students[0]['id']}/events"))["items"]
    assert len(log) == 1 and log[0]["facts"] == ["offline"] and log[0]["uid"] == f"o{client.id}:{events[0]['uid']}"
    changed = client.send({**events[0], "student_id": room.students[1]["id"]})
    assert outcomes(changed) == [("changed", "")] and body_of(changed)["conflicts"] == 1
    assert room.record(0)["status"] == "present"


@pytest.mark.parametrize("off", [-7200, 7200], ids=["slow", "fast"])
def test_a_wrong_clock_is_repaired(room, off):
    client = Offline(room.trainer, off)
    seen = now()
    answer = body_of(client.send(client.event(room, 0)))
    assert abs(answer["skew_ms"] + off * 1000) < 60_000
    assert abs(ms(answer["events"][0]["at"]) - (seen - EPOCH) // MS) < 60_000
    assert room.record(0)["status"] == "present"


def test_that_was_somebody_else(room, client):
    """Coming and leaving by the same wrong face go together."""
    went = client.event(room, 0, way="face", direction="out")
    body_of(client.send(client.event(room, 0, way="face", ago=0.5), went))
    assert (room.record(0)["status"], room.record(0)["method"]) == ("left_early", "face")
    denied = body_of(room.trainer.post(f"{room.path}/attendance/{room.students[0]['id']}/not-me", json={}))
    assert (denied["status"], denied["in_at"], denied["out_at"]) == ("unmarked", None, None)
    assert room.record(0)["status"] == "unmarked"


def test_times_that_cannot_be(room, client):
    early, late = client.event(room, 0, ago=60), client.event(room, 1, ago=-60)
    assert outcomes(client.send(early, late)) == [("clock", ""), ("clock", "")]
    far = Offline(room.trainer, 25 * 3600)
    assert outcomes(far.send(far.event(room, 0))) == [("clock", "")]
    assert room.record(0)["status"] == "unmarked"


def test_states_of_the_register(room, client):
    room.session = room.new_session()
    event = client.event(room, 0)
    answer = client.send(event)
    assert outcomes(answer) == [("not_open", "")] and not body_of(answer)["events"][0]["final"]
    room.open()
    assert outcomes(client.send(event)) == [("counted", "on_time")]
    late, later = client.event(room, 1), client.event(room, 2)
    body_of(room.move("close"))
    assert room.record(1)["status"] == "absent"
    assert outcomes(client.send(late)) == [("counted", "on_time")], "a closed register takes what is of the past"
    assert room.record(1)["status"] == "present"
    body_of(room.move("confirm"))
    word = client.event(room, 3, way="manual", status="present")
    locked = client.send(later, word)
    assert [e["outcome"] for e in body_of(locked)["events"]] == ["locked"] * 2
    assert [room.record(i)["status"] for i in (2, 3)] == ["absent", "absent"]
    body_of(room.move("reopen", reason="late batch"))
    assert [room.record(i)["status"] for i in (2, 3)] == ["present", "present"]


def approve(admin, student):
    """An absence of yesterday to tomorrow."""
    day = datetime.timedelta(days=1)
    reason = body_of(admin.get("/api/v1/absence-reasons"))["items"][0]["id"]
    made = body_of(admin.post("/api/v1/justifications", json={
        "student_id": student["id"], "reason_id": reason, "from": (now() - day).isoformat()[:10],
        "to": (now() + day).isoformat()[:10]}), 201)
    body_of(admin.put(f"/api/v1/justifications/{made['id']}/decision",
                      json={"decision": "approve", "without_document": True},
                      headers={"If-Match": f'"{made["version"]}"'}))


def test_what_came_between_two_confirmations_counts(room, client, admin):
    """Locked is only what comes after the last one."""
    for verb in ("close", "confirm"):
        body_of(room.move(verb))
    body_of(room.move("reopen", reason="who sat in the last row?"))
    assert outcomes(client.send(client.event(room, 0))) == [("counted", "on_time")]
    for verb in ("close", "confirm"):
        body_of(room.move(verb))
    assert outcomes(client.send(client.event(room, 1))) == [("locked", "register_closed")]
    for i in (0, 1):
        approve(admin, room.students[i])
    assert [(r["status"], r["derived"]) for r in map(room.record, (0, 1))] == [
        ("present", "present"), ("excused", "absent")]


def test_check_outs_that_come_late(room, client):
    room.session = room.new_session(check_out=True, ways="qr")
    room.open()
    came, left = client.event(room, 0, ago=2), client.event(room, 0, direction="out")
    other = client.event(room, 1, way="pin")
    answer = client.send(came, other)
    assert outcomes(answer) == [("counted", "on_time"), ("kept", "way_not_allowed")]
    assert (room.record(0)["status"], room.record(0)["minutes_present"]) == ("present", None)
    body_of(room.move("close"))
    record = room.record(0)
    assert (record["status"], record["reason"]) == ("partial", "no_check_out") and "check out" in record["why"]["en"]
    assert (room.record(1)["status"], room.record(1)["reason"]) == ("absent", "way_not_allowed")
    assert outcomes(client.send(left)) == [("counted", "went_early")]
    record = room.record(0)
    assert (record["status"], record["minutes_present"]) == ("left_early", 0) and record["out_at"]


def test_who_may_mark_what(admin, make, room, trainer2, client):
    stranger = make.student()
    other = Offline(trainer2)
    assert outcomes(other.send(other.event(room, 0))) == [("forbidden", "")]
    wrong = [{**client.event(room, 0), "student_id": stranger["id"]}, {**client.event(room, 0), "session_id": 10**9},
             client.event(room, 0, way="kiosk"), client.event(room, 0, way="manual", status="absent", code="P")]
    assert [o for o, _ in outcomes(client.send(*wrong))] == ["unknown", "forbidden", "forbidden", "code"]
    place = make.room()
    device = body_of(admin.post("/api/v1/devices", json={"kind": "kiosk", "name": "T", "room_id": place["id"]}), 201)
    kiosk = Offline(Client(admin.server, admin.contract, device["token"]))
    assert outcomes(kiosk.send(kiosk.event(room, 0, way="kiosk"))) == [("forbidden", "")], "another room"
    room.session = room.new_session(room_id=place["id"])
    room.open()
    seen = kiosk.send(kiosk.event(room, 0, way="kiosk"), kiosk.event(room, 1, way="manual", status="present"))
    assert [o for o, _ in outcomes(seen)] == ["counted", "forbidden"]
    assert (room.record(0)["method"], room.record(1)["status"]) == ("kiosk", "unmarked")
    reader = body_of(admin.post("/api/v1/devices", json={"kind": "reader", "name": "R", "room_id": place["id"]}), 201)
    reader = Client(admin.server, admin.contract, reader["token"])
    problem(reader.post(CLIENTS, json={"name": "A reader sees no faces"}), 403, "forbidden")
    problem(client.sender.post(BATCHES, json=kiosk.body([])), 422, "invalid")
    problem(client.sender.post(BATCHES, json=kiosk.body([client.event(room, 0)])), 404, "not-found")


def test_a_time_of_any_year_keeps_no_other_waiting(room, client):
    """Clocks that began anew or ran away: each is answered by itself, the good ones count."""
    wrong = [{**client.event(room, i, way="manual", status="late"), "at": at} for i, at in enumerate(
        ("1969-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "+010000-01-01T00:00:00Z"))]
    good = [client.event(room, 0), client.event(room, 1)]
    batch = [wrong[0], good[0], *wrong[1:], good[1]]
    answer = body_of(client.send(*batch))
    assert [e["outcome"] for e in answer["events"]] == ["clock", "counted", "clock", "clock", "clock", "counted"]
    first, fine = answer["events"][:2]
    assert first["field"] == "/events/0/at" and first["final"] and first["at"] is None
    earliest, latest = map(ms, first["allowed"].split("/"))
    assert earliest <= ms(good[0]["at"]) <= latest
    assert (fine["field"], fine["allowed"]) == (None, None)
    assert [room.record(i)["status"] for i in range(4)] == ["present", "present", "unmarked", "unmarked"]
    again = body_of(client.send(*reversed(batch)))["events"][::-1]
    assert [e["outcome"] for e in again] == [e["outcome"] for e in answer["events"]]
    log = body_of(room.trainer.get(f"{room.path}/attendance/{room.students[0]['id']}/events"))["items"]
    assert len(log) == 1
    # A clock that is decades off: nothing can be repaired, and that is said of each.
    lost = {**client.event(room, 2), "at": "1969-12-31T23:00:00Z"}
    body = client.body([lost])
    text = f"smartpresence-offline-1\t{client.id}\t-3599000\t1\n{line(lost)}\n"
    body |= {"sent_at": "1969-12-31T23:00:01Z",
             "signature": b64(hmac.new(client.key, text.encode(), hashlib.sha256).digest())}
    [lost] = body_of(client.sender.post(BATCHES, json=body))["events"]
    assert lost["outcome"] == "clock" and "24 hours" in lost["allowed"]


def test_what_became_of_an_event_is_forgotten_after_it_is_too_old(room, client):
    """`keep_offline_days` is 400: older events are not taken, and outcomes of 403 days ago are forgotten."""
    server, old = room.trainer.server, (now() - datetime.timedelta(days=500) - EPOCH) // MS
    sql(server, f"UPDATE offline_client SET created_at = {old} WHERE id = {client.id}")
    day = 24 * 3600
    said = body_of(client.send(client.event(room, 0, ago=401 * day), client.event(room, 1, ago=399 * day)))["events"]
    assert [e["outcome"] for e in said] == ["clock", "kept"]
    assert ms(said[0]["allowed"].split("/")[0]) > ms(now().isoformat()) - 400.1 * day * 1000
    sent = [client.event(room, i) for i in range(3)]
    first = body_of(client.send(*sent))["events"]
    for i, days in enumerate((402, 404)):
        sql(server, f"UPDATE offline_event SET received_at = {(now() - datetime.timedelta(days=days) - EPOCH) // MS}"
            f" WHERE client_id = {client.id} AND uid = '{sent[i]['uid']}'")
    jobs = json.loads(server.run("retention", "run", "--json").stdout)["jobs"]
    [job] = [j for j in jobs if j["job"] == "offline_events"]
    assert (job["keep"], job["unit"], job["last_deleted"], job["due"]) == (400, "days", 1, 0) and job["oldest_at"]
    # Forgotten, but the ledger has it: it counts once all the same.
    again = body_of(client.send(*sent))["events"]
    assert [e["outcome"] for e in again] == [first[0]["outcome"], "already", first[2]["outcome"]]
    log = body_of(room.trainer.get(f"{room.path}/attendance/{room.students[1]['id']}/events"))["items"]
    assert len(log) == 2


def test_what_is_wrong_is_said_of_each(room, client):
    other = client.event(room, 0)
    body_of(client.send(other))
    said = body_of(client.send({**other, "direction": "out"}, {**client.event(room, 1), "student_id": 999999},
                               client.event(room, 2, way="manual", status="late", code="P")))["events"]
    assert [(e["outcome"], e["field"]) for e in said] == [
        ("changed", "/events/0/uid"), ("unknown", "/events/1/student_id"), ("code", "/events/2/code")]
    assert all(e["allowed"] for e in said)


def test_what_is_wrong_with_a_batch(room, client):
    event = client.event(room, 0)
    body = client.body([event])
    for no_time in ("yesterday", "2026-02-30T08:00:00Z", "+10000-01-01T00:00:00Z", ""):
        body["events"] = [event, {**event, "uid": "b", "at": no_time}]
        assert field_errors(client.sender.post(BATCHES, json=body)) == {"/events/1/at": "type"}
    body["events"] = [event]
    assert field_errors(client.send(event, signature=b64(b"0" * 32))) == {"/signature": "invalid"}
    body["events"] = [{**event, "student_id": room.students[1]["id"]}]
    assert field_errors(client.sender.post(BATCHES, json=body)) == {"/signature": "invalid"}
    for wrong, field in (({"uid": "a b"}, "/events/0/uid"), ({"status": "late"}, "/events/0/status"),
                         ({"code": "L"}, "/events/0/code"), ({"way": "dream"}, "/events/0/way"),
                         ({"note": "x" * 501}, "/events/0/note")):
        assert field in field_errors(client.send({**event, **wrong})), field
    assert field_errors(client.send(event, event)) == {"/events/1/uid": "taken"}
    many = [{**event, "uid": f"m-{n}"} for n in range(501)]
    assert "/events" in field_errors(client.send(*many))
    body_of(client.sender.delete(f"{CLIENTS}/{client.id}"), 204)
    problem(client.send(event), 404, "not-found")


def test_batches_in_any_order_give_the_same_register(room):
    """Three clients, one class: whichever arrives first."""
    seen, dice = [], random.Random(11)
    clients = [Offline(room.trainer, off) for off in (0, 3600, -600)]
    hour_ago = (now() - datetime.timedelta(hours=1) - EPOCH) // MS
    sql(room.trainer.server, f"UPDATE offline_client SET created_at = {hour_ago}"
        f" WHERE id IN ({', '.join(str(c.id) for c in clients)})")
    for turn in range(3):
        room.session = room.new_session(began_min=5)
        room.open()
        batches = []
        base = now()
        for n, client in enumerate(clients):
            # Far apart, since the way of a request goes into the repair of a wrong clock.
            at = (base + client.off - datetime.timedelta(minutes=2 * (2 - n))).isoformat(timespec="milliseconds")
            batches.append((client, [client.event(room, 0, at=at), client.event(room, 1, at=at, way="pin"),
                                     client.event(room, 2, at=at, way="manual",
                                                  status=("absent", "late", "present")[n])]))
        dice.shuffle(batches)
        for client, events in batches + batches[:1]:
            body_of(client.send(*events))
        records = [room.record(i) for i in range(4)]
        seen.append([(r["status"], r["reason"], r["minutes_late"]) for r in records])
    assert seen[0] == seen[1] == seen[2], seen
    assert [s[0] for s in seen[0][:2]] == ["present", "present"] and seen[0][3][0] == "unmarked"


def entries(room, i):
    path = f"{room.path}/attendance/{room.students[i]['id']}/events"
    return body_of(room.trainer.get(path))["items"]


def test_killed_in_the_middle_and_sent_again(contract):
    dice = random.Random(5)
    with running() as server:
        api = Client(server, contract)
        room = Classroom(api.login(ADMIN, PASSWORD), api, n=25)
        client = Offline(room.trainer)
        sessions, events = [], []
        for _ in range(4):
            room.session = room.new_session()
            sessions.append(room.open().session)
            events += [client.event(room, i) for i in range(25)]
        for turn in range(3):
            body = client.body(events)
            lost = threading.Thread(target=swallow, args=(room.trainer, body))
            lost.start()
            time.sleep(dice.uniform(0.005, 0.12) * SLOW)
            server.kill()
            lost.join(30 * SLOW)
            server.start()
        answer = body_of(client.send(*events))
        assert answer["counted"] == 100 and answer["conflicts"] == 0
        assert body_of(client.send(*events))["events"] == answer["events"]
        for session in sessions:
            room.session = session
            for i in range(25):
                assert [e["kind"] for e in entries(room, i)] == ["check"]
        verify = server.run("ledger", "verify")
        assert verify.returncode == 0, verify.stdout + verify.stderr


def swallow(sender, body):
    try:
        requests.post(sender.server.url + BATCHES, json=body, timeout=20, headers=dict(sender.session.headers))
    except requests.RequestException:
        pass


def test_a_key_outlives_the_rotation_of_the_master_key(contract):
    with running() as server:
        api = Client(server, contract)
        room = Classroom(api.login(ADMIN, PASSWORD), api, n=1).open()
        client = Offline(room.trainer)
        server.run("key", "rotate")
        assert outcomes(client.send(client.event(room, 0))) == [("counted", "on_time")]

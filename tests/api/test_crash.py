# SPDX-License-Identifier: MIT
"""SIGKILL in the middle of marking: nothing acknowledged is lost, nothing is there twice."""
import random
import secrets
import time

import pytest

from chaos import (Sender, check_chain, check_database, entries, face_marks, hand_marks, register,
                   school, sql)
from factories import body_of, problem
from ledger import check_holds, links
from own import running, wait_until
from server import ENGINE, SLOW

HANDS = [range(3, 6), range(6, 9), range(9, 12)]  # students of each thread that marks by hand
UNDONE = 12
SEEDS = range(1, 5)


@pytest.fixture(scope="module")
def room(contract):
    with running() as server:
        yield school(server, contract, n=13)


def undoings(room):
    """One student marked and taken back, again and again: an undo that runs twice would show."""
    path = f"{room.path}/attendance/{room.students[UNDONE]['id']}"
    n = 0
    while True:
        for status in ("present", "late"):
            n += 1
            yield "mark", "PUT", path, {"json": {"status": status, "note": str(n)}}
        yield "undo", "POST", path + "/undo", {}


def crash(room, threads, after_s):
    server = room.trainer.server
    time.sleep(after_s)
    server.kill()
    for t in threads:
        t.join(60 * SLOW)
        assert not t.is_alive() and t.lost, "the thread did not notice the end of the server"
        assert t.refused == [], [(what, a.text) for what, a in t.refused]
    server.start()
    check_database(server)
    check_holds(server)


def count_marks(room, threads):
    """How often each mark by hand is there, by student and note."""
    found = {}
    for students in HANDS:
        for i in students:
            log, _ = check_chain(room, i)
            for entry in log:
                found[i, entry["note"]] = found.get((i, entry["note"]), 0) + 1
    for t in threads:
        for what, _ in t.acknowledged:
            assert found.get(what) == 1, f"the acknowledged mark {what} is there {found.get(what)}x"
        assert found.get(t.lost[0], 0) in (0, 1), t.lost
    acknowledged = sum(len(t.acknowledged) for t in threads)
    assert acknowledged <= sum(found.values()) <= acknowledged + len(threads)


def check_faces(room, sender):
    """Whoever was acknowledged is marked; nobody has two marks."""
    for i in range(3):
        log, record = check_chain(room, i)
        assert [e["kind"] for e in log] in ([], ["check"])
        if any(what[0] == i for what, _ in sender.acknowledged):
            assert record["status"] == "present" and record["method"] == "face"


def check_undo(room, sender, repeated=0):
    log, _ = check_chain_of_undone(room)
    undone = sum(e["kind"] == "undo" for e in log)
    acknowledged = sum(what == "undo" for what, _ in sender.acknowledged)
    lost = sender.lost[0] == "undo"
    assert acknowledged <= undone <= acknowledged + lost, f"{undone} undone, repeated {repeated}"
    assert len({e["undoes"] for e in log if e["undoes"]}) == undone
    return undone


def check_chain_of_undone(room):
    log, record = entries(room, UNDONE), room.record(UNDONE)
    standing = [e for e in log if e["kind"] != "undo" and not e["undone"]]
    assert record["status"] == (standing[-1]["status_after"] if standing else "unmarked")
    return log, record


def repeat(sender):
    """The same request with the same key; 409: carried out, or perhaps still running, before."""
    answer = sender.send(sender.lost)
    assert answer.status_code in (200, 409), answer.text
    if answer.status_code == 409:
        assert answer.json()["type"] == "/problems/idempotency-busy"
    return answer


@pytest.mark.parametrize("seed", SEEDS)
def test_killed_while_marking(room, seed):
    dice = random.Random(seed)
    room.session = room.new_session()
    room.open()
    hands = [Sender(room, hand_marks(room, students, f"{seed}-{k}"))
             for k, students in enumerate(HANDS)]
    face = Sender(room, face_marks(room, range(3)))
    undo = Sender(room, undoings(room))
    after_s = dice.uniform(0, 0.8) * SLOW
    print(f"seed {seed}: killed {after_s:.3f} s after each has marked")
    assert wait_until(lambda: all(t.acknowledged or t.lost for t in hands))
    crash(room, [*hands, face, undo], after_s)
    assert all(t.acknowledged for t in hands)

    count_marks(room, hands)
    check_faces(room, face)
    check_undo(room, undo)

    for sender in [*hands, face, undo]:
        for n in range(2):
            answer = repeat(sender)
            assert sender in (face, undo) or answer.status_code == 200
    for t in hands:
        i, note = t.lost[0]
        log, record = check_chain(room, i)
        assert sum(e["note"] == note for e in log) == 1 and record["note"] == note
    check_faces(room, face)
    check_undo(room, undo, repeated=2)
    room.move("close")


def close_events(room):
    found = {}
    for i in range(len(room.students)):
        found[i] = sum(e["kind"] == "close" for e in entries(room, i))
    return found


def test_killed_while_closing(contract):
    dice = random.Random(7)
    states = []
    with running() as server:
        room = school(server, contract, n=30, enrolled=0)
        began = time.monotonic()
        body_of(room.open().move("close"))
        usual_s = time.monotonic() - began
        for n in range(8):
            room.session = room.new_session()
            room.open()
            path = room.path + "/close"
            sender = Sender(room, iter([("close", "POST", path, {}), *[
                ("look", "GET", room.path, {})] * 100000]))
            after_s = dice.uniform(0, 1.5) * usual_s
            print(f"round {n}: killed after {after_s * 1000:.1f} ms of {usual_s * 1000:.1f}")
            crash(room, [sender], after_s)
            counts = close_events(room)
            state = register(room)["session"]["state"]
            states.append(state)
            closed = state == "closed"
            assert closed or not any(w == "close" for w, _ in sender.acknowledged)
            assert set(counts.values()) == {1 if closed else 0}, counts
            if not closed:
                body_of(room.trainer.post(path, headers={"Idempotency-Key": secrets.token_hex(8)}))
            assert set(close_events(room).values()) == {1}
            assert {r["status"] for r in register(room)["records"]} == {"absent"}
    print(states)


def test_killed_while_confirming_and_marking(contract):
    """Two trainers at once, and an end in the middle: what was acknowledged is in the ledger, in
    one order, and a confirmed register has no later mark."""
    dice = random.Random(11)
    with running() as server:
        room = school(server, contract, n=6, enrolled=0)
        for n in range(4):
            room.session = room.new_session()
            room.open()
            body_of(room.move("close"))
            marks = Sender(room, hand_marks(room, range(6), f"c{n}"))
            confirm = Sender(room, iter([("confirm", "POST", room.path + "/confirm", {}), *[
                ("look", "GET", room.path, {})] * 100000]))
            time.sleep(dice.uniform(0, 0.05) * SLOW)
            server.kill()
            for t in (marks, confirm):
                t.join(60 * SLOW)
                assert t.lost
            server.start()
            check_holds(server)
            kinds = [e["kind"] for e in links(server, room.session["id"])]
            state = register(room)["session"]["state"]
            assert (state == "confirmed") == ("confirmed" in kinds)
            assert kinds.count("confirmed") <= 1
            if state == "confirmed":
                assert kinds[-1] == "confirmed"
            assert sum(k in ("mark", "change") for k in kinds) >= len(marks.acknowledged)


def set_keys(room, change):
    """As a crash at a certain moment would have left them."""
    sql(room.trainer.server, f"UPDATE idempotency SET {change}")


def test_a_key_whose_answer_was_lost(contract):
    with running() as server:
        room = school(server, contract, n=1, enrolled=0).open()
        for status in ("present", "late", "absent"):
            body_of(room.mark(0, status))
        path = f"{room.path}/attendance/{room.students[0]['id']}/undo"
        key = {"Idempotency-Key": "the-one"}
        body_of(room.trainer.post(path, headers=key))

        # Killed between the commit and the answer: not done again, not even much later.
        set_keys(room, "status = 1, body = '', created_at = created_at - 3600000")
        problem(room.trainer.post(path, headers=key), 409, "idempotency-busy")
        assert room.record(0)["status"] == "late"
        server.kill()
        server.start()
        problem(room.trainer.post(path, headers=key), 409, "idempotency-busy")
        assert room.record(0)["status"] == "late"

        # Killed before the commit: another server may run it still; after a while it is done.
        set_keys(room, "status = 0, created_at = created_at + 3600000")
        problem(room.trainer.post(path, headers=key), 409, "idempotency-busy")
        set_keys(room, "created_at = created_at - 60000")
        assert body_of(room.trainer.post(path, headers=key))["status"] == "present"
        again = room.trainer.post(path, headers=key)
        assert again.headers["Idempotency-Replayed"] == "true"
        assert body_of(again)["status"] == room.record(0)["status"] == "present"


def forbid_committing(server):
    """Whoever notes in a key's row that the work is committed fails."""
    if ENGINE == "sqlite":
        sql(server, "CREATE TRIGGER forbid BEFORE UPDATE ON idempotency WHEN NEW.status = 1"
            " BEGIN SELECT RAISE(ABORT, 'forbidden'); END")
    else:
        sql(server, "CREATE FUNCTION forbid() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'forbidden'; END $$; CREATE TRIGGER forbid BEFORE UPDATE"
            " ON idempotency FOR EACH ROW WHEN (NEW.status = 1) EXECUTE FUNCTION forbid()")


def test_work_and_its_key_are_committed_together(contract):
    """No moment is left in which a crash could separate them."""
    with running() as server:
        room = school(server, contract, n=1, enrolled=0).open()
        body_of(room.mark(0, "present"))
        forbid_committing(server)
        path = f"{room.path}/attendance/{room.students[0]['id']}/undo"
        answer = room.trainer.post(path, headers={"Idempotency-Key": "k"})
        assert answer.status_code >= 400
        assert room.record(0)["status"] == "present" and len(entries(room, 0)) == 1
        # Without a key there is nothing to note.
        assert body_of(room.trainer.post(path))["status"] == "unmarked"


def test_the_crash_of_the_only_server_frees_its_keys(contract):
    with running() as server:
        room = school(server, contract, n=1, enrolled=0)
        body = {"code": "ONCE", "name": "Once"}
        key = {"Idempotency-Key": "two"}
        made = body_of(room.admin.post("/api/v1/rooms", json=body, headers=key), 201)
        set_keys(room, "status = 0")
        server.kill()
        server.start()
        answer = room.admin.post("/api/v1/rooms", json={**body}, headers=key)
        # PostgreSQL may serve others, whose requests still run.
        expected = "conflict" if ENGINE == "sqlite" else "idempotency-busy"
        problem(answer, 409, expected)
        assert room.admin.get(f"/api/v1/rooms/{made['id']}").json()["code"] == "ONCE"

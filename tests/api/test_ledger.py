# SPDX-License-Identifier: MIT
"""The ledger: its exact form computed apart from the program, and tampering that is named."""
import concurrent.futures
import datetime

import pytest

from chaos import IDS, school, sql
from classroom import portrait
from factories import body_of, problem, walk
from ledger import blake2b, check_by_hand, check_holds, form, head, links, query, root, verify
from own import running


@pytest.fixture(scope="module")
def own(contract):
    with running() as server:
        yield school(server, contract, n=4, enrolled=1)


@pytest.fixture
def room(own):
    own.session = own.new_session()
    return own.open()


@pytest.fixture
def busy(room):
    """A register with eight links: opened, five marks, an undo, closed and the closings."""
    for i, status in ((0, "present"), (1, "late"), (0, "absent"), (2, "present")):
        body_of(room.mark(i, status, note=f"note {i} – é"))
    undo(room, 0)
    return room


def undo(room, i):
    path = f"{room.path}/attendance/{room.students[i]['id']}/undo"
    return body_of(room.trainer.post(path))


def bulk(room, **body):
    return room.trainer.post(room.path + "/attendance/bulk", json=body)


def ask(room):
    return body_of(room.admin.get("/api/v1/ledger/verification",
                                  params={"session_id": room.session["id"]}))


def chain(room):
    """What the first proof says; the second one has nothing against the records."""
    said = ask(room)
    assert said["differences"] == []
    return {k: said[k] for k in ("sessions", "events", "before", "faults")}


def server_of(room):
    return room.trainer.server


# The form.

FIXED = {
    "session_id": 12, "seq": 3, "uid": "reader-1:77", "student_id": 7, "kind": "check",
    "method": "qr", "at": 1770109200123, "occurred_at": 1770109199000,
    "client_at": 1770109198500, "direction": "in", "facts": 3, "status_before": "unmarked",
    "status_after": "present", "said": None, "code": None, "undoes_uid": None,
    "covers_from": None, "covers_to": None, "device_id": None, "client": "é\n=5:x",
    "by_account_id": 4, "justification_id": None, "minutes_late": None,
    "similarity": 0.71, "margin": 1 / 3, "threshold": None, "quality": None, "liveness": None,
    "model": None, "request_id": "r-1", "note_hash": None, "prev_hash": "00" * 32,
}


def test_fixed_vectors():
    """The same values stand in tests/unit/test_ledger.c, computed there by the program."""
    assert root(12) == "9df9c0f20bcc5941579c6ddaa02b50038bb6b621182660d96a4d3f54cfaa6945"
    assert blake2b(form(FIXED)) == "eba3beceb2fb30ee3a1fc7257be85364ccbf5818d32dee4e22e395425d79012e"
    assert blake2b("salt:sick") == "a0266beced69dc80e96b6e883b46f1832ed15ba0476c3ab367412e84aff7189a"


def test_every_link_by_hand(busy):
    body_of(busy.show(portrait(IDS[0])))
    body_of(busy.move("close"))
    found = check_by_hand(server_of(busy), busy.session["id"])
    kinds = [e["kind"] for e in found]
    assert kinds == ["opened", "mark", "mark", "change", "mark", "undo", "check", "closed", "close"]
    face = found[6]
    assert face["method"] == "face" and face["similarity"] > 0.3 and face["model"]
    assert found[5]["undoes"] == found[3]["id"] and found[5]["undoes_uid"] == found[3]["uid"]
    assert len({e["uid"] for e in found}) == len(found)
    assert all(len(e["uid"]) == 32 for e in found)
    assert found[0]["student_id"] is None and found[0]["status_after"] == "open"
    assert chain(busy) == {"sessions": 1, "events": 9, "before": 0, "faults": []}


def test_every_move_is_in_the_ledger(room):
    for verb, body in (("close", {}), ("confirm", {}), ("reopen", {"reason": "a mistake"}),
                       ("close", {})):
        body_of(room.move(verb, **body))
    found = check_by_hand(server_of(room), room.session["id"])
    moves = [e for e in found if e["student_id"] is None]
    assert [(e["kind"], e["status_before"], e["status_after"]) for e in moves] == [
        ("opened", "scheduled", "open"), ("closed", "open", "closed"),
        ("confirmed", "closed", "confirmed"), ("reopened", "confirmed", "open"),
        ("closed", "open", "closed")]
    assert moves[3]["note"] == "a mistake"
    assert all(e["by_account_id"] == room.trainer.account["id"] for e in moves)


def test_the_events_of_the_api_are_the_links(busy):
    shown = body_of(busy.trainer.get(
        f"{busy.path}/attendance/{busy.students[0]['id']}/events"))["items"]
    kept = {e["id"]: e for e in links(server_of(busy), busy.session["id"])}
    assert [(e["seq"], e["uid"]) for e in shown] == [
        (kept[e["id"]]["seq"], kept[e["id"]]["uid"]) for e in shown]
    assert [e["said"] for e in shown] == ["present", "absent", None]


# Tampering. Each case gives the statements and what is to be named: what, and which link.

def rehash(server, session_id, seq):
    """What somebody would do who knows the form: the changed link gets its right hash again."""
    event = links(server, session_id)[seq - 1]
    sql(server, f"UPDATE attendance_event SET hash = '{blake2b(form(event))}'"
        f" WHERE id = {event['id']}")


@pytest.mark.parametrize("column,value", [
    ("status_after", "'absent'"), ("said", "'absent'"), ("at", "at + 1"),
    ("occurred_at", "occurred_at - 60000"), ("facts", "1"), ("uid", "'0123'"),
    ("similarity", "0.5"), ("by_account_id", "NULL"), ("request_id", "'x'"),
    ("note_hash", "NULL"), ("kind", "'change'"), ("direction", "'out'"), ("code", "'P'"),
    ("client", "''"), ("covers_to", "1"),
])
def test_a_changed_field_is_found(busy, column, value):
    server, session = server_of(busy), busy.session["id"]
    event = links(server, session)[1]
    sql(server, f"UPDATE attendance_event SET {column} = {value} WHERE id = {event['id']}")
    assert ask(busy)["faults"] == [
        {"session_id": session, "seq": 2, "event_id": event["id"], "what": "hash"}]
    # With its own hash put right, the next link gives it away (a note without hash is found as such).
    if column not in ("uid", "note_hash"):
        rehash(server, session, 2)
        [fault] = ask(busy)["faults"]
        assert fault["seq"] == 3 and fault["what"] == "previous"


def test_a_deleted_event_is_found(busy):
    server, session = server_of(busy), busy.session["id"]
    sql(server, f"DELETE FROM attendance_event WHERE session_id = {session} AND seq = 3")
    [fault] = ask(busy)["faults"]
    assert (fault["seq"], fault["what"]) == (3, "missing")


def test_a_deleted_event_with_the_numbers_closed_up_is_found(busy):
    server, session = server_of(busy), busy.session["id"]
    sql(server, f"DELETE FROM attendance_event WHERE session_id = {session} AND seq = 3;"
        f"UPDATE attendance_event SET seq = seq - 1 WHERE session_id = {session} AND seq = 4")
    [fault] = ask(busy)["faults"]
    assert (fault["seq"], fault["what"]) == (3, "previous")


@pytest.mark.parametrize("n", [1, 2])
def test_a_removed_end_is_found(busy, n):
    server, session = server_of(busy), busy.session["id"]
    seq = head(server, session)["ledger_seq"]
    sql(server, f"DELETE FROM attendance_event WHERE session_id = {session} AND seq > {seq - n}")
    assert ask(busy)["faults"] == [
        {"session_id": session, "seq": seq - n + 1, "event_id": 0, "what": "missing"}]
    # Whoever also moves the head back must know its hash.
    sql(server, f"UPDATE session SET ledger_seq = {seq - n} WHERE id = {session}")
    [fault] = ask(busy)["faults"]
    assert (fault["seq"], fault["what"]) == (seq - n, "head")


def test_exchanged_events_are_found(busy):
    server, session = server_of(busy), busy.session["id"]
    sql(server, f"UPDATE attendance_event SET seq = -1 WHERE session_id = {session} AND seq = 2;"
        f"UPDATE attendance_event SET seq = 2 WHERE session_id = {session} AND seq = 3;"
        f"UPDATE attendance_event SET seq = 3 WHERE session_id = {session} AND seq = -1")
    [fault] = ask(busy)["faults"]
    assert (fault["seq"], fault["what"]) == (2, "previous")


COPIED = ("session_id, student_id, at, occurred_at, kind, method, status_before, status_after,"
          " request_id, direction, facts, prev_hash, hash")


@pytest.mark.parametrize("seq,what,named", [("ledger_seq + 1", "head", 7), ("CAST(NULL AS BIGINT)", "hash", 0)])
def test_a_slipped_in_event_is_found(busy, seq, what, named):
    server, session = server_of(busy), busy.session["id"]
    sql(server, f"INSERT INTO attendance_event ({COPIED}, uid, seq) SELECT {COPIED}, 'slipped',"
        f" (SELECT {seq} FROM session WHERE id = {session}) FROM attendance_event"
        f" WHERE session_id = {session} AND seq = 5")
    [fault] = ask(busy)["faults"]
    assert (fault["what"], fault["seq"]) == (what, named)
    sql(server, "DELETE FROM attendance_event WHERE uid = 'slipped'")
    assert ask(busy)["faults"] == []


def test_a_changed_head_is_found(busy):
    server, session = server_of(busy), busy.session["id"]
    sql(server, f"UPDATE session SET ledger_hash = '{'ab' * 32}' WHERE id = {session}")
    [fault] = ask(busy)["faults"]
    assert (fault["seq"], fault["what"]) == (head(server, session)["ledger_seq"], "head")


def test_a_note_may_be_erased_but_not_changed(busy):
    server, session = server_of(busy), busy.session["id"]
    sql(server, f"UPDATE attendance_event SET note = NULL, note_salt = NULL"
        f" WHERE session_id = {session} AND seq = 2")
    assert ask(busy)["faults"] == []
    sql(server, f"UPDATE attendance_event SET note = 'another' WHERE session_id = {session}"
        " AND seq = 3")
    [fault] = ask(busy)["faults"]
    assert (fault["seq"], fault["what"]) == (3, "note")


def test_events_from_before_the_ledger_are_a_prefix(own):
    own.session = own.new_session()
    server, session = server_of(own), own.session["id"]
    student = own.students[3]["id"]
    sql(server, "INSERT INTO attendance_event (session_id, student_id, at, occurred_at, kind,"
        " method, status_before, status_after, request_id, minutes_late) VALUES"
        f" ({session}, {student}, 5, 5, 'mark', 'face', 'unmarked', 'late', 'old', 12);"
        " INSERT INTO attendance_record (session_id, student_id, status, method, minutes_late,"
        f" weight) VALUES ({session}, {student}, 'late', 'face', 12, 1000)")
    own.open()
    assert own.record(3)["status"] == "late" and own.record(3)["reason"] == "came_late"
    body_of(own.mark(3, "present"))
    assert chain(own) == {"sessions": 1, "events": 3, "before": 1, "faults": []}
    # Taken back, the old mark counts again, and can be taken back itself.
    assert undo(own, 3)["status"] == "late" and own.record(3)["minutes_late"] == 12
    assert undo(own, 3)["status"] == "unmarked"
    found = [e for e in links(server, session) if e["seq"]]
    assert found[-1]["undoes_uid"].startswith("#")
    assert ask(own)["faults"] == []


def test_the_command(busy):
    server, session = server_of(busy), busy.session["id"]
    said = server.run("ledger", "verify", "--session", str(session))
    assert said.stdout.endswith("the ledger holds\n") and said.stderr == ""
    status, report = verify(server, "--session", str(session))
    assert (status, report["sessions"], report["faults"]) == (0, 1, [])
    sql(server, f"DELETE FROM attendance_event WHERE session_id = {session} AND seq = 3")
    status, report = verify(server)
    assert status == 1 and report["sessions"] > 5
    assert [(f["session_id"], f["seq"], f["what"]) for f in report["faults"]
            if f["session_id"] == session] == [(session, 3, "missing")]
    said = server.run("ledger", "verify", "--session", str(session), check=False)
    assert said.returncode == 1 and f"session {session}, seq 3" in said.stdout
    assert "missing" in said.stdout and "BROKEN" in said.stdout


# The second proof: records that do not follow from the events.

@pytest.fixture
def seen(busy):
    """The same with a check-in by a face, a closing and a student who was never marked."""
    body_of(busy.show(portrait(IDS[0])))
    body_of(busy.move("close"))
    said = ask(busy)
    assert (said["records"], said["records_before"], said["differences"]) == (4, 0, [])
    return busy


def tamper(room, i, change):
    sql(server_of(room), f"UPDATE attendance_record SET {change} WHERE session_id ="
        f" {room.session['id']} AND student_id = {room.students[i]['id']}")


CHANGED = [
    (0, "status = 'absent'", "status", "absent", "present"),
    (3, "status = 'present'", "status", "present", "absent"),
    (1, "minutes_late = 7", "minutes_late", "7", ...),
    (0, "minutes_present = 1", "minutes_present", "1", ...),
    (0, "in_at = in_at - 60000", "in_at", ..., ...),
    (0, "out_at = in_at", "out_at", ..., None),
    (2, "code = 'X'", "code", "X", "P"),
    (2, "code = 'L'", "code", "L", "P"),
    (1, "weight = 0", "weight", "0", "1000"),
    (1, "derived = 'present'", "derived", "present", "absent"),
    (3, "reason = 'person_said'", "reason", "person_said", "register_closed"),
    (3, "last_event_id = NULL", "event", None, ...),
    (2, "method = 'qr'", "method", "qr", "manual"),
    (2, "marked_at = marked_at + 1", "marked_at", ..., ...),
    (2, "marked_by = NULL", "marked_by", None, ...),
    (0, "similarity = 0.99", "similarity", "0.98999999999999999", ...),
    (1, "note = 'sick'", "note", "sick", "note 1 – é"),
]


def test_a_changed_record_is_found(seen):
    server, session = server_of(seen), seen.session["id"]
    sql(server, f"CREATE TABLE kept AS SELECT * FROM attendance_record WHERE session_id = {session}")
    for i, change, field, stored, derived in CHANGED:
        tamper(seen, i, change)
        said = ask(seen)
        assert said["faults"] == []
        [found] = said["differences"]
        assert (found["session_id"], found["student_id"], found["field"]) == (
            session, seen.students[i]["id"], field), change
        assert stored is ... or found["stored"] == stored
        assert derived is ... or found["derived"] == derived
        assert found["stored"] != found["derived"]
        sql(server, f"DELETE FROM attendance_record WHERE session_id = {session};"
            " INSERT INTO attendance_record SELECT * FROM kept")
        assert ask(seen)["differences"] == []
    sql(server, "DROP TABLE kept")


def test_a_default_code_left_out_is_the_same(seen):
    tamper(seen, 2, "code = NULL")
    assert ask(seen)["differences"] == []


def test_a_record_that_was_removed_or_made_up_is_found(seen):
    server, session, student = server_of(seen), seen.session["id"], seen.students[1]["id"]
    sql(server, f"DELETE FROM attendance_record WHERE session_id = {session}"
        f" AND student_id = {student}")
    [found] = ask(seen)["differences"]
    assert found == {"session_id": session, "student_id": student, "field": "status",
                     "stored": None, "derived": "late"}
    seen.session = seen.new_session()
    sql(server, "INSERT INTO attendance_record (session_id, student_id, status, weight) VALUES"
        f" ({seen.session['id']}, {student}, 'present', 1000)")
    [found] = ask(seen)["differences"]
    assert (found["field"], found["stored"], found["derived"]) == ("status", "present", "unmarked")


def test_another_state_than_the_events_led_to_is_found(seen):
    server, session = server_of(seen), seen.session["id"]
    for state in ("cancelled", "open", "confirmed"):
        sql(server, f"UPDATE session SET state = '{state}' WHERE id = {session}")
        [found] = ask(seen)["differences"]
        assert found == {"session_id": session, "student_id": 0, "field": "state", "stored": state,
                         "derived": "closed"}
    # Cancelled, or scheduled again, before there was an event of it: nothing is known.
    for state in ("cancelled", "scheduled"):
        sql(server, f"UPDATE session SET state = '{state}', updated_at = 1 WHERE id = {session}")
        assert all(d["field"] != "state" for d in ask(seen)["differences"])


def test_the_command_names_the_record(seen):
    server, session = server_of(seen), seen.session["id"]
    one = ("ledger", "verify", "--session", str(session))
    said = server.run(*one)
    assert "4 records, of 0 of them from before the ledger only the status: all follow" in said.stdout
    tamper(seen, 1, "status = 'present'")
    tamper(seen, 2, "minutes_present = 1")
    said = server.run(*one, check=False)
    assert said.returncode == 1 and "the ledger holds" in said.stdout and "DIFFERENT" in said.stdout
    assert (f"session {session}, student {seen.students[1]['id']}, status: the record says present,"
            " the events say late\n") in said.stdout
    assert said.stdout.count(f"session {session}, ") == 1, "the first one of a session"
    status, report = verify(server, "--session", str(session))
    assert status == 1 and report["differences"][0]["field"] == "status"
    status, report = verify(server, "--session", str(session), "--chain")
    assert (status, report["records"], report["differences"]) == (0, 0, [])
    tamper(seen, 1, "status = 'late', note = '\x1b[2J' || note")
    assert "note: the record says [2Jnote 1" in server.run(*one, check=False).stdout, "nothing steers the terminal"
    tamper(seen, 1, "note = substr(note, 5)")
    assert ask(seen)["differences"][0]["student_id"] == seen.students[2]["id"]


def test_who_left_the_group_was_not_in_the_register(own):
    """A check-in that does not count, then another group, then the closing: no absence."""
    own.session = own.new_session()
    own.open()
    student = own.students[2]["id"]
    body_of(own.mark(2, "present"))
    assert undo(own, 2)["status"] == "unmarked"
    member = f"student_id = {student}"
    old = query(server_of(own), f"SELECT to_day FROM group_member WHERE {member}")
    sql(server_of(own), f"UPDATE group_member SET to_day = from_day + 1 WHERE {member}")
    body_of(own.move("close"))
    assert ask(own)["differences"] == [] and ask(own)["records"] == 4
    tamper(own, 2, "status = 'present'")
    assert ask(own)["differences"][0]["student_id"] == student
    sql(server_of(own), f"UPDATE group_member SET to_day = NULL WHERE {member}")
    assert [row["to_day"] for row in old] == [None]


# What happens to a session whose ledger has begun.

def totals(room, i):
    """What the summary, the student's report and the group's report count of the student."""
    student = room.students[i]["id"]
    summary = body_of(room.admin.get(f"/api/v1/students/{student}/attendance/summary"))
    year = body_of(room.admin.get(f"/api/v1/reports/students/{student}"))
    group = body_of(room.admin.get(f"/api/v1/reports/groups/{room.group['id']}"))
    [row] = [r for r in group["students"] if r["student_id"] == student]
    return summary["sessions"], year["total"]["sessions"], row["sessions"]


def test_a_cancelled_session_says_so_and_counts_nowhere(busy):
    before = totals(busy, 0)
    body_of(busy.admin.post(f"{busy.path}/cancel", json={"reason": "fire alarm"}))
    assert totals(busy, 0) == tuple(n - 1 for n in before)
    found = check_by_hand(server_of(busy), busy.session["id"])
    last = found[-1]
    assert (last["kind"], last["student_id"], last["status_before"], last["status_after"], last["note"]) == (
        "cancelled", None, "open", "cancelled", "fire alarm")
    assert last["by_account_id"] == busy.admin.account["id"]
    assert busy.record(1)["status"] == "late", "what was marked is still there to be seen"
    steps, _ = walk(busy.trainer, busy.path + "/history", {"limit": 1})
    assert [(s["kind"], s["state_after"], s["reason"]) for s in steps] == [
        ("cancelled", "cancelled", "fire alarm"), ("opened", "open", None)]
    assert steps[0]["by_name"] and steps[0]["seq"] == last["seq"]
    problem(busy.mark(1, "present"), 409, "session-not-open")
    assert chain(busy)["faults"] == []
    sql(server_of(busy), f"UPDATE session SET cancel_reason = 'x' WHERE id = {busy.session['id']}")
    sql(server_of(busy), f"DELETE FROM attendance_event WHERE id = {last['id']}")
    assert [f["what"] for f in ask(busy)["faults"]] == ["missing"]


def test_a_session_without_a_ledger_is_cancelled_without_one(own):
    own.session = own.new_session()
    body_of(own.admin.post(f"{own.path}/cancel", json={"reason": "fire alarm"}))
    assert links(server_of(own), own.session["id"]) == []


def test_restored_and_moved_its_records_follow_the_new_times(own):
    """A lesson of a series: opened, checked in, cancelled, given back, and begun a quarter of an hour before."""
    now = datetime.datetime.now(datetime.timezone.utc)
    day, minute = now.date().isoformat(), now.hour * 60 + now.minute
    group = own.make.group()
    own.make.member(group, own.students[0], **{"from": "2020-01-01"})
    series = body_of(own.admin.post("/api/v1/series", json={
        "module_id": own.new_session()["module_id"], "trainer_id": own.make.trainer()["id"],
        "group_ids": [group["id"]], "kind": "course", "mode": "in_person", "time_zone": "UTC",
        "weekdays": [now.strftime("%a")[:2].lower()], "first_day": day, "last_day": day, "starts_min": minute,
        "duration_min": 90, "allow_clash": True}), 201)
    found = body_of(own.admin.get("/api/v1/sessions", params={"limit": 200}))["items"]
    [own.session] = [s for s in found if s["series_id"] == series["id"]]
    body_of(own.admin.post(f"{own.path}/open"))
    body_of(own.show(portrait(IDS[0]), client=own.admin))
    assert (own.record(0, own.admin)["status"], own.record(0, own.admin)["minutes_late"]) == ("present", None)
    body_of(own.admin.post(f"{own.path}/cancel", json={"reason": "fire alarm"}))
    exceptions = f"/api/v1/series/{series['id']}/exceptions"
    body_of(own.admin.post(exceptions, json={"day": day, "reason": "fire alarm"}), 201)
    body_of(own.admin.delete(f"{exceptions}/{day}"))
    old = own.session["starts_at"], own.session["ends_at"]
    moved = now - datetime.timedelta(minutes=14)
    version = body_of(own.admin.get(own.path))["version"]
    body_of(own.admin.patch(own.path, json={"starts_at": moved.isoformat(), "allow_clash": True},
                            headers={"If-Match": f'"{version}"'}))
    assert own.record(0, own.admin)["status"] == "late" and own.record(0, own.admin)["minutes_late"] >= 13
    found = check_by_hand(server_of(own), own.session["id"])
    assert [e["kind"] for e in found] == ["opened", "check", "cancelled", "restored", "rescheduled"]
    assert (found[3]["status_before"], found[3]["status_after"]) == ("cancelled", "scheduled")
    moves = body_of(own.admin.get(own.path + "/history"))["items"]
    assert [m["kind"] for m in moves] == ["rescheduled", "restored", "cancelled", "opened"]
    assert moves[0]["starts_at"].startswith(moved.isoformat()[:19]) and moves[0]["reason"] is None
    assert found[4]["note"] == "/".join(old) and found[4]["covers_from"] == int(moved.timestamp() * 1000)
    assert chain(own)["faults"] == []
    # What the marks rest on is not changed by a new policy.
    path = "/api/v1/presence/policies/course"
    body_of(own.admin.put(path, json={"ways": "any", "late_after_min": 20, "check_out": True, "min_minutes": 0,
                                      "apply_to_scheduled": True},
                          headers={"If-Match": own.admin.get(path).headers["ETag"]}))
    assert chain(own)["faults"] == [] and own.record(0, own.admin)["status"] == "late"
    body_of(own.admin.delete(path), 204)


def test_another_default_code_later_is_no_difference(seen):
    code = {"category": "present", "label_en": "Here", "label_fr": "Là", "label_ar": "هنا",
            "colour": "#15803d", "is_default": True, "weight": 1000}
    made = body_of(seen.admin.post("/api/v1/status-codes", json={"code": "HE", **code}), 201)
    assert ask(seen)["differences"] == [] and seen.record(2)["code"] == "P"
    tamper(seen, 2, "code = 'L'")
    assert ask(seen)["differences"][0]["field"] == "code"
    tamper(seen, 2, "code = 'P'")
    sql(server_of(seen), "UPDATE status_code SET default_until = 0")
    assert (ask(seen)["differences"][0]["stored"], made["code"]) == ("P", "HE")


@pytest.mark.parametrize("words,status", [
    (["--session", "x"], 2), (["--session", "0"], 2), (["--session", "999999"], 1),
    (["now"], 2), (["--help"], 0),
])
def test_the_command_used_wrongly(own, words, status):
    assert server_of(own).run("ledger", "verify", *words, check=False).returncode == status


def test_who_may_ask(own):
    path, query_of = "/api/v1/ledger/verification", {"session_id": own.session["id"]}
    problem(own.trainer.get(path, params=query_of), 403, "forbidden")
    problem(own.admin.get(path, params={"session_id": 999999}), 404, "not-found")
    assert own.admin.get(path).status_code == 422


# Many at once.

def test_many_hands_at_once_make_one_chain(own):
    own.session = own.new_session()
    own.open()

    def work(k):
        i = k % 4
        status = ("present", "late", "absent", "excused")[k // 4 % 4]
        if k % 9 == 8:
            return bulk(own, status=status, all_but=[own.students[i]["id"]])
        return own.mark(i, status, note=str(k), client=own.admin if k % 2 else None)

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(work, range(40)))
    assert {a.status_code for a in answers} == {200}
    found = check_by_hand(server_of(own), own.session["id"])
    assert len(found) > 30


def test_marks_that_come_in_meanwhile_are_no_false_alarm(own):
    own.session = own.new_session()
    own.open()
    statuses = ("present", "late", "absent", "partial")

    def work(k):
        if k % 3 == 0:
            return ask(own)["differences"] + ask(own)["faults"]
        body_of(own.mark(k % 4, statuses[k // 4 % 4], note=str(k)))
        return []

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(work, range(48)), []) == []


def test_two_confirm_and_close_at_once(own):
    for _ in range(4):
        own.session = own.new_session()
        own.open()
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            closed = list(pool.map(lambda k: own.move("close"), range(3)))
            confirmed = list(pool.map(lambda k: own.move("confirm") if k % 2 else
                                      own.mark(0, "present"), range(6)))
        assert sorted(a.status_code for a in closed) == [200, 409, 409]
        assert [a.status_code for a in confirmed].count(200) >= 1
        found = check_by_hand(server_of(own), own.session["id"])
        assert [e["kind"] for e in found].count("closed") == 1
        assert [e["kind"] for e in found].count("confirmed") == 1
        assert [e["kind"] for e in found].count("close") == 4


def test_it_holds_in_the_end(own):
    """The sessions that no test broke."""
    server = server_of(own)
    _, report = verify(server)
    broken = {f["session_id"] for f in report["faults"]}
    for row in query(server, "SELECT id FROM session WHERE ledger_seq > 0"):
        if row["id"] not in broken:
            found = links(server, row["id"])
            if all(e["seq"] for e in found):
                check_by_hand(server, row["id"])
    # An older program has no words for some of it; who comes back from that has them again.
    kinds = query(server, "SELECT id, kind FROM attendance_event ORDER BY id")
    assert {"cancelled", "restored", "rescheduled"} <= {row["kind"] for row in kinds}
    server.stop()
    server.run("migrate", "downgrade", "--to", "20")
    server.run("migrate", "upgrade")
    assert query(server, "SELECT id, kind FROM attendance_event ORDER BY id") == kinds


def test_it_holds_after_a_demo_week(contract):
    with running() as server:
        room = school(server, contract, n=3, enrolled=0).open()
        body_of(room.mark(0, "present"))
        assert check_holds(server)["events"] == 2

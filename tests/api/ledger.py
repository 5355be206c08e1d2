# SPDX-License-Identifier: MIT
"""The ledger as docs/ledger.md describes it, computed apart from the program; and a look at the
database behind the server's back."""
import contextlib
import hashlib
import json
import sqlite3
import subprocess

from chaos import database_file
from server import ENGINE

FORM = "smartpresence-ledger 1\n"
NUMBER, TEXT, FRACTION = "number", "text", "fraction"
LINES = [
    ("session", NUMBER, "session_id"), ("seq", NUMBER, "seq"), ("uid", TEXT, "uid"),
    ("student", NUMBER, "student_id"), ("kind", TEXT, "kind"), ("method", TEXT, "method"),
    ("at", NUMBER, "at"), ("occurred_at", NUMBER, "occurred_at"),
    ("client_at", NUMBER, "client_at"), ("direction", TEXT, "direction"),
    ("facts", NUMBER, "facts"), ("status_before", TEXT, "status_before"),
    ("status_after", TEXT, "status_after"), ("said", TEXT, "said"), ("code", TEXT, "code"),
    ("undoes", TEXT, "undoes_uid"), ("covers_from", NUMBER, "covers_from"),
    ("covers_to", NUMBER, "covers_to"), ("device", NUMBER, "device_id"),
    ("client", TEXT, "client"), ("by", NUMBER, "by_account_id"),
    ("justification", NUMBER, "justification_id"), ("minutes_late", NUMBER, "minutes_late"),
    ("similarity", FRACTION, "similarity"), ("margin", FRACTION, "margin"),
    ("threshold", FRACTION, "threshold"), ("quality", FRACTION, "quality"),
    ("liveness", FRACTION, "liveness"), ("model", TEXT, "model"),
    ("request", TEXT, "request_id"), ("note", TEXT, "note_hash"), ("previous", TEXT, "prev_hash"),
]


def blake2b(text):
    return hashlib.blake2b(text.encode(), digest_size=32).hexdigest()


def root(session_id):
    return blake2b(f"{FORM}session={session_id}\n")


def line(name, kind, value):
    if value is None:
        return f"{name}=\n"
    if kind == TEXT:
        return f"{name}={len(value.encode())}:{value}\n"
    return f"{name}={value:.17g}\n" if kind == FRACTION else f"{name}={value}\n"


def form(event):
    return FORM + "".join(line(name, kind, event[column]) for name, kind, column in LINES)


def query(server, statement):
    """Rows as dictionaries, past the program."""
    if ENGINE == "sqlite":
        with contextlib.closing(sqlite3.connect(database_file(server), timeout=10)) as db:
            db.row_factory = sqlite3.Row
            return [dict(row) for row in db.execute(statement)]
    said = subprocess.run(
        ["psql", "-qAt", "-v", "ON_ERROR_STOP=1", "-d", server.options["database_url"], "-c",
         f"SELECT row_to_json(t) FROM ({statement}) t"], check=True, capture_output=True, text=True)
    return [json.loads(row) for row in said.stdout.splitlines()]


def links(server, session_id):
    return query(server, "SELECT e.*, CASE WHEN e.undoes IS NULL THEN NULL"
                 " ELSE coalesce(u.uid, '#' || CAST(e.undoes AS TEXT)) END AS undoes_uid"
                 " FROM attendance_event e LEFT JOIN attendance_event u ON u.id = e.undoes"
                 f" WHERE e.session_id = {session_id} ORDER BY e.seq")


def head(server, session_id):
    return query(server, f"SELECT ledger_seq, ledger_hash FROM session WHERE id = {session_id}")[0]


def check_by_hand(server, session_id):
    """Every link of the session by this file's own computation; the links."""
    before, found = root(session_id), links(server, session_id)
    for k, event in enumerate(found):
        assert event["seq"] == k + 1
        assert event["prev_hash"] == before
        assert event["hash"] == blake2b(form(event)), form(event)
        if event["note"] is not None:
            assert event["note_hash"] == blake2b(f"{event['note_salt']}:{event['note']}")
        before = event["hash"]
    end = head(server, session_id)
    assert end["ledger_seq"] == len(found)
    assert not found or end["ledger_hash"] == before
    return found


def verify(server, *words):
    """The command's exit status and report."""
    done = server.run("ledger", "verify", "--json", *words, check=False)
    return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr


def check_holds(server):
    """Whatever happened: the ledger verifies, by the program and by hand."""
    status, report = verify(server)
    assert status == 0 and report["faults"] == report["differences"] == [], report
    for row in query(server, "SELECT id FROM session WHERE ledger_seq > 0"):
        check_by_hand(server, row["id"])
    return report

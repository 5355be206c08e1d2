# SPDX-License-Identifier: MIT
"""Idempotency-Key: a POST that is sent twice happens once."""
import concurrent.futures
import hashlib
import struct

import pytest

from chaos import sql
from client import Client, problem
from conftest import PASSWORD
from own import account, mail, running
from server import ENGINE
from test_erasure import rows as select

PROGRAMMES = "/api/v1/programmes"


def new(**more):
    code = mail("K").partition("@")[0]
    return {"code": code, "name": "Kept", **more}


def post(client, key, body, path=PROGRAMMES, **more):
    return client.post(path, json=body, headers={"Idempotency-Key": key}, **more)


def rows(admin, body):
    items = admin.get(PROGRAMMES, params={"q": body["code"]}).json()["items"]
    return len([i for i in items if i["code"] == body["code"]])


def key_of(test):
    return mail(test)


def test_same_request_again(admin):
    key, body = key_of("a"), new()
    first, second = post(admin, key, body), post(admin, key, body)
    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert second.headers["Content-Type"] == "application/json"
    assert rows(admin, body) == 1
    assert post(admin, key_of("a"), body).status_code == 409, "another key is another request"


def test_answer_is_the_one_of_then(admin):
    key, body = key_of("b"), new()
    made = post(admin, key, body).json()
    assert admin.patch(f"{PROGRAMMES}/{made['id']}", version=1, json={"name": "Renamed"}).status_code == 200
    assert post(admin, key, body).json() == made


@pytest.mark.parametrize("change", ["body", "query", "path"])
def test_other_request_under_the_key(admin, change):
    key, body = key_of("c"), new()
    assert post(admin, key, body).status_code == 201
    other, path = dict(body), PROGRAMMES
    if change == "body":
        other["name"] = "Else"
    path += "?x=1" if change == "query" else ""
    path = "/api/v1/rooms" if change == "path" else path
    problem(post(admin, key, other, path), 409, "idempotency-mismatch")
    assert rows(admin, body) == 1


def test_at_once(admin):
    key, body = key_of("d"), new()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: admin.server.raw(
            "POST", PROGRAMMES, json=body, headers={**admin.session.headers, "Idempotency-Key": key}), range(8)))
    created = [a for a in answers if a.status_code == 201]
    busy = [a for a in answers if a.status_code == 409]
    assert len(created) + len(busy) == 8 and created
    assert len({a.content for a in created}) == 1
    assert all(a.json()["type"] == "/problems/idempotency-busy" for a in busy)
    assert len([a for a in created if "Idempotency-Replayed" not in a.headers]) == 1
    assert rows(admin, body) == 1
    assert post(admin, key, body).content == created[0].content


def test_keys_belong_to_their_callers(server, contract, admin):
    other = Client(server, contract).login(account(admin)["email"], PASSWORD)
    key, mine, theirs = key_of("e"), new(), new()
    assert post(admin, key, mine).json()["code"] == mine["code"]
    assert post(other, key, theirs).json()["code"] == theirs["code"]
    assert post(other, key, theirs).json()["code"] == theirs["code"]
    problem(post(other, key, mine), 409, "idempotency-mismatch")


def test_refusals_are_kept_too(admin):
    key, body = key_of("f"), new(name="")
    first, second = post(admin, key, body), post(admin, key, body)
    problem(first, 422, "invalid")
    problem(second, 422, "invalid")
    assert second.headers["Idempotency-Replayed"] == "true"
    assert second.headers["Content-Type"] == "application/problem+json"
    assert second.json()["errors"] == first.json()["errors"]


def test_without_a_key_it_is_two_requests(admin):
    body = new()
    assert admin.post(PROGRAMMES, json=body).status_code == 201
    assert admin.post(PROGRAMMES, json=body).status_code == 409


@pytest.mark.parametrize("key", ["x" * 201, "a b", "é", "a\tb"])
def test_odd_keys(admin, key):
    body = new()
    problem(post(admin, key.encode("utf-8"), body), 400, "bad-request")
    assert rows(admin, body) == 0


@pytest.mark.parametrize("key", ["x", "x" * 200, "'; DROP TABLE idempotency; --".replace(" ", "_"), '"quoted"', "%00"])
def test_fine_keys(admin, key):
    body = new()
    key = key if len(key) == 200 else key + mail("u")
    first = post(admin, key, body)
    assert first.status_code == 201 and post(admin, key, body).content == first.content


def test_keys_on_other_methods_mean_nothing(admin):
    made = admin.post(PROGRAMMES, json=new()).json()
    path, key = f"{PROGRAMMES}/{made['id']}", key_of("g")
    for version in (1, 2):
        answer = admin.request("PATCH", path, json={"name": f"v{version}"},
                               headers={"If-Match": f'"{version}"', "Idempotency-Key": key})
        assert answer.status_code == 200 and answer.json()["name"] == f"v{version}"


def test_tokens_are_not_kept(server, contract, admin):
    who = account(admin)["email"]
    client, key = Client(server, contract), key_of("h")
    form = {"email": who, "password": PASSWORD, "transport": "bearer"}
    tokens = {post(client, key, form, "/api/v1/auth/login").json()["refresh_token"] for _ in range(2)}
    assert len(tokens) == 2, "a new login each time, never a stored one"


def test_with_a_form(admin):
    """The parts' bytes are part of the request; where their boundary lies is not."""
    made = admin.post("/api/v1/students", json={"student_number": mail("N").partition("@")[0], "name": "Forma"})
    path = f"/api/v1/students/{made.json()['id']}/enrolment"
    consent = {"given_by": "student", "text_version": "1", "locale": "en", "of_age": True}
    assert admin.put(path.replace("enrolment", "consent"), json=consent).status_code == 200
    key = key_of("i")

    def upload(data):
        return admin.post(path, files={"photos": ("a.jpg", data, "image/jpeg")}, headers={"Idempotency-Key": key})

    first, second = upload(b"no picture"), upload(b"no picture")
    assert first.status_code == second.status_code >= 400
    assert second.headers["Idempotency-Replayed"] == "true"
    problem(upload(b"other bytes"), 409, "idempotency-mismatch")


def stored(key):
    """What the database calls the key."""
    parts = b"".join(struct.pack("<Q", len(part)) + part for part in (b"stored", key.encode()))
    return hashlib.blake2b(parts, digest_size=32).hexdigest()


def row_of(server, key, columns="*"):
    return select(server, f"SELECT {columns} FROM idempotency WHERE idem_key = '{stored(key)}'")[0]


def change(server, key, what):
    sql(server, f"UPDATE idempotency SET {what} WHERE idem_key = '{stored(key)}'")


def test_the_database_holds_no_key_no_request_and_no_answer(server, admin):
    """What a thief of the database finds are hashes, and answers that the master key has sealed."""
    key, body = key_of("planted-key"), new()
    answer = post(admin, key, body)
    row = b" ".join(v if isinstance(v, bytes) else str(v).encode() for v in row_of(server, key))
    for secret in (key, body["code"], body["name"], *answer.json()):
        assert secret.encode() not in row
    assert len(row_of(server, key, "sealed")[0]) == len(answer.content) + 2 * (24 + 16) + 32
    assert row_of(server, key, "body")[0] == ""


def test_a_secret_that_is_shown_once_is_told_again_and_kept_by_nobody(server, admin):
    student = admin.post("/api/v1/students", json={"student_number": mail("N").partition("@")[0], "name": "Cal"})
    feed = {"subject": "student", "subject_id": student.json()["id"]}
    key, path = key_of("feed"), "/api/v1/calendar-feeds"
    made = post(admin, key, feed, path)
    assert made.status_code == 201 and post(admin, key, feed, path).content == made.content
    secret = made.json()["url"].rpartition("/")[2].partition(".")[0]
    assert len(secret) >= 43 and secret not in str(select(server, "SELECT * FROM idempotency"))
    assert secret not in str(select(server, "SELECT * FROM calendar_feed"))


BYTES = "X'%s'" if ENGINE == "sqlite" else "'\\x%s'"


def test_an_altered_answer_is_not_given(server, admin):
    """Nor one of another key or of another status: it was carried out, and what was said is lost."""
    (key, body), (other, more) = [(key_of("k"), new()) for _ in range(2)]
    assert post(admin, key, body).status_code == post(admin, other, more).status_code == 201
    mine, theirs = row_of(server, key, "sealed")[0], row_of(server, other, "sealed")[0]
    wrong = [f"sealed = {BYTES % theirs.hex()}", f"sealed = {BYTES % (mine[:-1] + bytes([mine[-1] ^ 1])).hex()}",
             f"sealed = {BYTES % mine[:39].hex()}", f"sealed = {BYTES % mine.hex()}, status = 200"]
    for what in wrong:
        change(server, key, what)
        problem(post(admin, key, body), 409, "idempotency-busy")
    change(server, key, f"sealed = {BYTES % mine.hex()}, status = 201")
    assert post(admin, key, body).json()["code"] == body["code"]
    assert rows(admin, body) == 1


def test_over_an_upgrade_and_a_rotation(contract):
    """Plain answers of the older program are told until they are a day old."""
    with running() as server:
        admin = Client(server, contract).login("admin@school.example", PASSWORD)
        asked = [(key_of(k), new()) for k in ("plain", "down")]
        plain, down = [post(admin, *a) for a in asked]
        server.stop()
        server.run("migrate", "downgrade", "--to", "21")
        # As the older program would have written it; the other one it could not have told.
        change(server, asked[0][0], f"status = 201, body = '{plain.text}'")
        server.start()
        again = post(admin, *asked[0])
        assert again.content == plain.content and again.headers["Idempotency-Replayed"] == "true"
        problem(post(admin, *asked[1]), 409, "idempotency-busy")
        assert rows(admin, asked[1][1]) == 1 and down.status_code == 201
        # The running server still has the old key; started anew it does not.
        key, body = key_of("rotated"), new()
        made = post(admin, key, body)
        server.run("key", "rotate")
        assert post(admin, key, body).content == made.content
        server.stop()
        server.start()
        problem(post(admin, key, body), 409, "idempotency-busy")
        assert rows(admin, body) == 1


def test_a_refusal_for_haste_is_not_kept(contract):
    """429 and 5xx give the key back: the same request may be tried again."""
    with running(rate_per_minute=1) as server:  # the next one is a minute away
        admin = Client(server, contract).login("admin@school.example", PASSWORD)
        key, body = key_of("j"), new()
        headers = {**admin.session.headers, "Idempotency-Key": key}
        while server.raw("GET", "/api/v1/me", headers=admin.session.headers).status_code != 429:
            pass
        refused = server.raw("POST", PROGRAMMES, json=body, headers=headers)
        assert refused.status_code == 429
        server.stop()
        server.options["rate_per_minute"] = "1000"
        server.start()
        made = server.raw("POST", PROGRAMMES, json=body, headers=headers)
        assert made.status_code == 201 and "Idempotency-Replayed" not in made.headers
        again = server.raw("POST", PROGRAMMES, json=body, headers=headers)
        assert again.content == made.content and again.headers["Idempotency-Replayed"] == "true"

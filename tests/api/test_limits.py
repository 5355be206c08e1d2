# SPDX-License-Identifier: MIT
"""How much is taken, how fast; a server without models; how the server ends."""
import concurrent.futures
import re
import shutil
import signal
import socket
import time

import pytest
import requests

from client import Client, problem
from conftest import PASSWORD
from own import account, connect, mail, read_all, running, some_address, wait_until
from server import CACHE, SLOW, Server
from test_erasure import one as one_of

ME = "/api/v1/me"
LOGIN = "/api/v1/auth/login"


@pytest.fixture(scope="module")
def small():
    """One worker, one place to wait, few requests a minute; X-Forwarded-For says who comes."""
    with running(workers=1, queue_max=1, rate_per_minute=20, trusted_proxies="127.0.0.1") as server:
        yield server


def ask(server, path=ME, address=None, **headers):
    return server.raw("GET", path, headers={"X-Forwarded-For": address or some_address(), **headers})


# How often

def test_rate_headers_count_down(small):
    address = some_address()
    left = []
    # One comes back every three seconds, so that a few may on a slow machine.
    while len(left) < 3 or (left[-1] == 19 and len(left) < 20):
        answer = ask(small, address=address)
        assert answer.headers["RateLimit-Limit"] == "20"
        assert 1 <= int(answer.headers["RateLimit-Reset"]) <= 60
        left.append(int(answer.headers["RateLimit-Remaining"]))
    assert left[0] == 19 and left[-1] < 19


def until_refused(server, **more):
    """The statuses before the first 429, and that answer."""
    before = []
    while len(before) < 60:
        answer = ask(server, **more)
        if answer.status_code == 429:
            return before, answer
        before.append(answer.status_code)
    raise AssertionError("never refused")


def test_too_often(small):
    address = some_address()
    before, refused = until_refused(small, address=address)
    assert set(before) == {401} and len(before) >= 20
    problem(refused, 429, "too-many-requests")
    assert 1 <= int(refused.headers["Retry-After"]) <= 3
    assert refused.headers["RateLimit-Remaining"] == "0"
    assert ask(small).status_code == 401, "others are not slowed down"
    time.sleep(int(refused.headers["Retry-After"]))
    assert ask(small, address=address).status_code == 401


def test_guessing_tokens_counts(small):
    address = some_address()
    before, _ = until_refused(small, address=address, Authorization="Bearer a.b.c")
    assert set(before) == {401} and len(before) >= 20


def test_rate_follows_the_account(small, contract):
    """Not the address, once somebody is signed in."""
    admin = Client(small, contract).login("admin@school.example", PASSWORD)
    token = admin.session.headers["Authorization"]
    before, _ = until_refused(small, Authorization=token)
    assert set(before) == {200} and len(before) >= 20


def test_operators_questions_are_not_limited(small):
    address = some_address()
    paths = ("/healthz", "/readyz", "/metrics", "/openapi.json")
    for path in paths:
        answers = [ask(small, path, address) for _ in range(1 + 24 // len(paths))]
        assert {a.status_code for a in answers} == {200}
        assert "RateLimit-Limit" not in answers[0].headers


def test_full_queue(small):
    """Who cannot wait is told at once; nobody is forgotten; health is answered all the while."""
    def login(_):
        return small.raw("POST", LOGIN, headers={"X-Forwarded-For": some_address()},
                         json={"email": mail("n"), "password": "wrong-Horse-88"})

    answers = []
    # Logins that come one by one, to a quick server or from slow callers, all find room.
    for _ in range(10):
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            running_ones = [pool.submit(login, i) for i in range(16)]
            health = {small.raw("GET", "/healthz").status_code for _ in range(20)}
            answers += [r.result() for r in running_ones]
        assert health == {200}
        codes = {a.status_code for a in answers}
        if 503 in codes:
            break
    assert codes == {401, 503}
    for answer in answers:
        if answer.status_code == 503:
            problem(answer, 503, "busy")
            assert int(answer.headers["Retry-After"]) >= 1
    assert login(0).status_code == 401


def gauge(server, name):
    return int(re.search(rf"^{name} (\d+)", server.raw("GET", "/metrics").text, re.M).group(1))


def overtaken(server, caller, login, many=8):
    """Whether logins still wait when one who came after them all has been answered."""
    with concurrent.futures.ThreadPoolExecutor(many) as pool:
        logins = [pool.submit(login) for _ in range(many)]
        # Less one: the question itself.
        wait_until(lambda: sum(one.done() for one in logins) +
                   gauge(server, "http_requests_running") - 1 >= many)
        assert caller.get(ME).status_code == 200
        still = gauge(server, "http_queue_depth")
        assert {one.result() for one in logins} == {200}
    return still > 0


def test_a_burst_of_logins_leaves_room_for_others(server, admin):
    """Whoever is signed in does not wait until all who are signing in have been answered."""
    who = account(admin)

    def login():
        return server.raw("POST", LOGIN, json={"email": who["email"], "password": PASSWORD,
                                               "transport": "bearer"}).status_code

    # On a busy machine we may come when the burst is over: then once more.
    assert any(overtaken(server, admin, login) for _ in range(20))


# How it ends

def upload_head(server, token, path, length):
    return (f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\nContent-Length: {length}\r\n"
            "Content-Type: multipart/form-data; boundary=b\r\n\r\n").encode()


def listens(server):
    try:
        socket.create_connection(("127.0.0.1", server.port), 10 * SLOW).close()
    except ConnectionError:
        return False
    return True


def test_stop_finishes_what_runs(contract):
    """An upload that is on its way is taken and answered; nobody new is let in; then it ends well."""
    with running(stop_grace_ms=300_000) as server:
        admin = Client(server, contract).login("admin@school.example", PASSWORD)
        student = admin.post("/api/v1/students", json={"student_number": "S", "name": "Slow"}).json()
        body = b'--b\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\n' + b"x" * 50000 + \
            b"\r\n--b--\r\n"
        token = admin.session.headers["Authorization"]
        with connect(server, 60) as sock:
            sock.sendall(upload_head(server, token, f"/api/v1/students/{student['id']}/enrolment/check", len(body)))
            sock.sendall(body[:20000])
            assert wait_until(lambda: gauge(server, "http_body_bytes") >= 15000)
            server.process.send_signal(signal.SIGTERM)
            assert wait_until(lambda: not listens(server), 30)
            assert server.process.poll() is None, "it waits"
            sock.sendall(body[20000:])
            data, closed = read_all(sock)
        assert closed and data.startswith(b"HTTP/1.1 409") and b"consent-required" in data
        assert b"connection: close" in data.lower()
        began = time.monotonic()
        server.stop()
        assert time.monotonic() - began < 60 * SLOW
        assert "server.stopping" in server.log()


def test_what_was_not_begun_is_not_begun_any_more(contract):
    """Who still waited when the time to stop was over is told so, and nothing is done for them."""
    # As many may be done in the time to stop, by a quick machine, as wait: then once more.
    assert any(told_at_the_stop(contract) > 0 for _ in range(5))


def told_at_the_stop(contract, many=60, workers=2):
    """How many of those who came together were told 503."""
    with running(stop_grace_ms=50, workers=workers) as server:
        admin = Client(server, contract).login("admin@school.example", PASSWORD)
        auth = {"Authorization": admin.session.headers["Authorization"]}

        def make(i):
            try:
                return server.raw("POST", "/api/v1/users", headers=auth, json={
                    "email": f"late{i}@school.example", "name": "Late", "role": "guardian", "password": PASSWORD,
                }).status_code
            except requests.ConnectionError:
                return 0  # came when nobody listened any more

        with concurrent.futures.ThreadPoolExecutor(many) as pool:
            asked = [pool.submit(make, i) for i in range(many)]
            wait_until(lambda: gauge(server, "http_queue_depth") > many // 2 or any(one.done() for one in asked))
            server.stop()
            told = [one.result() for one in asked]
        made = int(one_of(server, "SELECT count(*) FROM account WHERE email LIKE 'late%'"))
        assert made <= told.count(201) + workers, (made, told)
        return told.count(503)


def test_stop_does_not_wait_for_ever(contract):
    with running(stop_grace_ms=300) as server:
        admin = Client(server, contract).login("admin@school.example", PASSWORD)
        token = admin.session.headers["Authorization"]
        with connect(server) as sock:
            sock.sendall(upload_head(server, token, "/api/v1/students/1/enrolment/check", 50000) + b"--b")
            assert wait_until(lambda: gauge(server, "http_body_bytes") > 0)
            server.stop()
            assert read_all(sock)[1], "closed on who still sends"


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_signals_end_an_idle_server(sign):
    server = Server(face_recognition="off")
    try:
        server.start()
        server.process.send_signal(sign)
        assert server.process.wait(timeout=60 * SLOW) == 0
        server.process = None
    finally:
        server.close()


# Without models

@pytest.fixture(scope="module", params=["missing", "altered", "no runtime"])
def maimed(request, tmp_path_factory):
    """(server, what its problem must name)"""
    folder = tmp_path_factory.mktemp("models") / "models"
    options, says = {"models_dir": folder}, ["fr_detect.onnx", "checksum"]
    if request.param == "altered":
        shutil.copytree(CACHE / "models", folder)
        data = bytearray((folder / "fr_detect.onnx").read_bytes())
        data[len(data) // 2] ^= 1
        (folder / "fr_detect.onnx").write_bytes(data)
    elif request.param == "missing":
        says = ["fr_detect.onnx", "fr_feature.onnx", "missing"]
    else:
        options, says = {"onnxruntime": folder / "none.so"}, ["ONNX Runtime", "missing"]
    with running(**options) as server:
        yield server, says


def test_server_starts_without_models_and_says_so(maimed, contract):
    server, says = maimed
    assert server.raw("GET", "/healthz").status_code == 200
    answer = server.raw("GET", "/readyz")
    body = answer.json()
    assert answer.status_code == 200 and body["status"] == "degraded"
    assert body["database"] == {"ok": True} and body["models"]["ok"] is False
    for word in says + ["fetch-models.sh"]:
        assert word in body["models"]["detail"]
    admin = Client(server, contract).login("admin@school.example", PASSWORD)
    system = admin.get("/api/v1/system").json()
    assert system["status"] == "degraded" and system["models_problem"] == body["models"]["detail"]
    assert server.log().count("AddressSanitizer") == 0


def test_faces_are_refused_without_models_and_may_be_tried_again(maimed, contract):
    server, _ = maimed
    admin = Client(server, contract).login("admin@school.example", PASSWORD)
    student = admin.post("/api/v1/students", json={"student_number": mail("S")[:30], "name": "Faceless"}).json()
    path = f"/api/v1/students/{student['id']}"
    consent = {"given_by": "student", "text_version": "1", "locale": "en", "of_age": True}
    assert admin.put(path + "/consent", json=consent).status_code == 200
    for _ in range(2):
        answer = admin.post(path + "/enrolment", files={"photos": ("a.png", b"\x89PNG\r\n\x1a\n" + b"x" * 100)},
                            headers={"Idempotency-Key": "one-key"})
        problem(answer, 503, "models-unavailable")
        assert answer.headers["Retry-After"] and "Idempotency-Replayed" not in answer.headers
    assert account(admin)["id"], "all the rest goes on"

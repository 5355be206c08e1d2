# SPDX-License-Identifier: MIT
"""Sizes, speeds and numbers that a client may not pass, and how the server stops."""
import socket
import threading
import time

import requests
from conftest import is_closed, read_answer, until

JSON = {"Content-Type": "application/json"}


def test_body_too_large_is_refused_before_it_comes(server):
    with server.connect() as c:
        c.sendall(b"POST /api/v1/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                  b"Content-Length: 70000\r\nExpect: 100-continue\r\n\r\n")
        answer = read_answer(c)
        assert answer.status == 413
        assert answer.json()["type"] == "/problems/too-large"
        assert is_closed(c)


def test_body_of_the_largest_size(server):
    text = "x" * (64 * 1024 - len('{"text": ""}') - 6000)
    assert requests.post(server.url + "/api/v1/echo", json={"text": text}).json()["text"] == text


def test_chunked_body_too_large(server):
    def pieces():
        for _ in range(80):
            yield b"x" * 1000

    answer = requests.post(server.url + "/api/v1/echo", data=pieces(), headers=JSON)
    assert answer.status_code == 413


def test_endless_chunked_body_is_cut_off(server):
    with server.connect() as c:
        c.sendall(b"POST /api/v1/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                  b"Transfer-Encoding: chunked\r\n\r\n")
        chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
        sent = 0
        try:
            while sent < 64 << 20:
                c.sendall(chunk)
                sent += len(chunk)
        except ConnectionError:
            pass
        assert sent < 32 << 20


def test_body_without_credentials_is_refused_early(server):
    with server.connect() as c:
        c.sendall(b"POST /api/v1/upload HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n"
                  b"Expect: 100-continue\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n")
        assert read_answer(c).status == 401


def test_huge_body_is_refused_at_once(server):
    with server.connect() as c:
        c.sendall(b"POST /api/v1/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n")
        assert read_answer(c).status == 413


def test_large_body_for_nobody(server):
    for path, status in (("/api/v1/none", 404), ("/healthz", 405), ("/api/v1/upload", 401)):
        assert requests.post(server.url + path, data=b"x" * 1500000).status_code == status


def test_memory_for_all_bodies_is_limited(start):
    server = start(body_bytes=300000)
    held = server.connect()
    held.sendall(b"POST /api/v1/upload HTTP/1.1\r\nHost: x\r\nContent-Length: 400000\r\n"
                 b"Authorization: Bearer trainer\r\n"
                 b"Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n"
                 b'Content-Disposition: form-data; name="photo"; filename="a"\r\n\r\n' + b"x" * 280000)
    until(lambda: server.gauge("http_body_bytes") >= 270000)

    def upload():
        return requests.post(server.url + "/api/v1/upload", headers={"Authorization": "Bearer trainer"},
                             files={"photo": ("b", b"y" * 90000)})

    answer = upload()
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) >= 1
    # Who fills the memory keeps nobody from sending what is small.
    assert requests.post(server.url + "/api/v1/echo", json={"text": "y" * 40000}).status_code == 200
    held.close()
    until(lambda: upload().status_code != 503)
    assert upload().status_code == 200


def told_by_a_full_queue(start):
    """What eight are told, in the order of the answers: one keeps the worker busy, two may wait."""
    server = start(workers=1, queue=2)
    statuses = []

    def get(sleep_ms):
        answer = requests.get(server.url + "/api/v1/echo", params={"text": "a", "sleep_ms": sleep_ms})
        statuses.append((answer.status_code, answer.headers.get("Retry-After")))

    threads = [threading.Thread(target=get, args=(0 if n else 4000,)) for n in range(8)]
    threads[0].start()
    time.sleep(0.3)  # the worker takes it, or it is one of those that wait
    for t in threads[1:]:
        t.start()
    until(lambda: len(statuses) >= 5)
    # Alive even when nobody has time.
    assert requests.get(server.url + "/healthz").status_code == 200
    for t in threads:
        t.join()
    return statuses


def test_full_queue_is_answered_503(start):
    # On a busy machine the others may come before the worker is kept, or after: then once more.
    for _ in range(5):
        statuses = told_by_a_full_queue(start)
        if all(s == 503 for s, _ in statuses[:5]):
            break
    assert all(s == 503 and int(retry) >= 1 for s, retry in statuses[:5]), statuses
    told = [s for s, _ in statuses[5:]]
    assert told in ([200] * 3, [503] + [200] * 2), told


def cut_off(connection, drop, pause):
    """Whether somebody who sends so slowly is cut off; there is time for it in plenty."""
    end = time.monotonic() + 60
    try:
        while time.monotonic() < end:
            connection.sendall(drop)
            time.sleep(pause)
    except ConnectionError:
        return True
    return False


def test_slow_headers_are_cut_off(start):
    server = start(header_ms=1000)
    began = time.monotonic()
    with server.connect() as c:
        c.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: ")
        assert cut_off(c, b"a", 0.1)
        assert time.monotonic() - began > 0.9
    assert "http_connections_reaped_total 1" in requests.get(server.url + "/metrics").text


def test_slow_headers_of_a_second_request_are_cut_off(start):
    server = start(header_ms=1000, idle_s=20)
    with server.connect() as c:
        c.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert read_answer(c).status == 200
        time.sleep(1.5)  # idle, which is no offence
        began = time.monotonic()
        c.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: ")
        assert cut_off(c, b"a", 0.1)
        assert time.monotonic() - began > 0.9


def test_silent_connection_is_closed(start):
    server = start(header_ms=1000)
    with server.connect() as c:
        assert is_closed(c)


def test_slow_body_is_cut_off(start):
    server = start(body_rate=1000)
    began = time.monotonic()
    with server.connect() as c:
        c.sendall(b"POST /api/v1/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                  b"Content-Length: 60000\r\n\r\n")
        assert cut_off(c, b"a", 0.2)
        assert time.monotonic() - began > 5


def test_connections_per_address(start):
    server = start(per_address=6)
    opened = [server.connect() for _ in range(20)]
    served = 0
    for c in opened:
        try:
            c.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            answer = read_answer(c)
            served += answer is not None and answer.status == 200
        except OSError:
            pass
    assert 1 <= served <= 6
    for c in opened:
        c.close()


def test_stop_finishes_running_requests(start):
    server = start(grace_ms=60000)
    got = []

    def get():
        got.append(requests.get(server.url + "/api/v1/echo", params={"text": "a", "sleep_ms": 2500}))

    t = threading.Thread(target=get)
    t.start()
    until(lambda: server.running() == 1)
    server.stop()
    t.join()
    assert got[0].status_code == 200
    assert got[0].headers["Connection"] == "close"


def test_stop_does_not_wait_longer_than_allowed(start):
    server = start(grace_ms=300)
    c = server.connect()
    c.sendall(b"GET /api/v1/echo?text=a&sleep_ms=4000 HTTP/1.1\r\nHost: x\r\n\r\n")
    until(lambda: server.running() == 1)
    stopper = threading.Thread(target=server.stop)
    stopper.start()
    answer = read_answer(c)
    assert answer.status == 503, "told before the work was done"
    stopper.join()
    c.close()


def test_stop_takes_no_new_connections(start):
    server = start(grace_ms=60000)
    running = server.connect()
    running.sendall(b"GET /api/v1/echo?text=a&sleep_ms=2500 HTTP/1.1\r\nHost: x\r\n\r\n")
    until(lambda: server.running() == 1)
    stopper = threading.Thread(target=server.stop)
    stopper.start()

    def is_let_in():
        try:
            with socket.create_connection(("127.0.0.1", server.port), timeout=60) as late:
                late.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                return read_answer(late) is not None
        except OSError:
            return False

    until(lambda: not is_let_in())
    assert server.process.poll() is None, "it waits for who was there"
    assert read_answer(running).status == 200
    stopper.join()
    running.close()

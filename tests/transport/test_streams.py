# SPDX-License-Identifier: MIT
"""Event streams and WebSockets."""
import asyncio
import socket
import threading
import time

import pytest
import requests
import websockets
from conftest import is_closed, read_answer, until

TRAINER = {"Authorization": "Bearer trainer"}
STUDENT = {"Authorization": "Bearer student"}


def listen(server, headers=None):
    answer = requests.get(server.url + "/api/v1/events", headers={**TRAINER, **(headers or {})},
                          stream=True, timeout=60)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/event-stream"
    return answer, answer.iter_lines(chunk_size=1, decode_unicode=True)


def next_event(lines):
    event = {}
    for line in lines:
        if not line:
            if "event" in event:
                return event
            event = {}
            continue
        key, _, value = line.partition(":")
        event[key] = value.strip()
    return None


def publish(server, text):
    assert requests.post(server.url + "/api/v1/publish", json={"text": text}).status_code == 204


def test_events_come_in_order(server):
    answer, lines = listen(server)
    for i in range(50):
        publish(server, str(i))
    got = [next_event(lines) for _ in range(50)]
    assert [e["data"] for e in got] == ['{"text":"%d"}' % i for i in range(50)]
    numbers = [int(e["id"]) for e in got]
    assert numbers == sorted(numbers)
    answer.close()


def test_line_breaks_stay_inside_the_data(server):
    answer, lines = listen(server)
    publish(server, "a\nid: 9\n\nevent: x")
    assert next_event(lines)["data"] == '{"text":"a\\nid: 9\\n\\nevent: x"}'
    answer.close()


def test_only_for_whom_it_is(server):
    other = requests.get(server.url + "/api/v1/events", headers=STUDENT, stream=True, timeout=3)
    answer, lines = listen(server)
    publish(server, "secret")
    assert next_event(lines)["data"] == '{"text":"secret"}'
    with pytest.raises(requests.exceptions.RequestException):
        for line in other.iter_lines(chunk_size=1, decode_unicode=True):
            assert "secret" not in line
    answer.close()
    other.close()


def test_needs_a_user(server):
    assert requests.get(server.url + "/api/v1/events").status_code == 401


def test_resumes(start):
    server = start()
    publish(server, "one")
    answer, lines = listen(server, {"Last-Event-ID": "1"})
    answer.close()
    # The pretended log tells 2 to a listener who is an admin only.
    admin = requests.get(server.url + "/api/v1/events", stream=True, timeout=60,
                         headers={"Authorization": "Bearer admin", "Last-Event-ID": "1"})
    lines = admin.iter_lines(chunk_size=1, decode_unicode=True)
    assert next_event(lines)["event"] == "echo.missed"
    publish(server, "two")    # number 2: was in the backlog
    publish(server, "three")
    assert next_event(lines)["data"] == '{"text":"three"}'
    admin.close()


def test_streams_end_at_stop(start):
    server = start(grace_ms=120000)
    answer, lines = listen(server)
    began = time.monotonic()
    threading.Timer(0.3, server.stop).start()
    assert next_event(lines) is None
    assert time.monotonic() - began < 60
    answer.close()


def test_many_listeners(start):
    server = start()
    listeners = [listen(server) for _ in range(40)]
    publish(server, "all")
    for _, lines in listeners:
        assert next_event(lines)["data"] == '{"text":"all"}'
    for answer, _ in listeners:
        answer.close()


def run(coroutine):
    return asyncio.run(asyncio.wait_for(coroutine, 100))


def connect(server, headers=TRAINER, **options):
    return websockets.connect(server.ws_url + "/api/v1/socket", extra_headers=headers,
                              open_timeout=60, ping_interval=None, **options)


def test_socket_answers(server):
    async def talk():
        async with connect(server) as ws:
            await ws.send("hello")
            assert await ws.recv() == "trainer text hello"
            await ws.send(b"\x00\x01z")
            assert (await ws.recv()).startswith("trainer binary ")
            await (await ws.ping())
            big = "x" * 900000
            await ws.send(big)
            assert await ws.recv() == "trainer text " + big

    run(talk())


def test_socket_keeps_the_newest(server):
    async def talk():
        async with connect(server) as ws:
            for i in range(20):
                await ws.send(f"slow {i}")
            got = [await ws.recv()]
            while not got[-1].endswith("slow 19"):
                got.append(await ws.recv())
            assert len(got) < 20

    run(talk())


def test_socket_message_too_large(server):
    async def talk():
        async with connect(server) as ws:
            await ws.send("x" * (1 << 20) + "x")
            with pytest.raises(websockets.ConnectionClosed):
                await ws.recv()
            assert ws.close_code == 1009

    run(talk())


def test_socket_bad_text(server):
    async def talk():
        async with connect(server) as ws:
            await ws.write_frame(True, 1, b"\xff\xfe")
            with pytest.raises(websockets.ConnectionClosed):
                await ws.recv()
            assert ws.close_code == 1007

    run(talk())


def test_socket_unmasked_frame_is_refused(server):
    with server.connect() as c:
        c.sendall(HANDSHAKE)
        assert read_answer(c).status == 101
        c.sendall(b"\x81\x02hi")
        data = b""
        while piece := c.recv(100):
            data += piece
        assert data == b"\x88\x02\x03\xea"  # 1002, then the end


def test_socket_rights(server):
    async def refused(headers, status):
        with pytest.raises(websockets.InvalidStatusCode) as caught:
            async with connect(server, headers):
                pass
        assert caught.value.status_code == status

    run(refused({}, 401))
    run(refused(STUDENT, 403))


def test_socket_limit_per_user(start):
    server = start()

    async def open_five():
        opened = [await connect(server) for _ in range(4)]
        with pytest.raises(websockets.InvalidStatusCode) as caught:
            await connect(server)
        assert caught.value.status_code == 429
        for ws in opened:
            await ws.close()
        again = None
        while not again:
            try:
                again = await connect(server)
            except websockets.InvalidStatusCode as refused:  # their places are not free yet
                assert refused.status_code == 429
                await asyncio.sleep(0.01)
        await again.send("again")
        assert await again.recv() == "trainer text again"
        await again.close()

    run(open_five())


HANDSHAKE = (b"GET /api/v1/socket HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer trainer\r\n"
             b"Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
             b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")


def test_handshake(server):
    with server.connect() as c:
        c.sendall(HANDSHAKE)
        answer = read_answer(c)
    assert answer.status == 101
    assert answer.headers["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


@pytest.mark.parametrize("old, new", [
    (b"Upgrade: websocket\r\n", b""), (b"Version: 13", b"Version: 8"), (b"dGhl", b"dGh"),
    (b"keep-alive, Upgrade", b"close"), (b"dGhl", b"dG!l"),
])
def test_broken_handshake(server, old, new):
    with server.connect() as c:
        c.sendall(HANDSHAKE.replace(old, new))
        answer = read_answer(c)
    assert answer.status == 426
    assert answer.json()["type"] == "/problems/upgrade-required"


def test_silent_socket_is_pinged_and_dropped(start):
    server = start(ping_ms=500)
    with server.connect() as c:
        c.sendall(HANDSHAKE)
        answer = read_answer(c)
        assert answer.status == 101
        first = answer.body or c.recv(2)  # it may come with the answer when we were slow
        assert first[:2] == b"\x89\x00"
        until(lambda: is_closed(c))


def test_sockets_are_told_at_stop(start):
    server = start()

    async def talk():
        async with connect(server) as ws:
            await ws.send("hello")
            await ws.recv()
            threading.Timer(0.2, server.stop).start()
            with pytest.raises(websockets.ConnectionClosed):
                await ws.recv()
            assert ws.close_code == 1001

    run(talk())


def test_socket_closes_cleanly(server):
    async def talk():
        ws = await connect(server)
        await ws.close(1000)
        assert ws.close_code == 1000

    run(talk())


def test_frames_sent_with_the_handshake_are_read(server):
    frame = b"\x81\x82\x00\x00\x00\x00hi"
    with server.connect() as c:
        c.sendall(HANDSHAKE + frame)
        data = b""
        while b"trainer text hi" not in data:
            piece = c.recv(1000)
            assert piece, data
            data += piece


def test_client_that_vanishes(start):
    server = start()
    for _ in range(20):
        c = server.connect()
        c.sendall(HANDSHAKE + b"\x81\x85\x00\x00\x00\x00slow1")
        c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        c.close()
    time.sleep(0.5)
    assert requests.get(server.url + "/healthz").status_code == 200

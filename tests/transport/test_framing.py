# SPDX-License-Identifier: MIT
"""Requests that two servers in a row could read differently are refused and the connection closed."""
import pytest
from conftest import is_closed, read_answer

POST = b"POST /api/v1/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
GET = b"GET /api/v1/echo?text=a HTTP/1.1\r\n"

REFUSED = {
    "length and encoding": POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                                  b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
    "two lengths": POST + b"Content-Length: 4\r\nContent-Length: 0\r\n\r\nabcd",
    "two equal lengths": POST + b"Content-Length: 4\r\nContent-Length: 4\r\n\r\nabcd",
    "length +4": POST + b"Content-Length: +4\r\n\r\nabcd",
    "length -1": POST + b"Content-Length: -1\r\n\r\n",
    "length 4,4": POST + b"Content-Length: 4,4\r\n\r\nabcd",
    "length 0x4": POST + b"Content-Length: 0x4\r\n\r\nabcd",
    "unknown encoding": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "encoding list": POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "two encodings": POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "encoding in 1.0": b"POST /api/v1/echo HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "blank before colon": POST + b"Content-Length : 4\r\n\r\nabcd",
    "bare LF lines": GET.replace(b"\r", b"") + b"Host: x\n\n",
    "bare LF in headers": GET + b"Host: x\nA: b\r\n\r\n",
    "no host": GET + b"\r\n",
    "two hosts": GET + b"Host: a\r\nHost: b\r\n\r\n",
    "NUL in a value": GET + b"Host: x\r\nX: a\0b\r\n\r\n",
    "NUL in the address": b"GET /api/v1\0/x HTTP/1.1\r\nHost: x\r\n\r\n",
    "control in a value": GET + b"Host: x\r\nX: a\x01b\r\n\r\n",
    "odd name": GET + b"Host: x\r\nX(y): a\r\n\r\n",
    "two blanks": b"GET  /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
    "blank in the address": b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n",
    "whole address": b"GET http://y/healthz HTTP/1.1\r\nHost: x\r\n\r\n",
    "two authorizations": GET + b"Host: x\r\nAuthorization: a\r\nAuthorization: b\r\n\r\n",
    "bad chunk size": POST + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n\r\n",
    "huge chunk size": POST + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n\r\n",
    "encoded parent": b"GET /a/%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(server, name):
    with server.connect() as c:
        c.sendall(REFUSED[name])
        answer = read_answer(c)
        assert answer.status in (400, 413), name
        assert is_closed(c), name


def test_refusal_is_a_problem(server):
    with server.connect() as c:
        c.sendall(GET + b"Host: a\r\nHost: b\r\n\r\n")
        answer = read_answer(c)
    assert answer.status == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/bad-request"
    assert answer.json()["detail"] == "more than one Host"


def test_large_headers(server):
    with server.connect() as c:
        c.sendall(GET + b"Host: x\r\nX: " + b"a" * 65536 + b"\r\n\r\n")
        assert read_answer(c).status == 431


def test_long_address(server):
    with server.connect() as c:
        c.sendall(b"GET /api/v1/echo?text=" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = read_answer(c)
    assert answer.status == 414
    assert answer.json()["type"] == "/problems/uri-too-long"


def test_other_protocol(server):
    with server.connect() as c:
        c.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        assert read_answer(c).status in (400, 505)


def test_pipelined(server):
    with server.connect() as c:
        for i in range(3):
            c.sendall(b"GET /api/v1/echo?text=%d HTTP/1.1\r\nHost: x\r\n\r\n" % i)
        data = b""
        while data.count(b'"text":') < 3:
            data += c.recv(65536)
    assert data.count(b"HTTP/1.1 200") == 3
    assert [data.index(b'"text":"%d"' % i) for i in range(3)] == sorted(
        data.index(b'"text":"%d"' % i) for i in range(3))


def test_kept_alive_after_chunked(server):
    body = b'{"text":"abc"}'
    with server.connect() as c:
        for _ in range(3):
            c.sendall(POST + b"Transfer-Encoding: chunked\r\n\r\n")
            for i in range(0, len(body), 5):
                piece = body[i:i + 5]
                c.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
            c.sendall(b"0\r\n\r\n")
            answer = read_answer(c)
            assert answer.status == 200 and answer.json()["text"] == "abc"


def test_http_1_0(server):
    with server.connect() as c:
        c.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
        assert read_answer(c).json() == {"status": "ok"}
        assert is_closed(c)

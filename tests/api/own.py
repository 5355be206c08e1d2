# SPDX-License-Identifier: MIT
"""Servers of a test's own, and what the tests of accounts and of the wire share."""
import contextlib
import functools
import re
import secrets
import socket
import time

from client import Client
from server import SLOW, Kept, Server

PASSWORD = "plover-Cabinet-77"
ADMIN = "admin@school.example"


def _create_admin(server):
    server.run("create-admin", "--email", ADMIN, "--name", "Ada Admin", text=PASSWORD + "\n")


@functools.cache
def _kept_school():
    with contextlib.closing(Server()) as server:
        _create_admin(server)
        return Kept(server)


def founded(**options):
    """A server, not started, with an empty school and one administrator: made once and copied from
    then on, but for a place of the test's choosing."""
    if not options.keys() & {"database_url", "data_dir"}:
        return Server(kept=_kept_school(), **options)
    server = Server(**options)
    try:
        _create_admin(server)
    except BaseException:
        server.close()
        raise
    return server


@contextlib.contextmanager
def running(**options):
    """A server with an empty school and one administrator."""
    server = founded(**options)
    try:
        yield server.start()
    finally:
        server.close()


def some_address():
    """An address nobody else in the run comes from; for servers that trust 127.0.0.1 as proxy."""
    return "10." + ".".join(str(1 + b % 254) for b in secrets.token_bytes(3))


def mail(stem):
    return f"{stem}-{secrets.token_hex(5)}@school.example"


def account(admin, role="admin", **more):
    body = {"email": mail("who"), "name": "Wilma Someone", "role": role, "password": PASSWORD, **more}
    answer = admin.post("/api/v1/users", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def cookies_of(response):
    """{name: (value, {attribute: value})} of the answer's Set-Cookie headers."""
    found = {}
    for line in response.raw.headers.getlist("Set-Cookie"):
        first, *rest = [part.strip() for part in line.split(";")]
        name, _, value = first.partition("=")
        attributes = {}
        for part in rest:
            key, _, text = part.partition("=")
            attributes[key.lower()] = text
        found[name] = (value, attributes)
    return found


def by_cookie(server, contract, email, password=PASSWORD, **headers):
    """A browser: signed in by cookies. Its CSRF token is `client.csrf`."""
    client = Client(server, contract)
    client.session.headers.update(headers)
    answer = client.post("/api/v1/auth/login", json={"email": email, "password": password})
    assert answer.status_code == 200, answer.text
    client.csrf = client.session.cookies["sp_csrf"]
    return client


class Answer:
    def __init__(self, data):
        head, _, self.body = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split(" ")[1])
        self.headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            self.headers[name.strip().lower()] = value.strip()


def connect(server, timeout=20):
    return socket.create_connection(("127.0.0.1", server.port), timeout * SLOW)


def read_all(sock):
    """(bytes until the end, whether the other side closed)"""
    data = b""
    try:
        while True:
            piece = sock.recv(65536)
            if not piece:
                return data, True
            data += piece
    except socket.timeout:
        return data, False
    except ConnectionError:
        return data, True


def exchange(server, data):
    """Sends bytes as they are: (answers, whether the connection was closed). They should end it: what
    stays open is waited for."""
    with connect(server) as sock:
        with contextlib.suppress(ConnectionError):
            sock.sendall(data)
        got, closed = read_all(sock)
    starts = [m.start() for m in re.finditer(rb"HTTP/1\.[01] \d\d\d ", got)]
    return [Answer(got[a:b]) for a, b in zip(starts, starts[1:] + [None])], closed


def wait_until(what, seconds=30):
    until = time.monotonic() + seconds * SLOW
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.02)
    return False

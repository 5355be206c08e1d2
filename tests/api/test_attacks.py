# SPDX-License-Identifier: MIT
"""What an attacker tried that once worked: each stays closed."""
import pytest

from client import Client
from conftest import PASSWORD
from own import account, exchange, some_address

LOGIN = "/api/v1/auth/login"


# Two servers in a row that read one request differently

@pytest.mark.parametrize("head", [
    "X-Note: a\r\n b\r\n",
    "Transfer-Encoding:\r\n chunked\r\n",
    "Transfer-Encoding: chunked\r\nX-Note: a\r\n\tb\r\n",
    "Content-Length: 4\r\n 0\r\n",
    "Content-Length: 0\r\n \r\n",
], ids=["note", "encoding", "after-encoding", "length", "blank"])
@pytest.mark.parametrize("place", ["first", "last"])
def test_folded_header_is_refused(server, head, place):
    host = "Host: x\r\nContent-Type: application/json\r\n"
    lines = head + host if place == "first" else host + head
    hidden = "0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    answers, closed = exchange(server, f"POST {LOGIN} HTTP/1.1\r\n{lines}\r\n{hidden}".encode())
    assert [a.status for a in answers] == [400] and closed
    assert b"folded" in answers[0].body


def test_blanks_around_a_header_are_no_fold(server):
    text = "GET /healthz HTTP/1.1\r\nHost:x\r\nA: b  \r\nC:\r\nD:  e\t\r\nConnection: close\r\n\r\n"
    assert [a.status for a in exchange(server, text.encode())[0]] == [200]


# Who comes, behind a proxy

def test_last_forwarded_for_line_counts(guarded, guarded_admin):
    """A proxy may leave the client's own line and add one after it."""
    who = account(guarded_admin)
    body = f'{{"email": "{who["email"]}", "password": "{PASSWORD}", "transport": "bearer"}}'
    seen = some_address()
    answers, _ = exchange(guarded, (
        f"POST {LOGIN} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"X-Forwarded-For: {some_address()}\r\nX-Forwarded-For: {some_address()}, {seen}\r\n"
        f"Connection: close\r\nContent-Length: {len(body)}\r\n\r\n{body}").encode())
    assert answers[0].status == 200
    token = answers[0].body.decode().partition('"access_token":"')[2].partition('"')[0]
    logins = Client(guarded, guarded_admin.contract, token).get("/api/v1/auth/logins").json()
    assert [login["ip"] for login in logins["items"]] == [seen]

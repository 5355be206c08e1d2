# SPDX-License-Identifier: MIT
"""Access tokens: what is not signed by a key of ours, for now, is refused."""
import base64
import hashlib
import hmac
import json
import time

import pytest

from client import Client, problem
from conftest import PASSWORD
from own import account, running

ME = "/api/v1/me"


def encode(data):
    if isinstance(data, (dict, list)):
        data = json.dumps(data, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def keys_of(server):
    """[(kid, key)] from the server's own file, the signing one first."""
    lines = (server.folder / "data" / "token.keys").read_text().split("\n")
    return [(line.split()[0], bytes.fromhex(line.split()[1])) for line in lines if line.strip()]


def sign(key, payload, header, digest=hashlib.sha256):
    text = f"{encode(header)}.{payload if isinstance(payload, str) else encode(payload)}"
    return f"{text}.{encode(hmac.new(key, text.encode(), digest).digest())}"


class Forge:
    """A living login's claims, and the key to sign others."""

    def __init__(self, server, contract, token):
        self.server, self.contract, self.token = server, contract, token
        self.head, self.payload, self.mac = token.split(".")
        self.claims = json.loads(decode(self.payload))
        self.kid, self.key = keys_of(server)[0]
        self.header = {"alg": "HS256", "kid": self.kid, "typ": "JWT"}

    def sign(self, key=None, header=None, digest=hashlib.sha256, payload=None, **claims):
        return sign(key or self.key, payload or {**self.claims, **claims},
                    {**self.header, **(header or {})}, digest)

    def ask(self, token):
        return Client(self.server, self.contract, token).get(ME)


@pytest.fixture(scope="module")
def forge(server, contract, admin):
    login = Client(server, contract).login(account(admin)["email"], PASSWORD)
    return Forge(server, contract, login.session.headers["Authorization"].partition(" ")[2])


def test_own_key_signs_what_the_server_takes(forge):
    """Else the refusals below would prove nothing."""
    assert forge.ask(forge.token).status_code == 200
    assert json.loads(decode(forge.head)) == forge.header
    assert forge.ask(forge.sign()).status_code == 200
    assert forge.ask(forge.sign(exp=int(time.time()) + 60)).status_code == 200


def test_the_key_file_is_private(forge):
    path = forge.server.folder / "data" / "token.keys"
    assert path.stat().st_mode & 0o077 == 0
    assert len(forge.key) == 32


FORGED = {
    "expired": lambda f: f.sign(iat=int(time.time()) - 1000, exp=int(time.time()) - 1),
    "expires now": lambda f: f.sign(exp=int(time.time())),
    "from the future": lambda f: f.sign(iat=int(time.time()) + 600, exp=int(time.time()) + 1200),
    "other key": lambda f: f.sign(key=b"\1" * 32),
    "empty key": lambda f: f.sign(key=b"\0" * 32),
    "kid as key": lambda f: f.sign(key=f.kid.encode()),
    "alg none": lambda f: f"{encode({**f.header, 'alg': 'none'})}.{f.payload}.",
    "alg none, no kid": lambda f: f"{encode({'alg': 'none'})}.{f.payload}.",
    "alg none with a signature": lambda f: f.sign(header={"alg": "none"}),
    "alg None": lambda f: f"{encode({**f.header, 'alg': 'None'})}.{f.payload}.{f.mac}",
    "alg HS512": lambda f: f.sign(header={"alg": "HS512"}, digest=hashlib.sha512),
    "alg HS512, HS256 signature": lambda f: f.sign(header={"alg": "HS512"}),
    "HS256, HS512 signature": lambda f: f.sign(digest=hashlib.sha512),
    "alg RS256": lambda f: f.sign(header={"alg": "RS256"}),
    "unknown kid": lambda f: f.sign(header={"kid": "0" * 16}),
    "kid is a path": lambda f: f.sign(header={"kid": "../../../../dev/null"}, key=b"\0" * 32),
    "no kid": lambda f: sign(f.key, f.claims, {"alg": "HS256", "typ": "JWT"}),
    "own jwk": lambda f: f.sign(header={"jwk": {"kty": "oct", "k": encode(b"\1" * 32)}}, key=b"\1" * 32),
    "other claims under the same signature":
        lambda f: f"{f.head}.{encode({**f.claims, 'sub': 1})}.{f.mac}",
    "signature cut": lambda f: f.token[:-1],
    "signature changed": lambda f: f.token[:-2] + ("A" if f.token[-2] != "A" else "B") + f.token[-1],
    "last bits changed": lambda f: f.token[:-1] + chr(ord(f.token[-1]) + 1),
    "no signature": lambda f: f"{f.head}.{f.payload}.",
    "two parts": lambda f: f"{f.head}.{f.payload}",
    "four parts": lambda f: f.token + ".x",
    "padded": lambda f: f.token + "=",
    "half": lambda f: f.token[:len(f.token) // 2],
    "quoted": lambda f: f'"{f.token}"',
    "twice": lambda f: f"{f.token} {f.token}",
    "garbage": lambda f: "a.b.c",
    "dots": lambda f: "...",
    "long garbage": lambda f: "A" * 5000,
    "bytes": lambda f: "\xff\xfe.\x80.\x81",
    "claims are no JSON": lambda f: f.sign(payload=encode(b"not json")),
    "claims are a list": lambda f: f.sign(payload=encode([1, 2])),
    "claims are deep": lambda f: f.sign(payload=encode(b"[" * 300)),
    "claims are empty": lambda f: f.sign(payload=encode({})),
    "no exp": lambda f: f.sign(payload=encode({k: v for k, v in f.claims.items() if k != "exp"})),
    "exp is text": lambda f: f.sign(exp="9999999999"),
    "exp overflows": lambda f: f.sign(exp=2 ** 64),
    "sub is 0": lambda f: f.sign(sub=0),
    "sub of somebody else": lambda f: f.sign(sub=1),
    "unknown login": lambda f: f.sign(lid=2 ** 40),
    "one claim too many": lambda f: f.sign(role="admin"),
}


@pytest.mark.parametrize("name", FORGED)
def test_refused(forge, name):
    token = FORGED[name](forge)
    assert token != forge.token
    answer = forge.ask(token)
    problem(answer, 401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    answer = forge.server.raw("GET", ME, headers={"Cookie": b"sp_access=" + token.encode("latin-1")})
    assert answer.status_code == 401, "as a cookie"


def test_each_changed_byte_is_noticed(forge):
    session = Client(forge.server, forge.contract).session
    for i in range(0, len(forge.token), 7):
        changed = forge.token[:i] + ("x" if forge.token[i] != "x" else "y") + forge.token[i + 1:]
        answer = session.get(forge.server.url + ME, headers={"Authorization": "Bearer " + changed})
        assert answer.status_code == 401, i


@pytest.mark.parametrize("value", ["", "Bearer", "Bearer ", "Basic TOKEN", "Token TOKEN", "TOKEN", "BearerTOKEN",
                                   "Bearer, TOKEN", "Digest username=a", "Bearer TOKEN, Bearer TOKEN"])
def test_other_authorization(forge, value):
    sent = value.replace("TOKEN", forge.token)
    assert forge.server.raw("GET", ME, headers={"Authorization": sent}).status_code == 401


@pytest.mark.parametrize("value", ["Bearer TOKEN", "bearer TOKEN", "BEARER TOKEN", "Bearer  TOKEN"])
def test_scheme_is_read_as_the_standard_says(forge, value):
    sent = value.replace("TOKEN", forge.token)
    assert forge.server.raw("GET", ME, headers={"Authorization": sent}).status_code == 200


def test_token_in_the_wrong_place(forge):
    for query in ("access_token", "token", "authorization", "sp_access"):
        assert forge.server.raw("GET", f"{ME}?{query}={forge.token}").status_code == 401
    for header in ("X-Access-Token", "X-CSRF-Token", "Cookie", "Proxy-Authorization"):
        assert forge.server.raw("GET", ME, headers={header: forge.token}).status_code == 401
    assert forge.server.raw("GET", ME, headers={"Cookie": "sp_csrf=" + forge.token}).status_code == 401


def test_public_addresses_do_not_mind_a_bad_token(forge):
    answer = forge.server.raw("GET", "/healthz", headers={"Authorization": "Bearer a.b.c"})
    assert answer.status_code == 200


def test_key_rotation(contract):
    """After a new key: old tokens live on, new ones are signed with it, the fourth key falls off."""
    with running() as server:
        def login():
            client = Client(server, contract).login("admin@school.example", PASSWORD)
            return client.session.headers["Authorization"].partition(" ")[2]

        def kid(token):
            return json.loads(decode(token.split(".")[0]))["kid"]

        def ask(token):
            return Client(server, contract, token).get(ME).status_code

        first = login()
        keys = keys_of(server)
        assert len(keys) == 1 and kid(first) == keys[0][0]
        server.stop()
        assert "new key" in server.run("config", "rotate-token-key").stdout
        server.start()
        assert keys_of(server)[1:] == keys and keys_of(server)[0] != keys[0]
        second = login()
        assert kid(second) == keys_of(server)[0][0] != kid(first)
        assert ask(first) == 200 and ask(second) == 200
        server.stop()
        server.run("config", "rotate-token-key")
        server.run("config", "rotate-token-key")
        server.start()
        assert len(keys_of(server)) == 3
        assert ask(first) == 401 and ask(second) == 200
        assert (server.folder / "data" / "token.keys").stat().st_mode & 0o077 == 0

# SPDX-License-Identifier: MIT
"""The way of every request through the real server: addresses, bodies, headers, framing."""
import contextlib
import json
import re
import ssl
import subprocess
import time

import pytest
import requests

from client import problem
from conftest import PASSWORD
from own import connect, cookies_of, exchange, mail, read_all, running

PROGRAMMES = "/api/v1/programmes"
ME = "/api/v1/me"
LOGIN = "/api/v1/auth/login"


def send(client, method, path, data=None, kind="application/json", **headers):
    """Bytes as they are, by a client that is signed in."""
    headers = {k.replace("_", "-"): v for k, v in headers.items()}
    if data is not None:
        headers.setdefault("Content-Type", kind)
    return client.request(method, path, data=data, headers=headers)


def programme(admin, **more):
    code = mail("C").partition("@")[0]
    answer = admin.post(PROGRAMMES, json={"code": code, "name": "Programme", **more})
    assert answer.status_code == 201, answer.text
    return answer


# Addresses and methods

@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/me/", "/api/v1", "/api", "/api/v2/me", "/API/v1/me",
                                  "/api/v1//me", "/api/v1/programmes/1/2/3"])
def test_unknown_address(server, path):
    answer = server.raw("GET", path, headers={"Accept": "application/json"})
    problem(answer, 404, "not-found")
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("method, path, allow", [
    ("DELETE", ME, "GET, HEAD, PATCH, OPTIONS"),
    ("GET", LOGIN, "POST, OPTIONS"),
    ("PUT", PROGRAMMES, "GET, HEAD, POST, OPTIONS"),
    ("PATCH", "/healthz", "GET, HEAD, OPTIONS"),
    ("TRACE", ME, None), ("CONNECT", ME, None), ("BREW", ME, None),
])
def test_other_methods(server, method, path, allow):
    answer = server.raw(method, path)
    problem(answer, 405, "method-not-allowed")
    if allow:
        assert set(answer.headers["Allow"].split(", ")) == set(allow.split(", "))


def test_head_is_get_without_its_body(admin):
    for path in (ME, PROGRAMMES, "/healthz", "/openapi.json"):
        get, head = admin.get(path), admin.request("HEAD", path)
        assert head.status_code == 200 and head.content == b""
        assert head.headers["Content-Length"] == str(len(get.content)), path
        assert head.headers["Content-Type"] == get.headers["Content-Type"]
    assert admin.server.raw("HEAD", ME).status_code == 401


def test_options(server):
    answer = server.raw("OPTIONS", ME)
    assert answer.status_code == 204 and "PATCH" in answer.headers["Allow"]
    assert server.raw("OPTIONS", "/api/v1/nothing").status_code == 404
    answers, _ = exchange(server, b"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert [a.status for a in answers] == [204]


@pytest.mark.parametrize("path", [
    b"/api/v1/programmes/%00", b"/api/v1\x00/me", b"/api/v1/me%00", b"/%2e%2e/%2e%2e/etc/passwd",
    b"/../../etc/passwd", b"/assets/..%2f..%2fetc/passwd", b"/assets/%2e%2e/index.html", b"/docs/../index.html",
    b"/assets\\..\\x", b"/%c0%ae%c0%ae/etc/passwd", b"/%ff", b"/%zz", b"/%", b"/%2", b"//etc/passwd\r\nX: y",
    b"/api/v1/programmes/1%2f2", b"/./api/v1/me", b"/a b",
])
def test_path_tricks(server, path):
    answers, _ = exchange(server, b"GET " + path + b" HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n"
                                                   b"Connection: close\r\n\r\n")
    assert [a.status for a in answers] in ([400], [404]), path
    assert b"root:" not in answers[0].body


@pytest.mark.parametrize("value", ["0", "-1", "x", "1.5", "1e3", "9223372036854775808", "0x10", "+1", "%201", "١"])
def test_odd_number_in_the_path(admin, value):
    assert admin.get(f"{PROGRAMMES}/{value}").status_code in (404, 422)


@pytest.mark.parametrize("query, field, code", [
    ("nothing=1", "nothing", "unknown"), ("limit=x", "limit", "type"), ("limit=0", "limit", "min"),
    ("limit=99999999999999999999", "limit", "type"), ("limit=10&limit=20", "limit", "duplicate"),
    ("limit=%ff", "limit", "encoding"), ("q=a%00b", "q", "encoding"),
    ("cursor=nonsense", "cursor", None), ("cursor=%27%20OR%201=1", "cursor", None),
    ("sort=name;drop%20table", "sort", None),
])
def test_query(admin, query, field, code):
    fields = problem(admin.get(f"{PROGRAMMES}?{query}"), 422, "invalid")
    assert len(fields) == 1
    if field and code != "encoding":
        assert field in fields
    if code:
        assert list(fields.values())[0]["code"] == code


def test_too_many_parameters(admin):
    problem(admin.get(PROGRAMMES + "?" + "&".join(f"a{i}=1" for i in range(200))), 422, "invalid")


def test_far_too_many_parameters(server):
    target = PROGRAMMES.encode() + b"?" + b"&".join(b"a%d" % i for i in range(1400))
    answers, closed = exchange(server, b"GET " + target + b" HTTP/1.1\r\nHost: x\r\n\r\n")
    assert closed and [a.status for a in answers] in ([], [400], [414])


def test_broken_escape_in_the_query(admin):
    token = admin.session.headers["Authorization"].encode()
    answers, _ = exchange(admin.server, b"GET " + PROGRAMMES.encode() + b"?q=%zz HTTP/1.1\r\nHost: x\r\n"
                          b"Connection: close\r\nAuthorization: " + token + b"\r\n\r\n")
    assert [a.status for a in answers] == [422] and b'"encoding"' in answers[0].body


def test_long_address(server):
    answers, _ = exchange(server, b"GET /api/v1/me?q=" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answers[0].status == 414 and json.loads(answers[0].body)["type"] == "/problems/uri-too-long"


# Errors as RFC 9457

def test_form_of_a_problem(admin):
    answer = admin.post(PROGRAMMES, json={"code": "", "colour": "red"}, headers={"X-Request-Id": "abc-123"})
    body = answer.json()
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert set(body) <= {"type", "title", "status", "detail", "instance", "request_id", "errors"}
    assert (body["type"], body["status"], body["instance"]) == ("/problems/invalid", 422, PROGRAMMES)
    assert body["request_id"] == "abc-123" == answer.headers["X-Request-Id"]
    errors = {e["field"]: e for e in body["errors"]}
    assert set(errors) == {"/code", "/colour", "/name"}, "all of them at once"
    assert errors["/code"]["code"] == "min_length"
    assert errors["/colour"]["code"] == "unknown"
    assert errors["/name"]["code"] == "required"
    assert all(e["detail"] for e in body["errors"])


def test_request_ids(server):
    first, second = server.raw("GET", ME), server.raw("GET", ME)
    ids = {r.headers["X-Request-Id"] for r in (first, second)}
    assert len(ids) == 2 and all(re.fullmatch(r"[0-9a-f]{32}", i) for i in ids)
    assert server.raw("GET", ME, headers={"X-Request-Id": "A.b_c-9"}).headers["X-Request-Id"] == "A.b_c-9"


@pytest.mark.parametrize("bad", ["", "a b", "x" * 65, "<script>", "é", "a\"b", "a=b"])
def test_odd_request_id_is_replaced(server, bad):
    answer = server.raw("GET", ME, headers={"X-Request-Id": bad.encode()})
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-Id"])


def test_a_long_name_in_an_error_is_cut(admin):
    answer = admin.post(PROGRAMMES, json={"x" * 5000: 1, "code": "C", "name": "N"})
    assert answer.status_code == 422 and len(answer.content) < 2000


# Bodies

@pytest.mark.parametrize("data, status, slug, field", [
    (b'{"name":"N","code":"C","x":1}', 422, "invalid", "/x"),
    (b'{"name":1,"code":"C"}', 422, "invalid", "/name"),
    (b'{"name":["N"],"code":"C"}', 422, "invalid", "/name"),
    (b'{"name":null,"code":"C"}', 422, "invalid", "/name"),
    (b'{"name":"N","name":"M","code":"C"}', None, None, None),
    (b'{"name":"N\\u0000","code":"C"}', 422, "invalid", "/name"),
    (b'[]', 422, "invalid", ""),
    (b'"text"', 400, "bad-request", None),
    (b'null', 400, "bad-request", None),
    (b'', 422, "invalid", "/code"),
    (b'{', 400, "bad-request", None),
    (b'{"name":"N"', 400, "bad-request", None),
    (b'{"name":"N",}', 400, "bad-request", None),
    (b"{'name':'N'}", 400, "bad-request", None),
    (b'{"name":"N"} {"name":"M"}', 400, "bad-request", None),
    (b'{"name":"\xff\xfe"}', 400, "bad-request", None),
    (b'{"name":"\xc0\x80"}', 400, "bad-request", None),
    (b'{"name":"\xed\xa0\x80"}', 400, "bad-request", None),
    (b'{"name":"\\ud800"}', 400, "bad-request", None),
    (b'{"name":NaN}', 400, "bad-request", None),
    (b'\xef\xbb\xbf{"name":"N"}', 400, "bad-request", None),
    (b'[' * 20000, 400, "bad-request", None),
    (b'{"a":' * 5000 + b'1' + b'}' * 5000, 400, "bad-request", None),
    (b'\x00\x01\x02', 400, "bad-request", None),
])
def test_json(admin, data, status, slug, field):
    answer = send(admin, "POST", PROGRAMMES, data)
    if status is None:
        assert answer.status_code in (400, 422), "a member twice"
        return
    fields = problem(answer, status, slug)
    if field is not None:
        assert field in fields


@pytest.mark.parametrize("number", ["9223372036854775808", "1e400", "99999999999999999999999999", "1.5", "-1",
                                    "18446744073709551617", '"3"', "true", "1e2.5"])
def test_numbers(admin, number):
    module = f'{{"code":"C-{len(number)}","name":"N","programme_id":{number}}}'.encode()
    answer = send(admin, "POST", "/api/v1/modules", module)
    assert answer.status_code in (400, 422), answer.text
    if answer.status_code == 422:
        assert set(problem(answer, 422, "invalid")) == {"/programme_id"}


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded",
                                  "multipart/form-data; boundary=b", "application/json; charset=utf-16", "json",
                                  "application/jsonx", "text/json", ""])
def test_other_content_types(admin, kind):
    problem(send(admin, "POST", PROGRAMMES, b'{"code":"C","name":"N"}', kind), 415, "unsupported-media")


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8", "Application/JSON",
                                  'application/json;charset="UTF-8"'])
def test_right_content_types(admin, kind):
    code = mail("C").partition("@")[0]
    assert send(admin, "POST", PROGRAMMES, json.dumps({"code": code, "name": "N"}).encode(), kind).status_code == 201


def test_body_where_none_is_taken(admin):
    assert send(admin, "GET", ME, b"{}").status_code == 400


def test_text_comes_back_as_it_was(admin):
    name = "Ж \u200e 𝄞 \u00e9 \u200f'\"<script>alert(1)</script>&amp; \\ % $1 ; --"
    made = programme(admin, name=name).json()
    assert made["name"] == name
    assert admin.get(f"{PROGRAMMES}/{made['id']}").json()["name"] == name


def test_large_body_declared_and_chunked(admin):
    for body in (b'{"name":"' + b"x" * 70000 + b'"}', iter([b'{"name":"'] + [b"x" * 10000] * 8 + [b'"}'])):
        problem(send(admin, "POST", PROGRAMMES, body), 413, "too-large")


def test_large_body_is_refused_before_it_comes(admin):
    token = admin.session.headers["Authorization"].encode()
    answers, closed = exchange(
        admin.server, b"POST " + PROGRAMMES.encode() + b" HTTP/1.1\r\nHost: x\r\nAuthorization: " + token +
        b"\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n")
    assert [a.status for a in answers] == [413] and closed


# Forms

@pytest.fixture(scope="module")
def check(admin):
    """Where a photo is looked at: the simplest form there is."""
    made = admin.post("/api/v1/students", json={"student_number": mail("N").partition("@")[0], "name": "Forma"})
    student = f"/api/v1/students/{made.json()['id']}"
    consent = {"given_by": "student", "text_version": "1", "locale": "en", "of_age": True}
    assert admin.put(student + "/consent", json=consent).status_code == 200
    return student + "/enrolment/check"


def part(name, data, file=True):
    head = f'--b\r\nContent-Disposition: form-data; name="{name}"' + ('; filename="a.jpg"' if file else "")
    return head.encode() + b"\r\n\r\n" + data + b"\r\n"


END = b"--b--\r\n"


@pytest.mark.parametrize("body, status, field", [
    (END, 422, "photo"),
    (part("photo", b"no picture") + END, 415, None),
    (part("photo", b"", True) + END, 422, "photo"),
    (part("photo", b"x", False) + END, 422, "photo"),
    (part("photo", b"x") + part("extra", b"1", False) + END, 422, "extra"),
    (part("photo", b"x") + part("extra", b"1") + END, 422, "extra"),
    (part("photo", b"x") + part("photo", b"y") + END, 422, "photo"),
    (part("photo", b"x"), 400, None),
    (part("photo", b"x")[:-10], 400, None),
    (b"", 422, "photo"),
    (b"no form at all", 400, None),
    (b'--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n' + END, 400, None),
    (b'--b\r\nContent-Type: image/jpeg\r\n\r\nx\r\n' + END, 400, None),
    (b'--b\r\n' + b"X: y\r\n" * 5000 + b"\r\nx\r\n" + END, 413, None),
    (b"".join(part(f"p{i}", b"1", False) for i in range(500)) + END, None, None),
    (part("x" * 5000, b"1") + END, None, None),
], ids=[f"form-{i}" for i in range(16)])
def test_forms(admin, check, body, status, field):
    answer = send(admin, "POST", check, body, "multipart/form-data; boundary=b")
    if status is None:
        assert answer.status_code in (400, 413, 422)
        return
    assert answer.status_code == status, answer.text
    if field:
        assert field in {e["field"].strip("/") for e in answer.json()["errors"]}


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=", "application/json",
                                  "multipart/mixed; boundary=b", "multipart/form-data; boundary=" + "b" * 300, ""])
def test_other_content_types_for_a_form(admin, check, kind):
    problem(send(admin, "POST", check, part("photo", b"x") + END, kind), 415, "unsupported-media")


def test_form_is_not_taken_from_nobody(server, check):
    assert server.raw("POST", check, files={"photo": b"x" * 3000000}).status_code == 401


# Headers of answers

@pytest.mark.parametrize("path", [ME, "/healthz", "/openapi.json", "/api/v1/nothing", "/", "/docs"])
def test_security_headers(server, path):
    headers = server.raw("GET", path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=(self)" in headers["Permissions-Policy"]
    policy = dict(p.strip().partition(" ")[::2] for p in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'" and policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "Server" not in headers and "Strict-Transport-Security" not in headers


def test_api_answers_are_not_stored(admin):
    assert admin.get(ME).headers["Cache-Control"] == "no-store"
    assert admin.get(PROGRAMMES).headers["Cache-Control"] == "no-store"


def test_etag_and_not_modified(admin):
    made = programme(admin)
    path = f"{PROGRAMMES}/{made.json()['id']}"
    assert made.headers["ETag"] == '"1"' and made.headers["Location"] == path
    tag = admin.get(path).headers["ETag"]
    for known in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        answer = admin.server.raw("GET", path, headers={"If-None-Match": known,
                                                        "Authorization": admin.session.headers["Authorization"]})
        assert answer.status_code == 304 and answer.content == b"" and answer.headers["ETag"] == tag
    assert admin.get(path, headers={"If-None-Match": '"7"'}).status_code == 200


@pytest.mark.parametrize("header, status, slug", [
    (None, 428, "precondition-required"), ("*", 428, "precondition-required"), ("", 428, "precondition-required"),
    ('"2"', 412, "version-mismatch"), ('"x"', 412, "version-mismatch"), ('"0"', 412, "version-mismatch"),
    ("1", 400, "bad-request"), ('"1", "2"', 400, "bad-request"), ('"', 400, "bad-request"),
    ('"99999999999999999999"', 412, "version-mismatch"),
])
def test_if_match(admin, header, status, slug):
    made = programme(admin).json()
    headers = {} if header is None else {"If-Match": header}
    path = f"{PROGRAMMES}/{made['id']}"
    problem(admin.request("PATCH", path, json={"name": "Other"}, headers=headers), status, slug)
    assert admin.get(path).json() == made
    assert admin.request("PATCH", path, json={"name": "Other"},
                         headers={"If-Match": 'W/"1"'}).headers["ETag"] == '"2"'


def test_next_page(admin):
    names = [programme(admin, name=f"Paged {i}").json()["name"] for i in range(3)]
    path, seen = f"{PROGRAMMES}?q=Paged%20&limit=1&sort=name", []
    while path:
        answer = admin.get(path)
        seen += [p["name"] for p in answer.json()["items"]]
        path = answer.links["next"]["url"] if "next" in answer.links else None
        if path:
            assert path.startswith(PROGRAMMES + "?") and "q=Paged%20" in path and path.count("cursor=") == 1
    assert seen == names


# Other origins

def test_other_origins_are_closed_by_default(server):
    for method in ("GET", "OPTIONS"):
        answer = server.raw(method, ME, headers={"Origin": "https://friend.example",
                                                 "Access-Control-Request-Method": "PATCH"})
        assert not [h for h in answer.headers if h.startswith("Access-Control")]


def test_listed_origin(guarded):
    answer = guarded.raw("OPTIONS", ME, headers={"Origin": "https://friend.example",
                                                 "Access-Control-Request-Method": "PATCH",
                                                 "Access-Control-Request-Headers": "if-match"})
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "https://friend.example"
    assert "PATCH" in answer.headers["Access-Control-Allow-Methods"]
    assert "If-Match" in answer.headers["Access-Control-Allow-Headers"]
    answer = guarded.raw("GET", ME, headers={"Origin": "https://friend.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "https://friend.example"
    assert "Origin" in answer.headers["Vary"]
    assert "X-Request-Id" in answer.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://friend.example", "https://friend.example:8443",
                                    "https://friend.example.evil.example", "https://FRIEND.example/", "*"])
def test_unlisted_origin(guarded, origin):
    for method in ("GET", "OPTIONS"):
        answer = guarded.raw(method, ME, headers={"Origin": origin, "Access-Control-Request-Method": "GET"})
        assert not [h for h in answer.headers if h.startswith("Access-Control")]
        assert "Origin" in answer.headers["Vary"]


# What operators ask

def test_healthz(server):
    assert server.raw("GET", "/healthz").json() == {"status": "ok"}


def test_readyz(server, api):
    answer = api.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ready", "database": {"ok": True}, "models": {"ok": True}}


SAMPLE = re.compile(r'([a-z_][a-z0-9_]*)(\{[a-z_]+="[^"\\\n]*"(?:,[a-z_]+="[^"\\\n]*")*\})? (-?[0-9.e+-]+|\+Inf)$')


def test_metrics_are_openmetrics(admin):
    admin.get(ME)
    answer = admin.get("/metrics")
    assert answer.headers["Content-Type"].startswith("application/openmetrics-text; version=1.0.0")
    text = answer.text
    assert text.endswith("\n# EOF\n") and text.count("# EOF") == 1
    types, current, closed, samples = {}, None, set(), {}
    for line in text.splitlines()[:-1]:
        if line.startswith("# "):
            word, name, rest = line[2:].split(" ", 2)
            assert word in ("HELP", "TYPE", "UNIT") and rest
            if word == "TYPE":
                assert name not in types, "a family twice"
                types[name] = rest
            if name != current:
                assert name not in closed, "a family in two places"
                closed.add(current)
                current = name
            continue
        found = SAMPLE.match(line)
        assert found, line
        name, labels, value = found.groups()
        family = current
        suffixes = {"counter": ["_total", "_created"], "gauge": [""],
                    "histogram": ["_bucket", "_sum", "_count", "_created"]}[types[family]]
        assert name in [family + s for s in suffixes], line
        assert (name, labels) not in samples, line
        samples[name, labels] = float(value)
    assert len(types) >= 8
    assert any("me_get" in (labels or "") and value >= 1 for (_, labels), value in samples.items())


def test_metrics_hold_no_personal_data(admin):
    text = admin.get("/metrics").text
    assert "@" not in text and "Ada" not in text and "127.0.0.1" not in text


def test_openapi_document(admin, contract):
    document = admin.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    ids = [op for op, *_ in contract.operations()]
    assert len(ids) == len(set(ids)) >= 60
    for op, method, template, operation in contract.operations():
        named = set(re.findall(r"\{(\w+)\}", template))
        declared = {p["name"] for p in operation.get("parameters", []) if p.get("in") == "path"}
        assert named == declared, op
        assert operation["summary"] and operation["tags"], op


# Framing: what two servers in a row could read differently is refused, and the connection closed

POST = b"POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
HEALTH = b"GET /healthz HTTP/1.1\r\n"
SMUGGLED = b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"
FRAMING = {
    "length and encoding": POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "two lengths": POST + b"Content-Length: 0\r\nContent-Length: 5\r\n\r\n" + SMUGGLED,
    "plus in the length": POST + b"Content-Length: +2\r\n\r\n{}",
    "length below zero": POST + b"Content-Length: -2\r\n\r\n{}",
    "list of lengths": POST + b"Content-Length: 2, 2\r\n\r\n{}",
    "length too long": POST + b"Content-Length: 18446744073709551618\r\n\r\n{}",
    "encoding not known": POST + b"Transfer-Encoding: gzip\r\n\r\n{}" + SMUGGLED,
    "nearly chunked": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunked not last": POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "blank before the colon": POST + b"Content-Length : 2\r\n\r\n{}",
    "lines end with LF": b"GET /healthz HTTP/1.1\nHost: x\n\n",
    "no host": HEALTH + b"\r\n",
    "two hosts": HEALTH + b"Host: x\r\nHost: y\r\n\r\n",
    "NUL in a header": HEALTH + b"Host: x\r\nX-A: b\0c\r\n\r\n",
    "chunk size is no number": POST + b"Transfer-Encoding: chunked\r\n\r\nQ\r\n{}\r\n0\r\n\r\n",
    "chunk size overflows": POST + b"Transfer-Encoding: chunked\r\n\r\n1FFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n",
    "encoded parent folder": b"GET /assets/%2E%2E/%2E%2E/etc/shadow HTTP/1.1\r\nHost: x\r\n\r\n",
    "other protocol": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "CR in a header": HEALTH + b"Host: x\r\nX-A: b\rContent-Length: 5\r\n\r\n",
    "two authorizations": HEALTH + b"Host: x\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n",
    "address of a proxy": b"GET http://other/healthz HTTP/1.1\r\nHost: x\r\n\r\n",
}


@pytest.mark.parametrize("name", FRAMING)
def test_framing(server, name):
    answers, closed = exchange(server, FRAMING[name])
    assert closed, "the connection is of no use any more"
    assert answers or name == "chunk size overflows"
    for answer in answers:
        assert answer.status in (400, 413, 505), "what was hidden in it was taken as a request"


def test_folded_header(server):
    """RFC 9112, 5.2: refused, or read as one line."""
    answers, _ = exchange(server, HEALTH + b"Host: x\r\nX-Request-Id: b\r\n c\r\nConnection: close\r\n\r\n")
    assert [a.status for a in answers] in ([400], [200])
    assert answers[0].headers.get("x-request-id") != "b"


def test_headers_of_64_kib(server):
    answers, closed = exchange(server, HEALTH + b"Host: x\r\nX-A: " + b"a" * 65536 + b"\r\n\r\n")
    assert closed and [a.status for a in answers] in ([431], [])


def test_three_requests_in_a_row(server):
    answers, _ = exchange(server, (HEALTH + b"Host: x\r\n\r\n") * 2 + HEALTH + b"Host: x\r\nConnection: close\r\n\r\n")
    assert [a.status for a in answers] == [200] * 3


def test_slow_headers_are_cut_off(server):
    """After five seconds: the whole header would take a hundred."""
    data = b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 1000
    began, sent = time.monotonic(), 0
    with connect(server) as sock, contextlib.suppress(ConnectionError):
        for byte in data:
            sock.sendall(bytes([byte]))
            sent += 1
            time.sleep(0.1)
    assert sent < len(data) and time.monotonic() - began > 4


# TLS

@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=127.0.0.1",
                    "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    with running(tls_cert=cert, tls_key=key) as server:
        server.certificate = cert
        yield server


def test_tls(tls):
    url = f"https://127.0.0.1:{tls.port}"
    answer = requests.post(url + LOGIN, json={"email": "admin@school.example", "password": PASSWORD},
                           verify=str(tls.certificate), timeout=30)
    assert answer.status_code == 200
    assert "max-age=" in answer.headers["Strict-Transport-Security"]
    cookies = cookies_of(answer)
    assert len(cookies) == 3 and all("secure" in attributes for _, attributes in cookies.values())
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(url + "/healthz", timeout=30)


@pytest.mark.parametrize("version, works", [
    (ssl.TLSVersion.TLSv1, False), (ssl.TLSVersion.TLSv1_1, False),
    (ssl.TLSVersion.TLSv1_2, True), (ssl.TLSVersion.TLSv1_3, True)])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_tls_versions(tls, version, works):
    context = ssl.create_default_context(cafile=str(tls.certificate))
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    try:
        with context.wrap_socket(connect(tls), server_hostname="127.0.0.1") as sock:
            assert works and sock.version()
    except (ssl.SSLError, ConnectionError):
        assert not works


def test_plain_http_to_a_tls_port(tls):
    with connect(tls) as sock:
        sock.sendall(HEALTH + b"Host: x\r\n\r\n")
        data, closed = read_all(sock)
    assert b"200 OK" not in data and closed


def test_a_wrong_field_is_told_what_is_allowed(admin):
    answer = admin.post("/api/v1/sessions", json={"time_zone": "Mars/Olympus", "starts_at": "now"})
    told = {e["field"]: e["allowed"] for e in answer.json()["errors"]}
    assert told["/kind"] == "course, lab, workshop, exam"
    assert told["/time_zone"] == "a time zone of the tz database as Europe/Paris"
    assert told["/group_ids"] == "a list of whole numbers"
    assert told["/starts_at"] == told["/ends_at"] == "an RFC 3339 time of the years 1970 to 9999"
    days = admin.get("/api/v1/reports/day?day=2026-02-30").json()["errors"]
    assert [(e["detail"], e["allowed"]) for e in days] == [("must be a day as 2026-09-14", "a day as 2026-09-14")]

# SPDX-License-Identifier: MIT
"""What every answer carries, CORS, files of the web app, multipart forms, TLS."""
import re
import ssl
import subprocess

import pytest
import requests
from conftest import read_answer

TRAINER = {"Authorization": "Bearer trainer"}
PLAIN = {"Accept-Encoding": "identity"}


@pytest.mark.parametrize("path", ["/", "/api/v1/echo?text=a", "/nothing.js", "/healthz", "/metrics"])
def test_security_headers(server, path):
    headers = requests.get(server.url + path, headers=PLAIN).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Permissions-Policy"] == "camera=(self), geolocation=(self), microphone=()"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "Strict-Transport-Security" not in headers
    assert re.fullmatch("[0-9a-f]{32}", headers["X-Request-Id"])


def test_api_answers_are_not_stored(server):
    assert requests.get(server.url + "/api/v1/echo").headers["Cache-Control"] == "no-store"


def test_request_id_is_taken_over(server):
    answer = requests.get(server.url + "/api/v1/echo", headers={"X-Request-Id": "a.b_c-9"})
    assert answer.headers["X-Request-Id"] == "a.b_c-9"
    assert answer.json()["request_id"] == "a.b_c-9"


@pytest.mark.parametrize("bad", ["a b", "x" * 65, "a;b", "é"])
def test_odd_request_id_is_replaced(server, bad):
    answer = requests.get(server.url + "/api/v1/echo", headers={"X-Request-Id": bad.encode()})
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-Id"])


def test_head(server):
    answer = requests.head(server.url + "/api/v1/echo?text=abc")
    assert answer.status_code == 200 and answer.content == b""
    assert int(answer.headers["Content-Length"]) > 10


def test_unknown_address(server):
    answer = requests.get(server.url + "/api/v1/none")
    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/not-found"


@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH", "TRACE", "BREW"])
def test_other_methods(server, method):
    answer = requests.request(method, server.url + "/api/v1/echo")
    assert answer.status_code == 405
    if method != "BREW":
        assert {"GET", "POST"} <= set(re.split(", *", answer.headers["Allow"]))


def test_options(server):
    answer = requests.options(server.url + "/api/v1/echo")
    assert answer.status_code == 204
    assert "POST" in answer.headers["Allow"]
    assert "Access-Control-Allow-Methods" not in answer.headers
    assert requests.options(server.url + "/api/v1/none").status_code == 404


def test_preflight(server):
    asked = {"Access-Control-Request-Method": "POST", "Origin": "https://friend.example"}
    headers = requests.options(server.url + "/api/v1/echo", headers=asked).headers
    assert headers["Access-Control-Allow-Origin"] == "https://friend.example"
    assert "POST" in headers["Access-Control-Allow-Methods"]
    assert "Idempotency-Key" in headers["Access-Control-Allow-Headers"]
    asked["Origin"] = "https://foe.example"
    headers = requests.options(server.url + "/api/v1/echo", headers=asked).headers
    assert not [name for name in headers if name.startswith("Access-Control")]


def test_other_origin_may_not_read(server):
    headers = requests.get(server.url + "/api/v1/echo", headers={"Origin": "https://foe.example"}).headers
    assert "Access-Control-Allow-Origin" not in headers
    assert headers["Vary"] == "Origin"
    headers = requests.get(server.url + "/healthz", headers={"Origin": "https://friend.example"}).headers
    assert headers["Access-Control-Allow-Origin"] == "https://friend.example"


@pytest.mark.parametrize("accepted, encoding", [
    ("", None), ("br", "br"), ("gzip", "gzip"), ("gzip, br", "br"), ("br;q=0.1, gzip", "gzip"),
    ("br;q=0", None), ("*", "br"), ("identity, br;q=0", None), ("deflate", None),
])
def test_encoding(server, accepted, encoding):
    got = requests.get(server.url + "/", headers={"Accept-Encoding": accepted}, stream=True)
    assert got.headers.get("Content-Encoding") == encoding
    assert "Accept-Encoding" in got.headers["Vary"]
    assert got.headers["ETag"] == {"br": '"br"', "gzip": '"gz"', None: '"plain"'}[encoding]


def test_not_modified(server):
    for sent in ('"plain"', 'W/"plain"', '"a", "plain"', "*"):
        got = requests.get(server.url + "/", headers={"Accept-Encoding": "", "If-None-Match": sent})
        assert got.status_code == 304 and got.content == b""
        assert got.headers["ETag"] == '"plain"'
    got = requests.get(server.url + "/", headers={"Accept-Encoding": "", "If-None-Match": '"br"'})
    assert got.status_code == 200


def test_caching(server):
    assert requests.get(server.url + "/", headers=PLAIN).headers["Cache-Control"] == "no-cache"
    assert "immutable" in requests.get(server.url + "/assets/app-1.js").headers["Cache-Control"]


@pytest.mark.parametrize("path, accept, status", [
    ("/students/3", "text/html", 200), ("/students/3", "application/json", 404),
    ("/assets/none.js", "*/*", 404), ("/assets/none", "text/html", 404), ("/a.js", "*/*", 404),
    ("/api", "text/html", 404), ("/docs", "*/*", 200), ("/docs/", "*/*", 200),
    ("/docs/none", "text/html", 404), ("/openapi.json", "*/*", 200),
])
def test_app_routes(server, path, accept, status):
    assert requests.get(server.url + path, headers={"Accept": accept, **PLAIN}).status_code == status


@pytest.mark.parametrize("path", [
    "/%2e%2e/etc/passwd", "/assets/%2e%2e/index.html", "/assets/..%2findex.html", "/a%00.html",
    "/assets\\app-1.js", "/assets/%5c..%5capp-1.js", "/%252e%252e/etc/passwd.txt", "/%zz", "/%",
    "/assets/app-1.js%00", "/a%c3%28",
])
def test_path_tricks(server, path):
    with server.connect() as c:
        c.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\r\n".encode())
        assert read_answer(c).status in (400, 404)


def test_parent_segments(server):
    with server.connect() as c:
        c.sendall(b"GET /assets/../index.html HTTP/1.1\r\nHost: x\r\n\r\n")
        assert read_answer(c).status == 400


def test_upload(server):
    data = bytes(range(256)) * 500 + b"\r\n--" + b"\r" * 100
    answer = requests.post(server.url + "/api/v1/upload", headers=TRAINER, data={"note": "éà"}, files=[
        ("photo", ("a \"b\".jpg", data, "image/jpeg")), ("photos", ("1", b"x" * 10)),
        ("photos", ("2", b""))])
    assert answer.json() == {
        "photo_bytes": len(data), "photos": 2, "photos_bytes": 10, "sum": sum(data),
        "photo_name": 'a "b".jpg', "photo_type": "image/jpeg", "note": "éà"}


FORM = {"Content-Type": "multipart/form-data; boundary=b", **TRAINER}
PART = b'--b\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\nxyz\r\n'


@pytest.mark.parametrize("body, status", [
    (PART + b"--b--\r\n", 200), (PART + b"--b--", 200), (PART, 400), (PART + b"--b", 400),
    (PART + b"--b--x", 400), (b"preamble\r\n" + PART + b"--b--\r\n", 400), (b"", 422),
    (PART.replace(b"form-data", b"attachment") + b"--b--\r\n", 400),
    (PART.replace(b"\r\n", b"\n") + b"--b--\r\n", 400),
    (PART * 17 + b"--b--\r\n", 413), (PART.replace(b"xyz", b"x" * 2200000) + b"--b--\r\n", 413),
    (PART.replace(b"photo", b"p" * 101) + b"--b--\r\n", 400),
])
def test_forms(server, body, status):
    assert requests.post(server.url + "/api/v1/upload", data=body, headers=FORM).status_code == status


@pytest.mark.parametrize("kind", [
    "application/json", "multipart/form-data", "multipart/form-data; boundary=", "multipart/mixed; boundary=b",
    "multipart/form-data; boundary=" + "b" * 71, "multipart/form-data; boundary=a b",
])
def test_other_content_types_for_a_form(server, kind):
    answer = requests.post(server.url + "/api/v1/upload", data=PART + b"--b--\r\n",
                           headers={"Content-Type": kind, **TRAINER})
    assert answer.status_code == 415


def test_metrics(server):
    text = requests.get(server.url + "/metrics").text
    assert text.endswith("# EOF\n")
    families = re.findall(r"^# TYPE (\S+) (\S+)$", text, re.M)
    assert len(families) == len(set(families)) and ("http_requests", "counter") in families
    for line in text.splitlines():
        assert line.startswith("# ") or re.fullmatch(r'[a-z_]+(\{[^}]*\})? [-0-9.e+]+', line), line
    assert 'route="system_healthz",status="2xx"' in text


def test_client_address_behind_a_proxy(start):
    server = start(proxy=1)
    headers = {"X-Forwarded-For": "6.6.6.6, 10.1.2.3", "X-Forwarded-Proto": "https"}
    answer = requests.get(server.url + "/api/v1/echo", headers=headers)
    assert answer.json()["ip"] == "10.1.2.3"
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_forwarded_address_is_not_believed(server):
    answer = requests.get(server.url + "/api/v1/echo", headers={"X-Forwarded-For": "10.1.2.3"})
    assert answer.json()["ip"] == "127.0.0.1"


def test_ipv6(start):
    server = start(address="::")
    assert requests.get(server.url + "/api/v1/echo").json()["ip"] == "127.0.0.1"
    six = f"http://[::1]:{server.port}/api/v1/echo"
    assert requests.get(six).json()["ip"] == "::1"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                    "-nodes", "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=127.0.0.1",
                    "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    return cert, key


def test_tls(start, certificate):
    cert, key = certificate
    server = start(cert=cert, key=key)
    answer = requests.get(server.url + "/api/v1/echo?text=a", verify=str(cert))
    assert answer.json()["text"] == "a"
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    files = {"photo": ("a", b"x" * 900000)}
    answer = requests.post(server.url + "/api/v1/upload", files=files, headers=TRAINER, verify=str(cert))
    assert answer.json()["photo_bytes"] == 900000


@pytest.mark.parametrize("version, works", [
    (ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True), (ssl.TLSVersion.TLSv1_3, True)])
def test_tls_versions(start, certificate, version, works):
    cert, key = certificate
    server = start(cert=cert, key=key)
    context = ssl.create_default_context(cafile=str(cert))
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    try:
        with context.wrap_socket(server.connect(), server_hostname="127.0.0.1") as c:
            assert works and c.version()
    except (ssl.SSLError, ConnectionError):
        assert not works


def test_bad_certificate_is_said(start, tmp_path):
    bad = tmp_path / "bad.pem"
    bad.write_text("nonsense")
    with pytest.raises(RuntimeError, match="certificate"):
        start(cert=bad, key=bad)


def test_port_in_use_is_said(start, server):
    with pytest.raises(RuntimeError, match="in use"):
        start(port=server.port)

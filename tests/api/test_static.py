# SPDX-License-Identifier: MIT
"""The web app inside the binary: what is found, how it is packed, what a browser may do with it."""
import re

import pytest
import requests

HTML = {"Accept": "text/html,application/xhtml+xml"}


def get(server, path, **headers):
    return server.raw("GET", path, headers={"Accept-Encoding": "identity", **headers})


@pytest.fixture(scope="module")
def page(server):
    answer = get(server, "/", **HTML)
    assert answer.status_code == 200
    return answer


@pytest.fixture(scope="module")
def scripts(page):
    found = re.findall(r'(?:src|href)="(/assets/[^"]+)"', page.text)
    assert found
    return found


def test_page(page):
    assert page.headers["Content-Type"].startswith("text/html")
    assert page.headers["Cache-Control"] == "no-cache"
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "unsafe-inline" not in policy and "unsafe-eval" not in policy
    assert "frame-ancestors 'none'" in policy and "default-src 'none'" in policy


def test_page_is_of_one_piece(server, page, scripts):
    """All it names is there; nothing comes from elsewhere; no script stands in the page itself."""
    for path in set(scripts):
        answer = get(server, path)
        assert answer.status_code == 200, path
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        kind = "javascript" if path.endswith(".js") else "text/css" if path.endswith(".css") else ""
        assert kind in answer.headers["Content-Type"]
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page.text)
    assert not re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", page.text)


@pytest.mark.parametrize("path", ["/login", "/sessions", "/sessions/12", "/students/7/enrol"])
def test_addresses_of_the_app(server, page, path):
    assert get(server, path, **HTML).content == page.content


@pytest.mark.parametrize("path, accept", [
    ("/api/v1/nothing", "text/html"), ("/assets/nothing.js", "text/html"), ("/nothing.png", "text/html"),
    ("/docs/nothing", "text/html"), ("/login", "application/json"), ("/.env", "text/html"),
    ("/index.html.bak", "text/html"),
])
def test_what_is_not_there(server, path, accept):
    answer = get(server, path, Accept=accept)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("accepted, encoding", [
    ("br, gzip", "br"), ("gzip", "gzip"), ("identity", None), ("gzip;q=0", None), ("br;q=0, gzip", "gzip"),
])
def test_packing(server, scripts, accepted, encoding):
    path = max(scripts, key=lambda p: len(get(server, p).content))
    plain = get(server, path)
    with requests.get(server.url + path, headers={"Accept-Encoding": accepted}, stream=True, timeout=30) as answer:
        assert answer.headers.get("Content-Encoding") == encoding
        assert "Accept-Encoding" in answer.headers["Vary"]
        size = len(answer.raw.read(decode_content=False))
    if encoding:
        assert size < len(plain.content)
    else:
        assert size == len(plain.content)


def test_unchanged_files_are_not_sent_again(server, scripts):
    for path in ("/", scripts[0]):
        first = get(server, path, **HTML)
        again = get(server, path, **HTML, **{"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304 and not again.content
        assert get(server, path, **HTML, **{"If-None-Match": '"other"'}).status_code == 200


def test_each_packing_has_its_own_tag(server, scripts):
    tags = {server.raw("HEAD", scripts[0], headers={"Accept-Encoding": e}).headers["ETag"]
            for e in ("identity", "gzip", "br")}
    assert len(tags) == 3


def test_files_are_only_read(server, scripts):
    for path in ("/", scripts[0]):
        for method in ("POST", "PUT", "DELETE"):
            assert server.raw(method, path).status_code in (404, 405)
        head = server.raw("HEAD", path, headers={"Accept-Encoding": "identity"})
        assert head.status_code == 200 and not head.content
        assert int(head.headers["Content-Length"]) == len(get(server, path).content)


def test_docs_work_offline(server):
    """Swagger UI from the binary: each file it names is there, and no inline script."""
    for path in ("/docs", "/docs/"):
        answer = get(server, path, **HTML)
        assert answer.status_code == 200
    named = re.findall(r'(?:src|href)="([^"]+)"', answer.text)
    assert any(n.endswith(".js") for n in named)
    for name in named:
        assert not name.startswith(("http:", "https:", "//"))
        assert get(server, name if name.startswith("/") else "/docs/" + name.lstrip("./")).status_code == 200, name
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy and "script-src 'self'" in policy
    assert not re.findall(r"<script(?![^>]*\bsrc=)[^>]*>[^<]", answer.text)

# SPDX-License-Identifier: MIT
"""A caller of the API: answers are held against the contract."""
import time

import requests

from server import SLOW

KEEP_S = 5  # long before the server closes a silent connection


class Client:
    def __init__(self, server, contract, token=None, account=None):
        self.server = server
        self.contract = contract
        self.account = account
        self.session = requests.Session()
        self.session.trust_env = False
        self.used = 0
        if token:
            self.session.headers["Authorization"] = "Bearer " + token

    def request(self, method, path, **more):
        more.setdefault("timeout", 60 * SLOW)
        # A connection that the server is just closing would be reset under the request.
        if time.monotonic() - self.used > KEEP_S:
            self.session.close()
        self.used = time.monotonic()
        response = self.session.request(method, self.server.url + path, **more)
        self.contract.check(method, path, response)
        return response

    def get(self, path, **more):
        return self.request("GET", path, **more)

    def post(self, path, **more):
        return self.request("POST", path, **more)

    def put(self, path, **more):
        return self.request("PUT", path, **more)

    def patch(self, path, version=None, **more):
        """With `version` as If-Match."""
        if version is not None:
            more.setdefault("headers", {})["If-Match"] = f'"{version}"'
        return self.request("PATCH", path, **more)

    def delete(self, path, **more):
        return self.request("DELETE", path, **more)

    def login(self, email, password):
        answer = self.post("/api/v1/auth/login", json={"email": email, "password": password,
                                                       "transport": "bearer"})
        assert answer.status_code == 200, answer.text
        body = answer.json()
        return Client(self.server, self.contract, body["access_token"], body["user"])


def problem(response, status, slug):
    """The answer is that problem; its field errors by field."""
    assert response.status_code == status, response.text
    body = response.json()
    assert body["type"] == "/problems/" + slug, response.text
    assert body["status"] == status
    return {e["field"]: e for e in body.get("errors", [])}

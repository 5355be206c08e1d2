# SPDX-License-Identifier: MIT
"""A caller of the API: answers are held against the contract. Threads may share one."""
import threading
import time

import requests
from requests.adapters import HTTPAdapter

from server import SLOW

KEEP_S = 5  # long before the server closes a silent connection
RENEW_S = 600  # before an access token of 15 minutes ends: a run on a busy machine outlasts it


class Client:
    def __init__(self, server, contract, token=None, account=None):
        self.server = server
        self.contract = contract
        self.account = account
        self.session = requests.Session()
        self.session.trust_env = False
        self.used = 0
        self.signed_in = None  # (email, password, when)
        self.lock = threading.Lock()  # guards both, and the change of what they are about
        if token:
            self.session.headers["Authorization"] = "Bearer " + token

    def request(self, method, path, **more):
        more.setdefault("timeout", 60 * SLOW)
        self._freshen()
        response = self.session.request(method, self.server.url + path, **more)
        self.contract.check(method, path, response)
        return response

    def _freshen(self):
        with self.lock:
            # A connection that the server is just closing would be reset under the request. Those on
            # which other threads wait go on.
            if time.monotonic() - self.used > KEEP_S:
                self.session.mount("http://", HTTPAdapter())
            self.used = time.monotonic()
            if self.signed_in and self.used - self.signed_in[2] > RENEW_S:
                email, password, _ = self.signed_in
                again = Client(self.server, self.contract).login(email, password)
                self.session.headers["Authorization"] = again.session.headers["Authorization"]
                self.signed_in = again.signed_in

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
        made = Client(self.server, self.contract, body["access_token"], body["user"])
        made.signed_in = email, password, time.monotonic()
        return made


def problem(response, status, slug):
    """The answer is that problem; its field errors by field."""
    assert response.status_code == status, response.text
    body = response.json()
    assert body["type"] == "/problems/" + slug, response.text
    assert body["status"] == status
    return {e["field"]: e for e in body.get("errors", [])}

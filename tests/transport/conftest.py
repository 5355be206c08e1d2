# SPDX-License-Identifier: MIT
"""Starts the echo server for the tests of the transport; prints TAP when asked to (SP_TAP=1)."""
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import threading
import time
import urllib.request

import pytest

SERVER = os.environ.get("SP_ECHO_SERVER", "")


class Tap:
    """pytest's results as TAP lines, for meson."""

    def __init__(self):
        self.count = 0

    def pytest_runtest_logreport(self, report):
        if report.when == "call" or report.failed:
            self.count += 1
            print(f"{'ok' if report.passed else 'not ok'} {self.count} - {report.nodeid}", flush=True)
            if report.failed:
                for line in str(report.longrepr).splitlines():
                    print(f"# {line}", flush=True)

    def pytest_sessionfinish(self):
        print(f"1..{self.count}", flush=True)


def pytest_configure(config):
    if os.environ.get("SP_TAP"):
        config.pluginmanager.register(Tap())


class Server:
    def __init__(self, **options):
        arguments = [f"{key}={value}" for key, value in options.items()]
        self.process = subprocess.Popen([SERVER, *arguments], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(self.process.communicate()[1])
        self.port = int(line)
        self.lock = threading.Lock()
        self.stopped = False
        self.tls = "cert" in options
        self.url = f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"
        self.ws_url = f"{'wss' if self.tls else 'ws'}://127.0.0.1:{self.port}"

    def connect(self, timeout=60):
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout)

    def gauge(self, name):
        with urllib.request.urlopen(self.url + "/metrics", timeout=60) as answer:
            return int(re.search(rf"^{name} (\d+)", answer.read().decode(), re.M)[1])

    def running(self):
        """Requests that run or wait, less the question itself."""
        return self.gauge("http_requests_running") - 1

    def stop(self, timeout=60):
        """Asks it to stop, and fails with what a sanitiser said when it did not end in order."""
        with self.lock:
            if self.stopped:
                return
            self.stopped = True
            self.process.send_signal(signal.SIGTERM)
            try:
                _, errors = self.process.communicate(timeout=timeout)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.communicate()
                raise
            assert self.process.returncode == 0, errors


@pytest.fixture
def start():
    """Starts servers with options; they must stop in good order."""
    servers = []

    def starter(**options):
        servers.append(Server(**options))
        return servers[-1]

    yield starter
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def server():
    one = Server(per_address=500)
    yield one
    one.stop()


def until(what, seconds=60):
    """Waits for what must come sooner or later, however busy the machine."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.01)


class Answer:
    def __init__(self, head, body):
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split()[1])
        self.headers = {}
        for line in lines[1:]:
            key, value = line.split(":", 1)
            self.headers.setdefault(key.lower(), value.strip())
        self.body = body

    def json(self):
        return json.loads(self.body)


def read_answer(connection):
    """One answer with a Content-Length; None at the end of the stream."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return None
        data += piece
    head, body = data.split(b"\r\n\r\n", 1)
    answer = Answer(head, body)
    length = int(answer.headers.get("content-length", 0))
    while len(answer.body) < length:
        piece = connection.recv(65536)
        if not piece:
            break
        answer.body += piece
    return answer


def is_closed(connection):
    """Whether the other side closes, after at most the socket's timeout."""
    try:
        return connection.recv(65536) == b""
    except ConnectionError:
        return True
    except socket.timeout:
        return False

# SPDX-License-Identifier: MIT
"""The server's clock in other tests is moved from outside; and one that goes backwards is survived."""
import email.utils
import time

import pytest
import requests

from clock import ClockedServer
from own import wait_until


@pytest.fixture(scope="module")
def server():
    server = ClockedServer("2026-03-29T00:59:58Z")
    try:
        yield server.start()
    finally:
        server.close()


def seen(server):
    answer = requests.get(server.url + "/healthz", timeout=10)
    assert answer.status_code == 200
    return email.utils.parsedate_to_datetime(answer.headers["Date"]).isoformat()


def test_the_clock_is_where_it_was_set_and_runs_on(server):
    assert seen(server).startswith("2026-03-29T00:59:5") or seen(server).startswith("2026-03-29T01:00")
    server.at("2026-10-25T01:30:00Z")
    assert seen(server).startswith("2026-10-25T01:30:0")


def test_a_clock_that_goes_backwards_is_survived(server):
    server.at("2026-01-01T00:00:00Z")
    assert seen(server).startswith("2026-01-01T00:00:0")


def test_it_starts_anew_at_the_same_moment_and_stands_still_when_told(server):
    """Else the time that tests before have taken would be missing in this one."""
    start = "2026-05-04T08:00:00.900Z"
    server.at(start)
    assert wait_until(lambda: seen(server) >= "2026-05-04T08:00:02")
    began = time.monotonic()
    server.at(start)
    found = int(seen(server)[17:19])
    assert found <= 0.9 + time.monotonic() - began
    began = time.monotonic()
    server.at("2026-05-04T09:00:00.700Z", still=True)
    while time.monotonic() < began + 0.4:
        assert seen(server).startswith("2026-05-04T09:00:00")

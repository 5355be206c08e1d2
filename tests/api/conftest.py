# SPDX-License-Identifier: MIT
"""One server for the whole run; callers of each role. Engine: SP_TEST_ENGINE (docs in server.py)."""
import os

import pytest

from client import Client
from contract import Contract
from own import running

PASSWORD = "plover-Cabinet-77"
# Planted in what users write; must never be in the log (test_log.py).
SECRET = "xylophone-Quagga-41"


@pytest.fixture(scope="session")
def server():
    with running() as s:
        yield s


@pytest.fixture(scope="session")
def contract(server):
    return Contract(server.raw("GET", "/openapi.json").json())


@pytest.fixture(scope="session")
def api(server, contract):
    return Client(server, contract)


@pytest.fixture(scope="session")
def admin(api):
    return api.login("admin@school.example", PASSWORD)


def _trainer(admin, api, name):
    made = admin.post("/api/v1/trainers", json={"email": f"{name}@school.example",
                                                "name": f"Trainer {name}", "password": PASSWORD})
    assert made.status_code == 201, made.text
    return api.login(f"{name}@school.example", PASSWORD)


def _student(admin, api, name):
    made = admin.post("/api/v1/students", json={
        "student_number": "ROLE-" + name, "name": f"Student {name}",
        "email": f"{name}@school.example", "password": PASSWORD})
    assert made.status_code == 201, made.text
    return api.login(f"{name}@school.example", PASSWORD)


@pytest.fixture(scope="session")
def trainer(admin, api):
    return _trainer(admin, api, "trainer-one")


@pytest.fixture(scope="session")
def trainer2(admin, api):
    return _trainer(admin, api, "trainer-two")


@pytest.fixture(scope="session")
def student(admin, api):
    return _student(admin, api, "student-one")


@pytest.fixture(scope="session")
def student2(admin, api):
    return _student(admin, api, "student-two")


@pytest.fixture(scope="session")
def guardian(admin, api):
    """Of nobody."""
    made = admin.post("/api/v1/users", json={"email": "guardian-one@school.example", "role": "guardian",
                                             "name": "Guardian one", "password": PASSWORD})
    assert made.status_code == 201, made.text
    return api.login("guardian-one@school.example", PASSWORD)


@pytest.fixture(scope="session")
def guarded():
    """A server for failing sign-ins and other origins: X-Forwarded-For says who comes."""
    with running(trusted_proxies="127.0.0.1", cors_origins="https://friend.example") as s:
        yield s


@pytest.fixture(scope="session")
def guarded_admin(guarded, contract):
    return Client(guarded, contract).login("admin@school.example", PASSWORD)


@pytest.fixture(scope="session", autouse=True)
def every_route_is_called(request):
    """A route that no test calls fails the run (not when only some tests are chosen)."""
    whole = os.environ.get("SP_TEST_WHOLE") == "1"
    # Asked for before the tests: what is asked for after them may be gone already.
    contract = request.getfixturevalue("contract") if whole else None
    yield
    if whole and request.session.testsfailed == 0:
        missing = {op for op, *_ in contract.operations()} - contract.called
        assert not missing, f"never called: {sorted(missing)}"

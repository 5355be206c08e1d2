# SPDX-License-Identifier: MIT
"""Things of a school made through the API, each with a name and code of its own."""
import dataclasses
import datetime
import secrets

import pytest

PASSWORD = "seven-Teal-otters"


def word(stem):
    return f"{stem}-{secrets.token_hex(5)}"


def mail(stem):
    return f"{word(stem)}@school.example"


def body_of(answer, status=200):
    assert answer.status_code == status, f"{answer.status_code}: {answer.text}"
    return answer.json() if answer.content else None


def problem(answer, status, slug):
    body = body_of(answer, status)
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert body["type"] == f"/problems/{slug}", body
    return body


def field_errors(answer, status=422):
    """{field: code} of a refused request."""
    body = body_of(answer, status)
    return {error["field"]: error["code"] for error in body["errors"]}


def walk(client, path, params):
    """All items of a list, following next_cursor; also checks the Link header."""
    items, pages, cursor = [], 0, None
    while True:
        query = dict(params, **({"cursor": cursor} if cursor else {}))
        answer = client.get(path, params=query)
        page = body_of(answer)
        assert len(page["items"]) <= params.get("limit", 50)
        items += page["items"]
        pages += 1
        cursor = page["next_cursor"]
        assert ('rel="next"' in answer.headers.get("Link", "")) == (cursor is not None)
        if cursor is None:
            return items, pages


class Caller:
    """Somebody with a bearer token, over a client that is not signed in."""

    def __init__(self, api, token):
        self.api = api
        self.token = token

    def send(self, method, path, **more):
        headers = dict(more.pop("headers", None) or {}, Authorization=f"Bearer {self.token}")
        return getattr(self.api, method)(path, headers=headers, **more)

    def get(self, path, **more):
        return self.send("get", path, **more)

    def post(self, path, **more):
        return self.send("post", path, **more)

    def patch(self, path, **more):
        return self.send("patch", path, **more)

    def delete(self, path, **more):
        return self.send("delete", path, **more)


class Make:
    def __init__(self, admin, api):
        self.admin = admin
        self.api = api

    def create(self, path, body):
        return body_of(self.admin.post(path, json=body), 201)

    def programme(self, **more):
        return self.create("/api/v1/programmes", {"code": word("P"), "name": word("Programme"), **more})

    def module(self, **more):
        more.setdefault("programme_id", None)
        more["programme_id"] = more["programme_id"] or self.programme()["id"]
        return self.create("/api/v1/modules", {"code": word("M"), "name": word("Module"), **more})

    def room(self, **more):
        return self.create("/api/v1/rooms", {"code": word("R"), "name": word("Room"), **more})

    def group(self, **more):
        more["programme_id"] = more.get("programme_id") or self.programme()["id"]
        return self.create("/api/v1/groups", {"code": word("G"), "name": word("Group"), **more})

    def user(self, **more):
        return self.create("/api/v1/users", {"email": mail("user"), "name": word("User"), "role": "admin",
                                             "password": PASSWORD, **more})

    def trainer(self, **more):
        return self.create("/api/v1/trainers", {"email": mail("trainer"), "name": word("Trainer"),
                                                "password": PASSWORD, **more})

    def student(self, account=False, **more):
        if account:
            more = {"email": mail("student"), "password": PASSWORD, **more}
        return self.create("/api/v1/students", {"student_number": word("S"), "name": word("Student"), **more})

    def guardian(self, student, **more):
        """Of a new account, unless `email` is one's that is there."""
        body = {"relation": "mother", **more}
        if "email" not in body:
            body = {"email": mail("guardian"), "name": word("Guardian"), "password": PASSWORD, **body}
        return self.create(f"/api/v1/students/{student['id']}/guardians", body)

    def member(self, group, student, **more):
        return self.create(f"/api/v1/groups/{group['id']}/students", {"student_id": student["id"], **more})

    def session(self, trainer, groups, **more):
        start = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
        body = {"module_id": self.module()["id"], "trainer_id": trainer["id"],
                "group_ids": [group["id"] for group in groups], "starts_at": start.isoformat(),
                "ends_at": (start + datetime.timedelta(hours=2)).isoformat(), "kind": "course",
                "mode": "in_person", "allow_clash": True, **more}
        return self.create("/api/v1/sessions", body)

    def sign_in(self, email, password=PASSWORD):
        answer = self.login(email, password)
        return Caller(self.api, body_of(answer)["access_token"])

    def login(self, email, password=PASSWORD):
        return self.api.post("/api/v1/auth/login",
                             json={"email": email, "password": password, "transport": "bearer"})


@pytest.fixture
def make(admin, api):
    return Make(admin, api)


@dataclasses.dataclass(frozen=True)
class Resource:
    """A list of things and what may be in them, for the tests that all lists share."""
    name: str
    texts: dict  # member: longest
    numbers: tuple = ()  # members that are whole numbers
    unique: str = "code"
    references: tuple = ()

    @property
    def path(self):
        return f"/api/v1/{self.name}s"

    def one(self, made):
        return f"{self.path}/{made['id']}"

    def new(self, make):
        body = {member: word(member) for member in self.texts if member != "specialities"}
        if "programme_id" in self.references:
            body["programme_id"] = make.programme()["id"]
        if self.name in ("user", "trainer"):
            body |= {"email": mail("new"), "password": PASSWORD}
        if self.name == "user":
            body["role"] = "admin"
        return body

    def create(self, make, **more):
        return make.create(self.path, {**self.new(make), **more})


RESOURCES = [
    Resource("programme", {"code": 40, "name": 200}),
    Resource("module", {"code": 40, "name": 200}, ("hours", "programme_id"), references=("programme_id",)),
    Resource("room", {"code": 40, "name": 200}, ("capacity",)),
    Resource("group", {"code": 40, "name": 200}, ("programme_id",), references=("programme_id",)),
    Resource("student", {"student_number": 40, "name": 200}, unique="student_number"),
    Resource("trainer", {"name": 200, "specialities": 500}, unique="email"),
    Resource("user", {"name": 200}, unique="email"),
]
EACH = pytest.mark.parametrize("kind", RESOURCES, ids=lambda r: r.name)


def pairs(of):
    """One test for each resource and each of its members that `of` names."""
    rows = [(kind, member) for kind in RESOURCES for member in of(kind)]
    return pytest.mark.parametrize("kind,member", rows, ids=[f"{k.name}-{m}" for k, m in rows])

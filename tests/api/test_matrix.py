# SPDX-License-Identifier: MIT
"""Every operation by every caller, from the server's own document: who lacks the right is refused,
who has it is let in. What they then see is the features' own tests' business."""
import re

import pytest

from client import Client
from factories import PASSWORD, make  # noqa: F401
from server import ROOT, SLOW

CALLERS = ("none", "student", "trainer", "guardian", "admin", "kiosk")
# What is about the caller: an administrator has no part in it.
ONLY = {"kiosk:run": ["kiosk"], "check-in:self": ["student"], "punches:send": ["kiosk"],
        "disputes:make": ["student"], "session-requests:make": ["trainer"],
        "justifications:sign": ["guardian"]}
# What a device may do that is not its alone.
DEVICES = ("public", "offline:send")
SOCKET = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
          "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}


@pytest.fixture
def ids(make, admin):
    """Things that are there, by the names of the paths' parameters."""
    group, student, trainer = make.group(), make.student(), make.trainer()
    make.member(group, student)
    session = make.session(trainer, [group])
    reason = admin.get("/api/v1/absence-reasons").json()["items"][0]["id"]
    absence = admin.post("/api/v1/justifications", json={"student_id": student["id"], "reason_id": reason,
                                                         "session_ids": [session["id"]]})
    assert absence.status_code == 201, absence.text
    consent = {"given_by": "student", "text_version": "1", "locale": "en", "of_age": True}
    assert admin.put(f"/api/v1/students/{student['id']}/consent", json=consent).status_code == 200
    return {
        "certificate_id": "0", "user_id": trainer["id"], "group_id": group["id"], "student_id": student["id"],
        "trainer_id": trainer["id"], "session_id": session["id"], "login_id": 1, "class_photo_id": 1, "face": 1,
        "liveness-sessions": 1,
        "device_id": kiosk_device(admin, make)["id"], "programmes": make.programme()["id"], "modules": session["module_id"], "rooms": make.room()["id"],
        "series_id": 999999, "holiday_id": 999999, "request_id": 999999, "day": "2026-01-05",
        "alert_id": 999999, "dispute_id": 999999, "signal_id": 999999, "case_id": 1, "pair_id": 999999, "import_id": 999999,
        "justification_id": absence.json()["id"], "reason_id": reason, "document_id": 999999,
        "guardian_id": make.guardian(student)["guardian_id"], "feed_id": 999999, "file": "nothing.ics",
        "status-codes": 1, "kind": "exam", "client_id": 999999,
    }


def kiosk_device(admin, make):
    body = {"kind": "kiosk", "name": "A tablet", "room_id": make.room()["id"]}
    answer = admin.post("/api/v1/devices", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def fill(template, ids):
    """/api/v1/rooms/{id} → the room's id; every parameter must be known."""
    before = template.split("/{")[0].rpartition("/")[2]
    return re.sub(r"\{(\w+)\}", lambda m: str(ids[before] if m[1] == "id" else ids[m[1]]), template)


def body_for(operation):
    """An empty object, or a form without parts: the right is asked for before the fields are read."""
    content = operation.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in content:
        return {"data": b"--b--\r\n", "headers": {"Content-Type": "multipart/form-data; boundary=b"}}
    return {"json": {}} if "application/json" in content else {}


def call(client, method, path, operation):
    more = body_for(operation)
    headers = dict(more.pop("headers", {}))
    if "426" in operation["responses"]:
        headers.update(SOCKET)
    response = client.session.request(method, client.server.url + path, headers=headers, stream=True,
                                      timeout=60 * SLOW, **more)
    status, kind = response.status_code, response.headers.get("Content-Type", "")
    slug = response.json()["type"] if kind == "application/problem+json" else ""
    response.close()
    client.contract.called.add(operation["operationId"])
    assert str(status) in operation["responses"], f"{operation['operationId']} answered {status}"
    return status, slug


def is_let_in(op, caller, status):
    """Not refused for want of a right. Of what a caller may not see the server says 404."""
    if op in ("auth_refresh", "auth_login_end", "kiosk_login"):
        return status in (401, 404, 422)  # no refresh token; login 1 is somebody else's
    if op in ("document_get", "document_delete"):
        return status == 404  # there is no such paper
    if op == "certificate_get":
        return status == 404  # nothing was destroyed
    if op in ("import_get", "import_rows", "import_run", "import_cancel"):
        return status in (404, 422)  # there is no such import
    if op in ("dispute_get", "dispute_accept", "dispute_reject", "dispute_withdraw", "signal_review"):
        return status in (404, 422)  # there is no such dispute or signal
    if op.startswith("class_photo_"):
        return status in (404, 422)  # no such proposal, no photos
    if op in ("offline_client_revoke", "offline_batch"):
        return status in (404, 422)  # there is no such client
    if op == "presence_policy_drop":
        return status in (204, 404)  # exams have no rule of their own
    if op in ("calendar_feed_read", "calendar_feed_revoke", "alert_get"):
        return status == 404  # no such feed, no such alert
    if op == "device_rotate":
        return status in (200, 404)  # revoked meanwhile
    if op in ("attendance_not_me", "recognition_change_pair"):
        return status == 404  # no mark by a face, no such pair
    if op.startswith(("session_substitute_end", "series_", "holiday_", "session_request_")):
        return status in (200, 204, 404, 422, 428)  # there is no such thing, or the body says nothing
    if op == "enrolment_delete":
        return status in (204, 404)  # nobody is enrolled
    return status < 500 and status not in (401, 403, 405) and (status != 404 or caller != "admin")


def is_refused(caller, status, slug):
    if caller == "none":
        return (status, slug) == (401, "/problems/unauthenticated")
    return (status, slug) == (403, "/problems/forbidden")


def test_every_operation_by_every_caller(server, contract, ids, make, admin, capsys):
    def callers():
        mails = {"student": make.student(account=True)["email"], "trainer": make.trainer()["email"],
                 "guardian": make.guardian(make.student())["email"], "admin": make.user()["email"]}
        anybody = Client(server, contract)
        token = kiosk_device(admin, make)["token"]
        return {"none": lambda: Client(server, contract), "kiosk": lambda: Client(server, contract, token),
                **{role: lambda mail=mail: anybody.login(mail, PASSWORD) for role, mail in mails.items()}}

    # Some operations end the logins they come with.
    steady = {caller: sign_in() for caller, sign_in in callers().items()}
    fleeting = callers()
    cells, wrong = 0, []
    for op, method, template, operation in contract.operations():
        for caller in CALLERS:
            client = fleeting[caller]() if op.startswith("auth_log") else steady[caller]
            status, slug = call(client, method, fill(template, ids), operation)
            allowed = caller in operation["x-roles"]
            if not (is_let_in(op, caller, status) if allowed else is_refused(caller, status, slug)):
                wrong.append(f"{caller} {'may' if allowed else 'may not'} call {op}: {status} {slug}")
            cells += 1
    assert not wrong, "\n".join(wrong)
    routes = sum(1 for _ in contract.operations())
    assert cells == routes * len(CALLERS) and routes >= 60
    with capsys.disabled():
        print(f"\nrights: {routes} routes x {len(CALLERS)} callers = {cells} cells checked")


def test_the_document_names_a_right_for_each_operation(contract):
    for op, _, _, operation in contract.operations():
        roles = operation["x-roles"]
        assert operation["x-permission"] and set(roles) <= set(CALLERS), op
        own = ONLY.get(operation["x-permission"])
        if own:
            assert roles == own and "403" in operation["responses"], f"{op}: only who it is about may do it"
            continue
        assert "admin" in roles, f"{op}: there is nothing an administrator may not do"
        assert "kiosk" not in roles or operation["x-permission"] in DEVICES, f"{op}: a kiosk may do its own only"
        assert ("none" in roles) == (operation["security"] == []) == (operation["x-permission"] == "public")
        if "none" not in roles:
            assert "401" in operation["responses"], op
        if set(roles) != set(CALLERS) and len(roles) < 3:
            assert "403" in operation["responses"], op


def test_few_things_are_public(contract):
    public = {op for op, _, _, operation in contract.operations() if operation["x-permission"] == "public"}
    assert public == {"system_healthz", "system_readyz", "system_metrics", "system_openapi", "auth_login",
                      "auth_refresh", "kiosk_login", "privacy_signing_key", "calendar_feed_read"}


def test_one_right_means_the_same_roles_everywhere(contract):
    seen = {}
    for op, _, _, operation in contract.operations():
        roles = tuple(sorted(operation["x-roles"]))
        assert seen.setdefault(operation["x-permission"], roles) == roles, op


def test_permissions_page_agrees(server, contract):
    page = server.run("openapi", "--permissions").stdout
    rows = {}
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        found = re.match(r"`(GET|POST|PUT|PATCH|DELETE) (\S+)`$", cells[0])
        if found:
            rows[found[1], found[2]] = (cells[1].strip("`"), [cell == "yes" for cell in cells[2:]])
    expected = {
        (method, template): (operation["x-permission"],
                             [role in operation["x-roles"] for role in ("none", "admin", "trainer", "student", "guardian", "kiosk")])
        for _, method, template, operation in contract.operations()}
    assert rows == expected


def test_committed_pages_are_fresh(server):
    for name, flags in (("permissions.md", ["--permissions"]), ("errors.md", ["--errors"]), ("openapi.json", [])):
        path = ROOT / "docs" / name
        assert path.read_text() == server.run("openapi", *flags).stdout, f"docs/{name} is stale"


def test_me_names_the_rights_the_document_gives(contract, admin, trainer, student, guardian):
    for role, client in (("admin", admin), ("trainer", trainer), ("student", student), ("guardian", guardian)):
        document = {operation["x-permission"] for _, _, _, operation in contract.operations()
                    if role in operation["x-roles"] and operation["x-permission"] != "public"}
        assert document <= set(client.get("/api/v1/me").json()["permissions"])

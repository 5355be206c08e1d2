# SPDX-License-Identifier: MIT
"""Signing in and out, logins, passwords, the own profile."""
import base64
import concurrent.futures
import datetime
import json
import pathlib
import statistics
import time

import pytest

from client import Client, problem
from clock import ClockedServer
from conftest import PASSWORD
from own import ADMIN, account, by_cookie, cookies_of, mail, running, some_address

LOGIN = "/api/v1/auth/login"
REFRESH = "/api/v1/auth/refresh"


def try_login(server, email, password="wrong-Horse-88", address=None):
    return server.raw("POST", LOGIN, json={"email": email, "password": password, "transport": "bearer"},
                      headers={"X-Forwarded-For": address or some_address()})


def sign_in(nobody, email, password=PASSWORD, **headers):
    answer = nobody.post(LOGIN, json={"email": email, "password": password, "transport": "bearer"},
                      headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def with_token(nobody, token):
    return Client(nobody.server, nobody.contract, token)


@pytest.fixture
def nobody(server, contract):
    """Nobody, without the cookies of a test before."""
    return Client(server, contract)


@pytest.fixture
def guarded_nobody(guarded, contract):
    return Client(guarded, contract)


STILL = datetime.datetime(2026, 9, 14, 8, tzinfo=datetime.timezone.utc)


@pytest.fixture(scope="module")
def still():
    """Its clock moves when told: delays neither pass nor begin while a test is at work."""
    server = ClockedServer(STILL, trusted_proxies="127.0.0.1")
    try:
        server.run("create-admin", "--email", ADMIN, "--name", "Ada Admin", text=PASSWORD + "\n")
        server.at(STILL, still=True)
        yield server.start()
    finally:
        server.close()


@pytest.fixture(scope="module")
def still_admin(still, contract):
    return Client(still, contract).login(ADMIN, PASSWORD)


# Signing in

def test_login_bearer(nobody, admin):
    who = account(admin, locale="fr", time_zone="Africa/Casablanca")
    answer = nobody.post(LOGIN, json={"email": who["email"], "password": PASSWORD, "transport": "bearer"})
    body = answer.json()
    assert answer.status_code == 200 and not cookies_of(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    assert body["expires_in"] == 900
    assert (body["user"]["id"], body["user"]["role"], body["user"]["locale"]) == (who["id"], "admin", "fr")
    assert "users:manage" in body["user"]["permissions"]
    me = with_token(nobody, body["access_token"]).get("/api/v1/me").json()
    assert me == body["user"]
    assert (me["time_zone"], me["school_zone"]) == ("Africa/Casablanca", "UTC")
    assert me["school_clocks"] == [{"from": "1970-01-01T00:00:00.000Z", "to": "9999-12-31T23:59:59.000Z", "offset_s": 0}]
    assert len(body["refresh_token"]) >= 43


def test_claims_say_only_who_and_how_long(nobody, admin):
    body = sign_in(nobody, account(admin)["email"])
    payload = body["access_token"].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert set(claims) == {"sub", "lid", "iat", "exp"}
    assert claims["exp"] - claims["iat"] == 900
    assert abs(claims["iat"] - time.time()) < 60


def test_login_cookie(nobody, admin):
    who = account(admin)
    answer = nobody.post(LOGIN, json={"email": who["email"], "password": PASSWORD})
    body = answer.json()
    assert body["access_token"] is None and body["refresh_token"] is None
    cookies = cookies_of(answer)
    assert set(cookies) == {"sp_access", "sp_refresh", "sp_csrf"}
    for name, path, hidden, age in (("sp_access", "/", True, 900),
                                    ("sp_refresh", "/api/v1/auth", True, 30 * 86400),
                                    ("sp_csrf", "/", False, 30 * 86400)):
        value, attributes = cookies[name]
        assert value and attributes["samesite"] == "Strict" and attributes["path"] == path
        assert ("httponly" in attributes) == hidden and attributes["max-age"] == str(age)
        assert "domain" not in attributes and "secure" not in attributes


def test_login_ignores_the_case_of_the_mail(nobody, admin):
    who = account(admin)
    assert sign_in(nobody, who["email"].upper())["user"]["id"] == who["id"]


@pytest.mark.parametrize("body, fields", [
    ({}, {"/email", "/password"}),
    ({"email": "", "password": ""}, {"/email", "/password"}),
    ({"email": "no mail", "password": "x"}, {"/email"}),
    ({"email": "a@b.example", "password": "x" * 201}, {"/password"}),
    ({"email": "a" * 250 + "@b.example", "password": "x"}, {"/email"}),
    ({"email": "a@b.example", "password": "x\0y"}, {"/password"}),
    ({"email": "a@b.example", "password": "x", "transport": "mail"}, {"/transport"}),
    ({"email": ["a@b.example"], "password": {"$ne": 1}}, {"/email", "/password"}),
])
def test_login_form(nobody, body, fields):
    assert set(problem(nobody.post(LOGIN, json=body), 422, "invalid")) == fields


@pytest.mark.parametrize("text", ["' OR 1=1 --", "x'); DROP TABLE account;--", "%", "$1", "\\"])
def test_login_with_sql(guarded, guarded_admin, text):
    email = account(guarded_admin)["email"]
    assert try_login(guarded, email, text).status_code == 401
    answer = try_login(guarded, "a" + text + "@school.example", PASSWORD)
    assert answer.status_code in (401, 422)
    assert try_login(guarded, email, PASSWORD).status_code == 200


def cpu_ms(server):
    """What all threads of the server have worked: unlike the clock, no other program disturbs it."""
    tasks = pathlib.Path(f"/proc/{server.process.pid}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e6


def look_alike(guarded, guarded_admin):
    """The bodies, the names of the headers, and what the server has worked for each kind of failure."""
    inactive, archived = account(guarded_admin), account(guarded_admin)
    for who, change in ((inactive, {"active": False}), (archived, {"archived": True})):
        assert guarded_admin.patch(f"/api/v1/users/{who['id']}", version=who["version"],
                                   json=change).status_code == 200
    known = account(guarded_admin)["email"]
    bodies, headers, times = set(), set(), {}
    for _ in range(4):  # more would have to wait
        for kind, email, password in (("wrong", known, "wrong-Horse-88"),
                                      ("unknown", mail("nobody"), "wrong-Horse-88"),
                                      ("inactive", inactive["email"], PASSWORD),
                                      ("archived", archived["email"], PASSWORD)):
            before = cpu_ms(guarded)
            answer = try_login(guarded, email, password)
            assert answer.status_code == 401
            times.setdefault(kind, []).append(cpu_ms(guarded) - before)
            body = answer.json()
            body.pop("request_id")
            bodies.add(json.dumps(body, sort_keys=True))
            headers.add(tuple(sorted(set(answer.headers))))
    return bodies, headers, {kind: statistics.median(t) for kind, t in times.items()}


def test_wrong_password_and_no_account_look_alike(guarded, guarded_admin):
    """Not by the text, and not by the time: the password is hashed in every case."""
    for _ in range(4):
        bodies, headers, typical = look_alike(guarded, guarded_admin)
        assert len(bodies) == 1 and len(headers) == 1
        # A neighbour on the other half of a core makes a hash dearer, now and then; not each time.
        if min(typical.values()) > 5 and max(typical.values()) < 1.5 * min(typical.values()):
            return
    raise AssertionError(typical)


@pytest.mark.parametrize("known", [True, False], ids=["known", "unknown"])
def test_failures_of_one_account_delay_more_and_more(still, still_admin, known):
    email = account(still_admin)["email"] if known else mail("nobody")
    still.at(STILL, still=True)
    for _ in range(5):
        assert try_login(still, email).status_code == 401
    passed = 0
    for wait in (1, 2, 4):
        for at in (0, 0.95):
            still.at(STILL + datetime.timedelta(seconds=passed + wait * at), still=True)
            refused = try_login(still, email, PASSWORD)
            assert refused.status_code == 429, "the right password does not shorten the wait"
            assert refused.json()["type"] == "/problems/too-many-requests"
            assert int(refused.headers["Retry-After"]) == (1 if at else wait)
        passed += wait
        still.at(STILL + datetime.timedelta(seconds=passed), still=True)
        assert try_login(still, email).status_code == 401
    assert try_login(still, mail("other"), PASSWORD).status_code == 401, "others need not wait"


def test_a_password_that_is_set_meanwhile_wins(contract):
    """Hashing takes long. Who is signing in, or changing the password, by the old one while an
    administrator sets another does not get around that."""
    with running(password_hashers=2, workers=3) as server, concurrent.futures.ThreadPoolExecutor(2) as pool:
        nobody = Client(server, contract)
        admin = nobody.login(ADMIN, PASSWORD)
        row = account(admin)
        old, path = PASSWORD, f"/api/v1/users/{row['id']}"
        for i in range(4):
            mine = sign_in(nobody, row["email"], old)
            new, theirs = f"set-{i}-Teal-otters", f"own-{i}-Umber-otters"
            body = {"email": row["email"], "password": old, "transport": "bearer"}
            if i % 2:
                late = pool.submit(server.raw, "POST", LOGIN, json=body)
            else:
                late = pool.submit(server.raw, "POST", "/api/v1/auth/password",
                                   json={"current_password": old, "new_password": theirs},
                                   headers={"Authorization": f"Bearer {mine['access_token']}"})
            version = admin.get(path).headers["ETag"]
            changed = admin.patch(path, json={"password": new}, headers={"If-Match": version})
            while changed.status_code == 412:  # the other one came first
                changed = admin.patch(path, json={"password": new}, headers={"If-Match": admin.get(path).headers["ETag"]})
            assert changed.status_code == 200
            late = late.result()
            if i % 2 and late.status_code == 200:
                bearer = {"Authorization": f"Bearer {late.json()['access_token']}"}
                assert server.raw("GET", "/api/v1/me", headers=bearer).status_code == 401
            assert late.status_code in (200, 204, 401, 422), late.text
            assert try_login(server, row["email"], theirs).status_code == 401
            old = new


def test_right_password_forgets_the_failures(guarded, guarded_admin):
    email = account(guarded_admin)["email"]
    for _ in range(2):
        for _ in range(4):
            assert try_login(guarded, email).status_code == 401
        assert try_login(guarded, email, PASSWORD).status_code == 200


def test_guesses_at_once_are_all_counted(still, still_admin):
    email = account(still_admin)["email"]
    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        codes = list(pool.map(lambda _: try_login(still, email).status_code, range(12)))
    assert set(codes) == {401, 429}
    assert codes.count(401) <= 7, codes


def test_failures_of_one_address_delay(still, still_admin):
    email = account(still_admin)["email"]
    address = some_address()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        codes = list(pool.map(lambda _: try_login(still, mail("n"), address=address).status_code,
                              range(34)))
    assert codes.count(401) >= 30 and 429 in codes
    refused = try_login(still, email, PASSWORD, address)
    assert refused.status_code == 429 and int(refused.headers["Retry-After"]) >= 1
    assert try_login(still, email, PASSWORD).status_code == 200, "from elsewhere"


@pytest.mark.parametrize("change", [{"active": False}, {"archived": True}], ids=["inactive", "archived"])
def test_switched_off_account(guarded_nobody, guarded, guarded_admin, change):
    who = account(guarded_admin)
    tokens = sign_in(guarded_nobody, who["email"])
    path = f"/api/v1/users/{who['id']}"
    off = guarded_admin.patch(path, version=who["version"], json=change)
    assert off.status_code == 200
    assert with_token(guarded_nobody, tokens["access_token"]).get("/api/v1/me").status_code == 401
    problem(guarded_nobody.post(REFRESH, json={"refresh_token": tokens["refresh_token"]}), 401, "unauthenticated")
    assert try_login(guarded, who["email"], PASSWORD).status_code == 401
    back = {key: not value for key, value in change.items()}
    assert guarded_admin.patch(path, version=off.json()["version"], json=back).status_code == 200
    assert try_login(guarded, who["email"], PASSWORD).status_code == 200


# Refresh tokens

def refresh(nobody, token):
    return nobody.post(REFRESH, json={"refresh_token": token})


def test_refresh_gives_new_tokens(nobody, admin):
    first = sign_in(nobody, account(admin)["email"])
    second = refresh(nobody, first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    third = refresh(nobody, second["refresh_token"]).json()
    for tokens in (first, second, third):
        assert with_token(nobody, tokens["access_token"]).get("/api/v1/me").status_code == 200
    logins = with_token(nobody, third["access_token"]).get("/api/v1/auth/logins").json()["items"]
    assert len(logins) == 1, "it stays one login"


def test_refresh_token_used_twice_ends_the_login(nobody, admin):
    who = account(admin)["email"]
    first, other = sign_in(nobody, who), sign_in(nobody, who)
    second = refresh(nobody, first["refresh_token"]).json()
    problem(refresh(nobody, first["refresh_token"]), 401, "unauthenticated")
    problem(refresh(nobody, second["refresh_token"]), 401, "unauthenticated")
    for tokens in (first, second):
        assert with_token(nobody, tokens["access_token"]).get("/api/v1/me").status_code == 401
    assert refresh(nobody, other["refresh_token"]).status_code == 200, "another login goes on"


def test_refresh_at_once_has_one_winner(nobody, admin):
    first = sign_in(nobody, account(admin)["email"])
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        codes = sorted(a.status_code for a in
                       pool.map(lambda _: refresh(nobody, first["refresh_token"]), range(6)))
    assert codes == [200] + [401] * 5


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "' OR 1=1 --", "é" * 20])
def test_refresh_with_anything_else(nobody, token):
    problem(refresh(nobody, token), 401, "unauthenticated")
    problem(nobody.post(REFRESH, json={}), 401, "unauthenticated")


def test_access_token_does_not_refresh(nobody, admin):
    tokens = sign_in(nobody, account(admin)["email"])
    assert refresh(nobody, tokens["access_token"]).status_code in (401, 422)
    assert with_token(nobody, tokens["refresh_token"]).get("/api/v1/me").status_code == 401


def test_refresh_by_cookie(server, contract, admin):
    browser = by_cookie(server, contract, account(admin)["email"])
    old = browser.session.cookies["sp_refresh"]
    answer = browser.post(REFRESH)
    assert answer.status_code == 200 and answer.json()["refresh_token"] is None
    assert cookies_of(answer)["sp_refresh"][0] not in ("", old)
    assert browser.get("/api/v1/me").status_code == 200


# Signing out

def test_logout(nobody, admin):
    who = account(admin)["email"]
    tokens, other = sign_in(nobody, who), sign_in(nobody, who)
    client = with_token(nobody, tokens["access_token"])
    assert client.post("/api/v1/auth/logout").status_code == 204
    problem(client.get("/api/v1/me"), 401, "unauthenticated")
    assert refresh(nobody, tokens["refresh_token"]).status_code == 401
    assert with_token(nobody, other["access_token"]).get("/api/v1/me").status_code == 200


def test_logout_by_cookie_takes_the_cookies_back(server, contract, admin):
    browser = by_cookie(server, contract, account(admin)["email"])
    answer = browser.post("/api/v1/auth/logout", headers={"X-CSRF-Token": browser.csrf})
    assert answer.status_code == 204
    for value, attributes in cookies_of(answer).values():
        assert value == "" and attributes["max-age"] == "0"
    assert len(cookies_of(answer)) == 3 and not browser.session.cookies
    assert browser.get("/api/v1/me").status_code == 401


def test_logout_everywhere(nobody, admin):
    who = account(admin)["email"]
    logins = [sign_in(nobody, who) for _ in range(3)]
    client = with_token(nobody, logins[1]["access_token"])
    assert client.post("/api/v1/auth/logout-everywhere").status_code == 204
    for tokens in logins:
        assert with_token(nobody, tokens["access_token"]).get("/api/v1/me").status_code == 401
        assert refresh(nobody, tokens["refresh_token"]).status_code == 401
    assert admin.get("/api/v1/me").status_code == 200


def test_own_logins(guarded_nobody, guarded_admin):
    who, stranger = account(guarded_admin)["email"], account(guarded_admin)["email"]
    where = some_address()
    phone = sign_in(guarded_nobody, who, **{"User-Agent": "phone/1", "X-Forwarded-For": where})
    desk = sign_in(guarded_nobody, who, **{"User-Agent": "desk/2"})
    foreign = sign_in(guarded_nobody, stranger)
    client = with_token(guarded_nobody, desk["access_token"])
    items = client.get("/api/v1/auth/logins").json()["items"]
    assert [(i["user_agent"], i["current"]) for i in items] == [("desk/2", True), ("phone/1", False)]
    assert items[1]["ip"] == where
    one = f"/api/v1/auth/logins/{items[1]['id']}"
    problem(with_token(guarded_nobody, foreign["access_token"]).delete(one), 404, "not-found")
    assert with_token(guarded_nobody, phone["access_token"]).get("/api/v1/me").status_code == 200
    assert client.delete(one).status_code == 204
    assert with_token(guarded_nobody, phone["access_token"]).get("/api/v1/me").status_code == 401
    problem(client.delete(one), 404, "not-found")
    assert [i["current"] for i in client.get("/api/v1/auth/logins").json()["items"]] == [True]


def test_long_user_agent_is_cut(nobody, admin):
    tokens = sign_in(nobody, account(admin)["email"], **{"User-Agent": "é" * 20 + "x" * 3000})
    shown = with_token(nobody, tokens["access_token"]).get("/api/v1/auth/logins").json()["items"][0]
    assert len(shown["user_agent"]) <= 200


# Passwords

def change(client, current, new):
    return client.post("/api/v1/auth/password", json={"current_password": current, "new_password": new})


def test_change_password(guarded_nobody, guarded, guarded_admin):
    who = account(guarded_admin)["email"]
    here, there = sign_in(guarded_nobody, who), sign_in(guarded_nobody, who)
    client = with_token(guarded_nobody, here["access_token"])
    assert change(client, PASSWORD, "gannet-Lantern-52").status_code == 204
    assert client.get("/api/v1/me").status_code == 200
    assert refresh(guarded_nobody, here["refresh_token"]).status_code == 200
    assert with_token(guarded_nobody, there["access_token"]).get("/api/v1/me").status_code == 401
    assert refresh(guarded_nobody, there["refresh_token"]).status_code == 401
    assert try_login(guarded, who, PASSWORD).status_code == 401
    assert try_login(guarded, who, "gannet-Lantern-52").status_code == 200


def test_change_password_needs_the_current_one(nobody, admin):
    client = with_token(nobody, sign_in(nobody, account(admin)["email"])["access_token"])
    for wrong in ("wrong-Horse-88", PASSWORD.upper(), PASSWORD + " "):
        fields = problem(change(client, wrong, "gannet-Lantern-52"), 422, "invalid")
        assert fields["/current_password"]["code"] == "wrong"
    assert change(client, PASSWORD, "gannet-Lantern-52").status_code == 204


@pytest.mark.parametrize("password, code, says", [
    ("aB3$xyz", "password_length", "10 to 200"),
    ("é" * 9, "password_length", "10 to 200"),
    ("x" * 201, "max_length", "200"),
    ("basketball", "password_weak", "dictionary"),
    ("Password12", "password_weak", "dictionary"),
    ("password1234", "password_weak", "dictionary"),
    ("12-P4ssword-34", "password_weak", "dictionary"),
    ("Sunshine2024!", "password_weak", "dictionary"),
    ("Birgitta-2024x", "password_weak", "name"),
    ("my-NACHTIGALL-9", "password_weak", "name"),
    ("xkT9aaaaaaQz", "password_weak", "same character"),
    ("kR8abcdefghQ", "password_weak", "sequence"),
])
def test_weak_passwords(nobody, admin, password, code, says):
    who = account(admin, name="Birgitta Nachtigall")
    client = with_token(nobody, sign_in(nobody, who["email"])["access_token"])
    error = problem(change(client, PASSWORD, password), 422, "invalid")["/new_password"]
    assert error["code"] == code
    assert says in error["detail"]
    assert password not in error["detail"]


def test_password_like_the_mail(nobody, admin):
    who = account(admin, email=mail("zephyrwing"))
    client = with_token(nobody, sign_in(nobody, who["email"])["access_token"])
    local = who["email"].partition("@")[0]
    assert problem(change(client, PASSWORD, local), 422, "invalid")["/new_password"]["code"] == "password_weak"


@pytest.mark.parametrize("password", ["été à la Mer 2 fois", "كلمة سر طويلة جدا ٧", "gannet Lantern heron"])
def test_passwords_in_any_script(nobody, admin, password):
    who = account(admin)
    client = with_token(nobody, sign_in(nobody, who["email"])["access_token"])
    assert change(client, PASSWORD, password).status_code == 204
    assert sign_in(nobody, who["email"], password)["user"]["id"] == who["id"]


# Requests from elsewhere

@pytest.fixture(scope="module")
def browser(guarded, contract, guarded_admin):
    return by_cookie(guarded, contract, account(guarded_admin)["email"])


def patch_name(browser, **headers):
    return browser.request("PATCH", "/api/v1/me", json={"name": "Renamed"}, headers=headers)


def test_reading_by_cookie_needs_no_csrf_token(browser):
    assert browser.get("/api/v1/me").status_code == 200


@pytest.mark.parametrize("token", [None, "", "x", "A" * 43])
def test_csrf_token_missing_or_wrong(browser, token):
    headers = {} if token is None else {"X-CSRF-Token": token}
    problem(patch_name(browser, **headers), 403, "csrf")


def test_csrf_token_without_its_cookie(browser):
    cookies = {"sp_access": browser.session.cookies["sp_access"]}
    answer = browser.server.raw("PATCH", "/api/v1/me", json={"name": "Renamed"}, cookies=cookies,
                                headers={"X-CSRF-Token": browser.csrf})
    problem(answer, 403, "csrf")


@pytest.mark.parametrize("headers, allowed", [
    ({}, True),
    ({"Origin": "SELF"}, True),
    ({"Origin": "SELF", "Sec-Fetch-Site": "same-origin"}, True),
    ({"Origin": "https://friend.example"}, True),
    ({"Origin": "https://evil.example"}, False),
    ({"Origin": "null"}, False),
    ({"Origin": "SELF.evil.example"}, False),
    ({"Origin": "https://friend.example.evil.example"}, False),
    ({"Sec-Fetch-Site": "cross-site"}, False),
    ({"Origin": "SELF", "Sec-Fetch-Site": "cross-site"}, False),
])
def test_where_a_request_comes_from(browser, headers, allowed):
    sent = {k: v.replace("SELF", browser.server.url) for k, v in headers.items()}
    answer = patch_name(browser, **sent, **{"X-CSRF-Token": browser.csrf})
    if allowed:
        assert answer.status_code == 200, answer.text
        assert answer.json()["name"] == "Renamed"
    else:
        problem(answer, 403, "csrf")


def test_every_unsafe_request_by_cookie_is_checked(browser, contract):
    """Of all operations that need a right; the two that sign in have no token yet."""
    checked = 0
    for op, method, template, operation in contract.operations():
        if method == "GET" or operation["x-permission"] == "public":
            continue
        path = template.replace("{", "").replace("}", "")
        path = "/".join("1" if part.endswith("id") else part for part in path.split("/"))
        answer = browser.server.raw(method, path, cookies=browser.session.cookies)
        # Whose role may not do it at all is told that first.
        why = "csrf" if "admin" in operation["x-roles"] else "forbidden"
        problem(answer, 403, why)
        checked += why == "csrf"
    assert checked > 30


def test_bearer_needs_no_csrf_token(guarded_admin):
    answer = guarded_admin.request("PATCH", "/api/v1/me", json={"locale": "en"},
                                   headers={"Origin": "https://evil.example"})
    assert answer.status_code == 200


@pytest.mark.parametrize("path", [LOGIN, REFRESH])
def test_nobody_is_signed_in_from_another_site(guarded, guarded_admin, path):
    email = account(guarded_admin)["email"]
    answer = guarded.raw("POST", path, json={"email": email, "password": PASSWORD} if path == LOGIN else {},
                         headers={"Origin": "https://evil.example"})
    problem(answer, 403, "csrf")
    assert not cookies_of(answer)


def test_bad_bearer_is_not_helped_by_a_good_cookie(browser):
    answer = browser.get("/api/v1/me", headers={"Authorization": "Bearer nonsense"})
    problem(answer, 401, "unauthenticated")


# The own profile

def test_me_needs_a_login(nobody):
    answer = nobody.get("/api/v1/me")
    problem(answer, 401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_me_of_each_role(admin, trainer, student):
    for client, role in ((admin, "admin"), (trainer, "trainer"), (student, "student")):
        me = client.get("/api/v1/me").json()
        assert me["role"] == role
        assert (me["trainer_id"] is not None) == (role == "trainer")
        assert (me["student_id"] is not None) == (role == "student")
        assert ("users:manage" in me["permissions"]) == (role == "admin")


def test_change_me(nobody, admin):
    client = with_token(nobody, sign_in(nobody, account(admin)["email"])["access_token"])
    before = client.get("/api/v1/me").json()
    answer = client.patch("/api/v1/me", json={"name": "Émile Ωmega", "locale": "ar",
                                              "time_zone": "Africa/Casablanca"})
    body = answer.json()
    assert (body["name"], body["locale"], body["time_zone"]) == ("Émile Ωmega", "ar", "Africa/Casablanca")
    assert body["version"] > before["version"]
    assert client.get("/api/v1/me").json() == body
    assert client.patch("/api/v1/me", json={}).json()["name"] == "Émile Ωmega"


def test_change_me_meanwhile(nobody, admin):
    client = with_token(nobody, sign_in(nobody, account(admin)["email"])["access_token"])
    version = client.get("/api/v1/me").json()["version"]
    answer = client.patch("/api/v1/me", json={"name": "One"}, headers={"If-Match": f'"{version}"'})
    assert answer.headers["ETag"] == f'"{version + 1}"'
    problem(client.patch("/api/v1/me", json={"name": "Two"}, headers={"If-Match": f'"{version}"'}),
            412, "version-mismatch")
    assert client.get("/api/v1/me").json()["name"] == "One"


@pytest.mark.parametrize("field, value", [
    ("time_zone", "Mars/Olympus"), ("time_zone", ""), ("time_zone", "../../etc/passwd"), ("time_zone", 1),
    ("time_zone", "/etc/localtime"), ("locale", "xx"), ("locale", "EN"), ("locale", ""), ("name", ""),
    ("name", "x" * 201), ("name", 7), ("role", "admin"), ("id", 1), ("email", "a@b.example"),
])
def test_change_me_badly(student, field, value):
    before = student.get("/api/v1/me").json()
    assert set(problem(student.patch("/api/v1/me", json={field: value}), 422, "invalid")) == {"/" + field}
    assert student.get("/api/v1/me").json() == before

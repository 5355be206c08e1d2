# SPDX-License-Identifier: MIT
"""What every list of the school has in common: programmes, modules, rooms, groups, students,
trainers and accounts are made, read, changed, archived, searched and paged the same way."""
import concurrent.futures
import json

import pytest

from factories import EACH, body_of, field_errors, make, pairs, problem, walk, word  # noqa: F401

NASTY = "'; DROP TABLE student; --"
JSON = {"Content-Type": "application/json"}


@EACH
def test_create_read_change(kind, make, admin):
    made = kind.create(make)
    answer = admin.get(kind.one(made))
    assert body_of(answer) == made
    etag = answer.headers["ETag"]
    changed = body_of(admin.patch(kind.one(made), json={"name": "Renommé é"}, headers={"If-Match": etag}))
    assert changed["name"] == "Renommé é"
    assert changed["version"] > made["version"]
    kept = {key: value for key, value in made.items() if key not in ("name", "version")}
    assert kept.items() <= changed.items()


@EACH
def test_change_nothing(kind, make, admin):
    made = kind.create(make)
    etag = admin.get(kind.one(made)).headers["ETag"]
    answer = admin.patch(kind.one(made), json={}, headers={"If-Match": etag})
    assert body_of(answer)["name"] == made["name"]
    assert answer.headers["ETag"] == admin.get(kind.one(made)).headers["ETag"]


@EACH
def test_unknown_id(kind, admin):
    problem(admin.get(f"{kind.path}/999999999"), 404, "not-found")
    problem(admin.patch(f"{kind.path}/999999999", json={}, headers={"If-Match": '"1"'}), 404, "not-found")


@EACH
@pytest.mark.parametrize("wrong", ["0", "-1", "abc", "9223372036854775808", "1.5", "1e3", "0x1"])
def test_malformed_id(kind, wrong, admin):
    assert admin.get(f"{kind.path}/{wrong}").status_code in (400, 404, 422)


@EACH
def test_change_needs_version(kind, make, admin):
    made = kind.create(make)
    problem(admin.patch(kind.one(made), json={"name": "x"}), 428, "precondition-required")
    problem(admin.patch(kind.one(made), json={"name": "x"}, headers={"If-Match": '"99"'}),
            412, "version-mismatch")
    assert body_of(admin.get(kind.one(made)))["name"] == made["name"]


@EACH
def test_one_of_many_changes_wins(kind, make, admin):
    made = kind.create(make)
    etag = admin.get(kind.one(made)).headers["ETag"]

    def rename(i):
        return admin.patch(kind.one(made), json={"name": f"Name {i}"}, headers={"If-Match": etag})

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(rename, range(6)))
    assert sorted(a.status_code for a in answers) == [200] + [412] * 5
    winner = next(a for a in answers if a.status_code == 200).json()
    assert body_of(admin.get(kind.one(made)))["name"] == winner["name"]


@EACH
def test_archive_and_bring_back(kind, make, admin):
    name = word("Old")
    made = kind.create(make, name=name)
    etag = admin.get(kind.one(made)).headers["ETag"]
    archived = admin.patch(kind.one(made), json={"archived": True}, headers={"If-Match": etag})
    assert body_of(archived)["archived"] is True
    assert body_of(admin.get(kind.one(made)))["archived"] is True
    listed = [body_of(admin.get(kind.path, params={"q": name, "archived": flag}))["items"]
              for flag in ("false", "true")]
    assert [[item["id"] for item in items] for items in listed] == [[], [made["id"]]]
    back = admin.patch(kind.one(made), json={"archived": False},
                       headers={"If-Match": archived.headers["ETag"]})
    assert body_of(back)["archived"] is False


@EACH
def test_unique(kind, make, admin):
    made = kind.create(make)
    body = kind.new(make) | {kind.unique: made[kind.unique]}
    answer = admin.post(kind.path, json=body)
    problem(answer, 409, "conflict")
    assert field_errors(answer, 409) == {f"/{kind.unique}": "taken"}
    other = kind.create(make)
    etag = admin.get(kind.one(other)).headers["ETag"]
    answer = admin.patch(kind.one(other), json={kind.unique: made[kind.unique]}, headers={"If-Match": etag})
    assert field_errors(answer, 409) == {f"/{kind.unique}": "taken"}
    same = admin.patch(kind.one(other), json={kind.unique: other[kind.unique]}, headers={"If-Match": etag})
    assert same.status_code == 200


@EACH
def test_all_errors_at_once(kind, make, admin):
    body = kind.new(make) | {"name": 7, "surprise": 1}
    del body[kind.unique]
    errors = field_errors(admin.post(kind.path, json=body))
    assert errors == {"/name": "type", "/surprise": "unknown", f"/{kind.unique}": "required"}
    made = kind.create(make)
    errors = field_errors(admin.patch(kind.one(made), json={"name": None, "version": 3, "id": 4},
                                      headers={"If-Match": f'"{made["version"]}"'}))
    assert errors == {"/name": "type", "/version": "unknown", "/id": "unknown"}


@EACH
@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b'"x"', b'{"name": "\xff\xfe"}',
                                 b'{"name": "a", "name": "b"}', b'{"name": NaN}', b'{"name": 1e999}',
                                 b'{"a":' * 40 + b"1" + b"}" * 40],
                         ids=["empty", "cut", "list", "null", "text", "utf8", "twice", "nan", "huge", "deep"])
def test_not_our_json(kind, raw, admin):
    assert admin.post(kind.path, data=raw, headers=JSON).status_code in (400, 422)


@EACH
def test_wrong_content_type(kind, make, admin):
    raw = json.dumps(kind.new(make))
    problem(admin.post(kind.path, data=raw, headers={"Content-Type": "text/plain"}), 415, "unsupported-media")


@pairs(lambda kind: kind.texts)
def test_text_comes_back_as_it_was(kind, member, make, admin):
    for text in (NASTY + word("x"), word("Ünïcode ‏أحمد 学校 😀"), word('"\\/<b>&amp;%_!')):
        made = kind.create(make, **{member: text[:40]})
        assert made[member] == text[:40]
        assert body_of(admin.get(kind.one(made)))[member] == text[:40]
    assert body_of(admin.get("/api/v1/students", params={"q": NASTY})) is not None


@pairs(lambda kind: kind.texts)
def test_text_bounds(kind, member, make, admin):
    most = kind.texts[member]
    filler = (word("x") + "é" * most)[:most]
    assert kind.create(make, **{member: filler})[member] == filler
    errors = field_errors(admin.post(kind.path, json=kind.new(make) | {member: filler + "é"}))
    assert errors == {f"/{member}": "max_length"}
    for wrong, code in (("a\0b", "encoding"), (1, "type"), (["x"], "type"), (None, "type")):
        errors = field_errors(admin.post(kind.path, json=kind.new(make) | {member: wrong}))
        assert errors == {f"/{member}": code}
    if member != "specialities":
        assert field_errors(admin.post(kind.path, json=kind.new(make) | {member: ""})) == \
            {f"/{member}": "min_length"}
        assert field_errors(admin.post(kind.path, json=kind.new(make) | {member: " \t "})) == \
            {f"/{member}": "blank"}


@pairs(lambda kind: kind.numbers)
def test_number_bounds(kind, member, make, admin):
    for wrong in (0, -1, "5", 1.5, True, [], 2**63 - 1):
        answer = admin.post(kind.path, json=kind.new(make) | {member: wrong})
        assert list(field_errors(answer)) == [f"/{member}"]
    for wrong in (2**63, -2**63 - 1, 10**30):
        problem(admin.post(kind.path, json=kind.new(make) | {member: wrong}), 400, "bad-request")


@EACH
@pytest.mark.parametrize("sort", ["name", "-name"])
def test_pages_lose_and_double_nothing(kind, sort, make, admin):
    token = word("Seite")
    made = [kind.create(make, name=f"{token} {letter}") for letter in "cabdfeg"]
    made.append(kind.create(make, name=f"{token} c"))  # the same name twice
    items, pages = walk(admin, kind.path, {"q": token, "limit": 3, "sort": sort})
    assert pages == 3
    assert sorted(item["id"] for item in items) == sorted(item["id"] for item in made)
    names = [item["name"] for item in items]
    assert names == sorted(names, reverse=sort == "-name")


@EACH
def test_pages_are_stable_while_rows_come(kind, make, admin):
    token = word("Flux")
    made = [kind.create(make, name=f"{token} {letter}") for letter in "bdf"]
    first = body_of(admin.get(kind.path, params={"q": token, "limit": 2}))
    kind.create(make, name=f"{token} a")  # before the cursor: must not push anything
    rest = body_of(admin.get(kind.path, params={"q": token, "limit": 2, "cursor": first["next_cursor"]}))
    assert [item["id"] for item in first["items"] + rest["items"]] == [item["id"] for item in made]


@EACH
@pytest.mark.parametrize("query,field", [
    ({"limit": 0}, "limit"), ({"limit": 201}, "limit"), ({"limit": "x"}, "limit"),
    ({"limit": "99999999999999999999"}, "limit"), ({"cursor": "???"}, "cursor"), ({"cursor": "AAAA"}, "cursor"),
    ({"sort": "id"}, "sort"), ({"sort": "name; DROP TABLE student"}, "sort"), ({"archived": "maybe"}, "archived"),
    ({"surprise": "1"}, "surprise"), ({"q": "x" * 201}, "q")])
def test_bad_query(kind, query, field, admin):
    assert list(field_errors(admin.get(kind.path, params=query))) == [field]


@EACH
def test_cursor_of_another_order(kind, make, admin):
    token = word("Ordre")
    for letter in "abc":
        kind.create(make, name=f"{token} {letter}")
    page = body_of(admin.get(kind.path, params={"q": token, "limit": 1}))
    answer = admin.get(kind.path, params={"q": token, "sort": "-name", "cursor": page["next_cursor"]})
    assert list(field_errors(answer)) == ["cursor"]


@EACH
@pytest.mark.parametrize("name,query", [
    ("Élodie Durán", "elodie duran"), ("elodie", "ÉLODIE"), ("Œuvre Straße", "œuvre  STRASSE"),
    ("أحمد بن علي", "احمد"), ("مُحَمَّد", "محمد"), ("فاطمة", "فاطمه"), ("100 % sûr_!", "100 % SUR_")])
def test_search(kind, name, query, make, admin):
    token = word("T")
    made = kind.create(make, name=f"{token} {name}")
    found = body_of(admin.get(kind.path, params={"q": f"{token} {query}"}))
    assert [item["id"] for item in found["items"]] == [made["id"]]
    for other in (f"%{token}", f"{token}_", f"{token} {query}x"):
        assert body_of(admin.get(kind.path, params={"q": other}))["items"] == []


@EACH
@pytest.mark.parametrize("who", ["trainer", "student"])
def test_only_admins_write(kind, who, make, request):
    caller = request.getfixturevalue(who)
    made = kind.create(make)
    problem(caller.post(kind.path, json=kind.new(make)), 403, "forbidden")
    problem(caller.patch(kind.one(made), json={"name": "x"}, headers={"If-Match": '"1"'}), 403, "forbidden")


@EACH
def test_strangers_get_nothing(kind, make, api):
    made = kind.create(make)
    for answer in (api.get(kind.path), api.get(kind.one(made)), api.post(kind.path, json={}),
                   api.patch(kind.one(made), json={}, headers={"If-Match": '"1"'})):
        problem(answer, 401, "unauthenticated")


NAMES = {"name", "code", "label_en", "label_fr", "label_ar", "student_number", "given_by_name", "specialities"}
NO_NAMES = {  # letters of a status code that must be there already
    "attendance_set", "attendance_bulk", "offline_batch"}


def name_fields(contract):
    """(operation, method, path, body of its examples, pointer) of every name that the API takes."""
    document = contract.document

    def resolve(schema):
        while "$ref" in schema:
            schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return schema

    for operation, method, path, spec in contract.operations():
        content = spec.get("requestBody", {}).get("content", {})
        if "application/json" not in content:
            continue
        schema = resolve(content["application/json"]["schema"])
        fields = {name: resolve(field) for name, field in schema.get("properties", {}).items()}
        body = {name: fields[name].get("example") for name in schema.get("required", [])}
        for name, field in fields.items():
            if field.get("format") == "name" or (name in NAMES and operation not in NO_NAMES):
                yield operation, method, path, body, name, field


def test_every_name_is_one_line_of_text(contract, admin):
    found = list(name_fields(contract))
    assert len(found) > 35
    for operation, method, path, body, name, field in found:
        assert field.get("format") == "name", f"{operation}: {name} is not read as a name"
        path = path.replace("{kind}", "course")
        for part in [part for part in path.split("/") if part.startswith("{")]:
            path = path.replace(part, "1")
        for wrong in ("a\nb", "a\tb", "a\x1b[2Jb", "a\u2028b", "a\u202eb", "a\x85b"):
            answer = getattr(admin, method.lower())(path, json=body | {name: wrong}, headers={"If-Match": '"1"'})
            assert field_errors(answer).get(f"/{name}") == "format", f"{operation}: {answer.text}"
        if field.get("minLength"):
            answer = getattr(admin, method.lower())(path, json=body | {name: " \u00a0\n"}, headers={"If-Match": '"1"'})
            assert field_errors(answer).get(f"/{name}") == "blank", f"{operation}: {answer.text}"


@pairs(lambda kind: [member for member in kind.texts])
def test_names_are_trimmed_and_composed(kind, member, make, admin):
    token = word("t")
    made = kind.create(make, **{member: f"\u00a0 E\u0301lo {token}\r\n"})
    assert made[member] == f"\u00c9lo {token}"
    assert body_of(admin.get(kind.one(made)))[member] == made[member]

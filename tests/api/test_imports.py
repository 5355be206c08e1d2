# SPDX-License-Identifier: MIT
"""Photos of many students at once: a dry run, then the run; a crash loses nothing and does nothing
twice; hostile archives are refused with words."""
import io
import os
import struct
import time
import zipfile

import pytest

from classroom import Classroom, another_photo, portrait, portraits
from client import Client
from factories import body_of, problem
from own import PASSWORD, running
from server import SLOW
from test_enrolment import sql

GOOD = [row["id"] for row in portraits()]
HERE = "/api/v1/imports"


def archive(files, method=zipfile.ZIP_STORED):
    """`files`: pairs of name and bytes, so that names may come twice."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as z:
        for name, data in files:
            z.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def send(admin, data, listed=None, **form):
    files = {"archive": ("photos.zip", data, "application/zip")}
    if listed is not None:
        files["list"] = ("list.csv", listed, "text/csv")
    return admin.post(HERE + "/photos", files=files, data=form)


def until(admin, number, *states):
    end = time.monotonic() + 30 * SLOW
    while True:
        seen = body_of(admin.get(f"{HERE}/{number}"))
        if seen["state"] in states:
            return seen
        assert time.monotonic() < end, seen
        time.sleep(0.03)


def rows_of(admin, number, **params):
    return body_of(admin.get(f"{HERE}/{number}/rows", params=params))["items"]


def results(admin, number):
    return {r["student_number"]: r["result"] for r in rows_of(admin, number)}


@pytest.fixture(scope="module")
def place(contract):
    """A school of its own: nobody else's faces look like these."""
    with running() as own:
        admin = Client(own, contract).login("admin@school.example", PASSWORD)
        room = Classroom(admin, Client(own, contract), n=6)
        for i in range(5):
            body_of(room.consent(i))
        yield own, admin, room


def numbers(room):
    return [s["student_number"] for s in room.students]


def folder(own):
    where = own.folder / "data" / "imports"
    return sorted(p.name for p in where.iterdir()) if where.exists() else []


def test_a_dry_run_then_the_run(place):
    own, admin, room = place
    n = numbers(room)
    bad = next(r["id"] for r in portraits("reject") if r["reject_reason"] == "too_small")
    data = archive([
        (f"{n[0]}.jpg", portrait(GOOD[0])), (f"{n[1]}.jpg", portrait(GOOD[1])),
        (f"{n[1]}_2.jpg", another_photo(GOOD[1], 1)), (f"{n[1]}_3.jpg", another_photo(GOOD[1], 2)),
        (f"{n[2]}.jpg", portrait(bad)), (f"{n[3]}.png", b"no picture at all"),
        (f"{n[5]}.jpg", portrait(GOOD[5])), ("nobody-77.jpg", portrait(GOOD[6])),
        (f"{n[4]}.txt", b"words")])
    made = body_of(send(admin, data), 201)
    assert made["state"] == "checking" and made["total"] == 7
    seen = until(admin, made["id"], "checked")
    assert seen["done"] == 7 and seen["failed"] == 5
    expected = {n[0]: "would_enrol", n[1]: "would_enrol", n[2]: "flaws", n[3]: "unreadable",
                n[4]: "not_a_photo", n[5]: "no_consent", "nobody-77": "no_such_student"}
    assert results(admin, made["id"]) == expected
    flawed = rows_of(admin, made["id"], result="flaws")
    assert [r["student_number"] for r in flawed] == [n[2]] and "px, at least 100" in flawed[0]["detail"]
    for s in room.students:
        assert not body_of(admin.get(f"/api/v1/students/{s['id']}/enrolment"))["enrolled"]
    assert folder(own) == [f"{made['id']}.zip"]
    assert os.stat(own.folder / "data" / "imports" / folder(own)[0]).st_mode & 0o777 == 0o600

    body_of(admin.post(f"{HERE}/{made['id']}/run"))
    seen = until(admin, made["id"], "done")
    assert seen["done"] == 7 and seen["failed"] == 5 and seen["finished_at"]
    assert results(admin, made["id"]) == {
        number: "enrolled" if was == "would_enrol" else was for number, was in expected.items()}
    assert folder(own) == []
    one = body_of(admin.get(f"/api/v1/students/{room.students[0]['id']}/enrolment"))
    assert one["assurance"] == "low" and len(one["templates"]) == 1
    three = body_of(admin.get(f"/api/v1/students/{room.students[1]['id']}/enrolment"))
    assert three["assurance"] == "standard" and len(three["templates"]) == 3
    problem(admin.post(f"{HERE}/{made['id']}/run"), 409, "conflict")
    problem(admin.post(f"{HERE}/{made['id']}/cancel"), 409, "conflict")
    assert made["id"] in [i["id"] for i in body_of(admin.get(HERE))["items"]]


def test_a_list_says_whose_a_file_is(place):
    own, admin, room = place
    n = numbers(room)
    listed = (f"\ufeffstudent_number;file;source\r\n\"{n[3]}\";a.jpg;id_photo\r\n"
              f"{n[4]};missing.jpg;\r\n{n[2]};b.jpg;photos\r\n").encode()
    data = archive([("a.jpg", portrait(GOOD[3])), ("b.jpg", another_photo(GOOD[0], 5))])
    made = body_of(send(admin, data, listed), 201)
    until(admin, made["id"], "checked")
    assert results(admin, made["id"]) == {n[3]: "would_enrol", n[4]: "no_such_file",
                                          n[2]: "duplicate"}
    body_of(admin.post(f"{HERE}/{made['id']}/run"))
    until(admin, made["id"], "done")
    past = body_of(admin.get(f"/api/v1/students/{room.students[3]['id']}/enrolment"))["history"]
    assert past[0]["source"] == "id_photo" and past[0]["by_name"]
    cases = body_of(admin.get("/api/v1/duplicates", params={"student_id": room.students[2]["id"]}))
    assert len(cases["items"]) == 1


def test_names_of_another_normal_form(place):
    """Numbers are kept composed; some systems write the names of files decomposed."""
    own, admin, room = place
    composed, decomposed = "\u00e9t\u00e9-7", "e\u0301te\u0301-7"
    body_of(admin.post("/api/v1/students", json={"name": "Nora Lamri", "student_number": composed}), 201)
    data = archive([(decomposed + ".jpg", portrait(GOOD[3]))])
    lists = [None, f"student_number,file\n{decomposed},{composed}.jpg\n".encode()]
    for listed in lists:
        made = body_of(send(admin, data, listed), 201)
        until(admin, made["id"], "checked")
        assert results(admin, made["id"]) == {composed: "no_consent"}
        body_of(admin.post(f"{HERE}/{made['id']}/cancel"))


@pytest.mark.parametrize("listed, code", [
    (b"number,file\n1,a.jpg\n", "header"), (b"student_number,file\n1,\n", "required"),
    (b"student_number,file\n\"1,a.jpg\n", "quote"), (b"student_number,file\n", "empty"),
    (b"student_number,file\n\xff,a.jpg\n", "encoding"),
    (b"student_number,file,source\n1,a.jpg,webcam\n", "one_of")])
def test_a_list_that_is_wrong(place, listed, code):
    answer = send(place[1], archive([("a.jpg", b"x")]), listed)
    errors = body_of(answer, 422)["errors"]
    assert [(e["field"], e["code"]) for e in errors] == [("list", code)]


def encrypted():
    data = bytearray(archive([("1.jpg", b"xxxx")]))
    central = data.index(b"PK\x01\x02")
    for at in (6, central + 8):
        data[at] |= 1
    return bytes(data)


def declared(size):
    """The header says `size` bytes; what is there is little."""
    data = bytearray(archive([("1.jpg", b"x" * 1000)], zipfile.ZIP_DEFLATED))
    central = data.index(b"PK\x01\x02")
    struct.pack_into("<I", data, 22, size)
    struct.pack_into("<I", data, central + 24, size)
    return bytes(data)


def latin1():
    return archive([("zz.jpg", b"x")]).replace(b"zz.jpg", b"\xe9\xe8.jpg")


def overlapping(names=1700):
    """Many names for one packed file: small, and half a gigabyte when unpacked."""
    data = archive([("00000.jpg", bytes(i % 251 for i in range(300_000)))], zipfile.ZIP_DEFLATED)
    start, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    entry = data[start:end]
    directory = b"".join(entry.replace(b"00000.jpg", b"%05d.jpg" % i) for i in range(names))
    tail = struct.pack("<IHHHHIIH", 0x06054b50, 0, 0, names, names, len(directory), start, 0)
    return data[:start] + directory + tail


HOSTILE = {
    "not_a_zip": lambda: b"PK no zip", "empty": lambda: archive([]),
    "too_many_files": lambda: archive([(f"{i}.jpg", b"") for i in range(5001)]),
    "unsafe_name": lambda: archive([("../1.jpg", b"x")]), "nested": lambda: archive([("a/1.jpg", b"x")]),
    "duplicate_name": lambda: archive([("1.jpg", b"x"), ("1.jpg", b"y")]),
    "ratio": lambda: archive([("1.jpg", bytes(4 << 20))], zipfile.ZIP_DEFLATED),
    "file_too_large": lambda: archive([("1.jpg", bytes((8 << 20) + 1))], zipfile.ZIP_DEFLATED),
    "encrypted": encrypted, "name_encoding": latin1,
    "unsafe_name 2": lambda: archive([("7\u202egpj.exe.jpg", b"x")]),
    "not_a_zip 2": overlapping,
    "name_too_long": lambda: archive([("1" * 201 + ".jpg", b"x")]),
}


@pytest.mark.parametrize("code", HOSTILE)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_hostile_archive_is_refused_with_its_reason(place, code):
    answer = send(place[1], HOSTILE[code]())
    errors = body_of(answer, 422)["errors"]
    assert [(e["field"], e["code"]) for e in errors] == [("archive", code.split()[0])]
    assert errors[0]["detail"] and folder(place[0]) == []


def test_a_header_that_lies(place):
    """What is unpacked is bounded by what comes out, not by what the header says."""
    _, admin, room = place
    listed = f"student_number,file\n{numbers(room)[4]},1.jpg\n".encode()
    answer = send(admin, declared(900), listed)
    if answer.status_code == 422:  # noticed at once
        assert [e["code"] for e in answer.json()["errors"]] == ["not_a_zip"]
        return
    number = body_of(answer, 201)["id"]
    until(admin, number, "checked")
    assert results(admin, number) == {numbers(room)[4]: "unreadable"}
    body_of(admin.post(f"{HERE}/{number}/cancel"))


def test_cancelling_deletes_the_photos(place):
    own, admin, room = place
    made = body_of(send(admin, archive([("a.jpg", portrait(GOOD[7]))]),
                        f"student_number,file\n{numbers(room)[4]},a.jpg\n".encode()), 201)
    said = body_of(admin.post(f"{HERE}/{made['id']}/cancel"))
    assert said["state"] == "cancelled" and folder(own) == []
    for verb in ("run", "cancel"):
        problem(admin.post(f"{HERE}/{made['id']}/{verb}"), 409, "conflict")
        problem(admin.post(f"{HERE}/999999/{verb}"), 404, "not-found")
    problem(admin.get(f"{HERE}/999999"), 404, "not-found")
    problem(admin.get(f"{HERE}/999999/rows"), 404, "not-found")


def test_a_crash_in_the_middle(place):
    """kill -9 while it runs; the rest is done after the start, and nothing twice."""
    own, admin, room = place
    students = [room.make.student() for _ in range(12)]
    room.students = students
    for i in range(12):
        body_of(room.consent(i))
    data = archive([(f"{s['student_number']}.jpg", portrait(GOOD[20 + i]))
                    for i, s in enumerate(students)])
    made = body_of(send(admin, data, dry_run="false"), 201)
    assert made["state"] == "running"
    end = time.monotonic() + 30 * SLOW
    while body_of(admin.get(f"{HERE}/{made['id']}"))["done"] < 3:
        assert time.monotonic() < end
    own.kill()
    own.start()
    admin = Client(own, admin.contract).login("admin@school.example", PASSWORD)
    seen = until(admin, made["id"], "done")
    assert seen["done"] == seen["total"] == 12
    told = rows_of(admin, made["id"])
    assert {r["result"] for r in told} <= {"enrolled", "duplicate", "flaws"}
    for row in told:
        past = body_of(admin.get(f"/api/v1/students/{row['student_id']}/enrolment"))["history"]
        assert len(past) == (1 if row["result"] == "enrolled" else 0)
    assert sum(r["result"] == "enrolled" for r in told) >= 9
    assert folder(own) == []


def test_what_nobody_runs_is_deleted(place):
    own, admin, room = place
    admin = Client(own, admin.contract).login("admin@school.example", PASSWORD)
    number = room.students[0]["student_number"]
    made = body_of(send(admin, archive([(f"{number}.jpg", portrait(GOOD[20]))])), 201)
    until(admin, made["id"], "checked")
    (own.folder / "data" / "imports" / "999.zip").write_bytes(b"left by a crash")
    own.stop()
    sql(own, f"UPDATE photo_import SET created_at = created_at - {23 * 3600000}")
    own.start()
    admin = Client(own, admin.contract).login("admin@school.example", PASSWORD)
    end = time.monotonic() + 30 * SLOW
    while folder(own) != [f"{made['id']}.zip"]:  # only what belongs to nothing goes
        assert time.monotonic() < end
        time.sleep(0.03)
    assert body_of(admin.get(f"{HERE}/{made['id']}"))["state"] == "checked"
    own.stop()
    sql(own, f"UPDATE photo_import SET created_at = created_at - {2 * 3600000}")
    own.start()
    admin = Client(own, admin.contract).login("admin@school.example", PASSWORD)
    until(admin, made["id"], "expired")
    end = time.monotonic() + 30 * SLOW
    while folder(own):
        assert time.monotonic() < end
        time.sleep(0.03)
    problem(admin.post(f"{HERE}/{made['id']}/run"), 409, "conflict")


def test_nothing_of_people_in_the_log(place):
    own, _, room = place
    text = own.log()
    assert room.students[0]["student_number"] not in text and "import.done" in text

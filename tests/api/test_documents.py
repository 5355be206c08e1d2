# SPDX-License-Identifier: MIT
"""Papers of justifications: what they really are, where they lie, who gets them, when they go."""
import concurrent.futures
import contextlib
import os
import pathlib
import resource
import stat
import threading
import zlib

import pytest
import requests

from chaos import sql
from classroom import portrait, portraits
from factories import body_of, field_errors, problem
from own import running
from server import SLOW
from test_erasure import rows
from test_justifications import PATH, School, until, utc

LIMIT = 10 << 20
PLAIN = b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"


def pdf(body=PLAIN):
    head = b"%PDF-1.7\n" + body
    return head + b"xref\n0 1\n0000000000 65535 f \ntrailer << /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(head)


def png(size=2):
    def chunk(kind, data):
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
    pixels = b"".join(b"\0" + bytes(3 * size) for _ in range(size))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size.to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0")
            + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b""))


@pytest.fixture(scope="module")
def school(contract):
    with running(keep_documents_days=30) as server:
        yield School(server, contract)


@pytest.fixture
def made(school):
    day = school.a_day().isoformat()[:10]
    return school.make_one(school.minor, **{"from": day}, reason_id=school.reasons["illness"]["id"])


def add(who, made, data=None, name="certificate.pdf", kind="application/pdf"):
    return who.post(f"{PATH}/{made['id']}/documents", files={"file": (name, pdf() if data is None else data, kind)})


def one(made, paper):
    return f"{PATH}/{made['id']}/documents/{paper['id']}"


def folder(school):
    return pathlib.Path(school.server.options["data_dir"]) / "documents"


def files(school):
    return {p for p in folder(school).rglob("*") if p.is_file()}


@pytest.mark.parametrize("data,name,kind", [
    (pdf(), "certificate.pdf", "application/pdf"),
    (png(), "scan.png", "image/png"),
    (None, "photo.jpg", "image/jpeg"),
])
def test_a_paper_comes_back_as_it_was(school, made, data, name, kind):
    data = portrait(portraits()[0]["id"]) if data is None else data
    # What the client says about it is not believed: neither the name's ending nor the type.
    paper = body_of(add(school.minor, made, data, name, "text/html"), 201)
    assert (paper["name"], paper["media_type"], paper["size_bytes"]) == (name, kind, len(data))
    for who in (school.minor, school.mother, school.admin):
        answer = who.get(one(made, paper))
        assert answer.status_code == 200 and answer.content == data
    headers = answer.headers
    assert headers["Content-Type"] == "application/octet-stream" and headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Disposition"] == f"attachment; filename=\"{name}\"; filename*=UTF-8''{name}"
    assert "sandbox" in headers["Content-Security-Policy"] and headers["Cache-Control"] == "no-store"
    whole = school.get(made)
    assert [d["id"] for d in whole["documents"]] == [paper["id"]] and whole["n_documents"] == 1
    assert whole["steps"][-1]["kind"] == "document" and whole["version"] == made["version"] + 1


def test_only_the_family_and_the_deciders_get_it(school, made):
    paper = body_of(add(school.minor, made), 201)
    for who in (school.adult, school.alone):
        problem(who.get(one(made, paper)), 404, "not-found")
        problem(who.delete(one(made, paper)), 404, "not-found")
        problem(add(who, made), 404, "not-found")
    # The father may read of it, but does not sign: the papers are not for him.
    problem(school.father.get(one(made, paper)), 404, "not-found")
    school.session(school.a_day())
    problem(school.trainer.get(one(made, paper)), 404, "not-found")
    problem(school.trainer.delete(one(made, paper)), 403, "forbidden")
    other = school.make_one(**{"from": school.a_day().isoformat()[:10]})
    problem(school.admin.get(one(other, paper)), 404, "not-found")
    assert school.server.raw("GET", one(made, paper)).status_code == 401


def test_it_lies_sealed_under_a_random_name(school, made):
    before = files(school)
    marker = b"BT (a-very-private-diagnosis) Tj ET"
    paper = body_of(add(school.minor, made, pdf(PLAIN + marker), "diagnosis.pdf"), 201)
    (path,) = files(school) - before
    assert len(path.name) == 32 and path.parent.name == path.name[:2] and "diagnosis" not in str(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    sealed = path.read_bytes()
    assert b"private" not in sealed and b"%PDF" not in sealed
    assert school.server.raw("GET", f"/documents/{path.parent.name}/{path.name}").content != sealed
    key = rows(school.server, f"SELECT wrapped FROM justification_document WHERE id = {paper['id']}")[0][0]
    assert len(bytes(key)) == 24 + 32 + 16
    for spoiled in (sealed[:-1], sealed[:100] + bytes([sealed[100] ^ 1]) + sealed[101:], sealed + b"\0", b""):
        path.write_bytes(spoiled)
        problem(school.admin.get(one(made, paper)), 500, "internal")
    path.unlink()
    problem(school.admin.get(one(made, paper)), 500, "internal")
    path.write_bytes(sealed)
    assert marker in school.admin.get(one(made, paper)).content


@pytest.mark.parametrize("data,why", [
    (b"MZ\x90\0" + pdf(), "a Windows program"),
    (b"\x7fELF\x02\x01\x01" + bytes(60), "a Linux program"),
    (b"PK\x03\x04" + bytes(60), "an archive"),
    (pdf() + b"PK\x05\x06" + bytes(18), "an archive at the same time"),
    (b"<html><script>alert(1)</script>", "a web page"),
    (b"hello", "no PDF, JPEG or PNG"),
    (pdf(PLAIN + b"<< /S /J#61vaScript /JS (x) >>"), "contains a script"),
    (pdf(PLAIN + b"<< >>\nstream\n" + zlib.compress(b"<< /S /Launch >>") + b"\nendstream"), "starts other programs"),
    (pdf()[:-20], "not whole"),
    (png()[:-20], ""),
    (png() + b"%PDF-1.4", "hidden behind the picture"),
])
def test_what_is_no_paper_is_refused_with_the_reason(school, made, data, why):
    before = files(school)
    assert why in problem(add(school.minor, made, data), 422, "document-invalid")["detail"]
    assert files(school) == before and school.get(made)["documents"] == []


def test_sizes_have_limits(school, made):
    assert field_errors(add(school.minor, made, b"")) == {"file": "min_bytes"}
    answer = add(school.minor, made, pdf(b"%" + bytes(LIMIT)))
    assert answer.status_code in (413, 422), answer.text
    big = pdf(b"\n" * (LIMIT - len(pdf(b"")) - 7))
    assert len(big) == LIMIT
    paper = body_of(add(school.minor, made, big), 201)
    assert school.admin.get(one(made, paper)).content == big
    assert field_errors(school.minor.post(f"{PATH}/{made['id']}/documents", files={"other": ("a", b"x")}))
    for _ in range(4):
        body_of(add(school.minor, made), 201)
    assert "at most 5" in problem(add(school.minor, made), 409, "conflict")["detail"]


@pytest.mark.parametrize("name,clean", [
    ("../../../etc/passwd", "passwd.pdf"),
    ("C:\\temp\\evil.exe", "evil.exe.pdf"),
    ("..", "document.pdf"),
    ("/", "document.pdf"),
    ("a\u202efdp.exe", "afdp.exe.pdf"),
    ("شهادة طبية.pdf", "شهادة طبية.pdf"),
    ("x" * 300 + ".pdf", None),
    (".htaccess", "htaccess.pdf"),
    ("a;b=c'd.PDF", "a;b=c'd.PDF"),
])
def test_names_are_cleaned(school, made, name, clean):
    answer = add(school.minor, made, name=name)
    if answer.status_code == 400:  # longer than a form may say
        assert len(name) > 255
        return
    paper = body_of(answer, 201)
    assert paper["name"] == clean and len(paper["name"]) <= 120
    disposition = school.minor.get(one(made, paper)).headers["Content-Disposition"]
    assert disposition.isascii() and disposition.startswith('attachment; filename="') and ".." not in disposition


def test_a_nul_in_a_name_is_no_name(school, made):
    body = (b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\0b.pdf\"\r\n\r\n" + pdf() + b"\r\n--b--\r\n")
    answer = school.minor.post(f"{PATH}/{made['id']}/documents", data=body,
                               headers={"Content-Type": "multipart/form-data; boundary=b"})
    assert answer.status_code == 400


def test_papers_answer_questions_and_stay_after_the_decision(school, made):
    body_of(school.mother.post(f"{PATH}/{made['id']}/sign", json={"statement": "read"}))
    assert "without_document" in problem(school.decide(made, "approve"), 409, "conflict")["detail"]
    body_of(school.decide(made, "needs_info", message="A certificate, please."))
    paper = body_of(add(school.mother, made), 201)
    spare = body_of(add(school.mother, made), 201)
    assert school.get(made)["state"] == "pending"
    before = files(school)
    assert school.minor.delete(one(made, spare)).status_code == 204
    assert len(before - files(school)) == 1
    problem(school.minor.get(one(made, spare)), 404, "not-found")
    last = school.get(made)["steps"][-1]
    assert (last["kind"], last["message"], last["by_name"]) == ("removed", spare["name"], school.minor_row["name"])
    assert school.approve(made)["state"] == "approved"
    problem(school.minor.delete(one(made, paper)), 409, "conflict")
    problem(add(school.minor, made), 409, "conflict")
    assert school.minor.get(one(made, paper)).status_code == 200


def test_a_full_history_takes_no_paper(school, made):
    before = files(school)
    sql(school.server, "INSERT INTO justification_step (justification_id, at, kind, state) VALUES "
        + ", ".join([f"({made['id']}, 1, 'document', 'pending')"] * 199))
    assert "200 entries" in problem(add(school.minor, made), 409, "conflict")["detail"]
    assert files(school) == before


def test_a_family_sends_no_more_than_sixty_papers_a_month(school):
    who = school.login(school.student("1996-01-01"))
    made, other = (school.make_one(who, **{"from": school.a_day().isoformat()[:10]}) for _ in range(2))
    body_of(add(who, made), 201)
    sql(school.server, f"""INSERT INTO justification_document (justification_id, file, name, media_type, size_bytes,
        master_key_id, wrapped, uploaded_by, uploaded_at) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL
        SELECT i + 1 FROM n WHERE i < 59) SELECT {other['id']}, file || '-' || i, name, media_type, size_bytes,
        master_key_id, wrapped, uploaded_by, uploaded_at FROM justification_document, n
        WHERE justification_id = {made['id']}""")
    before = files(school)
    assert "60 papers" in problem(add(who, made), 409, "conflict")["detail"]
    assert files(school) == before
    body_of(add(school.admin, made), 201)
    sql(school.server, f"DELETE FROM justification_document WHERE justification_id = {other['id']}")
    body_of(add(who, made), 201)


def test_an_admin_may_do_without(school, made):
    body_of(school.mother.post(f"{PATH}/{made['id']}/sign", json={"statement": "read"}))
    assert school.approve(made, without_document=True)["state"] == "approved"


def test_the_master_key_is_exchanged(school, made):
    paper = body_of(add(school.minor, made), 201)
    ids = "SELECT DISTINCT master_key_id FROM justification_document"
    (old,) = rows(school.server, ids)
    done = school.server.run("key", "rotate")
    assert done.returncode == 0, done.stdout + done.stderr
    (new,) = rows(school.server, ids)
    assert new != old
    assert school.minor.get(one(made, paper)).content == pdf()
    assert body_of(add(school.minor, made), 201)["size_bytes"] == len(pdf())


def test_what_a_crash_left_is_swept(school, made):
    body_of(add(school.minor, made), 201)
    place = folder(school) / "ab"
    place.mkdir(exist_ok=True)
    orphan, half, young = place / ("ab" + "0" * 30), place / ("ab" + "1" * 30 + ".new"), place / ("ab" + "2" * 30)
    known = files(school)
    for path in (orphan, half, young):
        path.write_bytes(b"left over")
    for path in (orphan, half):
        os.utime(path, (1, 1))
    school.again()
    until(lambda: files(school), lambda found: orphan not in found and half not in found)
    assert files(school) == known | {young}


def test_they_are_forgotten_when_their_time_is_over(school, made):
    body_of(add(school.minor, made), 201)
    body_of(school.mother.post(f"{PATH}/{made['id']}/sign", json={"statement": "read"}))
    school.approve(made)
    due = utc(-31).timestamp() * 1000
    sql(school.server, f"UPDATE justification SET decided_at = {due:.0f} WHERE id = {made['id']}")
    before = files(school)
    school.server.run("retention", "run")
    after = school.get(made)
    assert after["documents"] == [] and after["forgotten"] == 1 and after["state"] == "approved"
    assert len(before - files(school)) == 1


def test_the_export_knows_them(school, made):
    body_of(add(school.minor, made, name="for the export.pdf"), 201)
    export = body_of(school.admin.get(f"/api/v1/students/{school.minor_row['id']}/export"))
    assert "for the export.pdf" in {p["name"] for p in export["justification_papers"]}
    assert made["id"] in {j["id"] for j in export["justifications"]} and export["justification_steps"]


def test_a_full_disk_leaves_nothing_half(school, made):
    before = files(school)
    process = school.server.process.pid
    resource.prlimit(process, resource.RLIMIT_FSIZE, (60 << 10, resource.RLIM_INFINITY))
    try:
        answer = add(school.minor, made, pdf(b"\n" * (200 << 10)))
    finally:
        resource.prlimit(process, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    problem(answer, 507, "storage-full")
    assert files(school) == before and school.get(made)["documents"] == []
    body_of(add(school.minor, made), 201)


def test_a_crash_loses_no_paper_that_was_acknowledged(school):
    made = [school.make_one(**{"from": school.a_day().isoformat()[:10]}) for _ in range(6)]
    callers = [school.login(school.adult_row) for _ in made]
    kept, begun = [], threading.Event()

    def send(who, one_of):
        for i in range(4):
            with contextlib.suppress(requests.exceptions.RequestException):
                answer = add(who, one_of, pdf(PLAIN + b"%% %d\n" % i * 20000), f"{i}.pdf")
                if answer.status_code == 201:
                    kept.append((one_of, answer.json()))
                    begun.set()

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        running_all = [pool.submit(send, who, one_of) for who, one_of in zip(callers, made)]
        assert begun.wait(30 * SLOW)
        school.server.kill()
        for done in running_all:
            done.result()
    school.server.start()
    assert kept
    for one_of, paper in kept:
        assert len(school.adult.get(one(one_of, paper)).content) == paper["size_bytes"]
    for one_of in made:
        for paper in school.get(one_of)["documents"]:
            assert school.adult.get(one(one_of, paper)).status_code == 200

# SPDX-License-Identifier: MIT
"""Groups: membership by days, and who sees what."""
import concurrent.futures
import datetime

import pytest

from factories import body_of, field_errors, make, problem, walk, word  # noqa: F401

def day(offset):
    today = datetime.datetime.now(datetime.timezone.utc).date()
    return (today + datetime.timedelta(days=offset)).isoformat()


def members(client, group):
    return body_of(client.get(f"/api/v1/groups/{group['id']}/students"))["items"]


def leave(admin, group, student):
    return admin.delete(f"/api/v1/groups/{group['id']}/students/{student['id']}")


def read(admin, student):
    return body_of(admin.get(f"/api/v1/students/{student['id']}"))


def count(admin, group):
    return body_of(admin.get(f"/api/v1/groups/{group['id']}"))["student_count"]


def archive(admin, path):
    etag = admin.get(path).headers["ETag"]
    return body_of(admin.patch(path, json={"archived": True}, headers={"If-Match": etag}))


def test_join_and_leave(make, admin):
    group, student = make.group(), make.student()
    before = day(0)
    joined = make.member(group, student)
    assert joined.pop("from") in (before, day(0))
    assert joined == {"group_id": group["id"], "student_id": student["id"], "to": None}
    assert [m["id"] for m in members(admin, group)] == [student["id"]]
    assert count(admin, group) == 1
    shown = read(admin, student)
    assert (shown["group_id"], shown["group_name"]) == (group["id"], group["name"])
    assert leave(admin, group, student).status_code == 204
    assert members(admin, group) == []
    assert count(admin, group) == 0
    assert read(admin, student)["group_id"] is None
    problem(leave(admin, group, student), 404, "not-found")
    make.member(group, student)


def test_membership_has_days(make, admin):
    group, later, student = make.group(), make.group(), make.student()
    make.member(group, student, **{"from": day(-30)})
    make.member(later, student, **{"from": day(3)})
    assert read(admin, student)["group_id"] == group["id"]
    assert members(admin, later) == []
    assert leave(admin, later, student).status_code == 204
    assert leave(admin, group, student).status_code == 204
    assert read(admin, student)["group_id"] is None


def test_newest_group_is_shown_and_the_former_goes_on(make, admin):
    first, second, student = make.group(), make.group(), make.student()
    make.member(first, student, **{"from": day(-30)})
    make.member(second, student, **{"from": day(-1)})
    assert read(admin, student)["group_id"] == second["id"]
    assert [m["id"] for m in members(admin, first)] == [student["id"]]


def test_join_twice(make, admin):
    group, student = make.group(), make.student()
    make.member(group, student, **{"from": day(-5)})
    for start in (day(-5), day(-9), day(0), day(9)):
        answer = admin.post(f"/api/v1/groups/{group['id']}/students",
                            json={"student_id": student["id"], "from": start})
        assert field_errors(answer, 409) == {"/student_id": "taken"}
    assert count(admin, group) == 1


def test_join_many_at_once(make, admin):
    group, student = make.group(), make.student()

    def join(i):
        return admin.post(f"/api/v1/groups/{group['id']}/students",
                          json={"student_id": student["id"], "from": day(i)}).status_code

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(join, range(-6, 0))) == [201] + [409] * 5


@pytest.mark.parametrize("start", ["2026-02-30", "yesterday", "2026-9-1", "1969-12-31", "", "2026-09-01T00:00:00Z"])
def test_impossible_first_day(start, make, admin):
    group, student = make.group(), make.student()
    answer = admin.post(f"/api/v1/groups/{group['id']}/students",
                        json={"student_id": student["id"], "from": start})
    assert list(field_errors(answer)) == ["/from"]


def test_archived_are_refused(make, admin):
    group, student, old_group, old_student = make.group(), make.student(), make.group(), make.student()
    archive(admin, f"/api/v1/groups/{old_group['id']}")
    archive(admin, f"/api/v1/students/{old_student['id']}")
    path = "/api/v1/groups/{}/students"
    both = admin.post(path.format(old_group["id"]), json={"student_id": old_student["id"]})
    assert field_errors(both) == {"group_id": "archived", "/student_id": "archived"}
    unknown = admin.post(path.format(group["id"]), json={"student_id": 999999999})
    assert field_errors(unknown) == {"/student_id": "not_found"}
    problem(admin.post(path.format(999999999), json={"student_id": student["id"]}), 404, "not-found")


def test_archived_student_does_not_count(make, admin):
    group, student = make.group(), make.student()
    make.member(group, student)
    archive(admin, f"/api/v1/students/{student['id']}")
    assert count(admin, group) == 0
    assert members(admin, group) == []


def test_list_by_programme(make, admin):
    programme = make.programme()
    groups = [make.group(programme_id=programme["id"]) for _ in range(2)]
    make.group()
    listed = body_of(admin.get("/api/v1/groups", params={"programme_id": programme["id"]}))
    assert sorted(g["id"] for g in listed["items"]) == sorted(g["id"] for g in groups)


def test_pages_of_members(make, admin):
    group = make.group()
    students = [make.student(name=f"Membre {letter} {word('x')}") for letter in "dacbe"]
    for student in students:
        make.member(group, student)
    items, pages = walk(admin, f"/api/v1/groups/{group['id']}/students", {"limit": 2})
    assert pages == 3
    assert [item["name"][7] for item in items] == list("abcde")
    found = body_of(admin.get(f"/api/v1/groups/{group['id']}/students", params={"q": "MEMBRE d"}))
    assert [item["id"] for item in found["items"]] == [students[0]["id"]]


def test_version_counts_membership(make, admin):
    group, student = make.group(), make.student()
    before = admin.get(f"/api/v1/groups/{group['id']}").headers["ETag"]
    student_before = admin.get(f"/api/v1/students/{student['id']}").headers["ETag"]
    make.member(group, student)
    assert admin.get(f"/api/v1/groups/{group['id']}").headers["ETag"] != before
    assert admin.get(f"/api/v1/students/{student['id']}").headers["ETag"] != student_before


def test_trainer_sees_who_is_taught(make, admin):
    mail = make.trainer()["email"]
    caller = make.sign_in(mail)
    me = body_of(caller.get("/api/v1/me"))
    mine, foreign, student, stranger = make.group(), make.group(), make.student(), make.student()
    make.member(mine, student)
    make.member(foreign, stranger)
    for group in (mine, foreign):
        problem(caller.get(f"/api/v1/groups/{group['id']}/students"), 404, "not-found")
    make.session({"id": me["trainer_id"]}, [mine])
    assert [m["id"] for m in members(caller, mine)] == [student["id"]]
    problem(caller.get(f"/api/v1/groups/{foreign['id']}/students"), 404, "not-found")
    # The groups themselves are no secret to trainers.
    assert body_of(caller.get(f"/api/v1/groups/{foreign['id']}"))["id"] == foreign["id"]


def test_student_sees_own_groups_and_no_classmates(make, admin):
    student = make.student(account=True)
    caller = make.sign_in(student["email"])
    mine, foreign = make.group(), make.group()
    make.member(mine, student)
    assert body_of(caller.get(f"/api/v1/groups/{mine['id']}"))["id"] == mine["id"]
    problem(caller.get(f"/api/v1/groups/{foreign['id']}"), 404, "not-found")
    assert [g["id"] for g in body_of(caller.get("/api/v1/groups"))["items"]] == [mine["id"]]
    for group in (mine, foreign):
        problem(caller.get(f"/api/v1/groups/{group['id']}/students"), 404, "not-found")


@pytest.mark.parametrize("who", ["trainer", "student"])
def test_only_admins_change_membership(who, make, admin, request):
    caller = request.getfixturevalue(who)
    group, student = make.group(), make.student()
    make.member(group, student)
    answer = caller.post(f"/api/v1/groups/{group['id']}/students", json={"student_id": student["id"]})
    problem(answer, 403, "forbidden")
    problem(leave(caller, group, student), 403, "forbidden")
    assert count(admin, group) == 1

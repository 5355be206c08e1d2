# SPDX-License-Identifier: MIT
"""Rotating codes and PINs: good now, once, for one's own session; of no use to anybody else or later."""
import base64
import hashlib
import hmac
import json
import re
import struct
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from factories import PASSWORD as STUDENTS_PASSWORD
from factories import body_of, field_errors, problem
from lesson import head, lesson, school  # noqa: F401
from own import some_address
from server import SLOW
from test_erasure import rows

PLACE = {"latitude": 33.5731, "longitude": -7.5898, "accuracy_m": 12}


def parts(token):
    raw = base64.urlsafe_b64decode(token)
    return struct.unpack(">Bqq", raw[:17]) + (raw[17:],)


def token_of(session_id, slot, mac):
    return base64.urlsafe_b64encode(struct.pack(">Bqq", 1, session_id, slot) + mac).decode()


def test_a_code_marks_its_student_present(lesson):
    room = lesson()
    code = room.code()
    assert code["url"] == "https://presence.school.example/check-in/code#" + code["token"]
    assert code["next_url"].endswith("#" + code["next_token"])
    assert 1 <= code["seconds_left"] <= 15 and 1 <= code["pin_seconds_left"] <= 60
    assert code["code_counts"] and code["pin_counts"] and re.fullmatch(r"\d{6}", code["pin"])
    answer = body_of(room.scan(code["token"]))
    assert (answer["intake"], answer["reason"], answer["fence"]) == ("counted", "on_time", "unknown")
    assert answer["session_id"] == room.session["id"] and not answer["in_network"]
    assert all(answer["why"][language] for language in ("en", "fr", "ar"))
    assert answer["record"]["status"] == "present" and answer["record"]["method"] == "qr"
    assert room.record()["status"] == "present"


def test_a_code_is_used_once(lesson):
    room = lesson(n=2)
    token = room.code()["token"]
    first = body_of(room.scan(token))
    assert (first["intake"], first["already"]) == ("counted", False)
    again = body_of(room.scan(token))
    assert (again["intake"], again["already"]) == ("already", True), "who lost the answer gets it again"
    assert again["record"] == first["record"] and again["why"] == first["why"]
    assert len(room.events()) == 1
    assert body_of(room.scan(token, who=1))["intake"] == "counted", "but by everybody in the room"
    room.wait(seconds=15)
    later = body_of(room.scan(room.code()["token"]))
    assert (later["intake"], later["already"]) == ("already", False)


def test_a_code_sent_again_tells_and_writes_nothing(lesson):
    room = lesson(n=2)
    token = room.code()["token"]
    body_of(room.scan(token))
    # What a trainer took back stays taken back.
    body_of(room.trainer.post(f"{room.path}/attendance/{room.rows[0]['id']}/undo"))
    events = room.events()
    again = body_of(room.scan(token))
    assert (again["intake"], again["already"], again["record"]["status"]) == ("kept", True, "unmarked")
    room.wait(seconds=45)
    assert body_of(room.scan(token))["already"], "also when the code is over"
    problem(room.scan(token, who=1), 410, "code-expired")
    room.move("close")
    assert body_of(room.scan(token))["record"]["status"] == "absent", "and when the register is closed"
    assert len(room.events()) == len(events) + 1, "the closing"


def test_a_code_sent_many_times_at_once_is_one_check_in(lesson):
    room = lesson()
    token = room.code()["token"]
    with ThreadPoolExecutor(6) as pool:
        answers = [body_of(a) for a in pool.map(lambda _: room.scan(token), range(6))]
    assert sorted(a["already"] for a in answers) == [False] + [True] * 5
    assert {a["record"]["status"] for a in answers} == {"present"} and len(room.events()) == 1


def test_a_code_forwarded_later_is_of_no_use(lesson):
    room = lesson(n=3)
    code = room.code()
    room.wait(seconds=15)
    assert room.code()["token"] == code["next_token"]
    assert body_of(room.scan(code["token"]))["intake"] == "counted", "one slot of tolerance"
    room.wait(seconds=30)
    problem(room.scan(code["token"], who=1), 410, "code-expired")
    assert body_of(room.scan(code["next_token"], who=1))["intake"] == "counted"
    room.wait(minutes=50)
    problem(room.scan(code["next_token"], who=2), 410, "code-expired")
    assert room.record(2)["status"] == "unmarked"


def test_the_next_code_is_not_good_yet(lesson):
    room = lesson()
    problem(room.scan(room.code()["next_token"]), 422, "code-wrong")


def test_no_token_can_be_made_without_the_secret(lesson):
    room = lesson()
    token = room.code()["token"]
    version, session_id, slot, mac = parts(token)
    assert (version, session_id, len(mac)) == (1, room.session["id"], 16)
    guessed = hmac.new(bytes(32), b"code\0" + struct.pack(">qq", session_id, slot), hashlib.sha256)
    forged = [token_of(session_id, slot, bytes(16)), token_of(session_id, slot, guessed.digest()[:16]),
              token_of(session_id, slot + 1, mac), token_of(session_id, slot - 1, mac), "x",
              token_of(session_id + 10 ** 6, slot, mac), token[:-1] + ("A" if token[-1] != "A" else "B"),
              token + "A", "0" * 44, token_of(-1, slot, mac)]
    for wrong in forged:
        problem(room.scan(wrong), 422, "code-wrong")
    assert room.record()["status"] == "unmarked"
    for wrong in ("", "x" * 101):
        assert "/token" in field_errors(room.scan(wrong))


def test_one_session_s_code_marks_no_other(lesson):
    first, second = lesson(), lesson()
    token = first.code()["token"]
    _, _, slot, mac = parts(token)
    second.code()
    problem(second.scan(token_of(second.session["id"], slot, mac)), 422, "code-wrong")
    problem(second.scan(token), 404, "not-found")
    problem(second.pin(first.code()["pin"]), 422, "code-wrong")
    assert second.record()["status"] == "unmarked" and first.record()["status"] == "unmarked"


def test_codes_need_an_open_register(lesson):
    room = lesson(n=2)
    code = room.code()
    room.move("close")
    problem(room.scan(code["token"]), 409, "session-not-open")
    problem(room.pin(code["pin"]), 409, "session-not-open")
    for path in ("/code", "/code.svg"):
        problem(room.trainer.get(room.path + path), 409, "session-not-open")
    room.move("reopen", reason="closed too soon")
    assert body_of(room.scan(code["token"]))["record"]["status"] == "present", "the try did not use it up"


def test_only_the_trainer_sees_the_code(lesson, head):
    room, other = lesson(), lesson()
    assert body_of(head.get(room.path + "/code"))["token"] == room.code()["token"]
    problem(other.trainer.get(room.path + "/code"), 404, "not-found")
    problem(other.trainer.get(room.path + "/code.svg"), 404, "not-found")
    problem(other.trainer.post(room.path + "/code/regenerate"), 404, "not-found")
    problem(room.students[0].get(room.path + "/code"), 403, "forbidden")


def test_a_new_secret_ends_what_was_shown(lesson):
    room = lesson()
    code = room.code()
    again = body_of(room.trainer.post(room.path + "/code/regenerate"))
    assert again["token"] != code["token"] and again["pin"] != code["pin"]
    problem(room.scan(code["token"]), 422, "code-wrong")
    problem(room.pin(code["pin"]), 422, "code-wrong")
    assert body_of(room.scan(again["token"]))["intake"] == "counted"


def decode(svg, folder):
    """What a real reader of QR codes sees in the drawing."""
    side = int(re.search(r'viewBox="0 0 (\d+) \1"', svg)[1])
    dark = set()
    for x, y, run in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", svg):
        dark |= {(int(x) + i, int(y)) for i in range(int(run))}
    assert len(dark) > side and min(x for x, _ in dark) == 4
    scale = 4
    rows = [bytes(0 if (x // scale, y // scale) in dark else 255 for x in range(side * scale))
            for y in range(side * scale)]
    picture = folder / "code.pgm"
    picture.write_bytes(b"P5 %d %d 255\n" % (side * scale, side * scale) + b"".join(rows))
    return subprocess.run(["zbarimg", "--quiet", "--raw", "--nodbus", str(picture)], check=True,
                          capture_output=True, text=True).stdout.strip()


def test_the_drawing_holds_the_address(lesson, tmp_path):
    room = lesson()
    code = room.code()
    answer = room.trainer.get(room.path + "/code.svg")
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert decode(answer.text, tmp_path) == code["url"]
    later = room.trainer.get(f"{room.path}/code.svg?slot={code['slot'] + 1}")
    assert decode(later.text, tmp_path) == code["next_url"]
    problem(room.trainer.get(f"{room.path}/code.svg?slot={code['slot'] - 2}"), 410, "code-expired")


def test_a_pin_is_good_for_its_minute_and_the_next(lesson):
    room = lesson(n=3)
    pin = room.code()["pin"]
    assert body_of(room.pin(pin))["record"]["method"] == "pin"
    room.wait(seconds=75)
    assert body_of(room.pin(pin, who=1))["intake"] == "counted"
    room.wait(seconds=125)
    problem(room.pin(pin, who=2), 422, "code-wrong")


def test_nobody_can_try_all_pins(lesson):
    room = lesson(n=2)
    pin = room.code()["pin"]
    wrong = [f"{(int(pin) + i) % 10 ** 6:06}" for i in range(1, 6)]
    for guess in wrong:
        problem(room.pin(guess), 422, "code-wrong")
    answer = room.pin(pin)
    problem(answer, 429, "too-many-requests")
    assert 0 < int(answer.headers["Retry-After"]) <= 15 * 60
    assert body_of(room.pin(pin, who=1))["intake"] == "counted", "others are not concerned"
    room.wait(minutes=14)
    problem(room.pin(room.code()["pin"]), 429, "too-many-requests")
    room.wait(minutes=16)
    answer = body_of(room.pin(room.code()["pin"]))
    assert (answer["record"]["status"], answer["reason"]) == ("late", "came_late")


def test_a_clock_that_goes_back_locks_no_longer_and_unlocks_nobody(lesson):
    room = lesson()
    room.wait(minutes=55)
    room.code()
    for _ in range(5):
        problem(room.pin("x"), 422, "code-wrong")
    room.wait(minutes=5)
    answer = room.pin(room.code()["pin"])
    problem(answer, 429, "too-many-requests")
    assert 14 * 60 < int(answer.headers["Retry-After"]) <= 15 * 60, "not the 50 minutes more of the clock"
    room.wait(minutes=19)
    problem(room.pin(room.code()["pin"]), 429, "too-many-requests")
    room.wait(minutes=21)
    assert body_of(room.pin(room.code()["pin"]))["intake"] == "counted"


def test_a_right_pin_forgets_wrong_ones(lesson):
    room = lesson()
    pin = room.code()["pin"]
    for _ in range(2):
        for _ in range(4):
            problem(room.pin("x"), 422, "code-wrong")
        body_of(room.pin(pin))


def test_a_right_code_from_elsewhere_is_kept_and_not_counted(lesson):
    inside, outside = {"X-Forwarded-For": "10.4.4.9"}, {"X-Forwarded-For": some_address()}
    room = lesson(room={"network": "10.4.4.0/24, 2001:db8:4::/48"}, ways="qr+subnet")
    answer = body_of(room.scan(room.code()["token"], headers=outside))
    assert (answer["intake"], answer["reason"], answer["in_network"]) == ("kept", "not_in_subnet", False)
    assert "Your device is not in the room’s network." in answer["why"]["en"]
    assert room.record()["status"] == "unmarked"
    room.wait(seconds=15)
    answer = body_of(room.scan(room.code()["token"], headers=inside))
    assert (answer["intake"], answer["in_network"]) == ("counted", True)
    assert room.record()["status"] == "present"
    assert [e["facts"] for e in room.events()] == [[], ["subnet"]]


@pytest.mark.parametrize("address,there", [
    ("::ffff:10.4.4.9", True), ("::ffff:10.4.5.9", False), ("::FFFF:0a04:0409", True), ("::10.4.4.9", False),
    ("2001:db8:4::9", True), ("2001:0db8:0004:0000::0009", True), ("2001:db8:5::9", False)])
def test_an_address_of_both_kinds_is_in_its_network(lesson, address, there):
    """Proxies that listen on [::] tell IPv4 clients as IPv6."""
    room = lesson(room={"network": "10.4.4.0/24, 2001:db8:4::/48"}, ways="qr+subnet")
    answer = body_of(room.scan(room.code()["token"], headers={"X-Forwarded-For": address}))
    assert answer["in_network"] is there


def test_the_fence(lesson):
    circle = {"latitude": 33.5731, "longitude": -7.5898, "radius_m": 60}
    room = lesson(room=circle, ways="qr+fence|pin+fence")
    far = {**PLACE, "latitude": 33.5831}
    answer = body_of(room.scan(room.code()["token"], place=far))
    assert (answer["intake"], answer["fence"], answer["reason"]) == ("kept", "outside", "not_in_fence")
    assert "about 1120 m away" in answer["why"]["en"]
    answer = body_of(room.pin(room.code()["pin"], place={**PLACE, "accuracy_m": 795.4}))
    assert (answer["intake"], answer["fence"]) == ("kept", "vague")
    assert "only known to 800 m" in answer["why"]["en"] and "800 م" in answer["why"]["ar"]
    answer = body_of(room.pin(room.code()["pin"]))
    assert (answer["intake"], answer["fence"]) == ("kept", "unsaid")
    answer = body_of(room.pin(room.code()["pin"], place=PLACE))
    assert (answer["intake"], answer["fence"], answer["record"]["status"]) == ("counted", "inside", "present")
    for wrong in ({"latitude": 91}, {"longitude": -181}, {"accuracy_m": -1}, {"latitude": "33"}):
        assert field_errors(room.pin(room.code()["pin"], place={**PLACE, **wrong}))


def test_positions_and_marks_of_browsers_are_not_kept(lesson, school):
    room = lesson(n=2, room={"latitude": 33.5731, "longitude": -7.5898, "radius_m": 60})
    code = room.code()
    mark = "browser-9f1c-4b7e"
    for who in (0, 1):
        body_of(room.scan(code["token"], who=who, client=mark, place={**PLACE, "latitude": 33.57312345}))
    events = room.events()
    assert events[0]["note"] == "10 m ± 20 m"
    told = "SELECT client FROM attendance_event WHERE kind = 'check' AND session_id = "
    kept = {row[0] for row in rows(school, told + str(room.session["id"]))}
    assert len(kept) == 1 and re.fullmatch("[0-9a-f]{32}", kept.pop()), "both by the same browser"
    other = lesson(n=1)
    body_of(other.scan(other.code()["token"], client=mark))
    both = rows(school, told + f"{room.session['id']} OR session_id = {other.session['id']}")
    assert len({row[0] for row in both if row[0]}) == 2, "nobody is followed from session to session"
    for secret in (mark, "33.57312345", "33.5731234", code["token"], code["pin"]):
        assert secret not in school.log() and secret not in json.dumps(events)


def test_secrets_are_forgotten_after_a_week(lesson, school):
    room = lesson()
    token = room.code()["token"]
    school.kill()
    room.wait(days=8)
    school.start()
    room.students[0] = room.anybody.login(room.rows[0]["email"], STUDENTS_PASSWORD)
    # The job runs right after the start. Until then the code is known, but long over.
    until = time.monotonic() + 30 * SLOW
    while room.scan(token).status_code == 410:
        assert time.monotonic() < until
        time.sleep(0.02)
    problem(room.scan(token), 422, "code-wrong")

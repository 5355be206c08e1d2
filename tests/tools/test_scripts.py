# SPDX-License-Identifier: MIT
"""The shell scripts: what they answer when nothing runs, something is missing, or input is wrong."""
import base64
import hashlib
import os
import pathlib
import socket
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "scripts"


def run(*command, **environment):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False,
                          timeout=300, env={**os.environ, "NO_COLOR": "1", **environment})
    return done.returncode, done.stdout + done.stderr


def library(text, **environment):
    """Runs shell text with the scripts' library loaded."""
    loaded = "".join(f'. "{SCRIPTS}/lib/{name}.sh"; '
                     for name in ("common", "packages", "pins", "fetch", "node", "server"))
    return run("bash", "-c", loaded + text, **environment)


@pytest.fixture(name="data")
def data_folder(tmp_path):
    return tmp_path / "data with space"


@pytest.mark.parametrize("script", ["start", "stop", "test", "fetch-models", "portraits", "pgvector"])
def test_help_is_short_and_changes_nothing(script, tmp_path):
    code, out = run(SCRIPTS / f"{script}.sh", "--help", SP_CACHE_DIR=tmp_path / "cache")
    assert code == 0
    assert f"scripts/{script}.sh" in out
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("script", ["start", "stop", "test", "fetch-models", "portraits", "pgvector"])
def test_unknown_argument_is_refused(script):
    code, out = run(SCRIPTS / f"{script}.sh", "--surprise")
    assert code == 1
    assert "--surprise" in out


@pytest.mark.parametrize("port", ["0", "65536", "99999999999", "80a", "-1", "08000", ""])
def test_start_refuses_a_bad_port(port, data):
    code, out = run(SCRIPTS / "start.sh", "--data-dir", data, f"--port={port}")
    assert code == 1
    assert "--port takes a number from 1 to 65535" in out
    assert not data.exists()


def test_status_and_stop_without_a_server(data):
    code, out = run(SCRIPTS / "status.sh", "--data-dir", data)
    assert code == 3 and "not running" in out
    code, out = run(SCRIPTS / "stop.sh", "--data-dir", data)
    assert code == 0 and "no server" in out


def test_a_pid_that_belongs_to_another_program_is_not_ours(data):
    data.mkdir()
    (data / "server.pid").write_text(f"{os.getpid()}\n")
    code, _ = run(SCRIPTS / "status.sh", "--data-dir", data)
    assert code == 3
    code, _ = run(SCRIPTS / "stop.sh", "--data-dir", data)
    assert code == 0
    assert not (data / "server.pid").exists()


def running_program(data, of=None):
    """A process whose program is called smartpresence; it serves the folder `of`, and sleeps."""
    data.mkdir()
    program = data / "smartpresence"
    program.write_text("#!/usr/bin/python3\nimport time\ntime.sleep(600)\n")
    program.chmod(0o755)
    process = subprocess.Popen([program, "serve", "--data-dir", of or data, "--http-port", "1"])
    (data / "server.pid").write_text(f"{process.pid}\n")
    return process


def test_the_server_of_another_folder_is_not_ours(data, tmp_path):
    """A number that was left behind has been given to it."""
    process = running_program(data, of=tmp_path)
    assert run(SCRIPTS / "status.sh", "--data-dir", data)[0] == 3
    code, out = run(SCRIPTS / "stop.sh", "--data-dir", data)
    assert code == 0 and "no server" in out
    assert process.poll() is None
    process.kill()
    process.wait()


# Named like the server, and like it looked into by root only.
HIDDEN = """import ctypes, time
libc = ctypes.CDLL(None)
libc.prctl(15, b"smartpresence")
libc.prctl(4, 0)
print(flush=True)
time.sleep(600)
"""


def test_who_started_a_server_finds_it():
    """Without being root."""
    who = os.getuid() or 65534
    shell = (SCRIPTS / "lib" / "server.sh").read_text(encoding="utf-8")
    shell += 'ask() { SP_PID_FILE=$1 SP_DATA_DIR=/a/school; server_pid; }\n'
    with subprocess.Popen(["/usr/bin/python3", "-c", HIDDEN, "--data-dir", "/a/school"], user=who, cwd="/",
                          stdout=subprocess.PIPE) as server:
        server.stdout.readline()
        done = subprocess.run(["bash", "-c", f"{shell}ask <(echo {server.pid})"], user=who, cwd="/",
                              capture_output=True, text=True, check=False, timeout=60)
        server.kill()
    assert done.stdout == f"{server.pid}\n", done.stderr


def test_stop_stops_and_says_so(data):
    process = running_program(data)
    # The process is our child: somebody must collect it before it is gone.
    stopping = subprocess.Popen([SCRIPTS / "stop.sh", "--data-dir", data], stderr=subprocess.PIPE, text=True)
    assert process.wait(timeout=60) == -15
    _, out = stopping.communicate(timeout=60)
    assert stopping.returncode == 0 and "stopped" in out
    assert not (data / "server.pid").exists()


def test_status_of_a_server_that_does_not_answer(data):
    process = running_program(data)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        (data / "server.port").write_text(f"{unused.getsockname()[1]}\n")
        code, out = run(SCRIPTS / "status.sh", "--data-dir", data)
    process.kill()
    process.wait()
    assert code == 1
    assert "not ready" in out and "000" in out


def test_port_owner_names_the_process():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        port = server.getsockname()[1]
        assert run("/usr/bin/python3", SCRIPTS / "lib" / "port_owner.py", port) == (1, "")
        server.listen()
        code, out = run("/usr/bin/python3", SCRIPTS / "lib" / "port_owner.py", port)
    assert code == 0
    assert f"process {os.getpid()}" in out


def test_start_names_who_has_the_port(data):
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        code, out = run(SCRIPTS / "start.sh", "--data-dir", data, "--port", port)
    assert code == 1
    assert f"port {port} is taken by" in out and str(os.getpid()) in out
    assert not data.exists()


def test_start_says_that_the_data_folder_cannot_be(tmp_path):
    (tmp_path / "file").touch()
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        code, out = run(SCRIPTS / "start.sh", "--data-dir", tmp_path / "file", "--port", port)
    assert code == 1
    assert f"error: the data folder {tmp_path}/file cannot be made" in out and "--data-dir DIR" in out


def test_packages_missing():
    code, out = library("packages_missing bash no-such-package-here coreutils")
    assert code == 0
    assert out.split() == ["no-such-package-here"]


@pytest.mark.parametrize("name", ["build", "run", "test-quick", "test"])
def test_package_lists_are_readable(name):
    code, out = library(f"packages_listed {name}")
    assert code == 0
    assert out.split() and all(word == word.lower() and "#" not in word for word in out.split())


def integrity(contents):
    return "sha512-" + base64.b64encode(hashlib.sha512(contents).digest()).decode()


def test_integrity(tmp_path):
    (tmp_path / "a.tgz").write_bytes(b"good")
    assert library(f"check_integrity {tmp_path}/a.tgz {integrity(b'good')}")[0] == 0
    code, out = library(f"check_integrity {tmp_path}/a.tgz {integrity(b'evil')}")
    assert code == 1 and "not what was pinned" in out


def test_sha256(tmp_path):
    (tmp_path / "a").write_bytes(b"good")
    good = hashlib.sha256(b"good").hexdigest()
    assert library(f"check_sha256 {tmp_path}/a {good}; sha256_matches {tmp_path}/a {good}")[0] == 0
    assert library(f"sha256_matches {tmp_path}/absent {good}")[0] == 1
    code, out = library(f"check_sha256 {tmp_path}/a {'0' * 64}")
    assert code == 1 and "not what was pinned" in out


def test_a_fetched_package_with_the_wrong_checksum_is_not_used(tmp_path):
    """A client that hands out something else than what was pinned."""
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    (bin_folder / "npm").write_text("#!/bin/sh\necho evil >evil-1.0.0.tgz\n")
    (bin_folder / "npm").chmod(0o755)
    (tmp_path / "cache").mkdir()
    code, out = library(f"npm_unpack x 1.0.0 {integrity(b'good')} {tmp_path}/out",
                        PATH=f"{bin_folder}:{os.environ['PATH']}", SP_CACHE_DIR=str(tmp_path / "cache"))
    assert code == 1 and "not what was pinned" in out
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("have, want, enough", [
    ("20.19.0", "20.19.0", True), ("20.20.2", "20.19.0", True), ("22.1.0", "20.19.0", True),
    ("18.20.4", "20.19.0", False), ("20.9.0", "20.19.0", False), ("4.0.0", "20.19.0", False)])
def test_versions_compare_as_numbers(have, want, enough):
    assert (library(f"version_at_least {have} {want}")[0] == 0) is enough


def test_every_pin_has_a_version_and_a_checksum():
    code, out = library('for p in ${!PIN_*}; do echo "$p=${!p}"; done')
    pins = dict(line.split("=", 1) for line in out.split("\n") if line)
    assert code == 0 and all(pins.values())
    digests = [value for name, value in pins.items() if "INTEGRITY" in name]
    assert len(digests) >= 5
    assert all(len(base64.b64decode(value.removeprefix("sha512-"))) == 64 for value in digests)

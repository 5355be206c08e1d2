# SPDX-License-Identifier: MIT
"""The commands, as an operator types them."""
import json
import os
import pathlib
import resource
import shutil
import signal
import socket
import subprocess

import pytest

from chaos import sql
from conftest import PASSWORD
from own import running, wait_until
from server import BINARY, CACHE, ENGINE, ROOT, SLOW, Server

COMMANDS = ["serve", "migrate", "create-admin", "demo", "face", "openapi", "config", "doctor", "version"]


@pytest.fixture(scope="module")
def box():
    """A folder and a database with nothing in them; no server runs."""
    server = Server()
    yield server
    server.close()


@pytest.fixture
def empty():
    server = Server()
    yield server
    server.close()


def run(box, *args, code=0, text=None, **settings):
    """(stdout, stderr) of a command that must end with `code`."""
    environment = box.environment()
    environment.update({"SP_" + k.upper(): v for k, v in settings.items()})
    done = subprocess.run([BINARY, *args], env=environment, input=text, text=True, capture_output=True,
                          cwd=box.folder, timeout=60 * SLOW)
    assert done.returncode == code, f"{done.returncode}: {done.stdout}{done.stderr}"
    assert "Sanitizer" not in done.stderr
    return done.stdout, done.stderr


# Help and mistakes

def test_help_names_every_command(box):
    for args in (["--help"], ["help"]):
        text, _ = run(box, *args)
        assert all(f"\n  {command} " in text for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command(box, command):
    text, noise = run(box, command, "--help")
    assert text.startswith(f"Usage: smartpresence {command}") and not noise
    assert not (box.folder / "data").exists() or command != "serve"


@pytest.mark.parametrize("args", [[], ["nothing"], ["--nothing"], ["Serve"], [""]])
def test_no_such_command(box, args):
    out, err = run(box, *args, code=2)
    assert not out and "smartpresence" in err


@pytest.mark.parametrize("command", [c for c in COMMANDS if c != "face"])
def test_unknown_flag(box, command):
    out, err = run(box, command, "--colour", "red", code=2)
    assert not out and command in err


def test_version(box):
    for args in (["version"], ["--version"]):
        text, _ = run(box, *args)
        name, number = text.split()
        assert name == "smartpresence" and number.count(".") == 2


# Settings

def settings_of(text):
    return {line.split()[0]: line[29:].rpartition("(")[::2] for line in text.splitlines()}


def test_config_show_says_what_and_from_where(box):
    shown = settings_of(run(box, "config", "show", "--late-after-min", "12")[0])
    assert shown["late_after_min"][0].strip() == "12" and shown["late_after_min"][1] == "flag)"
    assert shown["workers"][1] == "environment)" and shown["log_level"][1] == "default)"


def test_later_sources_win(box, tmp_path):
    file = tmp_path / "sp.conf"
    file.write_text("# of the school\nschool_name = \"Lycée Ibn Sina\"\nlate_after_min = 5\nopen_before_min=7\n")
    (box.folder / ".env").write_text("SP_LATE_AFTER_MIN=6\nSP_ABSENT_AFTER_MIN=44\n")
    try:
        shown = settings_of(run(box, "config", "show", "--config", str(file), "--absent-after-min=45",
                                late_after_min="8")[0])
    finally:
        (box.folder / ".env").unlink()
    values = {k: (v.strip(), o) for k, (v, o) in shown.items()}
    assert values["school_name"] == ("Lycée Ibn Sina", "file)")
    assert values["open_before_min"] == ("7", "file)")
    assert values["late_after_min"] == ("8", "environment)")
    assert values["absent_after_min"] == ("45", "flag)")


def test_secrets_are_never_printed(box):
    secret = "owlish-Marmalade-9"
    texts = []
    for args, code in ((["config", "show"], 0), (["config", "--doc"], 0), (["config", "--env-example"], 0),
                       (["doctor", "--database-timeout-ms", "200"], 1), (["migrate", "status"], 1),
                       (["serve"], 1)):
        texts += run(box, *args, code=code, admin_password=secret,
                     database_url=f"postgres://school:{secret}@127.0.0.1:1/school")
    assert secret not in "".join(texts)
    assert "(set)" in texts[0]


@pytest.mark.parametrize("settings, names", [
    ({"nothing": "1"}, "SP_NOTHING"),
    ({"http_prot": "80"}, "SP_HTTP_PROT"),
    ({"http_port": "65536"}, "http_port"), ({"http_port": "x"}, "http_port"), ({"http_port": "-1"}, "http_port"),
    ({"workers": "99999999999999999999"}, "workers"), ({"log_level": "loud"}, "log_level"),
    ({"face_recognition": "always"}, "face_recognition"), ({"strict_errors": "maybe"}, "strict_errors"),
    ({"tls_cert": "/cert.pem"}, "tls_key"), ({"late_after_min": "30", "absent_after_min": "30"}, "absent_after_min"),
    ({"database_timeout_ms": ""}, "database_timeout_ms"),
])
@pytest.mark.parametrize("command", ["config", "serve"])
def test_bad_settings(box, command, settings, names):
    out, err = run(box, command, code=1, **settings)
    assert names in err and not out


def test_all_bad_settings_are_told_at_once(box):
    _, err = run(box, "serve", code=1, http_port="x", workers="y", nothing="z")
    assert all(name in err for name in ("http_port", "workers", "SP_NOTHING"))


def test_bad_settings_in_files(box, tmp_path):
    file = tmp_path / "sp.conf"
    file.write_text("colour = red\n")
    assert "colour" in run(box, "config", "--config", str(file), code=1)[1]
    assert "none.conf" in run(box, "config", "--config", str(tmp_path / "none.conf"), code=1)[1]
    assert "port" in run(box, "config", "show", "--http-port", code=1)[1]


def test_settings_pages_are_fresh(box):
    for name, flag in (("docs/config.md", "--doc"), (".env.example", "--env-example")):
        assert (ROOT / name).read_text() == run(box, "config", flag)[0], f"{name} is stale"


def test_env_example_names_every_option(box):
    example = run(box, "config", "--env-example")[0]
    shown = settings_of(run(box, "config", "show")[0])
    assert all(f"# SP_{name.upper()}=" in example for name in shown) and len(shown) > 30
    assert all(line.startswith("#") or not line for line in example.splitlines())


# The first administrator

def test_create_admin(empty):
    out, _ = run(empty, "create-admin", "--email", "ada@school.example", "--name", "Ada", text=PASSWORD + "\n")
    assert "ada@school.example" in out and PASSWORD not in out
    # Asked for what is missing, in this order.
    out, _ = run(empty, "create-admin", text=f"bob@school.example\nBob\n{PASSWORD}\n")
    assert "bob@school.example" in out
    # All from the environment.
    run(empty, "create-admin", admin_email="eve@school.example", admin_name="Eve", admin_password=PASSWORD)
    for taken in ("ada@school.example", "ADA@School.Example"):
        _, err = run(empty, "create-admin", "--email", taken, "--name", "Ada", text=PASSWORD + "\n", code=1)
        assert "exists" in err
    empty.start()
    for who in ("ada", "bob", "eve"):
        answer = empty.raw("POST", "/api/v1/auth/login", json={"email": f"{who}@school.example",
                                                              "password": PASSWORD})
        assert answer.status_code == 200 and answer.json()["user"]["role"] == "admin"


@pytest.mark.parametrize("email, name, password, says", [
    ("ada@school.example", "Ada", "short", "10 to 200"),
    ("ada@school.example", "Ada", "password1234", "weak"),
    ("ada@school.example", "Ada", "", "10 to 200"),
    ("ada@school.example", "Adelheid Q", "xx-adelheid-99", "name"),
    ("no mail", "Ada", PASSWORD, "mail"),
    ("", "Ada", PASSWORD, "mail"),
    ("ada@school.example", "", PASSWORD, "name"),
    ("ada@school.example", "x" * 201, PASSWORD, "name"),
])
def test_create_admin_badly(box, email, name, password, says):
    out, err = run(box, "create-admin", f"--email={email}", f"--name={name}", text=password + "\n", code=1)
    assert says in err and not out
    assert not password or password not in err


def test_no_account_is_there_unless_somebody_makes_one(empty):
    """No default password outside the demo."""
    empty.start()
    for email in ("admin@school.example", "admin@localhost", "admin@example.com"):
        for password in ("admin", "password", "smartpresence"):
            answer = empty.raw("POST", "/api/v1/auth/login", json={"email": email, "password": password})
            assert answer.status_code in (401, 422)


# The database

def status(box):
    return json.loads(run(box, "migrate", "status", "--json")[0])


def test_migrate_up_and_down(empty):
    before = status(empty)
    count = len(before["migrations"])
    assert before["engine"] == ENGINE and before["pending"] == count >= 1
    assert run(empty, "migrate", "upgrade", "--to", "1")[0] == "1 applied\n"
    assert run(empty, "migrate", "upgrade")[0] == f"{count - 1} applied\n"
    assert run(empty, "migrate", "upgrade")[0] == "0 applied\n"
    assert status(empty)["pending"] == 0
    text, _ = run(empty, "migrate", "status")
    assert text.count("\n") == count + 2 and "0 to apply" in text
    assert run(empty, "migrate", "downgrade")[0] == "1 reverted\n"
    assert status(empty)["pending"] == 1
    assert run(empty, "migrate", "downgrade", "--to", "0")[0] == f"{count - 1} reverted\n"
    assert status(empty)["pending"] == count
    assert run(empty, "migrate", "upgrade")[0] == f"{count} applied\n"


@pytest.mark.parametrize("args", [[], ["sideways"], ["upgrade", "--to", "x"], ["upgrade", "--to", "0"],
                                  ["upgrade", "--to"], ["downgrade", "--to", "-1"], ["status", "extra"],
                                  ["add"], ["add", "Bad Name"], ["add", "../x"], ["add", "x" * 61], ["add", "a", "b"]])
def test_migrate_badly(box, args):
    out, err = run(box, "migrate", *args, code=2)
    assert "migrate" in err and not out


@pytest.mark.parametrize("action", ["upgrade", "downgrade"])
def test_migrate_to_an_unknown_number(box, action):
    _, err = run(box, "migrate", action, "--to", "9999", code=1)
    assert "9999" in err


def test_migrate_add(box):
    (box.folder / "migrations").mkdir()
    (box.folder / "migrations" / "0041_first.up.sql").write_text("SELECT 1;")
    out, _ = run(box, "migrate", "add", "add_colour")
    assert out.split() == ["migrations/0042_add_colour.up.sql", "migrations/0042_add_colour.down.sql"]
    for path in out.split():
        assert (box.folder / path).read_text().startswith("--")
    shutil.rmtree(box.folder / "migrations")
    assert "migrations" in run(box, "migrate", "add", "add_colour", code=1)[1]


def test_serve_with_a_database_that_is_not_there(box):
    _, err = run(box, "serve", code=1, database_url="postgres://127.0.0.1:1/none")
    assert "database" in err.lower()
    _, err = run(box, "serve", code=1, database_url="mysql://127.0.0.1/none")
    assert "mysql" in err or "sqlite:" in err


# The doctor

def findings(box, code=0, **settings):
    report = json.loads(run(box, "doctor", "--json", code=code, **settings)[0])
    assert report["good"] == (code == 0) == all(f["good"] for f in report["findings"])
    assert all(bool(f["mend"]) != f["good"] for f in report["findings"])
    return {f["what"]: f for f in report["findings"]}


def test_doctor_is_content(empty):
    run(empty, "migrate", "upgrade")
    found = findings(empty)
    assert {"data folder", "database", "migrations", "recognition", "address"} <= set(found)
    assert sum(what.startswith("model ") for what in found) >= 5
    text, _ = run(empty, "doctor")
    assert "All is well." in text and "BAD" not in text


def test_doctor_tells_pending_migrations(empty):
    run(empty, "migrate", "upgrade", "--to", "3")
    pending = findings(empty)["migrations"]
    assert pending["good"] and "next start" in pending["detail"]


def test_doctor_knows_what_serve_would_refuse(empty):
    run(empty, "migrate", "upgrade")
    sql(empty, "UPDATE schema_migration SET checksum = 'x' WHERE number = 2")
    found = findings(empty, 1)["migrations"]
    assert "number 2 is altered" in found["detail"] and "backup" in found["mend"]


def test_doctor_leaves_nothing_behind(box, tmp_path):
    folder = tmp_path / "not" / "yet"
    found = findings(box, data_dir=str(folder), database_url=f"sqlite:{folder}/school.db")
    assert "first start" in found["data folder"]["detail"] and "first start" in found["database"]["detail"]
    assert not (tmp_path / "not").exists()


def test_a_key_that_others_may_read_is_told():
    keys = ("master.key", "token.keys", "signing.keys")
    with running() as server:
        server.stop()
        folder = pathlib.Path(server.options["data_dir"])
        for key in keys:
            assert folder.joinpath(key).stat().st_mode & 0o777 == 0o600
        assert findings(server)["key files"]["good"]
        for key, mode, what in zip(keys, (0o644, 0o640, 0o620), ("others", "by its group", "others")):
            folder.joinpath(key).chmod(mode)
            found = findings(server, 1)["key files"]
            assert key in found["detail"] and what in found["detail"] and "chmod 600" in found["mend"]
            folder.joinpath(key).chmod(0o600)
        folder.chmod(0o770)
        found = findings(server, 1)["key files"]
        assert "folder" in found["detail"] and found["mend"] == "chmod go-w the folder"
        folder.chmod(0o750)
        assert findings(server)["key files"]["good"]
        folder.joinpath("token.keys").chmod(0o604)
        folder.joinpath("master.key").chmod(0o640)
        server.start()
        told = [line for line in server.log().splitlines() if "key.exposed" in line]
    assert len(told) == 2 and "master.key" in told[0] and "token.keys" in told[1], told


def test_doctor_misses_models(box, tmp_path):
    run(box, "migrate", "upgrade")
    found = findings(box, 1, models_dir=str(tmp_path / "none"))
    assert "missing" in found["recognition"]["detail"]
    assert found["model fr_detect.onnx"]["mend"] == "./scripts/fetch-models.sh"
    folder = tmp_path / "models"
    shutil.copytree(CACHE / "models", folder)
    with open(folder / "fr_feature.onnx", "ab") as file:
        file.write(b"x")
    found = findings(box, 1, models_dir=str(folder))
    assert "checksum" in found["model fr_feature.onnx"]["detail"] and found["model fr_detect.onnx"]["good"]
    text, _ = run(box, "doctor", code=1, models_dir=str(folder))
    assert "BAD  model fr_feature.onnx" in text and "to mend: ./scripts/fetch-models.sh" in text
    assert "Something needs mending." in text
    assert not findings(box, 1, onnxruntime="/nothing.so")["recognition"]["good"]


def test_doctor_finds_the_port_taken(box):
    run(box, "migrate", "upgrade")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        found = findings(box, 1, http_port=str(port))["address"]
        assert str(port) in found["detail"] and "in use" in found["detail"] and "--http-port" in found["mend"]


def test_doctor_misses_the_database(box):
    found = findings(box, 1, database_url="postgres://u:p4ssw0rd@127.0.0.1:1/none")
    assert not found["database"]["good"] and "p4ssw0rd" not in json.dumps(found)


def test_doctor_and_the_data_folder(box, tmp_path):
    (tmp_path / "file").write_text("")
    assert not findings(box, 1, data_dir=str(tmp_path / "file" / "x"))["data folder"]["good"]


# The server's own start

def test_port_taken(box):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        out, err = run(box, "serve", code=1, http_port=port)
    assert port in err and "in use" in err


@pytest.mark.parametrize("settings, says", [
    ({"http_address": "nowhere"}, "nowhere"), ({"http_address": "300.1.1.1"}, "300.1.1.1"),
    ({"tls_cert": "/none.pem", "tls_key": "/none.pem"}, "/none.pem"),
    ({"token_keys_file": "/dev/null"}, "/dev/null"),
])
def test_serve_cannot_start(box, settings, says):
    _, err = run(box, "serve", code=1, **settings)
    assert says in err


def test_openapi_is_what_the_server_serves(box, server):
    assert json.loads(run(box, "openapi")[0]) == server.raw("GET", "/openapi.json").json()
    run(box, "openapi", "--errors", "--permissions", code=2)


def test_openapi_needs_nothing(tmp_path):
    """No database, no models, no home."""
    done = subprocess.run([BINARY, "openapi"], env={"HOME": "/nonexistent"}, capture_output=True, cwd=tmp_path,
                          timeout=60 * SLOW)
    assert done.returncode == 0 and json.loads(done.stdout)["openapi"]
    assert not list(tmp_path.iterdir())


def test_private_files(server):
    data = server.folder / "data"
    for name in ("token.keys", "master.key"):
        assert (data / name).stat().st_mode & 0o077 == 0, name
    for path in data.glob("*.db*"):
        assert path.stat().st_mode & 0o077 == 0, f"{path.name} may be read by others"


def test_memory_is_not_dumped(tmp_path_factory):
    """Keys and templates are in it. What may not be dumped belongs to root in /proc."""
    home = tmp_path_factory.mktemp("plain")
    for folder in (home, *[p for p in home.parents if p.owner() == home.owner() and "pytest" in p.name]):
        folder.chmod(0o755)
    binary = shutil.copy2(BINARY, home / "smartpresence")
    data = home / "data"
    data.mkdir()
    root = os.geteuid() == 0
    if root:
        os.chown(data, 65534, 65534)
    process = subprocess.Popen(
        [binary, "serve", "--http-port", "0", "--data-dir", data, "--port-file", data / "port"],
        env={"HOME": str(data)}, user=65534 if root else None, cwd=data, stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, preexec_fn=lambda: resource.setrlimit(
            resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2))
    try:
        assert wait_until(lambda: (data / "port").exists())
        assert os.stat(f"/proc/{process.pid}/environ").st_uid == 0
        assert os.stat(f"/proc/{os.getpid()}/environ").st_uid == os.geteuid(), "of others it is their own"
        process.send_signal(signal.SIGABRT)
        process.wait(60 * SLOW)
        assert not list(data.glob("core*"))
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()

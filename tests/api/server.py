# SPDX-License-Identifier: MIT
"""The real binary as a server of its own, on a free port of 127.0.0.1 and a database of its own."""
import atexit
import os
import pathlib
import secrets
import shutil
import signal
import subprocess
import tempfile
import time

import requests

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("SP_TEST_BINARY", str(ROOT / "build" / "smartpresence"))
ENGINE = os.environ.get("SP_TEST_ENGINE", "sqlite")
CACHE = pathlib.Path(
    os.environ.get("SP_CACHE_DIR")
    or os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"),
                    "smartpresence"))
# A sanitiser makes everything several times slower.
SLOW = 6 if "san" in os.environ.get("SP_TEST_BUILD", "") else 1


def psql(url, statement):
    subprocess.run(["psql", "-qAt", "-v", "ON_ERROR_STOP=1", "-d", url, "-c",
                    "SET client_min_messages = warning", "-c", statement],
                   check=True, stdout=subprocess.DEVNULL)


class Kept:
    """The data of a server that stands still, for others to begin with."""

    def __init__(self, server):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sp-kept-"))
        self.database = None
        atexit.register(self.remove)
        shutil.copytree(server.options["data_dir"], self.folder / "data")
        # Each server makes its own: the tokens of one are worth nothing on another.
        for name in ("token.keys", "signing.keys"):
            (self.folder / "data" / name).unlink(missing_ok=True)
        if server.database:
            self.database = "sp_kept_" + secrets.token_hex(6)
            psql(os.environ["SP_TEST_PG_URL"],
                 f'CREATE DATABASE "{self.database}" TEMPLATE "{server.database}"')

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.database:
            psql(os.environ["SP_TEST_PG_URL"], f'DROP DATABASE IF EXISTS "{self.database}"')


class Server:
    """`options` are settings by their names in docs/config.md; begins with what was `kept`."""

    def __init__(self, kept=None, **options):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sp-api-"))
        self.log_path = self.folder / "server.log"
        self.port_file = self.folder / "port"
        self.process = None
        self.port = 0
        self.database = None
        self.options = {
            "data_dir": str(self.folder / "data"),
            "cache_dir": str(CACHE),
            "http_port": "0",
            "face_recognition": "roster",
            "rate_per_minute": "10000000",
            "strict_errors": "true",
            "workers": "2",
        }
        if ENGINE == "postgres" and "database_url" not in options:
            self.options["database_url"] = self._make_database(kept.database if kept else "template1")
        self.options.update({k: str(v) for k, v in options.items()})
        if kept:
            shutil.copytree(kept.folder / "data", self.options["data_dir"])

    def _make_database(self, template):
        base = os.environ["SP_TEST_PG_URL"]
        self.database = "sp_" + secrets.token_hex(6)
        psql(base, f'CREATE DATABASE "{self.database}" TEMPLATE "{template}"')
        head, _, tail = base.partition("://")
        place, _, rest = tail.rpartition("/")
        query = "?" + rest.partition("?")[2] if "?" in rest else ""
        return f"{head}://{place}/{self.database}{query}"

    def environment(self):
        env = {k: v for k, v in os.environ.items() if not k.startswith("SP_")}
        env.update({"SP_" + k.upper(): v for k, v in self.options.items()})
        return env

    def run(self, *args, text=None, check=True):
        """A command of the binary with this server's settings."""
        return subprocess.run([BINARY, *args], env=self.environment(), input=text, text=True,
                              capture_output=True, check=check, cwd=self.folder, timeout=300)

    def launch(self):
        """Starts the process without waiting for it."""
        self.port_file.unlink(missing_ok=True)
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                [BINARY, "serve", "--port-file", str(self.port_file)], env=self.environment(),
                stdout=log, stderr=log, cwd=self.folder)

    def start(self):
        self.launch()
        until = time.monotonic() + 30 * SLOW
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise RuntimeError("the server ended at start:\n" + self.log())
            if self.port_file.exists() and self.port_file.read_text().strip():
                self.port = int(self.port_file.read_text())
                return self
            time.sleep(0.01)
        raise RuntimeError("the server did not start:\n" + self.log())

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def log(self):
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def kill(self):
        """As a crash would: no time for anything."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process = None

    def stop(self):
        """As an operator would; the exit status must be 0 and no sanitiser may have complained."""
        if not self.process:
            return
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=60 * SLOW)
        self.process = None
        text = self.log()
        assert status == 0, text[-6000:]
        assert "ERROR: AddressSanitizer" not in text and "WARNING: ThreadSanitizer" not in text

    def close(self):
        try:
            self.stop()
        finally:
            if self.process:
                self.process.kill()
                self.process.wait()
            if self.database:
                psql(os.environ["SP_TEST_PG_URL"],
                     f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)')
            shutil.rmtree(self.folder, ignore_errors=True)

    def raw(self, method, path, **more):
        return requests.request(method, self.url + path, timeout=60 * SLOW, **more)

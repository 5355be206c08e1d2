#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Requests a second of JSON endpoints against nginx serving the same bytes as files, in one run; and
the time from start to ready.

usage: http_bench.py --binary FILE --models DIR --runtime FILE --portraits DIR [--json FILE] [--smoke]

wrk, 2 threads, 64 connections; nginx with 2 workers, no access log; our log at `warn`, the demo
school with recognition on. The servers take turns; the ratio is the median of the rounds' ratios.
`/healthz` is answered on the I/O threads; `/api/v1/me` is a whole request: bearer token, rights,
SQL, on a worker.
report.py judges the figures.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

NGINX = """
worker_processes 2;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    open_file_cache max=16;
    keepalive_requests 100000000;
    client_body_temp_path {folder}/t1;
    proxy_temp_path {folder}/t2;
    fastcgi_temp_path {folder}/t3;
    uwsgi_temp_path {folder}/t4;
    scgi_temp_path {folder}/t5;
    default_type application/json;
    server {{ listen 127.0.0.1:{port}; root {folder}/www; }}
}}
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(port):
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.02)
    sys.exit(f"nothing listens on port {port}")


class Ours:
    def __init__(self, args, folder):
        self.binary = str(args.binary.resolve())
        self.portraits = args.portraits
        self.port_file = folder / "port"
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("SP_")},
            "SP_DATA_DIR": str(folder / "data"), "SP_HTTP_PORT": "0", "SP_LOG_LEVEL": "warn",
            "SP_RATE_PER_MINUTE": "100000000", "SP_WORKERS": "2", "SP_IO_THREADS": "2",
            "SP_FACE_RECOGNITION": "roster", "SP_MODELS_DIR": str(args.models.resolve()),
            "SP_ONNXRUNTIME": str(args.runtime.resolve()),
        }

    def create_school(self):
        """Gives the administrator's e-mail and password."""
        done = subprocess.run([self.binary, "demo", "--portraits", self.portraits], text=True,
                              env=self.environment, capture_output=True)
        if done.returncode:
            sys.exit(done.stderr)
        return (re.search(r"^ *admin +(\S+)", done.stdout, re.M).group(1),
                re.search(r"password +(\S+)", done.stdout).group(1))

    def start(self):
        """Milliseconds until /readyz says 200."""
        self.port_file.unlink(missing_ok=True)
        self.began = time.monotonic()
        self.process = subprocess.Popen([self.binary, "serve", "--port-file", self.port_file],
                                        env=self.environment, stderr=subprocess.DEVNULL)
        while not self.port_file.exists() or not self.port_file.read_text().endswith("\n"):
            if self.process.poll() is not None:
                sys.exit("the server ended at start")
            time.sleep(0.002)
        self.url = f"http://127.0.0.1:{int(self.port_file.read_text())}"
        # 503 as long as the models are not loaded.
        while not self.is_ready():
            time.sleep(0.002)
        return (time.monotonic() - self.began) * 1000

    def is_ready(self):
        try:
            urllib.request.urlopen(self.url + "/readyz").close()
        except urllib.error.HTTPError as error:
            if error.code != 503 or time.monotonic() - self.began > 30:
                sys.exit(f"/readyz: {error.code} {error.read().decode()}")
            return False
        return True

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=30)

    def token(self, email, password):
        body = {"email": email, "password": password, "transport": "bearer"}
        request = urllib.request.Request(self.url + "/api/v1/auth/login", json.dumps(body).encode(),
                                         {"Content-Type": "application/json"})
        return json.load(urllib.request.urlopen(request))["access_token"]


def get(url, headers):
    return urllib.request.urlopen(urllib.request.Request(url, headers=headers)).read()


def wrk(url, headers, seconds):
    # A machine that stands still for a moment is slow, not wrong.
    command = ["wrk", "-t2", "-c64", f"-d{seconds}s", "--timeout", "30s", url]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in text or "Socket errors" in text:
        sys.exit(f"{url}: not every answer was good\n{text}")
    return float(re.search(r"Requests/sec:\s*([\d.]+)", text).group(1))


def compare(ours, token, folder, port, smoke):
    rounds, seconds, judge = (2, 1, max) if smoke else (5, 3, statistics.median)
    bearer = {"Authorization": "Bearer " + token}
    cases = {}
    for name, path, headers in (("healthz", "/healthz", {}), ("me", "/api/v1/me", bearer)):
        (folder / "www" / name).write_bytes(get(ours.url + path, headers))
        cases[name] = (ours.url + path, headers)
    results = {}
    for _ in range(rounds):
        for name, (url, headers) in cases.items():
            file = f"http://127.0.0.1:{port}/{name}"
            results.setdefault((name, "nginx"), []).append(wrk(file, headers, seconds))
            results.setdefault((name, "ours"), []).append(wrk(url, headers, seconds))
    report = {}
    for name in cases:
        nginx, mine = results[name, "nginx"], results[name, "ours"]
        # By round: neighbours in time see the same machine. The best of a few short ones.
        ratio = judge(m / n for m, n in zip(mine, nginx))
        report[name] = {"ours": round(statistics.median(mine)),
                        "nginx": round(statistics.median(nginx)), "ratio": round(ratio, 3)}
    return report


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("--binary", "--models", "--runtime", "--portraits"):
        parser.add_argument(name, type=pathlib.Path, required=True)
    parser.add_argument("--smoke", action="store_true")
    parser.add_argument("--json", type=pathlib.Path)
    args = parser.parse_args()
    if not shutil.which("nginx") or not shutil.which("wrk"):
        sys.exit("nginx and wrk are needed: apt-get install nginx-light wrk")
    starts, judge = (2, min) if args.smoke else (5, statistics.median)
    with tempfile.TemporaryDirectory(prefix="sp-bench-") as name:
        folder = pathlib.Path(name)
        (folder / "www").mkdir()
        folder.chmod(0o755)
        port = free_port()
        (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port))
        ours = Ours(args, folder)
        email, password = ours.create_school()
        times = []
        for _ in range(starts):
            times.append(ours.start())
            ours.stop()
        ours.start()
        nginx = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf")],
                                 stderr=subprocess.DEVNULL)
        try:
            wait_for(port)
            report = compare(ours, ours.token(email, password), folder, port, args.smoke)
        finally:
            nginx.terminate()
            nginx.wait()
            ours.stop()
    report["start_ms"] = round(judge(times))
    for name in ("healthz", "me"):
        r = report[name]
        print(f"{name:8} {r['ours']:7} requests/s, nginx {r['nginx']:7}, ratio {r['ratio']:.2f}")
    print(f"start to ready {report['start_ms']} ms")
    if args.json:
        args.json.write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()

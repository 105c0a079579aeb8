"""For benchmarks that start and stop nodes: nodes as processes, callers that call them without a pause, and a provider that answers."""

import http.client
import json
import os
import queue
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

DRAIN_SECONDS = 4
failures = []


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def expect(condition, text):
    say(("ok    " if condition else "FAIL  ") + text)
    if not condition:
        failures.append(text)


class Provider(BaseHTTPRequestHandler):
    """A provider that answers every call, and remembers the keys that it got."""

    protocol_version = "HTTP/1.1"
    keys = []
    answer = json.dumps(
        {
            "object": "list",
            "model": "text-embedding-3-large",
            "data": [{"object": "embedding", "index": 0, "embedding": [0.1]}],
            "usage": {"prompt_tokens": 3, "total_tokens": 3},
        }
    ).encode()

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        Provider.keys.append(self.headers["Authorization"])
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(self.answer)))
        self.end_headers()
        self.wfile.write(self.answer)

    def log_message(self, *arguments):
        pass


def request(url, method, token, body=None):
    """Returns the status and the parsed answer; a connection that fails has status 0."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
    try:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        path = parts.path + ("?" + parts.query if parts.query else "")
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        response = connection.getresponse()
        text = response.read().decode()
        return response.status, json.loads(text) if text else {}
    except (OSError, http.client.HTTPException) as fault:
        return 0, {"detail": repr(fault)}
    finally:
        connection.close()


class Node:
    """A node that runs as a process."""

    def __init__(self, name, program, environment):
        self.name = name
        self.lines = queue.Queue()
        self.errors = tempfile.NamedTemporaryFile("w+", prefix=f"claviger-{name}-")
        self.process = subprocess.Popen(
            [str(program), "serve"], env=environment, stdout=subprocess.PIPE, stderr=self.errors, text=True
        )
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put(None)

    def ready(self, patience=600):
        while (line := self.lines.get(timeout=patience)) is not None:
            if found := re.search(r"ready on (\S+), gateway on (\S+)", line):
                self.api, self.gateway = found.groups()
                say(f"      the {self.name} node is ready on {self.api}")
                return self
        raise SystemExit(f"the {self.name} node did not start: {self.said()}")

    def said(self):
        self.errors.seek(0)
        return self.errors.read()

    def is_ready(self):
        return request(self.api + "/health/ready", "GET", "")[0] == 200

    def ask(self, method, path, token, body=None):
        got, answer = request(self.api + path, method, token, body)
        if not 200 <= got < 300:
            raise SystemExit(f"{self.name}: {method} {path} answered {got}: {answer}")
        return answer

    def call(self, service, token):
        url = f"{self.gateway}/gateway/services/{service}/embeddings"
        return request(url, "POST", token, {"model": "text-embedding-3-large", "input": "Hello"})

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(120)


class Callers:
    """Callers that call without a pause, at the nodes that say that they are ready, as behind a proxy with health checks."""

    def __init__(self, service, token):
        self.service, self.token = service, token
        self.nodes, self.usable = [], []
        self.counts, self.refused = {}, []
        self.running = True
        for target in [self.watch] + [self.call] * 4:
            threading.Thread(target=target, daemon=True).start()

    def watch(self):
        while self.running:
            self.usable = [node for node in self.nodes if node.is_ready()]
            time.sleep(0.5)

    def call(self):
        turn = 0
        while self.running:
            usable = self.usable
            if not usable:
                time.sleep(0.01)
                continue
            turn += 1
            node = usable[turn % len(usable)]
            status, answer = node.call(self.service, self.token)
            self.counts[node.name] = self.counts.get(node.name, 0) + 1
            if status != 200:
                self.refused.append((node.name, status, answer))

    def report(self, phase):
        expect(not self.refused, f"{phase}: {self.counts} calls, refused {len(self.refused)} {self.refused[:3]}")
        self.counts, self.refused = {}, []


def seen(node, service, token, status):
    """Waits until a node gives this answer, for at most a second."""
    end = time.monotonic() + 1
    while (got := node.call(service, token)[0]) != status and time.monotonic() < end:
        time.sleep(0.01)
    return got == status


def environment(database, key, provider, more=None):
    """Returns the environment variables with which a node is started."""
    settings = {
        "DATABASE_URL": database,
        "ENCRYPTION_KEY": key,
        "CLAVIGER_ADMIN_TOKEN": "root-token-of-the-benches-0123456789",
        "CLAVIGER_PORT": "0",
        "CLAVIGER_GATEWAY_PORT": "0",
        "CLAVIGER_DRAIN_SECONDS": str(DRAIN_SECONDS),
        "CLAVIGER_LOG_LEVEL": "warn",
        "CLAVIGER_ALLOWED_PRIVATE_HOSTS": provider,
    }
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **settings, **(more or {})}


def provider():
    """Starts a node, and returns the URL of its API."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/v1"


def verdict():
    """Ends the program, with exit code 1 if something was not as expected."""
    if failures:
        sys.exit(f"{len(failures)} of what should be was not")
    say("everything was as it should be")

#!/usr/bin/env python3
"""Makes a number of 1 KiB embedding calls over keep-alive connections, as fast as they are answered.

Usage: calls.py PORT PATH TOKEN CALLS [CONNECTIONS]
"""
import selectors
import socket
import sys

port, path, token, calls = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
connections = int(sys.argv[5]) if len(sys.argv) > 5 else 32
body = '{"model": "text-embedding-3-small", "dimensions": 8, "input": "%s"}' % ("x" * 950)
request = (
    f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    f"Authorization: Bearer {token}\r\nContent-Length: {len(body)}\r\n\r\n{body}"
).encode()

selector = selectors.DefaultSelector()
answers = {}
sent = done = failed = 0
for _ in range(min(connections, calls)):
    one = socket.create_connection(("127.0.0.1", port))
    answers[one] = b""
    selector.register(one, selectors.EVENT_READ)
    one.sendall(request)
    sent += 1
while done < calls:
    for key, _ in selector.select():
        one = key.fileobj
        part = one.recv(65536)
        if not part:
            sys.exit("a connection was closed")
        answers[one] += part
        head, found, rest = answers[one].partition(b"\r\n\r\n")
        if not found:
            continue
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        if len(rest) < length:
            continue
        failed += not head.startswith(b"HTTP/1.1 200")
        done += 1
        answers[one] = b""
        if sent < calls:
            one.sendall(request)
            sent += 1
if failed:
    sys.exit(f"{failed} of {calls} calls were not answered with 200")

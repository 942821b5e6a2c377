"""Ask for one address again and again, over many connections at once.

    python -m bench.load PORT PATH COOKIE CLIENTS SECONDS

Prints how many answers came in a second. A process for each connection, with plain sockets: it shares the machine
with the servers that it measures, and must leave it to them. Nothing of the app is imported here.
"""

import os
import socket
import sys
import time

_CHUNK = 1 << 16


def main(port: str, path: str, cookie: str, clients: str, seconds: str) -> int:
    """The exit code: 1 when an answer was another than 200."""
    request = (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUser-Agent: bench\r\nAccept: text/html\r\n"
        f"{f'Cookie: {cookie}' if cookie else 'Accept-Language: en'}\r\nConnection: close\r\n\r\n"
    ).encode()
    waiting, start = os.pipe()
    pipes = [_client(waiting, start, int(port), request, float(seconds)) for _ in range(int(clients))]
    os.close(start)
    counts = [_read(pipe) for pipe in pipes]
    if min(counts) < 0:
        print(f"{path} did not answer 200.", file=sys.stderr)
        return 1
    print(sum(counts) / float(seconds))
    return 0


def _client(waiting, start, port, request, seconds):
    """Start one connection's process, which begins when nobody holds `start` any more. The pipe that is returned tells
    how many answers it had in time; less than 0 or nothing when one was wrong."""
    reading, writing = os.pipe()
    if os.fork():
        os.close(writing)
        return reading
    try:
        os.close(start)
        os.read(waiting, 1)
        os.write(writing, str(_ask(port, request, time.monotonic() + seconds)).encode())
    finally:
        os._exit(0)


def _ask(port, request, ends):
    count = 0
    while True:
        with socket.socket() as server:
            server.connect(("127.0.0.1", port))
            server.sendall(request)
            first = part = server.recv(_CHUNK)
            while part:
                part = server.recv(_CHUNK)
        if not first.startswith(b"HTTP/1.1 200 "):
            return -1
        if time.monotonic() > ends:
            return count
        count += 1


def _read(pipe):
    with os.fdopen(pipe) as told:
        return int(told.read() or -1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

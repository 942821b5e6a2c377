"""An embedded Valkey, which speaks Redis: the queue's server, reached by its socket alone."""

import signal
import socket
from pathlib import Path

from mentoring.embedded.binaries import Binaries
from mentoring.embedded.errors import StoreError
from mentoring.embedded.places import Places
from mentoring.embedded.process import Program, end_leftover, last_lines, wait_until

_START_SECONDS = 30


class Valkey:
    """The server of one place. `durable=False` keeps nothing on disk: for tests only."""

    name = "valkey"

    def __init__(self, places: Places, binaries: Binaries, log: Path, durable: bool = True):
        self.places = places
        self.log = log
        self.pid_file = places.run / "valkey.pid"
        settings = {
            "port": "0",
            "unixsocket": places.valkey_socket,
            "unixsocketperm": "700",
            "dir": places.valkey_data,
            "pidfile": self.pid_file,
            "appendonly": "yes" if durable else "no",
            "save": "",
            # A queue that is full must say so rather than drop what waits in it.
            "maxmemory-policy": "noeviction",
            "loglevel": "warning",
            # The command line is how a left-over server is recognised.
            "set-proc-title": "no",
        }
        self.program = Program(
            self.name,
            [binaries.valkey, *(part for key, value in settings.items() for part in (f"--{key}", value))],
            log,
            account=places.account,
        )

    def start(self) -> None:
        """Return when it answers. Raises StoreError with the reason when it does not."""
        self._end_leftover()
        self.program.start()
        if not wait_until(self._answers, self.program.alive, _START_SECONDS):
            self.program.stop()
            raise StoreError(f"Valkey did not start ({self.log}):\n{last_lines(self.log)}")

    def alive(self) -> bool:
        return self.program.alive()

    def last_exit(self) -> str:
        return self.program.last_exit()

    def stop(self) -> None:
        self.program.stop()

    def _end_leftover(self) -> None:
        try:
            pid = int(self.pid_file.read_text())
        except (FileNotFoundError, ValueError):
            return
        end_leftover(pid, str(self.places.valkey_socket), signal.SIGTERM)
        self.pid_file.unlink(missing_ok=True)

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            try:
                client.connect(str(self.places.valkey_socket))
                client.sendall(b"PING\r\n")
                return client.recv(7) == b"+PONG\r\n"
            except OSError:
                return False

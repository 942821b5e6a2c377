"""Starting a long-lived process again when it dies, without hammering."""

import sys
import time
from pathlib import Path
from typing import Protocol

from mentoring.embedded.errors import StoreError

FIRST_PAUSE = 1  # seconds; doubled at each failure
LONGEST_PAUSE = 30
STEADY_AFTER = 60  # seconds of life after which earlier failures are forgotten


class Server(Protocol):
    name: str
    log: Path

    def start(self) -> None: ...
    def alive(self) -> bool: ...
    def last_exit(self) -> str: ...
    def stop(self) -> None: ...


class Keeper:
    """Keeps one server running: call `look` a few times a second."""

    def __init__(self, server: Server):
        self.server = server
        self.pause = FIRST_PAUSE
        self.started_at = time.monotonic()
        self.start_at: float | None = None  # set while it waits to be started again

    def look(self) -> None:
        now = time.monotonic()
        if self.start_at is None:
            if not self.server.alive():
                self._plan(now, f"{self.server.name} stopped ({self.server.last_exit()}; see {self.server.log})")
        elif now >= self.start_at:
            self._start(now)

    def _plan(self, now: float, what: str) -> None:
        if now - self.started_at > STEADY_AFTER:
            self.pause = FIRST_PAUSE
        say(f"{what}. It is started again in {self.pause} s.")
        self.start_at = now + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)

    def _start(self, now: float) -> None:
        self.start_at = None
        self.started_at = now
        self.server.stop()
        try:
            self.server.start()
        except (StoreError, OSError) as error:
            self._plan(time.monotonic(), str(error).rstrip("."))


def say(line: str) -> None:
    """One line to the person at the terminal."""
    print(line, file=sys.stderr, flush=True)

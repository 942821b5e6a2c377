"""What `make run` runs: the embedded servers, the app's own processes, and one way to stop them all.

    python -m mentoring.embedded.supervise

PORT (8000), HOST (127.0.0.1) and DATA_DIR (var/) choose where. With DATABASE_URL or REDIS_URL set, that
server is not started. Without DATABASE_URL it is the demo unless DEMO says otherwise.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from mentoring.embedded import programs
from mentoring.embedded.errors import StoreError
from mentoring.embedded.keeper import Keeper, say
from mentoring.embedded.lock import FolderLock
from mentoring.embedded.process import Program, dying_with_parent, last_lines, open_log
from mentoring.embedded.stores import Stores, make_folder

LOCK_NAME = "supervise.lock"
_LOOK_EVERY = 0.25  # seconds
_SLOW_AFTER = 40  # seconds without an answer from the web server


def main() -> int:
    """Run until Ctrl-C or SIGTERM. The exit code: 0 after an ordinary stop, 1 when it cannot start."""
    _stop_on_signals()
    _stop_with_make()
    supervisor = None
    try:
        supervisor = Supervisor(environment())
        supervisor.run()
    except StoreError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("Stopping.")
        return 0
    finally:
        if supervisor:
            supervisor.stop()
    return 0


def environment() -> dict[str, str]:
    """The environment of everything that is started. Raises StoreError for a PORT that is no port."""
    env = dict(os.environ)
    env["DATA_DIR"] = str(Path(env.get("DATA_DIR") or programs.ROOT / "var").resolve())
    env["PORT"] = env.get("PORT") or "8000"
    if not (env["PORT"].isdigit() and 0 < int(env["PORT"]) < 65536):
        raise StoreError(f"PORT must be a number from 1 to 65535, not {env['PORT']!r}.")
    if not env.get("DEMO") and not env.get("DATABASE_URL"):
        env["DEMO"] = "1"
    if env.get("DEMO") == "1" and not env.get("EMAIL_URL"):
        # Emails can be answered in the demo's own outbox.
        env.setdefault("INBOUND_ADDRESS", "reply+{key}@demo.example")
    return env


class Supervisor:
    def __init__(self, env: dict[str, str]):
        self.env = env
        self.demo = env.get("DEMO") == "1"
        self.folder = Path(env["DATA_DIR"])
        self.host = env.get("HOST") or "127.0.0.1"
        self.port = int(env["PORT"])
        self.lock = FolderLock(self.folder / LOCK_NAME)
        self.stores = Stores(self.folder, database=not env.get("DATABASE_URL"), queue=not env.get("REDIS_URL"))
        self.programs: list[Program] = []
        self.tails: list[programs.LogTail] = []

    def run(self) -> None:
        """Start everything in order and keep it running; returns only by an exception."""
        make_folder(self.folder)
        self.lock.acquire()
        self._check_port()
        say(f"Starting {'the demo' if self.demo else 'Mentoring'} from {self.folder} (Ctrl-C stops it).")
        # Needs no database, and so it is the settings' chance to say what is missing before anything starts.
        self._manage("collectstatic", "--noinput", "-v0")
        self.stores.start()
        if self.stores.places.state != self.folder:
            say(f"The database lies in {self.stores.places.state}: its server may not enter {self.folder}.")
        self._manage("migrate", "--noinput", "-v0")
        if self.demo:
            self._manage("demo")
        self._start_programs()
        self._keep()

    def stop(self) -> None:
        """Web first, so that nobody is answered by half an app; the stores last."""
        self.lock.leaving()
        for program in self.programs:
            program.stop()
        self.stores.stop()
        self.lock.release()

    def _check_port(self) -> None:
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
            except OSError as error:
                raise StoreError(
                    f"Port {self.port} on {self.host} cannot be used: {error.strerror}. "
                    f"Choose another, for example: PORT={self.port + 1} make run"
                ) from error

    def _manage(self, *command: str) -> None:
        """Run one command of manage.py to its end. Raises StoreError with its last words when it fails."""
        log = open_log(self.folder / "log", "start")
        with log.open("wb") as output:
            result = subprocess.run(
                [sys.executable, "manage.py", *command],
                cwd=programs.ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                preexec_fn=dying_with_parent(signal.SIGTERM),
            )
        if result.returncode == 0:
            return
        last = log.read_text(errors="replace").strip().rpartition("\n")[2]
        kind, _, text = last.partition(": ")
        if kind.endswith(("ImproperlyConfigured", "CommandError")):
            raise StoreError(text)
        raise StoreError(f"manage.py {command[0]} failed ({log}):\n{last_lines(log)}")

    def _start_programs(self) -> None:
        host = f"[{self.host}]" if ":" in self.host else self.host
        # Children hold the lock too: what outlives a killed supervisor keeps the next one waiting for it.
        keep_open = (self.lock.descriptor,)
        self.programs = [
            programs.web(self.folder, f"{host}:{self.port}", self.env, keep_open),
            programs.beat(self.folder, self.env, keep_open),
            programs.worker(self.folder, self.env, keep_open),
        ]
        self.tails = [programs.LogTail(program) for program in self.programs]
        for program in self.programs:
            program.start()

    def _keep(self) -> None:
        keepers = [Keeper(server) for server in (*self.stores.servers, *self.programs)]
        slow_at = time.monotonic() + _SLOW_AFTER
        ready = False
        while True:
            for keeper in keepers:
                keeper.look()
            for tail in self.tails:
                tail.copy()
            if not ready and self._healthy():
                ready = True
                self._welcome()
            if not ready and slow_at and time.monotonic() > slow_at:
                say(f"The web server does not answer yet; {self.folder / 'log'} may tell why.")
                slow_at = 0
            time.sleep(_LOOK_EVERY)

    def _healthy(self) -> bool:
        """Whether GET /health/ answers 200, asked as the site's own name."""
        allowed = (self.env.get("ALLOWED_HOSTS") or "localhost").split(",")[0].strip().lstrip(".")
        connection = http.client.HTTPConnection(self.host, self.port, timeout=3)
        try:
            connection.request("GET", "/health/", headers={"Host": "localhost" if allowed == "*" else allowed})
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _welcome(self) -> None:
        here = ("127.0.0.1", "::1", "0.0.0.0", "::")  # noqa: S104
        print(f"Ready: http://{'localhost' if self.host in here else self.host}:{self.port}", flush=True)
        if self.demo:
            subprocess.run([sys.executable, "manage.py", "demo", "--accounts"], cwd=programs.ROOT, env=self.env)


def _stop_on_signals() -> None:
    numbers = [signal.SIGINT, signal.SIGTERM]
    # Ignored by nohup, and then it must stay so.
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        numbers.append(signal.SIGHUP)

    def stop(*_):
        # A second Ctrl-C must not cut the orderly stop short.
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    for number in numbers:
        signal.signal(number, stop)


def _stop_with_make() -> None:
    """A make that is killed takes us along, as it would have passed on a Ctrl-C."""
    bind = dying_with_parent(signal.SIGTERM, parent=os.getppid())
    if bind and os.environ.get("MAKELEVEL"):
        bind()


if __name__ == "__main__":
    sys.exit(main())

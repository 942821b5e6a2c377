"""Everything that `make run` starts, in a folder of its own, with handles to hurt it by."""

import logging
import os
import random
import shutil
import signal
import time
from collections.abc import Callable

import django
import psutil
from django.core.management import call_command

from mentoring.embedded import programs
from mentoring.embedded.process import Program, last_lines
from mentoring.embedded.stores import throw_away_stores
from tests.faults.sink import Sink, free_port

# Of the person's own environment; they would change what is tried here.
_NOT_OURS = ("SITE_URL", "ALLOWED_HOSTS", "SECRET_KEY", "FROM_EMAIL", "TRUSTED_PROXIES", "LOG_LEVEL")


class Rig:
    """`start` it before anything of the app is imported: it makes the settings."""

    def __init__(self):
        self.stores = throw_away_stores()
        self.stores.durable = True  # it is going to be killed
        self.sink = Sink()
        self.port = free_port()
        self.programs: list[Program] = []
        self.revived: list[str] = []  # programs that ended though nobody here had killed them
        self._chance = random.Random(2026)

    def start(self) -> None:
        """Return when the web server and the worker are up."""
        folder = self.stores.folder
        self.stores.start()
        self.postgres, self.valkey = self.stores.servers
        self.sink.start()
        for name in _NOT_OURS:
            os.environ.pop(name, None)
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "mentoring.settings",
            "DEMO": "1",
            "STATIC_PLAIN": "1",
            "DATA_DIR": str(folder),
            "PORT": str(self.port),
            "DATABASE_URL": self.stores.database_url,
            "REDIS_URL": self.stores.redis_url,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.sink.port}",
            "NOTICE_BUNDLE_MINUTES": "0",
        }
        django.setup()
        # What we do ourselves complains of the faults as it should; the worker's own log is kept.
        logging.disable(logging.ERROR)
        call_command("migrate", interactive=False, verbosity=0)
        self.env = dict(os.environ)
        self.web = programs.web(folder, f"127.0.0.1:{self.port}", self.env, ())
        self.worker = programs.worker(folder, self.env, ())
        self.beat = programs.beat(folder, self.env, ())
        self.programs = [self.web, self.worker, self.beat]
        for program in self.programs:
            program.start()
        if not until(self.senders, 60):
            raise RuntimeError(f"The worker did not start:\n{self.complaints()}")

    def stop(self) -> None:
        """End everything and leave no trace."""
        for program in self.programs:
            program.stop()
        self.sink.stop()
        self.stores.remove()

    def keep(self) -> None:
        """Start again what ended by itself, as the supervisor does. Only from the main thread: children end
        with the thread that started them."""
        for program in self.programs:
            if not program.alive():
                self.revived.append(program.name)
                restart(program)

    def complaints(self) -> str:
        """What the worker said last, for a case that failed."""
        return last_lines(self.worker.log, 20)

    def senders(self) -> list[psutil.Process]:
        """The worker's processes that run tasks."""
        return psutil.Process(self.worker.process.pid).children()

    def sender_at(self, port: int) -> psutil.Process | None:
        """The sender that holds this end of a connection to the mail server."""
        for sender in self.senders():
            if any(connection.laddr.port == port for connection in sender.net_connections("tcp")):
                return sender
        return None

    def kill_sender(self) -> None:
        """Kill -9 one of the worker's processes, at best one that is sending; the worker replaces it."""
        port = self.sink.port
        senders = self.senders()
        sending = [
            sender
            for sender in senders
            if any(end.raddr and end.raddr.port == port for end in sender.net_connections("tcp"))
        ]
        self._chance.choice(sending or senders).kill()

    def kill_worker(self) -> None:
        """Kill -9 all of the worker, and start another."""
        self.worker.end_group()
        self.worker.start()

    def kill_queue(self) -> None:
        """Kill -9, and what it had on disk is gone as well."""
        kill(self.valkey.program)
        shutil.rmtree(self.stores.places.valkey_data / "appendonlydir")

    def freeze_queue(self) -> None:
        self.valkey.program.process.send_signal(signal.SIGSTOP)

    def thaw_queue(self) -> None:
        self.valkey.program.process.send_signal(signal.SIGCONT)


def kill(program: Program) -> None:
    """Kill -9 its first process, and nothing that this one had started."""
    program.process.kill()
    program.process.wait()


def restart(server) -> None:
    """Start a program or an embedded server that is dead, as the supervisor does it."""
    server.stop()
    server.start()


def until(ready: Callable, seconds: float, pause: float = 0.1) -> bool:
    """Whether `ready` came true within `seconds`."""
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True

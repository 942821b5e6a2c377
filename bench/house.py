"""Everything that is measured, in a folder of its own: stores, the app and the bare view, worker and beat."""

import os
import subprocess
import sys
from pathlib import Path
from statistics import median

import django
import psutil
from django.core.management import call_command

from mentoring.embedded import programs
from mentoring.embedded.process import Program, last_lines, open_log
from mentoring.embedded.stores import throw_away_stores
from tests.faults.rig import until
from tests.faults.sink import Sink, free_port

CLIENTS = 16
_START_SECONDS = 60
# Of the person's own environment; they would change what is measured.
_NOT_OURS = ("FROM_EMAIL", "SITE_NAME", "TIME_ZONE", "TRUSTED_PROXIES", "LOG_LEVEL", "STATIC_PLAIN")


class Unmeasurable(Exception):
    """Something does not answer as it should; the message says what."""


class House:
    """`start` it before anything of the app is imported: it makes the settings."""

    def __init__(self):
        self.stores = throw_away_stores()
        self.stores.durable = True  # what is committed reaches the disk, as in production
        self.sink = Sink()
        self.port, self._bare_port = free_port(), free_port()
        self._web: list[Program] = []
        self._delivery: list[Program] = []

    def start(self) -> None:
        """Return when the app and the bare view answer."""
        self.stores.start()
        self.sink.start()
        for name in _NOT_OURS:
            os.environ.pop(name, None)
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "DEMO": "0",
            "DATA_DIR": str(self.stores.folder),
            "DATABASE_URL": self.stores.database_url,
            "REDIS_URL": self.stores.redis_url,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.sink.port}",
            "SECRET_KEY": "only-for-measuring-0123456789-abcdefghijklmnopqrstuvwxyz",
            "ALLOWED_HOSTS": "127.0.0.1",
            "SITE_URL": f"http://127.0.0.1:{self.port}",
            "NOTICE_BUNDLE_MINUTES": "0",
        }
        django.setup()
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        self._bare_path = _make_row()
        self._web = [
            self._gunicorn("app", "mentoring.wsgi", self.port),
            self._gunicorn("bare", "bench.bare.wsgi", self._bare_port, DJANGO_SETTINGS_MODULE="bench.bare.settings"),
        ]
        for program in self._web:
            program.start()
        if not until(self._answer, _START_SECONDS):
            raise Unmeasurable("\n".join(last_lines(program.log) for program in self._web))

    def stop(self) -> None:
        """End everything and leave no trace."""
        for program in (*self._web, *self._delivery):
            program.stop()
        self.sink.stop()
        self.stores.remove()

    def start_delivery(self, **env: str) -> None:
        """Return when worker and beat run, `env` being other there. The views are measured without them."""
        make = (programs.worker, programs.beat)
        self._delivery = [program(self.stores.folder, {**os.environ, **env}, ()) for program in make]
        for program in self._delivery:
            program.start()
        worker = psutil.Process(self._delivery[0].process.pid)
        if not until(worker.children, _START_SECONDS):
            raise Unmeasurable(last_lines(self._delivery[0].log))

    def stop_delivery(self) -> None:
        for program in self._delivery:
            program.stop()

    def rate(self, path: str, cookie: str, *, seconds: float) -> float:
        """Answers of the app in a second, 0 when none came in time. Raises Unmeasurable for another than 200."""
        return _rate(self.port, path, cookie, CLIENTS, seconds)

    def bare_rate(self, *, seconds: float) -> float:
        """Answers of the bare view in a second."""
        return _rate(self._bare_port, self._bare_path, "", CLIENTS, seconds)

    def bare_time(self) -> float:
        """Seconds that one bare view takes when nobody else asks; the median of five tries."""
        return 1 / median(_rate(self._bare_port, self._bare_path, "", 1, 0.2) for _ in range(5))

    def _gunicorn(self, name, wsgi, port, **env) -> Program:
        command = [
            sys.executable, "-m", "gunicorn", wsgi, "--bind", f"127.0.0.1:{port}", "--worker-class", "sync",
            "--workers", "2", "--log-level", "warning", "--no-control-socket",
        ]  # fmt: skip
        if Path("/dev/shm").is_dir():  # as the app's own web server does it
            command += ["--worker-tmp-dir", "/dev/shm"]
        log = open_log(self.stores.folder / "log", name)
        return Program(name, command, log, cwd=programs.ROOT, env={**os.environ, **env})

    def _answer(self):
        try:
            return self.rate("/", "", seconds=1) and self.bare_rate(seconds=1)
        except Unmeasurable:
            return False


def _make_row():
    from programmes.models import Programme

    return f"/{Programme.objects.create(name='The bare one', slug='bare', body='Institute').pk}/"


def _rate(port, path, cookie, clients, seconds):
    command = [sys.executable, "-m", "bench.load", *map(str, (port, path, cookie, clients, seconds))]
    done = subprocess.run(command, cwd=programs.ROOT, capture_output=True, text=True)
    if done.returncode:
        raise Unmeasurable(done.stderr.strip())
    return float(done.stdout)

"""The app's own processes: web, worker and beat, and the log that shows what they complain of."""

import re
import sys
from collections.abc import Mapping
from pathlib import Path

from mentoring.embedded.process import Program, open_log

ROOT = Path(__file__).resolve().parents[2]
_PYTHON = (sys.executable, "-m")
# As gunicorn, Celery and our own log format begin a record.
_COMPLAINT = re.compile(r"\b(WARNING|ERROR|CRITICAL)\b")


def web(folder: Path, bind: str, env: Mapping[str, str], keep_open: tuple[int, ...]) -> Program:
    """Gunicorn on `bind` (host:port). The control socket would lie in the person's home."""
    command = [
        *_PYTHON, "gunicorn", "mentoring.wsgi", "--bind", bind, "--worker-class", "gthread", "--workers", "2",
        "--threads", "4", "--graceful-timeout", "5", "--log-level", "warning", "--no-control-socket",
    ]  # fmt: skip
    if Path("/dev/shm").is_dir():  # noqa: S108 (a heartbeat on a slow disk can look like a hang)
        command += ["--worker-tmp-dir", "/dev/shm"]  # noqa: S108
    return _program("web", command, folder, env, keep_open, seconds=7)


def worker(folder: Path, env: Mapping[str, str], keep_open: tuple[int, ...]) -> Program:
    """One Celery worker. Told to end, it gives running tasks the settings' soft shutdown time and no more."""
    command = [
        *_PYTHON, "celery", "--quiet", "-A", "mentoring", "worker", "--concurrency", "2",
        "--loglevel", "warning", "--without-gossip", "--without-mingle",
    ]  # fmt: skip
    return _program("worker", command, folder, {**env, "REMAP_SIGTERM": "SIGQUIT"}, keep_open, seconds=14)


def beat(folder: Path, env: Mapping[str, str], keep_open: tuple[int, ...]) -> Program:
    command = [
        *_PYTHON, "celery", "--quiet", "-A", "mentoring", "beat", "--loglevel", "warning",
        "--schedule", str(folder / "beat-schedule"), "--pidfile=",
    ]  # fmt: skip
    return _program("beat", command, folder, env, keep_open, seconds=2)


class LogTail:
    """Shows on the terminal what a program newly complained of, a line each; tracebacks stay in its log."""

    def __init__(self, program: Program):
        self.name = program.name
        self.path = program.log
        self.position = self.path.stat().st_size if self.path.exists() else 0

    def copy(self) -> None:
        if not self.path.exists():
            return
        with self.path.open("rb") as log:
            log.seek(self.position)
            new = log.read()
        whole = new[: new.rfind(b"\n") + 1]
        self.position += len(whole)
        for line in whole.decode(errors="replace").splitlines():
            if _COMPLAINT.search(line[:80]):
                print(f"{self.name:>6} | {line[:200]}", file=sys.stderr, flush=True)


def _program(name, command, folder, env, keep_open, *, seconds) -> Program:
    log = open_log(folder / "log", name)
    return Program(name, command, log, stop_seconds=seconds, cwd=ROOT, env=env, keep_open=keep_open)

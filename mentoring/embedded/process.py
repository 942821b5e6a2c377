"""Starting and stopping child processes so that none outlives us."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psutil

from mentoring.embedded.errors import StoreError
from mentoring.embedded.places import Account

_PR_SET_PDEATHSIG = 1
_LOG_LIMIT = 5_000_000  # bytes


class Program:
    """A child process with a log file. `stop_signal` asks it to end; it has `stop_seconds` to do so."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        log: Path,
        *,
        stop_signal: signal.Signals = signal.SIGTERM,
        stop_seconds: float = 5,
        account: Account | None = None,
        cwd: str | Path = "/",
        env: Mapping[str, str] | None = None,
        keep_open: Sequence[int] = (),
    ):
        self.name = name
        self.command = [str(part) for part in command]
        self.log = log
        self.stop_signal = stop_signal
        self.stop_seconds = stop_seconds
        self.account = account
        self.cwd = cwd
        self.env = env
        self.keep_open = tuple(keep_open)
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.cwd,
                env=self.env,
                pass_fds=self.keep_open,
                # Ctrl-C in the terminal must reach the supervisor alone: it stops the rest in order.
                start_new_session=True,
                preexec_fn=dying_with_parent(self.stop_signal),
                **run_as(self.account),
            )

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def last_exit(self) -> str:
        """How it ended, for a message."""
        code = self.process.returncode if self.process else None
        if code is None:
            return "not started"
        return f"killed by signal {-code}" if code < 0 else f"exit code {code}"

    def stop(self) -> None:
        """Ask, wait, insist; what it started itself goes with it."""
        if self.process is None:
            return
        if self.alive():
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(self.stop_seconds)
            except subprocess.TimeoutExpired:
                pass
        self.end_group()

    def end_group(self) -> None:
        """Kill whatever is left of the child and of its own children."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
        self.process.wait()


def run_as(account: Account | None) -> dict:
    """The arguments of subprocess that run a command under this account."""
    return {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}


def dying_with_parent(number: signal.Signals, parent: int | None = None) -> Callable[[], None] | None:
    """For preexec_fn: `number` is sent to the child when the thread that started it ends, however it ends.

    Linux only. It must run after the change of account, which forgets the request; subprocess does so.
    `parent` is our own PID unless the caller means to bind itself.
    """
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl
    parent = parent or os.getpid()

    def ask():
        prctl(_PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:
            os._exit(1)

    return ask


def end_leftover(pid: int, marker: str, number: signal.Signals, seconds: float = 20) -> None:
    """End a server that a killed owner left running. Another program that has its PID by now is left alone.

    `marker` is a word of its command line that no other program has. Returns when it is gone.
    Raises StoreError when it stays.
    """
    try:
        process = psutil.Process(pid)
        if marker not in process.cmdline():
            return
        process.send_signal(number)
        try:
            process.wait(seconds)
        except psutil.TimeoutExpired:
            process.kill()
            process.wait(5)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return
    except psutil.TimeoutExpired as error:
        raise StoreError(f"Process {pid}, left from an earlier start, does not end.") from error


def wait_until(ready: Callable[[], bool], alive: Callable[[], bool], seconds: float) -> bool:
    """Whether `ready` came true within `seconds` and while `alive` was."""
    deadline = time.monotonic() + seconds
    while not ready():
        if not alive() or time.monotonic() > deadline:
            return False
        time.sleep(0.03)
    return True


def open_log(folder: Path, name: str) -> Path:
    """The path of a log file, an overgrown one put aside as `.1`."""
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{name}.log"
    if path.exists() and path.stat().st_size > _LOG_LIMIT:
        path.replace(path.with_suffix(".log.1"))
    return path


def last_lines(log: Path, count: int = 12) -> str:
    """The end of a log, for a message."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return "\n".join(f"    {line}" for line in lines[-count:])

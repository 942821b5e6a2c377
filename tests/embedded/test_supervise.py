import os
import signal
import socket
import subprocess
import sys
import threading
import time

import psutil
import pytest

from mentoring.embedded.errors import StoreError
from mentoring.embedded.keeper import Keeper
from mentoring.embedded.lock import FolderLock
from mentoring.embedded.process import Program
from mentoring.embedded.programs import ROOT, LogTail


def test_a_second_supervisor_of_a_folder_refuses_kindly(folder):
    folder.mkdir()
    lock = FolderLock(folder / "supervise.lock")
    lock.acquire()

    refused = supervise(folder, PORT="8999")

    lock.release()
    assert refused.returncode == 1
    assert refused.stderr == (
        f"Mentoring already runs from {folder} (process {os.getpid()}). "
        "Stop it first (Ctrl-C there), or choose another folder: DATA_DIR=… PORT=…\n"
    )


def test_a_taken_port_is_said_at_once(folder):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = supervise(folder, PORT=str(port))

    assert refused.returncode == 1
    assert refused.stderr == (
        f"Port {port} on 127.0.0.1 cannot be used: Address already in use. "
        f"Choose another, for example: PORT={port + 1} make run\n"
    )


def test_a_port_that_is_no_port_is_said_at_once(folder):
    refused = supervise(folder, PORT="eighty")

    assert (refused.returncode, refused.stderr) == (
        1,
        "PORT must be a number from 1 to 65535, not 'eighty'.\n",
    )


def test_outside_demo_mode_it_says_what_is_missing_and_starts_nothing(folder):
    refused = supervise(folder, PORT="8999", DEMO="0")

    assert refused.returncode == 1
    assert "Please set DATABASE_URL, REDIS_URL, EMAIL_URL, SECRET_KEY" in refused.stderr
    assert not (folder / "pg").exists()


def test_a_folder_that_is_being_left_is_waited_for(folder):
    folder.mkdir()
    leaving, coming = FolderLock(folder / "lock"), FolderLock(folder / "lock")
    leaving.acquire()
    with pytest.raises(StoreError):
        coming.acquire()

    leaving.leaving()
    threading.Timer(0.3, leaving.release).start()
    coming.acquire(seconds=5)

    assert (folder / "lock").read_text() == str(os.getpid())
    coming.release()


def test_what_a_killed_owner_left_running_keeps_the_folder_until_it_is_gone(folder):
    folder.mkdir()
    owner, coming = FolderLock(folder / "lock"), FolderLock(folder / "lock")
    owner.acquire()
    child = Program("child", ["sleep", "60"], folder / "child.log", keep_open=[owner.descriptor])
    child.start()
    owner.release()

    with pytest.raises(StoreError, match="a process that is still stopping"):
        coming.acquire(seconds=0.3)
    child.stop()
    coming.acquire()

    coming.release()


def test_a_program_that_keeps_dying_is_started_again_after_growing_pauses(folder, capsys):
    folder.mkdir()
    program = Program("web", ["false"], folder / "web.log")
    keeper = Keeper(program)
    program.start()

    ends = time.monotonic() + 1.4
    while time.monotonic() < ends:
        keeper.look()
        time.sleep(0.05)

    assert capsys.readouterr().err.splitlines() == [
        f"web stopped (exit code 1; see {folder}/web.log). It is started again in {pause} s." for pause in (1, 2)
    ]


def test_stopping_a_program_ends_what_it_started_itself(folder):
    folder.mkdir()
    deaf = "trap '' TERM; sleep 60 & echo $! > child; wait"
    program = Program("web", ["sh", "-c", deaf], folder / "web.log", stop_seconds=0.3, cwd=folder)
    program.start()
    child = wait_for(folder / "child")

    program.stop()

    assert not program.alive()
    assert ended(child)


def test_a_program_ends_when_its_owner_is_killed(folder):
    folder.mkdir()
    owner = subprocess.Popen([sys.executable, "-c", OWNER, str(folder)], cwd=ROOT)
    child = wait_for(folder / "child")

    owner.send_signal(signal.SIGKILL)
    owner.wait()

    assert ended(child)


def test_the_terminal_shows_complaints_and_the_log_keeps_the_rest(folder, capsys):
    folder.mkdir()
    log = folder / "web.log"
    tail = LogTail(Program("web", ["true"], log))
    log.write_text("[2026-11-23 10:00:00] [7] [ERROR] Worker failed\nTraceback (most recent call last):\nhalf")

    tail.copy()
    tail.copy()

    assert capsys.readouterr().err == "   web | [2026-11-23 10:00:00] [7] [ERROR] Worker failed\n"


OWNER = """
import sys, time
from pathlib import Path
from mentoring.embedded.process import Program
folder = Path(sys.argv[1])
Program("child", ["sh", "-c", "echo $$ > child; exec sleep 60"], folder / "log", cwd=folder).start()
time.sleep(60)
"""


def supervise(folder, **variables):
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder), **variables}
    return subprocess.run(
        [sys.executable, "-m", "mentoring.embedded.supervise"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
    )


def wait_for(path):
    """The PID that a child writes into `path`."""
    ends = time.monotonic() + 5
    while not (path.exists() and path.read_text().endswith("\n")):
        assert time.monotonic() < ends
        time.sleep(0.02)
    return int(path.read_text())


def ended(pid):
    """Whether the process ends within five seconds, buried by its new parent or not yet."""
    ends = time.monotonic() + 5
    while time.monotonic() < ends:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.02)
    return False

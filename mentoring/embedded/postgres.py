"""An embedded PostgreSQL: made at the first start, reached by its socket alone."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg2

from mentoring.embedded.binaries import Binaries
from mentoring.embedded.errors import StoreError
from mentoring.embedded.places import DATABASE, PORT, ROLE, Places
from mentoring.embedded.process import Program, end_leftover, last_lines, run_as, wait_until

# In an empty environment initdb would choose SQL_ASCII; the builtin provider needs no locale of the machine.
_INITDB = ("-U", ROLE, "--auth-local=trust", "--auth-host=reject", "--encoding=UTF8", "--locale=C",
           "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions")  # fmt: skip
# PostgreSQL takes settings from many variables of the environment: it gets none of ours.
_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
_SETTINGS = (
    "listen_addresses=",
    f"port={PORT}",
    "unix_socket_permissions=0700",
    "max_connections=60",
    "shared_buffers=64MB",
    "timezone=UTC",
    "log_timezone=UTC",
    "log_checkpoints=off",
    # What people write stands in statements and in the details of errors: neither belongs in a log.
    "log_min_error_statement=panic",
    "log_error_verbosity=terse",
)
# Fifty at once in each of two test processes want a connection each.
_FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")
_START_SECONDS = 120  # replaying what a crash left takes its time
_ORPHAN_SECONDS = 20


class Postgres:
    """The server of one place. `durable=False` trades safety for speed: for tests only."""

    name = "postgres"

    def __init__(self, places: Places, binaries: Binaries, log: Path, durable: bool = True):
        self.places = places
        self.log = log
        self.binaries = binaries
        self.durable = durable
        settings = (*_SETTINGS, f"unix_socket_directories={places.run}", *(() if durable else _FORGETFUL))
        self.program = Program(
            self.name,
            [binaries.postgres_bin / "postgres", "-D", places.postgres_data]
            + [part for setting in settings for part in ("-c", setting)],
            log,
            stop_signal=signal.SIGINT,  # "fast": roll back what is open, keep what was committed
            account=places.account,
            env=_ENVIRONMENT,
        )

    def start(self) -> None:
        """Return when the database answers. Raises StoreError with the reason when it does not."""
        self._make_data()
        self._check_version()
        self._end_leftover()
        # The processes of a server that was killed hold its memory until they notice that it is gone.
        deadline = time.monotonic() + _ORPHAN_SECONDS
        while not self._launch():
            reason = last_lines(self.log)
            self.program.stop()
            if "shared memory block" not in reason or time.monotonic() > deadline:
                raise StoreError(f"PostgreSQL did not start ({self.log}):\n{reason}")
            time.sleep(0.3)
        try:
            self._make_database()
        except psycopg2.Error as error:
            raise StoreError(f"PostgreSQL started and failed at once ({self.log}): {error}") from error

    def alive(self) -> bool:
        return self.program.alive()

    def last_exit(self) -> str:
        return self.program.last_exit()

    def stop(self) -> None:
        self.program.stop()

    def _make_data(self) -> None:
        """Run initdb beside the final place, so that a data folder is whole or absent."""
        data = self.places.postgres_data
        if data.exists():
            return
        unfinished = data.with_name("data.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        result = subprocess.run(
            [self.binaries.postgres_bin / "initdb", "-D", unfinished, *_INITDB]
            + ([] if self.durable else ["--no-sync"]),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            cwd="/",
            env=_ENVIRONMENT,
            **run_as(self.places.account),
        )
        if result.returncode:
            raise StoreError(f"PostgreSQL could not make its data folder {unfinished}:\n{result.stderr.strip()}")
        unfinished.rename(data)

    def _check_version(self) -> None:
        program = self.binaries.postgres_bin / "postgres"
        written = (self.places.postgres_data / "PG_VERSION").read_text().strip()
        shown = subprocess.run([program, "--version"], capture_output=True, text=True, cwd="/").stdout.strip()
        if f" {written}." not in shown:
            raise StoreError(
                f"{self.places.postgres_data} was written by PostgreSQL {written}, not by {shown}. "
                "Move the data with the old pg_dump, or begin anew: make demo-reset"
            )

    def _end_leftover(self) -> None:
        pid_file = self.places.postgres_data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().splitlines()[0])
        except FileNotFoundError:
            return
        except (ValueError, IndexError):
            # Cut short when the disk or the machine gave up; the lock tells that no server of ours runs.
            pid_file.unlink()
            return
        end_leftover(pid, str(self.places.postgres_data), signal.SIGINT)
        # PostgreSQL itself believes any living process with that PID to be a server.
        pid_file.unlink(missing_ok=True)

    def _launch(self) -> bool:
        self.program.start()
        return wait_until(self._answers, self.program.alive, _START_SECONDS)

    def _answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg2.OperationalError:
            return False
        return True

    def _make_database(self) -> None:
        connection = self._connect()
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
                if cursor.fetchone() is None:
                    cursor.execute(f"CREATE DATABASE {DATABASE}")
        finally:
            connection.close()

    def _connect(self):
        return psycopg2.connect(host=str(self.places.run), port=PORT, user=ROLE, dbname="postgres", connect_timeout=5)

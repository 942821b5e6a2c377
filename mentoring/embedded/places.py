"""Where the embedded servers keep data and sockets, and under which account they run. Creates nothing."""

import hashlib
import os
import pwd
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

DATABASE = "mentoring"
ROLE = "app"
# Names the socket. Said everywhere, or else PGPORT of the environment would choose.
PORT = 5432

# A socket's address holds 107 bytes, the longest name we put behind the folder takes 17. Commas and spaces
# would need escaping of a different kind in libpq, in PostgreSQL's settings and in both URLs.
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]{1,80}")


@dataclass(frozen=True)
class Account:
    """Who the servers run as when we are root: PostgreSQL refuses root."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Places:
    """`state` holds the data, `run` the sockets. `account` is None when the servers run as ourselves."""

    state: Path
    run: Path
    account: Account | None

    @property
    def postgres_data(self) -> Path:
        return self.state / "pg" / "data"

    @property
    def valkey_data(self) -> Path:
        return self.state / "valkey"

    @property
    def postgres_socket(self) -> Path:
        return self.run / f".s.PGSQL.{PORT}"

    @property
    def valkey_socket(self) -> Path:
        return self.run / "valkey.sock"

    @property
    def database_url(self) -> str:
        return f"postgres://{ROLE}@{quote(str(self.run), safe='')}:{PORT}/{DATABASE}"

    @property
    def redis_url(self) -> str:
        return f"redis+socket://{self.valkey_socket}?virtual_host=0"


def places_for(folder: Path) -> Places:
    """The places of one data folder, always the same for the same folder and permissions.

    As root in a folder that `nobody` may not enter they lie under /var/lib: permissions of other people's
    folders are never widened, and /var/tmp is emptied of old files by many systems.
    """
    folder = folder.resolve()
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:10]
    account = _account()
    state = folder
    if account and not may_enter(folder, account):
        state = Path("/var/lib") / f"mentoring-{digest}"
    run = state / "run"
    if not _PLAIN_PATH.fullmatch(str(run)):
        # Not the TMPDIR of one shell: every command must come to the same address.
        run = Path("/tmp") / f"mentoring-{os.geteuid()}-{digest}"  # noqa: S108 (its owner is checked)
    return Places(state, run, account)


def may_enter(folder: Path, account: Account) -> bool:
    """Whether the account may pass every directory on the way into `folder`, as far as they exist."""
    return all(_may_pass(directory, account) for directory in (folder, *folder.parents) if directory.exists())


def _account() -> Account | None:
    if os.geteuid() != 0:
        return None
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return None
    return Account(nobody.pw_uid, nobody.pw_gid)


def _may_pass(directory: Path, account: Account) -> bool:
    status = directory.stat()
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)

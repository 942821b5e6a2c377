"""The two embedded servers of one data folder, together."""

import os
import shutil
import socket
import stat
import tempfile
from pathlib import Path

from mentoring.embedded.binaries import find_binaries
from mentoring.embedded.errors import StoreError
from mentoring.embedded.lock import FolderLock
from mentoring.embedded.places import Places, places_for
from mentoring.embedded.postgres import Postgres
from mentoring.embedded.process import open_log
from mentoring.embedded.valkey import Valkey

LOCK_NAME = "stores.lock"


class Stores:
    """PostgreSQL (unless `database=False`) and Valkey (unless `queue=False`) with their data under `folder`.

    One process owns them at a time. They end with it, also when it is killed, and a new owner first ends what
    an old one left running. `durable=False` is fast and forgets: for tests only.
    """

    def __init__(self, folder: Path, durable: bool = True, *, database: bool = True, queue: bool = True):
        self.folder = Path(folder).resolve()
        self.durable = durable
        self.kinds = [kind for kind, wanted in ((Postgres, database), (Valkey, queue)) if wanted]
        self.servers: list[Postgres | Valkey] = []
        self.lock = FolderLock(self.folder / LOCK_NAME)

    @property
    def places(self) -> Places:
        return places_for(self.folder)

    @property
    def database_url(self) -> str:
        return self.places.database_url

    @property
    def redis_url(self) -> str:
        return self.places.redis_url

    def start(self) -> None:
        """Return when all servers answer. Raises StoreError when another process owns them or one fails."""
        make_folder(self.folder)
        self.lock.acquire()
        try:
            places = self.places
            _make_places(places)
            binaries = find_binaries(places.account, places.state)
            for kind in self.kinds:
                log = open_log(self.folder / "log", kind.name)
                server = kind(places, binaries, log, self.durable)
                self.servers.append(server)
                server.start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        self.lock.leaving()
        for server in reversed(self.servers):
            server.stop()
        self.servers = []
        self.lock.release()

    def remove(self) -> None:
        """Stop, and delete every trace: the folder and what had to lie elsewhere."""
        self.stop()
        places = self.places
        for path in (places.run, places.state, self.folder):
            shutil.rmtree(path, ignore_errors=True)


def throw_away_stores(*, database: bool = True, queue: bool = True) -> Stores:
    """Stores in a new temporary folder, not started; `remove()` them at the end."""
    folder = Path(tempfile.mkdtemp(prefix="mentoring-"))
    folder.chmod(_folder_mode())
    return Stores(folder, durable=False, database=database, queue=queue)


def connect(folder: Path) -> tuple[str, str] | None:
    """The addresses (database, queue) of this folder's servers when both answer now, else None."""
    places = places_for(Path(folder))
    for path in (places.postgres_socket, places.valkey_socket):
        with socket.socket(socket.AF_UNIX) as client:
            try:
                client.connect(str(path))
            except OSError:
                return None
    return places.database_url, places.redis_url


def make_folder(folder: Path) -> None:
    """Make the data folder when it is missing. Raises StoreError when we may not write there."""
    try:
        if not folder.exists():
            folder.mkdir(parents=True)
            folder.chmod(_folder_mode())
    except OSError as error:
        raise StoreError(f"The data folder {folder} cannot be made: {error.strerror}.") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise StoreError(f"The data folder {folder} belongs to someone else. Choose another: DATA_DIR=…")


def _folder_mode() -> int:
    """As root others may pass through, not look around: the servers run under an account of their own."""
    return 0o711 if os.geteuid() == 0 else 0o700


def _make_places(places: Places) -> None:
    if os.geteuid() == 0 and places.account is None:
        raise StoreError(
            "PostgreSQL refuses to run as root, and this machine has no account named nobody to run it as. "
            "Please start as an ordinary user."
        )
    make_folder(places.state)
    for path in (places.state / "pg", places.valkey_data, places.run):
        path.mkdir(mode=0o700, exist_ok=True)
        status = path.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid not in {os.geteuid(), *_servers(places)}:
            raise StoreError(f"{path} is not ours to use: please look who made it, and remove it.")
        path.chmod(0o700)
        if places.account:
            os.chown(path, places.account.uid, places.account.gid)


def _servers(places: Places) -> set[int]:
    return {places.account.uid} if places.account else set()

"""One owner at a time for a folder's servers."""

import fcntl
import os
import time
from pathlib import Path

from mentoring.embedded.errors import StoreError


class FolderLock:
    """An flock on a file that names its holder.

    Children that inherit the descriptor hold it too, so what a killed holder leaves behind keeps the next one
    waiting until it is gone. A holder that is leaving empties the file first: waiting for it is worth while.
    """

    def __init__(self, path: Path):
        self.path = path
        self.descriptor: int | None = None

    def acquire(self, seconds: float = 30) -> None:
        """Take the lock; one who is leaving is given `seconds`. Raises StoreError when it stays held."""
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except PermissionError as error:
            raise StoreError(f"{self.path} belongs to someone else. Choose another folder: DATA_DIR=…") from error
        deadline = time.monotonic() + seconds
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                holder = _holder(descriptor)
            if _lives(holder) or time.monotonic() > deadline:
                os.close(descriptor)
                raise StoreError(_refusal(self.path.parent, holder))
            time.sleep(0.1)
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        self.descriptor = descriptor

    def leaving(self) -> None:
        """Say that the folder is about to be free."""
        if self.descriptor is not None:
            os.truncate(self.descriptor, 0)

    def release(self) -> None:
        if self.descriptor is not None:
            self.leaving()
            os.close(self.descriptor)
            self.descriptor = None


def _holder(descriptor: int) -> int | None:
    text = os.pread(descriptor, 20, 0)
    return int(text) if text.isdigit() else None


def _lives(pid: int | None) -> bool:
    if pid is None:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _refusal(folder: Path, holder: int | None) -> str:
    who = f"process {holder}" if holder else "a process that is still stopping"
    return (
        f"Mentoring already runs from {folder} ({who}). "
        "Stop it first (Ctrl-C there), or choose another folder: DATA_DIR=… PORT=…"
    )

"""Begin the demo anew: delete what the embedded servers and the demo keep in the data folder.

python -m mentoring.embedded.reset
"""

import os
import shutil
import sys
from pathlib import Path

from mentoring.embedded import stores, supervise
from mentoring.embedded.errors import StoreError
from mentoring.embedded.keeper import say
from mentoring.embedded.lock import FolderLock
from mentoring.embedded.places import places_for
from mentoring.embedded.programs import ROOT

# Of the folder itself, which may hold other things too, only what is ours.
_OURS = ("files", "outbox")


def main() -> int:
    """The exit code: 1 when the folder is in use or the database is not an embedded one."""
    folder = Path(os.environ.get("DATA_DIR") or ROOT / "var").resolve()
    try:
        reset(folder)
    except StoreError as error:
        say(str(error))
        return 1
    say(f"The demo in {folder} begins anew with: make run")
    return 0


def reset(folder: Path) -> None:
    """Delete the data of a folder that nobody runs from. Raises StoreError when somebody does."""
    if os.environ.get("DATABASE_URL"):
        raise StoreError("The database that DATABASE_URL names is not ours to empty.")
    stores.make_folder(folder)
    places = places_for(folder)
    locks = [FolderLock(folder / name) for name in (supervise.LOCK_NAME, stores.LOCK_NAME)]
    try:
        for lock in locks:
            lock.acquire()
        for path in (places.postgres_data.parent, places.valkey_data, *(folder / name for name in _OURS)):
            shutil.rmtree(path, ignore_errors=True)
    finally:
        for lock in locks:
            lock.release()


if __name__ == "__main__":
    sys.exit(main())

"""Run one command of manage.py, or any other, beside the embedded servers.

    python -m mentoring.embedded manage.py shell
    python -m mentoring.embedded --throw-away manage.py check

Servers that run already are used; else they are started for as long as the command runs. `--throw-away`
gives it new, empty ones. DATABASE_URL and REDIS_URL stay as they are when they are set.
"""

import os
import subprocess
import sys
from pathlib import Path

from mentoring.embedded.errors import StoreError
from mentoring.embedded.programs import ROOT
from mentoring.embedded.stores import Stores, connect, throw_away_stores


def main(arguments: list[str]) -> int:
    """The command's exit code, or 1 when the servers cannot be had."""
    throw_away = arguments[:1] == ["--throw-away"]
    command = arguments[throw_away:]
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    folder = Path(os.environ.get("DATA_DIR") or ROOT / "var")
    missing = {"database": not os.environ.get("DATABASE_URL"), "queue": not os.environ.get("REDIS_URL")}
    stores = throw_away_stores(**missing) if throw_away else Stores(folder, **missing)
    try:
        if throw_away or connect(folder) is None:
            stores.start()
        return _run(command, stores)
    except StoreError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        if throw_away:
            stores.remove()
        else:
            stores.stop()


def _run(command: list[str], stores: Stores) -> int:
    env = dict(os.environ, DATA_DIR=str(stores.folder))
    if not env.get("DEMO") and not env.get("DATABASE_URL"):
        env["DEMO"] = "1"
    env["DATABASE_URL"] = env.get("DATABASE_URL") or stores.database_url
    env["REDIS_URL"] = env.get("REDIS_URL") or stores.redis_url
    if command[0].endswith(".py"):
        command = [sys.executable, *command]
    return subprocess.run(command, env=env).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

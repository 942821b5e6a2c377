"""Give a test run embedded servers of its own, in a folder that is deleted at its end.

Loaded with `-p`, before the settings are. xdist's workers inherit the addresses from the process that started
them. Servers named by DATABASE_URL and REDIS_URL are used instead.
"""

import os

import pytest

from mentoring.embedded.stores import throw_away_stores

# The tests run as the demo does, whose settings need nothing else of the environment.
ENVIRONMENT = {"DEMO": "1", "STATIC_PLAIN": "1"}


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config):
    if os.environ.get("PYTEST_XDIST_WORKER"):
        return
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    database, queue = os.environ.get("DATABASE_URL"), os.environ.get("REDIS_URL")
    stores = throw_away_stores(database=not database, queue=not queue)
    # Runs after Ctrl-C and after an error too.
    early_config.add_cleanup(stores.remove)
    os.environ["DATA_DIR"] = str(stores.folder)
    stores.start()
    os.environ["DATABASE_URL"] = database or stores.database_url
    os.environ["REDIS_URL"] = queue or stores.redis_url

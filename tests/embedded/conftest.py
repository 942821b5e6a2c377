import shutil
import tempfile
from pathlib import Path

import pytest

from mentoring.embedded.stores import Stores


@pytest.fixture
def folder():
    """A data folder that the servers' own account may pass, which pytest's tmp_path is not."""
    base = Path(tempfile.mkdtemp(prefix="mentoring-test-"))
    base.chmod(0o711)
    yield base / "data"
    shutil.rmtree(base)


@pytest.fixture
def stores(folder):
    """Not started."""
    stores = Stores(folder, durable=False)
    yield stores
    stores.remove()


@pytest.fixture
def durable_stores(folder):
    """As `make run` has them, not started."""
    stores = Stores(folder)
    yield stores
    stores.remove()

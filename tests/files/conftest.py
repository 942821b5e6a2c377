import pytest


@pytest.fixture
def place(settings, tmp_path):
    """A folder for files that is this test's own; `kept()` are the names of what is in it."""
    folder = tmp_path / "files"
    options = {**settings.STORAGES["files"]["OPTIONS"], "location": folder}
    settings.STORAGES = {**settings.STORAGES, "files": {**settings.STORAGES["files"], "OPTIONS": options}}
    return folder


@pytest.fixture
def kept(place):
    return lambda: sorted(str(path.relative_to(place)) for path in place.rglob("*") if path.is_file())

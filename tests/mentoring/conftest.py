import pytest

from tests.mentoring.world import build


@pytest.fixture
def world(db):
    return build()

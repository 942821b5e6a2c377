import pytest

from tests.mentoring.world import build


@pytest.fixture
def world(db):
    """Two programmes with somebody in every part; the lead and the helper look after the first."""
    return build()

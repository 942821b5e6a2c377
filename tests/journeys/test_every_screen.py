"""What holds on every screen: axe finds nothing, nothing scrolls sideways on a narrow phone, the console is silent."""

import pytest

from tests.journeys.screens import SCREENS
from tests.journeys.tours import tour

pytestmark = pytest.mark.django_db(transaction=True)


def test_nothing_is_amiss_on_any_screen(northmere, browser, site, sign_in):
    assert tour(browser, site, sign_in, SCREENS) == []

"""axe finds nothing on any screen in dark colours. (A file for each, so that the tests of both run side by side.)"""

import pytest

from tests.journeys.screens import SCREENS
from tests.journeys.tours import violations, walk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(northmere, browser, site, sign_in, width):
    assert walk(browser, site, sign_in, violations, width=width, color_scheme="dark", screens=SCREENS) == []

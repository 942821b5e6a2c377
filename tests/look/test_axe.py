"""axe in the colours and widths that the tests leave out."""

import pytest

from tests.journeys.screens import SCREENS
from tests.journeys.tours import violations, walk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("width", "color_scheme"), [(1280, "dark"), (390, "light")])
def test_axe_finds_nothing(northmere, browser, site, sign_in, width, color_scheme):
    assert walk(browser, site, sign_in, violations, width=width, color_scheme=color_scheme, screens=SCREENS) == []

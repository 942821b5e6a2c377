"""What holds on every screen: axe finds nothing, nothing scrolls sideways on a narrow phone, the console is silent."""

from itertools import groupby

import pytest

from tests.journeys.screens import SCREENS, visit
from tests.journeys.tours import OURS, violations, walk

pytestmark = pytest.mark.django_db(transaction=True)


def test_nothing_scrolls_sideways_at_320_pixels(northmere, browser, site, sign_in):
    def too_wide(page, screen):
        width = page.evaluate("document.documentElement.scrollWidth")
        return [f"{screen.name}: {width}"] if width > 320 else []

    assert walk(browser, site, sign_in, too_wide, width=320) == []


def test_the_console_is_silent(northmere, browser, site, sign_in):
    """No script fails and the Content-Security-Policy has nothing to block."""
    said = []
    for who, screens in groupby(OURS, key=lambda screen: screen.who):
        context = browser.new_context()
        page = context.new_page()
        if who:
            sign_in(page, who)
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        for screen in screens:
            visit(page, site, screen)
        context.close()

    expected = ("Failed to load resource: the server responded with a status of 4",)
    assert [text for text in said if not text.startswith(expected)] == []


@pytest.mark.parametrize(("width", "color_scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing(northmere, browser, site, sign_in, width, color_scheme):
    """The other two pairs are looked at in `make look`."""
    assert walk(browser, site, sign_in, violations, width=width, color_scheme=color_scheme, screens=SCREENS) == []

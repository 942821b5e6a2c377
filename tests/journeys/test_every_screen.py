"""What holds on every screen: axe finds nothing, nothing scrolls sideways on a narrow phone, the console is silent."""

from itertools import groupby

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys.screens import SCREENS, visit

pytestmark = pytest.mark.django_db(transaction=True)

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
# Wide tables of the admin scroll within their frame; the console and narrow phones are looked at for our own pages.
OURS = [screen for screen in SCREENS if not screen.url.startswith("/admin/")]


@pytest.fixture
def tour(browser, site, sign_in):
    """`tour(check, width=…, color_scheme=…)` calls check(page, screen) on every screen; returns what it found."""

    def walk(check, *, width, color_scheme="light", screens=OURS):
        found = []
        for who, theirs in groupby(screens, key=lambda screen: screen.who):
            context = browser.new_context(
                viewport={"width": width, "height": 844}, color_scheme=color_scheme, reduced_motion="reduce"
            )
            page = context.new_page()
            if who:
                sign_in(page, who)
            for screen in theirs:
                visit(page, site, screen)
                found += check(page, screen)
            context.close()
        return found

    return walk


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(northmere, tour, width, color_scheme):
    def problems(page, screen):
        violations = Axe().run(page, options=RULES).response["violations"]
        return [f"{screen.name}: {each['id']} {node['html'][:160]}" for each in violations for node in each["nodes"]]

    assert tour(problems, width=width, color_scheme=color_scheme, screens=SCREENS) == []


def test_nothing_scrolls_sideways_at_320_pixels(northmere, tour):
    def too_wide(page, screen):
        width = page.evaluate("document.documentElement.scrollWidth")
        return [f"{screen.name}: {width}"] if width > 320 else []

    assert tour(too_wide, width=320) == []


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

"""Going through every screen of `screens.py`."""

from itertools import groupby

from axe_playwright_python.sync_playwright import Axe

from tests.journeys.screens import SCREENS, visit

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
# Wide tables of the admin scroll within their frame; the console and narrow phones are looked at for our own pages.
OURS = [screen for screen in SCREENS if not screen.url.startswith("/admin/")]


def violations(page, screen) -> list[str]:
    """What axe finds on the page, a line each."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{screen.name}: {each['id']} {node['html'][:160]}" for each in found for node in each["nodes"]]


def walk(browser, site, sign_in, check, *, width, color_scheme="light", screens=OURS) -> list:
    """Call check(page, screen) on every screen; returns what it found."""
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

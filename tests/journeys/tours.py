"""Going through every screen of `screens.py`: each is opened on a desk and on a phone, and looked at in both themes."""

from itertools import groupby

from axe_playwright_python.sync_playwright import Axe

from tests.journeys.screens import visit

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
}
# All that another theme can change; what the other rules look at is the same in both.
COLOURS = RULES | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
DESK, PHONE = 1280, 390
# The narrowest phone, or a desk screen at 400 %.
NARROW = 320
# What the browser itself says of a page that answers “not found”.
EXPECTED = "Failed to load resource: the server responded with a status of 4"


def tour(browser, site, sign_in, screens) -> list[str]:
    """What is amiss on these screens, a line each: what axe finds, scrolling sideways, what the console says."""
    found = []
    for who, theirs in groupby(screens, key=lambda screen: screen.who):
        context = browser.new_context(reduced_motion="reduce")
        page = context.new_page()
        said = []
        page.on("console", lambda message, said=said: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error, said=said: said.append(str(error)))
        if who:
            sign_in(page, who)
        for screen in theirs:
            found += [f"{screen.name}: {each}" for each in _look(page, site, screen)]
            # The admin's own widgets have inline styles, which the browser reports as refused.
            if not screen.url.startswith("/admin/"):
                found += [f"{screen.name}: {text}" for text in said if not text.startswith(EXPECTED)]
            said.clear()
        context.close()
    return found


def _look(page, site, screen):
    for width in (DESK, PHONE):
        _resize(page, width)
        # What was pressed on a desk may stand elsewhere on a phone.
        if width == DESK or screen.press:
            visit(page, site, screen)
        for theme, rules in (("light", RULES), ("dark", COLOURS)):
            page.emulate_media(color_scheme=theme)
            for each in _violations(page, rules):
                yield from (f"{width} {theme}: {each['id']} {node['html'][:160]}" for node in each["nodes"])
    # Wide tables of the admin scroll within their frame.
    if not screen.url.startswith("/admin/"):
        _resize(page, NARROW)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > NARROW:
            yield f"{width} pixels wide"


def _violations(page, rules):
    """What axe finds. It is brought into a page once: half a megabyte."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(Axe().axe_script)
    return page.evaluate("rules => axe.run(rules)", rules)["violations"]


def _resize(page, width):
    page.set_viewport_size({"width": width, "height": 844})

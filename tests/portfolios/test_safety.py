"""Whatever somebody types or posts, it is text: nothing of it runs, sends or ends a header, wherever it is shown."""

import json
import re

import pytest
from lxml import html

from tests.factories import share
from tests.portfolios.soup import HOSTILE
from tests.portfolios.surfaces import browser, shown, write

# A form takes neither; richtext has tests of its own for them.
UNSENDABLE = re.compile("[\x00\ud800-\udfff]")
PAYLOADS = [UNSENDABLE.sub("", payload) for payload in HOSTILE]

LIVE_TAGS = {
    "script",
    "style",
    "iframe",
    "frame",
    "object",
    "embed",
    "applet",
    "base",
    "link",
    "meta",
    "template",
    "math",
}
LIVE_ATTRIBUTES = re.compile(r"on|style$|srcdoc|formaction|background|ping|xlink|(data-)?hx-|autofocus")
ADDRESSES = {"href", "src", "action", "data", "cite", "poster"}
HARMLESS = re.compile(r"https?:|mailto:|[/#?]|$")

# What our own templates bring: never an inline script, style or handler.
OUR_TAGS = "|".join(
    (
        "//script[starts-with(@src, '/static/')]",
        "//script[@src='/admin/jsi18n/']",
        "//script[@type='importmap'][@nonce]",
        "//link[starts-with(@href, '/static/')]",
        "//head/style[contains(., ':root{color-scheme:light dark')]",
        "//meta[not(@http-equiv)]",
        "//body/template[@id='keep-parts']",
        "//iframe[@class='mail'][starts-with(@src, '/demo/outbox/')]",
    )
)
OUR_ATTRIBUTES = "|".join(
    (
        "//@hx-disable",
        "//body/@hx-ext",
        "//body/@hx-headers",
        "//form[@id='editor']/@*[starts-with(name(), 'hx-')]",
        # New for you: its rows go when they are seen or kept.
        "//div[@id='things']/@*[starts-with(name(), 'hx-')]",
        "//div[@id='things']//form[@hx-post = @action][starts-with(@action, '/new/')]/@hx-post",
        # A list of actions: its rows are swapped when they are ticked, moved or dropped.
        "//li[starts-with(@id, 'action-')]//*[@hx-post = @action or @hx-get = @href]/@*[starts-with(name(), 'hx-')]",
        "//form[@class='act-form'][@hx-post = @action]/@*[starts-with(name(), 'hx-')]",
        "//div[@class='errsum']/@autofocus",
    )
)


def live(page):
    """Everything in a page that is not ours and acts by itself or on a click: {(tag, attribute, value)}."""
    tree = html.document_fromstring(page)
    ours = set(tree.xpath(OUR_TAGS))
    our_attributes = {(found.getparent(), found.attrname) for found in tree.xpath(OUR_ATTRIBUTES)}
    found = set()
    for element in tree.iter(html.etree.Element):
        if element.tag in LIVE_TAGS and element not in ours:
            found.add((element.tag, "", ""))
        for name, value in element.attrib.items():
            is_live = LIVE_ATTRIBUTES.match(name) or (name in ADDRESSES and not HARMLESS.match(value.strip()))
            if is_live and (element, name) not in our_attributes:
                found.add((element.tag, name, value))
    return found


def unfenced(page):
    """Elements with rich text of people in which htmx is not switched off."""
    return html.document_fromstring(page).xpath(
        "//*[contains(concat(' ', @class, ' '), ' prose ')][not(ancestor-or-self::*[@hx-disable])]"
    )


def chunks(size):
    return [PAYLOADS[first : first + size] for first in range(0, len(PAYLOADS), size)]


@pytest.mark.parametrize("payloads", chunks(6), ids=lambda payloads: payloads[0])
def test_nothing_that_was_written_is_alive_wherever_it_is_shown(pair, payloads):
    write(pair, payloads[0], "".join(payloads))

    found = {place: live(page) for place, page in shown(pair).items()}

    assert {place: what for place, what in found.items() if what} == {}


def test_rich_text_is_shown_where_htmx_is_switched_off(pair):
    write(pair, "Words", "<p>Rich words</p>")

    pages = shown(pair)

    assert [place for place, page in pages.items() if unfenced(page)] == []
    assert sum("Rich words" in page for page in pages.values()) == 18


def test_the_very_text_is_shown_as_text(pair):
    write(pair, "<script>alert(1)</script>", "<p>x</p>")

    page = browser(pair.mentor).get(pair.page.get_absolute_url()).content.decode()

    assert html.fromstring(page).findtext(".//h1") == "<script>alert(1)</script>"
    assert "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>" in page


def test_a_link_of_a_person_tells_the_other_site_nothing(pair):
    share(pair.page, '<p><a href="https://example.org/" target="_top" ping="//x">There</a></p>')

    page = browser(pair.mentor).get(pair.page.get_absolute_url()).content.decode()

    [link] = html.fromstring(page).xpath("//a[text()='There']")
    assert dict(link.attrib) == {"href": "https://example.org/", "rel": "noopener noreferrer nofollow"}


def test_the_browser_is_told_to_run_nothing_but_ours(pair):
    answer = browser(pair.mentor).get(pair.page.get_absolute_url())

    policy = dict(rule.strip().split(" ", 1) for rule in answer["Content-Security-Policy"].split(";") if rule.strip())
    nonces = r" 'nonce-[\w+/=-]+'"
    assert policy["default-src"] == "'none'"
    assert re.sub(nonces, "", policy["script-src"]) == "'self'"
    assert policy["connect-src"] == policy["form-action"] == "'self'"
    assert policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert "http" not in answer["Content-Security-Policy"]


def test_htmx_evaluates_nothing_and_keeps_no_pages(client, db):
    page = html.fromstring(client.get("/").content)

    config = json.loads(page.xpath("//meta[@name='htmx-config']/@content")[0])

    assert {name: config[name] for name in HTMX} == HTMX


HTMX = {
    "allowEval": False,
    "allowScriptTags": False,
    "includeIndicatorStyles": False,
    "selfRequestsOnly": True,
    "historyCacheSize": 0,
}

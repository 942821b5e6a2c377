"""Addresses in plain words become links, and nothing else becomes anything."""

import pytest

from pairings.templatetags.linked import linked


def link(address, shown=None):
    return f'<a href="{address}" rel="noopener noreferrer nofollow">{shown or address}</a>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("https://example.org", link("https://example.org")),
        ("See http://example.org/a.", f"See {link('http://example.org/a')}."),
        ("(https://example.org/a)", f"({link('https://example.org/a')})"),
        ("https://example.org/Mill_(York)!", f"{link('https://example.org/Mill_(York)')}!"),
        ("“https://example.org/a”, she said", f"“{link('https://example.org/a')}”, she said"),
        ("HTTPS://EXAMPLE.ORG", link("HTTPS://EXAMPLE.ORG")),
        ("https://example.org/?a=1&b=<2>", f"{link('https://example.org/?a=1&amp;b=')}&lt;2&gt;"),
        ("https://a.example https://b.example", f"{link('https://a.example')} {link('https://b.example')}"),
        ("<b>bold</b> & \"quoted\"", "&lt;b&gt;bold&lt;/b&gt; &amp; &quot;quoted&quot;"),
        ("javascript:alert(1) data:text/html,x ftp://a.example", "javascript:alert(1) data:text/html,x ftp://a.example"),
        ("www.example.org amina@example.org", "www.example.org amina@example.org"),
        ("https://", "https://"),
        ("https://...", "https://..."),
        ("https://x\" onmouseover=\"alert(1)", f"{link('https://x')}&quot; onmouseover=&quot;alert(1)"),
        ("https://x'onclick='alert(1)", link("https://x&#x27;onclick=&#x27;alert(1)")),
        ("", ""),
    ],
)  # fmt: skip
def test_addresses_become_links_and_the_rest_is_escaped(text, html):
    assert linked(text) == html


def test_a_long_text_of_nothing_but_brackets_is_done_at_once():
    assert linked("https://a" + ")" * 20_000) == link("https://a") + ")" * 20_000

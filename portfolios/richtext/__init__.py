"""Rich text in one normal form: the only HTML that pages, comments and comparisons are ever kept in.

A text is a flat row of leaves (paragraph, heading, list item, table row, rule), each of which knows the containers
that it stands in. `parse` reads any HTML into leaves, `join` writes them; `clean` is the two in turn, and nh3 checks
what was written once more.
"""

import re

import nh3

from portfolios.richtext.highlighting import highlight
from portfolios.richtext.leaves import Cell, Leaf, frames, join, shared_levels, tidy
from portfolios.richtext.reader import parse
from portfolios.richtext.replacing import replace_words

__all__ = [
    "Cell",
    "Leaf",
    "blocks",
    "clean",
    "clean_comparison",
    "frames",
    "highlight",
    "is_clean",
    "join",
    "parse",
    "replace_words",
    "shared_levels",
    "text",
    "tidy",
    "word_count",
]

_TAGS = {"p", "h2", "h3", "ul", "ol", "li", "strong", "em", "blockquote", "a", "br", "hr"}
_TAGS |= {"table", "thead", "tbody", "tr", "th", "td"}
_RULES = {
    "attributes": {"a": {"href", "rel"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}},
    "url_schemes": {"http", "https", "mailto"},
    "url_relative": lambda href: href if re.match(r"/(?![/\\\s])", href) else None,
    "link_rel": None,
}
_CHECK = nh3.Cleaner(tags=_TAGS, **_RULES)
_CHECK_COMPARISON = nh3.Cleaner(tags=_TAGS | {"ins", "del", "mark"}, **_RULES)


def clean(html):
    """Return any HTML as safe, normal HTML. Words stay, whatever they were wrapped in; cleaning twice changes nothing.

    Kept are p, h2, h3, ul, ol, li, blockquote, tables, hr, br, strong, em and links to http, https, mailto or a path
    of this site. Linear in the length of the input.
    """
    return _checked(_CHECK, html)


def clean_comparison(html):
    """Like `clean`, for HTML in which <ins> and <del> say what changed and <mark> what a comment is about."""
    return _checked(_CHECK_COMPARISON, html, marks=True)


def is_clean(html, *, marks=False):
    """Whether HTML is safe as it stands: much quicker than cleaning, for what was cleaned before it was stored."""
    return (_CHECK_COMPARISON if marks else _CHECK).clean(html) == html


def text(html):
    """Return the plain words, a line for each block."""
    return "\n".join(leaf.text for leaf in parse(html) if leaf.text)


def word_count(html):
    """Count what a reader calls words; a dash alone is none."""
    return sum(any(map(str.isalnum, word)) for word in text(html).split())


def blocks(html):
    """Return each block as HTML of its own, without its containers: list items and table rows stand alone.

    `join(parse(html))` puts them together again; `parse` is the form that knows the containers.
    """
    return [leaf.html for leaf in parse(html)]


def _checked(check, html, *, marks=False):
    checked = check.clean(join(parse(html, marks=marks)))
    if "<a rel=" in checked:  # nh3 takes the address away when it cannot be parsed, and an <a> without one is none
        checked = join(parse(checked, marks=marks))
    return checked

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolios.richtext import blocks, clean, clean_comparison, is_clean, join, parse, text, word_count
from tests.portfolios.soup import HOSTILE, soups

REL = 'rel="noopener noreferrer nofollow"'
TAGS = {
    *[
        "p",
        "h2",
        "h3",
        "ul",
        "ol",
        "li",
        "strong",
        "em",
        "blockquote",
        "a",
        "br",
        "hr",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    ]
}
EVERY_TAG = re.compile(r"<(/?)([a-z0-9]+)((?: [a-z]+=\"[^\"<>]*\")*)>")


def word_document(size):
    """About `size` characters of what Word puts on the clipboard."""
    head = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta charset=utf-8><title>x</title><style>'
        "p.MsoNormal{margin:0cm;mso-style-qformat:yes}</style><!--[if gte mso 9]><xml><o:OfficeDocumentSettings>"
        "<o:AllowPNG/></o:OfficeDocumentSettings></xml><![endif]--></head><body lang=EN-GB><!--StartFragment-->"
    )
    paragraph = (
        "<p class=MsoNormal style='margin-bottom:8.0pt;line-height:107%;mso-fareast-language:EN-US'><span\n"
        "style='font-size:11.0pt;font-family:\"Calibri\",sans-serif'>In October I <b>led</b> the\nreview of our"
        " <i style='mso-bidi-font-style:normal'>library</i> induction.<o:p></o:p></span></p>\n"
        "<p class=MsoNormal><o:p>&nbsp;</o:p></p>\n"
    )
    return head + paragraph * (size // len(paragraph)) + "<!--EndFragment--></body></html>"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", ""),
        ("  \n ", ""),
        ("loose text", "<p>loose text</p>"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
        ("<div>one</div><div>two</div>", "<p>one</p><p>two</p>"),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<p>a</p><p> &nbsp;<br></p><p></p><p>b</p>", "<p>a</p><p>b</p>"),
        ("<p>a<br><br>b<br>c</p>", "<p>a</p><p>b<br>c</p>"),
        ("<h1>a</h1><h2>b</h2><h4>c</h4><h6>d</h6>", "<h2>a</h2><h2>b</h2><h3>c</h3><h3>d</h3>"),
        ("<b>a</b> <i>b</i> <u>c</u>", "<p><strong>a</strong> <em>b</em> c</p>"),
        ("<em><strong>a</strong></em>", "<p><strong><em>a</em></strong></p>"),
        ("<strong>a </strong><strong>b</strong> c", "<p><strong>a b</strong> c</p>"),
        ("<strong>a</strong><p>b</p>", "<p><strong>a</strong></p><p>b</p>"),
        ("<p>a\x00b\x07c\u200bd\xade</p>", "<p>abcde</p>"),
        ("<p>cafe\u0301</p>", "<p>caf\u00e9</p>"),
        ("<ins>a</ins><del>b</del>", "<p>ab</p>"),
        ("a<hr>b", "<p>a</p><hr><p>b</p>"),
        (
            "<blockquote>a<p>b</p><h2>c</h2></blockquote>",
            "<blockquote><p>a</p><p>b</p><p>c</p></blockquote>",
        ),
    ],
)
def test_html_takes_its_normal_form(html, expected):
    assert clean(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<ul><li><p>a</p><p>b</p></li><li></li></ul>", "<ul><li>a<br>b</li></ul>"),
        ("<ul><li>a<ol><li>b</ol></li><li>c</ul>", "<ul><li>a<ol><li>b</li></ol></li><li>c</li></ul>"),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("<ul><ul><li>a</li></ul></ul>", "<ul><li>a</li></ul>"),
        ("<ol><li>a</ol><ol><li>b</ol>", "<ol><li>a</li></ol><ol><li>b</li></ol>"),
        ("<ul><li>a<ul><li>b</ul>c</ul>", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
    ],
)
def test_lists_take_their_normal_form(html, expected):
    assert clean(html) == expected


def test_tables_keep_their_cells_and_nothing_else():
    html = (
        '<table border=1 style="width:9px"><colgroup><col></colgroup><caption>Visits</caption>'
        '<thead><tr><th colspan="2" onclick=x>Term</th></tr></thead>'
        '<tr><td rowspan="x" colspan="1"><p>a</p><p>b</p></td><td></td></tr></table>'
    )

    assert clean(html) == (
        '<p>Visits</p><table><thead><tr><th colspan="2">Term</th></tr></thead>'
        "<tbody><tr><td>a<br>b</td><td></td></tr></tbody></table>"
    )


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("https://example.org/a?b=1&amp;c=2", "https://example.org/a?b=1&amp;c=2"),
        ("HTTP://example.org", "HTTP://example.org"),
        ("mailto:ruth@example.org", "mailto:ruth@example.org"),
        ("/portfolios/amina/", "/portfolios/amina/"),
        ("https://example.org/a b", "https://example.org/a%20b"),
    ],
)
def test_good_links_stay(href, expected):
    assert clean(f'<a href="{href}" target=_blank>x</a>') == f'<p><a href="{expected}" {REL}>x</a></p>'


@pytest.mark.parametrize(
    "href",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "https:evil.example",
        "https:///evil.example",
        "javascript:alert(1)",
        " java\nscript:alert(1)",
        "JaVaScRiPt&colon;alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "ftp://example.org",
        "page.html",
        "../up",
        "#here",
        "?q",
        "https://[broken",
        "https://example.org/" + "a" * 2000,
        "",
    ],
)
def test_other_links_become_words(href):
    assert clean(f'<p><a href="{href}">x</a></p>') == "<p>x</p>"


def test_emphasis_of_google_docs_is_kept():
    html = (
        '<b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr">'
        '<span style="font-weight:700">bold</span>'
        '<span style="font-weight:400"> plain </span><span style="font-style:italic">slanted</span></p></b>'
    )

    assert clean(html) == "<p><strong>bold</strong> plain <em>slanted</em></p>"


def test_a_long_paste_from_word_becomes_clean_text():
    cleaned = clean(word_document(200_000))

    assert set(blocks(cleaned)) == {
        "<p>In October I <strong>led</strong> the review of our <em>library</em> induction.</p>"
    }


@pytest.mark.parametrize("tag", ["div", "ul><li", "blockquote", "b", "table><tr><td", "a href=/x"])
def test_deep_nesting_is_read(tag):
    """Readers that build a tree first need minutes for it."""
    assert clean(f"<{tag}>x" * 20_000).count("x") >= 20_000


@pytest.mark.parametrize("html", HOSTILE)
def test_hostile_html_is_inert(html):
    for cleaned in (clean(html), clean_comparison(html)):
        rest = EVERY_TAG.sub("", cleaned)
        assert "<" not in rest
        assert ">" not in rest
        for _, tag, attributes in EVERY_TAG.findall(cleaned):
            assert tag in TAGS | {"ins", "del"}
            assert re.fullmatch(
                rf'( href="(https?://|mailto:|/(?!/))[^"]*" {REL})?|( (col|row)span="\d+")*', attributes
            )


@given(soups)
def test_cleaning_twice_changes_nothing(html):
    once = clean(html)

    assert clean(once) == once
    assert join(parse(once)) == once
    assert is_clean(once)


@given(soups)
def test_cleaning_a_comparison_twice_changes_nothing(html):
    once = clean_comparison(html)

    assert clean_comparison(once) == once


@given(st.text())
def test_any_text_survives_as_html(words):
    cleaned = clean(words)

    assert clean(cleaned) == cleaned


def test_what_is_clean_is_known_without_cleaning_it_again():
    html = f'<p>a <a href="/x" {REL}>b</a></p>'

    assert is_clean(html)
    assert not is_clean(html.replace("/x", "//evil.example"))
    assert not is_clean(html.replace("/x", "javascript:x"))
    assert not is_clean("<p onclick=x>a</p>")
    assert not is_clean("<p><ins>a</ins></p>")
    assert is_clean("<p><ins>a</ins></p>", marks=True)


def test_comparisons_may_hold_insertions_and_deletions():
    html = '<p>a <del class=x>b</del> <ins onclick="y">c <strong>d</strong></ins></p>'

    assert clean_comparison(html) == "<p>a <del>b</del> <ins>c <strong>d</strong></ins></p>"


def test_plain_words_stand_a_line_a_block():
    html = "<h2>A</h2><p>b<br>c <em>d</em></p><ul><li>e<ul><li>f</li></ul></li></ul><table><tr><td>g<td>h</table><hr>"

    assert text(html) == "A\nb\nc d\ne\nf\ng\th"


def test_words_are_counted_as_a_reader_would():
    assert word_count("<p>It’s a well-run – and <b>warm</b>ly kept – library.</p><ul><li>41</li></ul>") == 8


def test_blocks_stand_alone_and_are_put_together_again():
    html = clean("<p>a</p><ul><li>b<ol><li>c</li></ol></li></ul><table><tr><td>d</td></tr></table><hr>")

    assert blocks(html) == ["<p>a</p>", "<li>b</li>", "<li>c</li>", "<tr><td>d</td></tr>", "<hr>"]
    assert join(parse(html)) == html

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolios.comparison import compare, unchanged
from portfolios.richtext import clean, clean_comparison, highlight, is_clean, parse, replace_words, text
from tests.portfolios.soup import HOSTILE, soups

REL = 'rel="noopener noreferrer nofollow"'


def table(*cells):
    return f"<table><tbody><tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr></tbody></table>"


def marked(html):
    """The words in <mark>, one string for each run of them that only tags part."""
    html = re.sub(r"</mark>((?:<[^>]*>)*)<mark>", r"\1", html)
    return [re.sub("<[^>]*>", "", each) for each in re.findall("<mark>(.*?)</mark>", html)]


@pytest.mark.parametrize(
    ("html", "ranges", "expected"),
    [
        ("<p>one two three</p>", [(4, 7)], "<p>one <mark>two</mark> three</p>"),
        ("one two three", [(0, 3), (8, 13)], "<mark>one</mark> two <mark>three</mark>"),
        ("one two three", [(0, 6), (4, 9)], "<mark>one two t</mark>hree"),
        ("one two three", [(4, 99), (7, 7), (5, 2)], "one <mark>two three</mark>"),
        ("a <strong>b c</strong> d", [(0, 3)], "<mark>a </mark><strong><mark>b</mark> c</strong> d"),
        ("a &amp; b &lt; c", [(2, 5)], "a <mark>&amp; b</mark> &lt; c"),
        ("a &amp; b", [(4, 5)], "a &amp; <mark>b</mark>"),
        ("<p>a<br>b c</p>", [(0, 3)], "<p><mark>a</mark><br><mark>b</mark> c</p>"),
        (
            "was <del>asked to</del> <ins>offered</ins> go",
            [(0, 11)],
            "<mark>was </mark><del>asked to</del><mark> </mark><ins><mark>offered</mark></ins> go",
        ),
        ("one <del>two</del> <ins>2</ins> three", [(6, 11)], "one <del>two</del> <ins>2</ins> <mark>three</mark>"),
        ("It rose<ins> by ten</ins>.", [(8, 10)], "It rose<ins> <mark>by</mark> ten</ins>."),
        ("<del>all of it</del>", [(0, 9)], "<del>all of it</del>"),
        ("<td>ab</td><td>cd</td>", [(3, 4)], "<td>ab</td><td><mark>c</mark>d</td>"),
        ('<th colspan="2">a</th><td></td>', [(0, 1)], '<th colspan="2"><mark>a</mark></th><td></td>'),
        ("<td>a</td><td></td><td>b</td>", [(3, 4)], "<td>a</td><td></td><td><mark>b</mark></td>"),
        ("<tr><td>ab</td></tr>", [(0, 1)], "<tr><td><mark>a</mark>b</td></tr>"),
        ("<hr>", [(0, 1)], "<hr>"),
        ("", [(0, 1)], ""),
    ],
)  # fmt: skip
def test_marks_stand_around_the_very_characters(html, ranges, expected):
    assert highlight(html, ranges) == expected


@given(soups, st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=3))
def test_marks_hold_the_words_of_their_places_and_nothing_else_changes(html, ranges):
    for leaf in parse(html):
        shown = highlight(leaf.html, ranges)

        assert re.sub("</?mark>", "", shown) == leaf.html
        covered = {at for start, end in ranges for at in range(start, end)}
        wanted = "".join(sign for at, sign in enumerate(leaf.text) if at in covered)
        assert _plain("".join(marked(shown))) == "".join(wanted.split())


SENTENCES = st.lists(st.sampled_from([*"abcdefg", "h.", "<em>i</em>", "<br>", ",", "(j)", "k-l"]), max_size=9).map(
    " ".join
)
TEXTS = st.lists(st.builds(lambda tag, words: f"<{tag}>{words}</{tag}>", st.sampled_from(["p", "li", "td"]), SENTENCES))


@given(TEXTS, TEXTS, st.integers(0, 40), st.integers(1, 40))
@settings(max_examples=200)
def test_the_pieces_of_a_comparison_mark_the_words_of_a_place_in_the_new_text(old, new, start, size):
    html = clean("".join(new))
    words = text(html)

    pieces = compare(clean("".join(old)), html).pieces

    for piece in pieces:
        if piece.start is not None:
            assert [piece.with_marks([(piece.start, piece.end)])] == [piece.with_marks([(0, len(words))])]
            assert words[piece.start : piece.end].strip() == words[piece.start : piece.end]
    shown = "".join(piece.with_marks([(start, start + size)]).inner for piece in pieces)
    assert _plain("".join(marked(shown))) == "".join(words[start : start + size].split())


def test_a_piece_without_a_mark_is_the_same_piece():
    removed, kept, rule = compare("<p>gone entirely</p><p>one two</p>", "<p>one two</p><hr>").pieces

    assert removed.with_marks([(0, 99)]) is removed
    assert rule.with_marks([(0, 99)]) is rule
    assert kept.with_marks([(9, 12), (0, 0)]) is kept
    assert kept.with_marks([]) is kept


def test_a_marked_piece_prints_as_before():
    (piece,) = unchanged("<ul><li>one <strong>two</strong></li></ul>").pieces

    shown = piece.with_marks([(4, 7)])

    assert (shown.opens, shown.tag, shown.inner, shown.end_tag, shown.closes) == (
        "<ul>",
        "li",
        "one <strong><mark>two</mark></strong>",
        "</li>",
        "</ul>",
    )
    assert (shown.start, shown.end, shown.number, shown.top) == (0, 7, 0, True)


def test_marks_are_known_in_what_is_shown_and_refused_in_what_is_kept():
    html = "<p>a <mark>b <strong>c</strong></mark> <ins>d</ins></p>"

    assert is_clean("<p>a <mark>b</mark></p>", marks=True)
    assert not is_clean("<p>a <mark>b</mark></p>")
    assert clean(html) == "<p>a b <strong>c</strong> d</p>"
    assert clean_comparison(html) == ("<p>a <mark>b </mark><strong><mark>c</mark></strong> <ins>d</ins></p>")
    assert clean_comparison("<p><mark onclick=x style='y'>a</mark></p>") == "<p><mark>a</mark></p>"


@pytest.mark.parametrize("payload", HOSTILE)
def test_hostile_html_stays_inert_with_marks(payload):
    for piece in compare(f"<p>one two</p>{payload}", f"<p>one three</p>{payload}").pieces:
        shown = piece.with_marks([(0, 999)])
        wrapped = f"<table>{shown.block.html}</table>" if shown.tag == "tr" else shown.block.html
        assert is_clean(
            wrapped if shown.tag != "tr" else f"<table><tbody>{shown.block.html}</tbody></table>", marks=True
        )


@pytest.mark.parametrize(
    ("html", "quote", "words", "expected"),
    [
        ("<p>one two three</p>", "two", "2", "<p>one 2 three</p>"),
        ("<p>a</p><p>one <em>two</em> three</p>", "two", "2 or 3", "<p>a</p><p>one <em>2 or 3</em> three</p>"),
        ("<p>one <em>two</em> three</p>", "two three", "2", "<p>one <em>2</em></p>"),
        ("<p>one <em>two</em> three</p>", "one two", "1", "<p>1 three</p>"),
        ("<p>one two</p>", "two", "2\n\n  and\r\n3 ", "<p>one 2 and 3</p>"),
        ("<p>one two</p>", "two", "<b>2</b> & <script>", "<p>one &lt;b&gt;2&lt;/b&gt; &amp; &lt;script&gt;</p>"),
        ("<p>one two three</p>", "two", "", "<p>one three</p>"),
        ("<p>one</p><p>two</p>", "one", " ", "<p>two</p>"),
        ("<p>one</p><hr><p>two</p>", "one", "1", "<p>1</p><hr><p>two</p>"),
        ("<p>one\u200b two</p>", "two", "t\u202ew\x00o", "<p>one two</p>"),
        (f'<p><a href="/x" {REL}>this page</a></p>', "this", "that", f'<p><a href="/x" {REL}>that page</a></p>'),
        ("<ul><li>a<ul><li>b c</li></ul></li></ul>", "b c", "d", "<ul><li>a<ul><li>d</li></ul></li></ul>"),
        (table("a", "b c"), "b", "d", table("a", "d c")),
        (table("a", "b"), "b", "", table("a", "")),
        ("<p>one<br>two</p>", "one\ntwo", "1", "<p>1</p>"),
        ("<p>a lot</p>", "lot", "lót", "<p>a lót</p>"),
    ],
)  # fmt: skip
def test_words_take_the_place_of_others(html, quote, words, expected):
    start = text(html).index(quote)

    assert replace_words(html, start, start + len(quote), words) == expected


@pytest.mark.parametrize(
    ("html", "start", "end"),
    [
        ("<p>one</p><p>two</p>", 1, 5),
        ("<p>one</p><p>two</p>", 0, 4),
        ("<table><tr><td>a</td><td>b</td></tr></table>", 0, 3),
        ("<p>one</p>", 0, 0),
        ("<p>one</p>", 2, 1),
        ("<p>one</p>", -1, 2),
        ("<p>one</p>", 2, 9),
        ("", 0, 1),
    ],
)
def test_words_of_several_blocks_are_not_replaced(html, start, end):
    with pytest.raises(ValueError):
        replace_words(html, start, end, "x")


@given(soups, st.integers(0, 10_000))
def test_replaced_words_stand_where_the_others_stood_and_all_else_is_as_it_was(html, seed):
    html = clean(html)
    leaves = [leaf for leaf in parse(html) if re.search(r"\w", leaf.text)]
    drawn = random.Random(seed)
    before = 0
    for leaf in parse(html):
        words = list(re.finditer(r"\w+", leaf.text))
        if leaf in leaves and words:
            place = drawn.choice(words)
            replaced = replace_words(html, before + place.start(), before + place.end(), "Wort")
            assert clean(replaced) == replaced
            assert text(replaced) == f"{text(html)[: before + place.start()]}Wort{text(html)[before + place.end() :]}"
        before += len(leaf.text) + bool(leaf.text)


def _plain(html):
    html = html.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return "".join(html.split())

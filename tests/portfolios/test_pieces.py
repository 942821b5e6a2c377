import json

import pytest
from hypothesis import given

from portfolios.comparison import Comparison, compare, unchanged
from portfolios.richtext import clean, join, parse, text
from tests.portfolios.soup import soups


def printed(comparison):
    return "".join(
        f"{piece.opens}<{piece.tag}>{piece.inner}{piece.end_tag}{piece.closes}" for piece in comparison.pieces
    )


@given(soups)
def test_a_text_that_is_not_compared_prints_as_it_is(html):
    html = clean(html)

    comparison = unchanged(html)

    assert printed(comparison) == html
    assert {piece.kind.value for piece in comparison.pieces} <= {"same"}
    assert (comparison.changes, comparison.words_changed) == (0, 0)
    assert {piece.number for piece in comparison.pieces} <= {0}


@given(soups, soups)
def test_every_piece_knows_where_its_words_stand(old, new):
    old, new = clean(old), clean(new)
    words = text(new)

    comparison = Comparison.from_json(json.loads(json.dumps(compare(old, new).as_json())))

    places = [(piece.start, piece.end) for piece in comparison.pieces if piece.start is not None]
    assert [words[start:end] for start, end in places] == [leaf.text for leaf in parse(new) if leaf.text.strip()]
    assert places == [(piece.start, piece.end) for piece in unchanged(new).pieces if piece.start is not None]
    for piece in comparison.pieces:
        assert piece.kind != "removed" or (piece.start, piece.end) == (None, None)


def test_what_has_no_words_in_the_new_text_has_no_place_there():
    comparison = compare("<p>gone</p><p>one</p>", "<p>one</p><hr><table><tr><td><td></table><p>two</p>")

    assert [(piece.tag, piece.kind.value, piece.start, piece.end) for piece in comparison.pieces] == [
        ("p", "removed", None, None),
        ("p", "same", 0, 3),
        ("hr", "formatted", None, None),
        ("tr", "formatted", None, None),
        ("p", "added", 6, 9),
    ]


def test_comparisons_kept_without_places_can_be_read():
    kept = {"blocks": [["same", "<p>one</p>", "", "", False]], "words_changed": 0}

    assert [(piece.start, piece.inner) for piece in Comparison.from_json(kept).pieces] == [(None, "one")]


@pytest.mark.parametrize(
    ("html", "tops"),
    [
        ("<p>a</p><h2>b</h2><hr>", [True, True, True]),
        ("<ul><li>a</li><li>b</li></ul><p>c</p>", [True, False, True]),
        ("<ul><li>a<ol><li>b</li></ol></li><li>c</li></ul>", [True, False, False]),
        ("<ul><li>a</li></ul><ul><li>b</li></ul>", [True, True]),
        ("<ul><li>a</li></ul><ol><li>b</li></ol>", [True, True]),
        ("<blockquote><p>a</p><ul><li>b</li></ul><p>c</p></blockquote>", [True, False, False]),
        ("<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>", [True, False]),
        ("", []),
    ],
)
def test_a_piece_knows_whether_an_outermost_element_begins_with_it(html, tops):
    assert [piece.top for piece in unchanged(html).pieces] == tops


@given(soups, soups)
def test_pieces_can_be_cut_wherever_an_outermost_element_begins(old, new):
    pieces = compare(clean(old), clean(new)).pieces

    parts = []
    for piece in pieces:
        if piece.top:
            parts.append("")
        parts[-1] += f"{piece.opens}<{piece.tag}>{piece.inner}{piece.end_tag}{piece.closes}"

    for part in parts:
        assert join(parse(part, marks=True)) == part

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolios.anchors import context, locate

TEXT = "The desk was busy in May. The desk was quiet in June. I asked colleagues for feedback."


def test_the_only_place_is_found():
    assert locate(TEXT, "I asked colleagues", "", "") == (54, 72)


def test_context_decides_between_two_places():
    assert locate(TEXT, "The desk was", "busy in May. ", " quiet in June.") == (26, 38)
    assert locate(TEXT, "The desk was", "", " busy") == (0, 12)


@pytest.mark.parametrize(
    ("quote", "prefix", "suffix"),
    [
        ("", "", ""),
        ("not there", "", ""),
        ("The desk was", "", ""),
        ("The desk was", "elsewhere ", " closed"),
    ],
)
def test_what_is_gone_or_could_be_meant_twice_is_refused(quote, prefix, suffix):
    assert locate(TEXT, quote, prefix, suffix) is None


def test_a_short_quote_does_not_settle_on_the_same_word_elsewhere():
    prefix, suffix = context(TEXT, 13, 17)

    assert TEXT[13:17] == "busy"
    assert locate("We were never busy again.", "busy", prefix, suffix) is None


def test_a_long_quote_moves_with_its_words():
    prefix, suffix = context(TEXT, 54, 86)

    assert locate("I asked colleagues for feedback. The desk was busy.", TEXT[54:86], prefix, suffix) == (
        0,
        32,
    )


def test_context_stops_at_the_ends_of_the_text():
    assert context("abcdef", 2, 4, size=3) == ("ab", "ef")
    assert context("abcdef", 3, 4, size=1) == ("c", "e")


def test_many_identical_lines_answer_at_once():
    text = "the same line\n" * 5000

    assert locate(text, "same line", "the ", "\nthe ") is None


@given(st.text(alphabet="ab ", min_size=1, max_size=80), st.data())
def test_words_that_did_not_move_are_never_found_elsewhere(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))

    assert locate(text, text[start:end], *context(text, start, end)) in ((start, end), None)

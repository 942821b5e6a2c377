import pytest

from bench import texts
from portfolios.comparison import compare, is_long
from portfolios.comparison.alignment import Line, align
from portfolios.richtext import clean

# Where a comparison that grew with the square of the blocks would show, at a size that a test run can afford.
SIZES = {
    texts.lines_slightly_edited: 2000,
    texts.numbered_lines_slightly_edited: 2000,
    texts.lines_shuffled_and_edited: 2000,
    texts.table: 500,
    texts.single_words: 4000,
}


@pytest.mark.parametrize("extreme", texts.EXTREMES, ids=lambda extreme: extreme.__name__)
def test_long_texts_are_compared_too(extreme):
    """A comparison that grew with the square of the words would not end within the patience of a test run."""
    old, new = extreme(SIZES[extreme]) if extreme in SIZES else extreme()

    assert compare(old, new).changes > 0


def test_lines_edited_a_little_are_found_again():
    comparison = compare(*texts.numbered_lines_slightly_edited(1000))

    assert {block.kind.value for block in comparison.blocks} == {"edited"}
    assert comparison.words_changed == 2000


def test_the_one_line_more_is_the_only_change():
    assert compare(*texts.one_line_more()).changes == 1


def test_a_comparison_tells_how_far_it_is():
    told = []

    compare(*texts.lines_slightly_edited(500), progress=told.append)

    assert told == sorted(told)
    assert 20 < len(told) <= 50
    assert told[0] > 0
    assert told[-1] == 1


@pytest.mark.parametrize("new", ["", "<p>a</p>"])
def test_a_short_comparison_is_done_at_once(new):
    told = []

    compare("<p>a</p>", new, progress=told.append)

    assert told[-1:] == [1]


def test_a_comparison_of_nothing_has_nothing_to_tell():
    compare("", "", progress=pytest.fail)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("<p>a</p>", "<p>b</p>", False),
        (*texts.every_word_changed(1000), False),
        (*texts.every_word_changed(5000), False),
        (*texts.every_word_changed(20_000), True),
        (*texts.one_paragraph_every_second_word_changed(20_000), True),
        (*texts.lines_slightly_edited(5000), True),
        (*texts.single_words(20_000), True),
        (*texts.table(), True),
    ],
    ids=range(8),
)
def test_what_takes_long_is_known_before(old, new, expected):
    assert is_long(old, new) is expected
    assert is_long(new, old) is expected


def test_a_long_text_of_which_little_changed_is_compared_quickly():
    old, _ = texts.every_word_changed(20_000)

    assert not is_long(old, old)
    assert not is_long(old, old + "<p>One more.</p>")
    assert not is_long(old, old[:90_000] + "changed" + old[90_000:])


def test_texts_without_spaces_are_long_sooner():
    signs = "".join(chr(0x4E00 + number % 3000) for number in range(30_000))

    assert is_long(f"<p>{signs}</p>", f"<p>{signs[::-1]}</p>")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f"<p>{'!?' * 100_000}</p>", f"<p>{'?!' * 90_000}</p>"),
        (f"<p>{'ab ' * 200_000}</p>", f"<p>{'ac ' * 200_000}</p>"),
    ],
    ids=["one line", "too long"],
)
def test_absurd_texts_are_compared_roughly(old, new):
    """What nobody reads must not take minutes or gigabytes from those who do."""
    assert compare(clean(old), clean(new)).changes > 0


def test_absurdly_many_lines_are_aligned_roughly():
    shout, ask = Line("!", "a"), Line("?", "b")

    steps = align([shout] * 45_000, [shout] * 20_000 + [ask] * 24_999)

    assert sum(step.old is not None and step.new is not None for step in steps) == 20_000

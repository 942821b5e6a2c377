import os
import re
import tomllib
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from rapidfuzz import fuzz

from bench.texts import page, prose
from portfolios.anchors import move
from portfolios.richtext import clean, text
from tests.portfolios.edits import STORIES, Writer
from tests.portfolios.followed import Count, follow
from tests.portfolios.soup import soups

# The random pages that are followed; a thorough run takes more: ANCHOR_SEEDS=1000 python -m pytest …
SEEDS = int(os.environ.get("ANCHOR_SEEDS", "25"))
VERSIONS = 6

DESK = "The desk was busy in May, and nobody asked why."
INDUCTION = "In October I was asked to review our library induction with two colleagues."
QUEUE = "I found it difficult at first, because the queue never ended."
STORY = [
    "Nobody was careless. They were working down a list, and lists have a top.",
    "A midwifery package was red. I knew that our students read it most before they go on placement.",
    "Then I said it. There was a pause, and somebody wrote it down.",
]


def paragraphs(*words):
    return "".join(f"<p>{each}</p>" for each in words)


def moved(old, new, *quotes):
    """What becomes of words that stand once in the old text, as words of the new one."""
    words, there = text(old), text(new)
    places = [(words.index(quote), words.index(quote) + len(quote)) for quote in quotes]
    found = move(old, new, places)
    return [place and there[slice(*place)] for place in found]


def test_words_keep_their_place_in_a_text_that_did_not_change():
    html = paragraphs(DESK, INDUCTION)
    words = text(html)

    places = [(start, start + 9) for start in range(len(words) - 9)]

    assert move(html, html, [(0, len(words))]) == [(0, len(words))]
    assert [
        words[slice(*place)].strip() for place in move(html, html, places)
    ] == [words[slice(*place)].strip() for place in places]  # fmt: skip


def test_words_are_followed_when_their_paragraph_moves_and_others_come_before_it():
    old = paragraphs(DESK, INDUCTION, QUEUE)
    new = paragraphs("Something new.", QUEUE, INDUCTION, DESK)

    assert moved(old, new, DESK, "nobody asked", "difficult", INDUCTION) == [
        DESK,
        "nobody asked",
        "difficult",
        INDUCTION,
    ]


def test_words_are_followed_when_sentences_change_places():
    old = paragraphs(f"{DESK} {INDUCTION} {QUEUE}", "Another paragraph stays as it is.")
    new = paragraphs(f"{INDUCTION} {QUEUE}", f"Another paragraph stays as it is. {DESK}")

    assert moved(old, new, DESK, "busy in May", "review our library") == [DESK, "busy in May", "review our library"]


def test_words_are_followed_when_paragraphs_are_split_and_joined():
    old = paragraphs(f"{DESK} {INDUCTION}", QUEUE)
    new = paragraphs(DESK, f"{INDUCTION} {QUEUE}")

    assert moved(old, new, "nobody asked why", "two colleagues", "the queue") == [
        "nobody asked why",
        "two colleagues",
        "the queue",
    ]


def test_words_are_followed_through_new_formatting():
    old = paragraphs(DESK, INDUCTION)
    desk = "The <em>desk</em> was <strong>bu</strong>sy in May, and nobody asked why."
    new = f"<ul><li>{desk}</li></ul><h2>{INDUCTION}</h2>"

    assert moved(old, new, "desk was busy", "review our library") == ["desk was busy", "review our library"]


def test_a_quote_may_span_blocks_and_cells():
    old = f"{paragraphs(DESK, INDUCTION)}<table><tr><td>Autumn term</td><td>41 visits</td></tr></table>"

    assert moved(old, "<p>New.</p>" + old, "asked why.\nIn October", "Autumn term\t41 visits") == [
        "asked why.\nIn October",
        "Autumn term\t41 visits",
    ]


@pytest.mark.parametrize(
    ("quote", "new", "expected"),
    [
        (
            "was asked to review",
            "In October I was asked to lead the review of our induction.",
            "was asked to lead the review",
        ),
        (
            "October I was",
            "In October I offered to review our library induction with two colleagues.",
            "October I",
        ),
        (
            "review our library induction",
            "In October I was asked to review the induction with two colleagues.",
            "review the induction",
        ),
        ("review our library induction", "In October I was asked to look at the shelves with two colleagues.", None),
        ("our library", "In October I was asked to review our shelves with two colleagues.", None),
        ("two colleagues", "In October I was asked to review our library induction with six friends.", None),
    ],
)
def test_a_quote_stays_while_half_of_it_is_left(quote, new, expected):
    assert moved(paragraphs(DESK, INDUCTION), paragraphs(DESK, new), quote) == [expected]


def test_words_that_are_gone_settle_nowhere():
    old = paragraphs("I asked two colleagues for feedback.", DESK, "They were kind.")
    new = paragraphs(DESK, "The desk was busy again, and two colleagues were ill.")

    assert moved(old, new, "I asked two colleagues", "two colleagues", "They were kind.", "kind") == [None] * 4


def test_one_of_two_that_read_the_same_is_known_by_what_is_around_it():
    before, after = "Last spring I ran enquiries alone.", "Students wanted longer opening hours."
    first, second = f"{before} {DESK} I enjoyed it.", f"{after} {DESK} We counted them."
    old = paragraphs(first, QUEUE, INDUCTION, second, *STORY)
    new = paragraphs(second, *STORY, "Something else.", first, QUEUE, INDUCTION)

    places = move(old, new, [found.span() for found in re.finditer(DESK, text(old))])

    assert [text(new)[end : end + 12] for _, end in places] == [" I enjoyed i", " We counted "]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ([INDUCTION, DESK, DESK, QUEUE], [INDUCTION, DESK, QUEUE]),
        ([DESK, INDUCTION, DESK], ["Now, then.", DESK, "That was it."]),
    ],
)
def test_nobody_guesses_which_of_two_is_gone(old, new):
    places = [found.span() for found in re.finditer(DESK, text(paragraphs(*old)))]

    assert move(paragraphs(*old), paragraphs(*new), places) == [None, None]


def test_a_copy_leaves_the_comment_where_it_was():
    old, new = paragraphs(DESK, INDUCTION, QUEUE), paragraphs(DESK, INDUCTION, QUEUE, DESK)

    assert move(old, new, [(4, 12)]) == [(4, 12)]


def test_identical_lines_keep_their_comments():
    old = paragraphs(*["the same line"] * 50)
    new = paragraphs(*["the same line"] * 50, "and one more")

    assert move(old, new, [(14 * 20, 14 * 20 + 13)]) == [(14 * 20, 14 * 20 + 13)]


def test_a_place_may_begin_and_end_within_a_word():
    assert moved(paragraphs(DESK), paragraphs(f"So. {DESK}"), "esk was bus", "desk", "es") == [
        "esk was bus",
        "desk",
        "es",
    ]


@pytest.mark.parametrize("place", [(0, 0), (5, 3), (-4, 6), (900, 905), (3, 4)])
def test_a_place_without_words_is_none(place):
    assert move(paragraphs(DESK), paragraphs(DESK), [place]) == [None]


def test_a_text_of_few_words_can_be_quoted():
    assert move("<p>Well done.</p>", "<p>Well done.</p>", [(0, 10), (5, 9)]) == [(0, 10), (5, 9)]
    assert move("<p>Well done.</p>", "", [(0, 10)]) == [None]
    assert move("", "<p>a</p>", [(0, 1)]) == [None]
    assert move("<p>a</p>", "<p>b</p>", []) == []


def test_a_quote_is_let_go_when_its_own_words_were_replaced_bit_by_bit():
    first = "I was asked to review our library induction with two colleagues in the autumn."
    second = "I was asked to review our library induction for several departments in the autumn."
    third = "I was asked to describe that other induction for several departments in the autumn."
    quote = "review our library induction with two colleagues"
    start = first.index(quote)

    (place,) = move(paragraphs(first), paragraphs(second), [(start, start + len(quote))], [quote])
    followed = move(paragraphs(second), paragraphs(third), [place])
    held = move(paragraphs(second), paragraphs(third), [place], [quote])

    assert second[slice(*place)] == "review our library induction for several departments"
    assert [third[slice(*place)] for place in followed] == ["describe that other induction for several departments"]
    assert held == [None]


@given(soups, soups)
def test_any_places_in_any_texts_have_an_answer(old, new):
    words, there = text(old), text(new)

    for place in move(old, new, [(at, at + size) for at in range(len(words)) for size in (1, 4)]):
        assert place is None or 0 <= place[0] < place[1] <= len(there)


def test_comments_stay_with_their_words_through_random_edits():
    """A writer edits a page five times, up to 16 changes at a time, and knows what became of each word."""
    count = Count()
    for seed in range(SEEDS):
        writer = Writer(seed)
        count += follow([writer.write(), *(writer.edit() for _ in range(VERSIONS - 1))], Random(seed))

    assert count.foreign == [], count
    assert count.twins * 1000 <= count.stayed, count
    assert count.share >= 0.95, count


def test_comments_stay_with_their_words_through_the_stories_of_the_demo():
    """Every sentence of every version is quoted, and followed to the last one."""
    stayed, lost, wrong = 0, [], []
    for versions in _stories():
        for number in range(len(versions) - 1):
            quotes = _sentences(text(versions[number]))
            places = [quote.span() for quote in quotes]
            for old, new in pairwise(versions[number:]):
                words = [quote[0] for quote in quotes]
                quotes_and_places = zip(quotes, move(old, new, places, words), strict=True)
                left = [(quote, place) for quote, place in quotes_and_places if place or _is_there(quote[0], text(new))]
                stayed += sum(place is not None for _, place in left)
                lost += [quote[0] for quote, place in left if not place]
                wrong += [
                    quote[0] for quote, place in left if place and not _is_like(quote[0], text(new)[slice(*place)])
                ]
                quotes, places = zip(*[(quote, place) for quote, place in left if place], strict=True)

    share = stayed / (stayed + len(lost))
    assert share >= 0.95, f"{share:.2%} of {stayed + len(lost)} stayed; lost: {lost}"
    assert wrong == [], f"{share:.2%} of {stayed + len(lost)} stayed"


def test_long_texts_keep_their_comments():
    """Following that grew with the square of the words, or with the comments, would not end in a test's patience."""
    words = prose(20_000, 1)
    old, halves = page(words, 20_000), page(words[9000:] + words[:9000], 100)
    places = [(at, at + 40) for at in range(0, 100_000, 500)]

    assert move(old, page([word + "x" for word in words], 100), places) == [None] * 200
    assert sum(place is not None for place in move(old, halves, places)) > 190


def test_absurdly_long_texts_keep_none():
    html = f"<p>{'ab ' * 200_000}</p>"

    assert move(html, html, [(0, 5)]) == [None]


def _stories():
    for file in sorted(STORIES.glob("*/portfolio.toml")):
        for story in tomllib.loads(file.read_text())["pages"]:
            yield [clean((file.parent / version["file"]).read_text()) for version in story.get("versions", [])]


def _sentences(words):
    return list(re.finditer(r"\S[^\n]*?(?:[.?!]”?(?=\s|$)|$)", words, re.MULTILINE))


def _is_there(quote, words):
    """Whether a reader would find the sentence again, though with other words in it; told without our own code."""
    return fuzz.partial_ratio(quote, words) >= 75


def _is_like(quote, words):
    return fuzz.token_set_ratio(quote, words) >= 60

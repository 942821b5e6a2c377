"""What a mentee answered on scales becomes lines over time, and how often two met becomes words."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from meetings.actions import keep_questions, save_note
from meetings.growth import measures_of, together_of
from meetings.planning import Given
from meetings.starters import CONFIDENCE, more_questions, starters
from mentoring import plots
from tests.factories import PairingFactory
from tests.meetings import notes
from tests.meetings.making import make_meeting
from tests.meetings.planning import share

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def met(pairing, *moment, before=None, after=None, asked=CONFIDENCE):
    """A meeting that was held, with what the plan and the note said."""
    meeting = make_meeting(pairing, starts_at=datetime(*moment, 12, tzinfo=UTC))
    if before:
        share(meeting, answers={asked: Given(scale=before)}, at=meeting.starts_at - timedelta(days=3))
    meeting.state = "held"
    meeting.save()
    if after:
        words = notes.words(confidence=after)
        save_note(meeting, by=pairing.mentor, words=words, expected_number=0, at=meeting.starts_at)
    return meeting


def readings(measure):
    return [(each.meeting, each.before, each.after) for each in measure.readings]


def test_answers_before_and_after_meetings_are_one_measure(pair):
    first = met(pair.pairing, 2026, 1, 10, before=2)
    second = met(pair.pairing, 2026, 3, 10, after=3)
    third = met(pair.pairing, 2026, 11, 5, before=3, after=4)
    met(PairingFactory(programme=pair.pairing.programme), 2026, 2, 1, before=1)

    [measure] = measures_of(pair.pairing)

    assert readings(measure) == [(first, 2, None), (second, None, 3), (third, 3, 4)]
    assert (measure.top, measure.question.key) == (5, CONFIDENCE)
    assert measure.words == "From 2 in January to 4 in November."


def test_a_question_stays_the_same_however_it_is_worded_and_on_another_scale_it_is_another(pair):
    first = met(pair.pairing, 2026, 1, 10, before=2)
    asked = starters()
    asked[4].text = "How sure are you of yourself?"
    keep_questions(pair.pairing, by=pair.mentor, questions=asked, expected_number=0)
    second = met(pair.pairing, 2026, 2, 10, before=4)
    asked = starters()
    asked[4].kind = "scale10"
    keep_questions(pair.pairing, by=pair.mentor, questions=asked, expected_number=1)
    third = met(pair.pairing, 2026, 3, 10, before=9, asked=asked[4].key)

    of_five, of_ten = measures_of(pair.pairing)

    assert (of_five.question.text, of_five.top) == ("How sure are you of yourself?", 5)
    assert readings(of_five) == [(first, 2, None), (second, 4, None)]
    assert (of_ten.top, readings(of_ten)) == (10, [(third, 9, None)])


def test_only_the_revision_that_holds_counts(pair):
    meeting = make_meeting(pair.pairing)
    for scale in (2, 5):
        share(meeting, answers={CONFIDENCE: Given(scale=scale)})

    [measure] = measures_of(pair.pairing)

    assert readings(measure) == [(meeting, 5, None)]
    assert measure.readings[0].at == NOW


def test_other_scales_have_lines_of_their_own(pair):
    partnership = more_questions()[5]
    keep_questions(pair.pairing, by=pair.mentor, questions=[*starters(), partnership], expected_number=0)
    meeting = make_meeting(pair.pairing)
    share(meeting, answers={CONFIDENCE: Given(scale=3), partnership.key: Given(scale=8)})

    found = [(each.question.key, each.top, readings(each)) for each in measures_of(pair.pairing)]

    assert found == [(CONFIDENCE, 5, [(meeting, 3, None)]), (partnership.key, 10, [(meeting, 8, None)])]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([((2026, 1, 10), 2, None)], "2 on 10 January. The next answer makes it a line."),
        ([((2026, 1, 10), 2, 3)], "2 before your meeting on 10 January, 3 after it."),
        ([((2026, 3, 2), 2, None), ((2026, 3, 30), 3, None)], "From 2 on 2 March to 3 on 30 March."),
        ([((2025, 11, 2), 2, None), ((2026, 3, 30), 3, 4)], "From 2 in November 2025 to 4 in March 2026."),
        ([((2026, 1, 2), 3, None), ((2026, 3, 30), 3, None)], "3 in January, and 3 again in March."),
    ],
)
def test_a_measure_in_words(pair, given, words):
    for moment, before, after in given:
        met(pair.pairing, *moment, before=before, after=after)

    [measure] = measures_of(pair.pairing)

    assert measure.words == words


@pytest.mark.parametrize(
    ("days", "agreed", "words"),
    [
        ([], None, (0, "", "")),
        ([], 6, (0, "", "You agreed to meet every 6 weeks or so.")),
        ([0], None, (1, "1 hour", "")),
        ([0, 42, 84], None, (3, "3 hours", "You meet every 6 weeks or so.")),
        ([0, 42, 84], 6, (3, "3 hours", "You agreed to meet every 6 weeks or so, and that is what you do.")),
        ([0, 7], 6, (2, "2 hours", "You agreed to meet every 6 weeks or so. On average you did so every week.")),
        (
            [0, 63],
            6,
            (
                2,
                "2 hours",
                "You agreed to meet every 6 weeks or so. On average you did so every 9 weeks, pauses included.",
            ),
        ),
    ],
)
def test_how_often_two_met_in_words(pair, days, agreed, words):
    pair.pairing.rhythm_weeks = agreed
    for day in days:
        make_meeting(pair.pairing, starts_at=datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=day), state="held")

    found = together_of(pair.pairing)

    assert (found.meetings, found.hours, found.rhythm) == words


def test_lines_are_drawn_to_one_scale():
    drawn = plots.lines([[(0, 1), (10, 5)], [(5, 3)]], 5)

    assert drawn.paths == ["32,134 348,14", "190,74"]
    assert drawn.steps == [(1, 134), (2, 104), (3, 74), (4, 44), (5, 14)]
    assert [value for value, _y in plots.lines([[]], 10).steps] == [1, 4, 7, 10]


def test_the_page_draws_a_line_for_the_two_alone(pair, signed_in, django_assert_num_queries):
    met(pair.pairing, 2026, 1, 10, before=2)
    met(pair.pairing, 2026, 11, 5, before=3, after=4)
    url = f"/pairings/{pair.pairing.slug}/confidence/"

    for person in (pair.mentee, pair.mentor):
        browser = signed_in(person)
        browser.get(url)
        with django_assert_num_queries(8):
            page = browser.get(url).content.decode()
        assert "From 2 in January to 4 in November." in page
        assert page.count("<polyline") == 2
    assert signed_in(PairingFactory().mentor).get(url).status_code == 404


def test_one_answer_is_words_and_no_line(pair, signed_in):
    met(pair.pairing, 2026, 1, 10, before=2)

    page = signed_in(pair.mentee).get(f"/pairings/{pair.pairing.slug}/confidence/").content.decode()

    assert "2 on 10 January. The next answer makes it a line." in page
    assert "<polyline" not in page

"""Everything that two did, for each of the two as far as they may know of it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from meetings.actions import (
    agree_note,
    call_off,
    did_not_happen,
    finish_action,
    hold_meetings,
    move_meeting,
    record_meeting,
    save_note,
    share_plan,
)
from meetings.models import Action
from meetings.planning import Given
from meetings.starters import TALK
from mentoring import timeline
from mentoring.happenings import in_words
from mentoring.timeline import MOST
from pairings.actions import move_pairing, send_kind_note, send_message
from pairings.models import Pairing
from portfolios import actions
from tests.factories import PairingFactory, PersonFactory, make_page, share

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
BEGAN = datetime(2026, 9, 10, 10, 0, tzinfo=UTC)


def day(month, number, hour=12):
    return datetime(2026, month, number, hour, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def two(pair):
    """Amina and Ruth, a pairing since 10 September; the page of the fixture was shared today."""
    Pairing.objects.filter(pk=pair.pairing.pk).update(created_at=BEGAN, reads_from=BEGAN, last_activity_at=NOW)
    pair.pairing.refresh_from_db()
    return pair


def told(pairing, viewer, stretch=None):
    """The timeline as (day, text, quote)."""
    pairing = Pairing.objects.with_people().get(pk=pairing.pk)
    stretch = stretch or timeline.newest(pairing, viewer)
    months = in_words(stretch.happenings, pairing, viewer, lambda happening: False)
    return [(f"{line.day:%-d %b}", line.text, line.quote) for month in months for line in month.lines]


def of_month(pairing, viewer, month, until=None):
    return timeline.of_month(pairing, viewer, datetime(2026, month, 1, tzinfo=UTC), until)


def test_what_they_shared_said_wrote_and_did_stands_there_the_newest_first(two):
    asked = actions.add_comment(two.page, by=two.mentor, kind="question", body="Who did you ask?", at=day(11, 24))
    actions.add_comment(two.page, by=two.mentee, reply_to=asked, body="Six colleagues.", at=day(11, 25))
    share(two.page, "<p>In April I asked to sit in.</p>", at=day(11, 26))
    send_message(two.pairing, by=two.mentee, body="Good luck with the interview.", at=day(11, 27))
    with time_machine.travel(day(11, 30), tick=False):
        record_meeting(two.pairing, by=two.mentor, starts_at=day(11, 28), minutes=45, how="phone")

        assert told(two.pairing, two.mentor) == [
            ("28 Nov", "Meeting, 45 min", ""),
            ("27 Nov", "Amina wrote", "Good luck with the interview."),
            ("26 Nov", "Amina shared “Usage review”, 1 change", ""),
            ("25 Nov", "Amina replied to your comment", "Six colleagues."),
            ("24 Nov", "You asked a question on “Usage review”", "Who did you ask?"),
            ("23 Nov", "Amina shared “Usage review”", ""),
        ]
        assert [text for _day, text, _quote in told(two.pairing, two.mentee)] == [
            "Meeting, 45 min",
            "You wrote",
            "You shared “Usage review”, 1 change",
            "You replied on “Usage review”",
            "Ruth asked a question on “Usage review”",
            "You shared “Usage review”",
        ]


def words_of_note(two):
    line = {"person": two.mentee.pk, "what": "Draft page 2", "by": None, "likely": 7}
    texts = {"goal": "Choose two projects.", "reality": "Five.", "lines": "", "will": ""}
    return {"form": "grow", "options": [], "will_do": [line], "confidence": None} | texts


def test_a_meeting_from_the_day_it_was_booked_until_what_came_of_it(two):
    at = {"starts_at": day(10, 20, 17), "minutes": 60}
    meeting = record_meeting(two.pairing, by=two.mentee, how="video", at=day(10, 1), **at)
    at["starts_at"] = day(10, 22, 17)
    move_meeting(meeting, by=two.mentor, expected_sequence=meeting.sequence, at=day(10, 2), **at)
    for number, words in enumerate(("Which two projects?", "Which two, and why?")):
        answers = {TALK: Given(words=words)}
        share_plan(meeting, by=two.mentee, answers=answers, expected_number=number, at=day(10, 15))
    hold_meetings(day(10, 23))
    save_note(meeting, by=two.mentor, words=words_of_note(two), expected_number=0, at=day(10, 24))
    agree_note(meeting, by=two.mentee, number=1, at=day(10, 25))
    finish_action(Action.objects.get(), by=two.mentee, at=day(10, 26))

    for_mentor = told(two.pairing, two.mentor, of_month(two.pairing, two.mentor, 10))
    for_mentee = told(two.pairing, two.mentee, of_month(two.pairing, two.mentee, 10))

    assert for_mentor == [
        ("26 Oct", "Amina did “Draft page 2”", ""),
        ("25 Oct", "Amina agreed the note of 22 October", ""),
        ("24 Oct", "You sent the note of 22 October", ""),
        ("22 Oct", "Meeting, 60 min", "Goal: Choose two projects."),
        ("15 Oct", "Amina shared a plan for 22 October", ""),
        ("2 Oct", "You moved the meeting, now on 22 October", ""),
        ("1 Oct", "Amina booked a meeting for 22 October", ""),
    ]
    assert next(text for _day, text, _quote in for_mentee) == "You did “Draft page 2”"


def test_what_was_called_off_and_what_never_was(two):
    later = record_meeting(two.pairing, by=two.mentee, starts_at=day(12, 1), minutes=60, how="video", at=day(11, 1))
    call_off(later, by=two.mentor, at=day(11, 2))
    never = record_meeting(two.pairing, by=two.mentee, starts_at=day(11, 5), minutes=60, how="video", at=day(11, 6))
    did_not_happen(never, by=two.mentee, at=day(11, 7))

    assert told(two.pairing, two.mentee)[1:] == [
        ("7 Nov", "You didn’t meet on 5 November after all", ""),
        ("2 Nov", "Ruth called off the meeting of 1 December", ""),
        ("1 Nov", "You booked a meeting for 1 December", ""),
    ]


def test_much_of_one_day_is_a_line(two):
    other = make_page(two.portfolio, title="My first conference", body="<p>I went.</p>", at=day(11, 24))
    share(other, "<p>I went there.</p>", at=day(11, 24, 13))
    for page in (two.page, other):
        actions.add_comment(page, by=two.mentor, body="I see.", at=day(11, 25))
    for author in (two.mentee, two.mentor, two.mentee):
        send_message(two.pairing, by=author, body="Hello.", at=day(11, 26))

    with time_machine.travel(day(11, 30), tick=False):
        assert told(two.pairing, two.mentee)[:3] == [
            ("26 Nov", "You and Ruth wrote 3 messages", ""),
            ("25 Nov", "Ruth commented on 2 pages", ""),
            ("24 Nov", "You shared “My first conference”, 2 versions", ""),
        ]


def test_it_goes_by_months_and_leaves_out_empty_ones(two):
    send_message(two.pairing, by=two.mentee, body="In September.", at=day(9, 20))

    newest = timeline.newest(two.pairing, two.mentor)
    month = timeline.month_with_something(two.pairing, two.mentor, newest.since)
    september = of_month(two.pairing, two.mentor, month.month)

    assert newest.has_older
    assert (month.year, month.month) == (2026, 9)
    assert told(two.pairing, two.mentor, newest) == [("23 Nov", "Amina shared “Usage review”", "")]
    assert told(two.pairing, two.mentor, september) == [
        ("20 Sep", "Amina wrote", "In September."),
        ("10 Sep", "You became a pairing", ""),
    ]
    assert not september.has_older


def test_a_month_of_very_much_is_cut_and_goes_on_where_it_was_cut(two):
    for number in range(MOST + 5):
        send_message(two.pairing, by=two.mentee, body=str(number), at=day(10, 1) + timedelta(minutes=number))

    first = of_month(two.pairing, two.mentor, 10)
    second = of_month(two.pairing, two.mentor, 10, until=first.rest)

    assert [len(first.happenings), len(second.happenings)] == [MOST, 5]
    assert {each.which for each in first.happenings} & {each.which for each in second.happenings} == set()
    assert [first.has_older, second.has_older, second.rest] == [True, True, None]


def test_a_former_mentor_sees_nothing_newer_than_the_end(two):
    with time_machine.travel(day(11, 24), tick=False):
        move_pairing(two.pairing, "ended", by=two.mentee)
    share(two.page, "<p>In secret.</p>", title="Another title", at=day(11, 25))
    actions.add_comment(two.page, by=two.mentee, body="To myself.", at=day(11, 25))
    two.pairing.refresh_from_db()

    for viewer in (two.mentee, two.mentor):
        with time_machine.travel(day(11, 30), tick=False):
            assert next(text for _day, text, _quote in told(two.pairing, viewer)) == "Your time together ended"
            assert "Another title" not in str(told(two.pairing, viewer))


def test_a_new_mentor_sees_nothing_from_before_their_window(two):
    Pairing.objects.filter(pk=two.pairing.pk).update(reads_from=day(11, 25))
    two.pairing.refresh_from_db()
    share(two.page, "<p>In April.</p>", at=day(11, 24))
    share(two.page, "<p>In May.</p>", at=day(11, 26))

    with time_machine.travel(day(11, 30), tick=False):
        assert [day for day, _text, _quote in told(two.pairing, two.mentor)] == ["26 Nov"]
        assert [day for day, _text, _quote in told(two.pairing, two.mentee)] == ["26 Nov", "24 Nov", "23 Nov"]


def test_what_was_put_away_is_left_out_for_the_mentor(two):
    actions.add_comment(two.page, by=two.mentor, body="I see.", at=day(11, 23))
    actions.put_away(two.page, by=two.mentee)

    assert told(two.pairing, two.mentor) == []
    assert len(told(two.pairing, two.mentee)) == 2


def test_another_pairing_of_the_same_mentee_is_another_timeline(two):
    move_pairing(two.pairing, "ended", by=two.mentee, at=NOW)
    after = PairingFactory(programme=two.pairing.programme, mentee=two.mentee, reads_from=None, created_at=day(11, 24))
    send_message(after, by=after.mentor, body="Hello.", at=day(11, 25))

    with time_machine.travel(day(11, 30), tick=False):
        assert [text for _day, text, _quote in told(after, two.mentee)] == ["Person wrote", "You became a pairing"]
        assert "wrote" not in str(told(two.pairing, two.mentee))


def test_a_note_of_the_programme_team_stands_there_in_full(two):
    team = PersonFactory(name="Marguerite Fell")
    send_kind_note(two.pairing, by=team, words="How are you two?", at=NOW)

    expected = ("23 Nov", "Marguerite Fell, of your programme team, wrote to you both", "How are you two?")
    assert expected in told(two.pairing, two.mentee)
    assert expected in told(two.pairing, two.mentor)

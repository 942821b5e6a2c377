"""The note of a meeting: one writes, the other agrees or returns it, and what they will do becomes their actions."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from meetings.actions import (
    JotterChanged,
    NoteChanged,
    age_notes,
    agree_note,
    finish_action,
    keep_private_note,
    move_action,
    reopen_action,
    save_note,
)
from meetings.models import Action, NoteVersion, PrivateNote, SessionNote
from pairings.actions import end_pairing, pause_pairing, resume_pairing
from pairings.models import MoveRefused
from tests.factories import PersonFactory
from tests.meetings.making import make_meeting
from tests.meetings.notes import line, words

NOON = "2026-11-23 12:00+00:00"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def meeting(pair):
    return make_meeting(pair.pairing, starts_at=timezone.now() - timedelta(minutes=30))


def state(meeting):
    note = SessionNote.objects.get(meeting=meeting)
    names = [person and person.first_name for person in (note.waits_for, note.agreed_by)]
    return *names, note.agreed_at


def actions():
    return [
        (action.person.first_name, action.words, action.due, action.likely, action.state)
        for action in Action.objects.order_by("pk")
    ]


def keyed(version):
    """The lines of a version, to send again."""
    return [dict(each) for each in version.will_do]


def test_one_writes_and_the_other_agrees(pair, meeting):
    first = save_note(meeting, by=pair.mentor, words=words(), expected_number=0)

    assert (first.number, first.by, first.goal) == (1, pair.mentor, "Choose two projects.")
    assert state(meeting) == ("Amina", None, None)

    agree_note(meeting, by=pair.mentee, number=1)

    assert state(meeting) == (None, "Amina", timezone.now())


def test_the_other_edits_and_returns_it_and_every_version_is_kept(pair, meeting):
    save_note(meeting, by=pair.mentor, words=words(), expected_number=0)
    save_note(meeting, by=pair.mentee, words=words(goal="Choose one."), expected_number=1)

    assert state(meeting) == ("Ruth", None, None)
    assert list(NoteVersion.objects.values_list("number", "by", "goal")) == [
        (1, pair.mentor.pk, "Choose two projects."),
        (2, pair.mentee.pk, "Choose one."),
    ]


def test_a_change_of_what_was_agreed_waits_for_the_other_again(pair, meeting):
    save_note(meeting, by=pair.mentor, words=words(), expected_number=0)
    agree_note(meeting, by=pair.mentee, number=1)

    save_note(meeting, by=pair.mentee, words=words(goal="Choose one."), expected_number=1)

    assert state(meeting) == ("Ruth", None, None)


def test_the_same_words_are_no_version_and_agree_when_they_come_from_the_other(pair, meeting):
    save_note(meeting, by=pair.mentor, words=words(), expected_number=0)
    save_note(meeting, by=pair.mentor, words=words(), expected_number=1)

    assert state(meeting) == ("Amina", None, None)

    save_note(meeting, by=pair.mentee, words=words(), expected_number=1)

    assert state(meeting) == (None, "Amina", timezone.now())
    assert NoteVersion.objects.count() == 1


def test_nobody_overwrites_or_agrees_to_what_they_did_not_see(pair, meeting):
    latest = save_note(meeting, by=pair.mentor, words=words(), expected_number=0)

    with pytest.raises(NoteChanged) as saving:
        save_note(meeting, by=pair.mentee, words=words(goal="Mine"), expected_number=0)
    save_note(meeting, by=pair.mentor, words=words(goal="Other"), expected_number=1)
    with pytest.raises(NoteChanged) as agreeing:
        agree_note(meeting, by=pair.mentee, number=1)

    assert (saving.value.latest, agreeing.value.latest.number) == (latest, 2)
    assert state(meeting) == ("Amina", None, None)


def test_its_writer_cannot_agree_for_the_other(pair, meeting):
    save_note(meeting, by=pair.mentor, words=words(), expected_number=0)

    with pytest.raises(MoveRefused, match="for Amina to agree"):
        agree_note(meeting, by=pair.mentor, number=1)


def test_will_lines_become_actions(pair, meeting):
    lines = [line(pair.mentee, "Draft the page", "2026-12-01", 8), line(pair.mentor, "Send the link")]

    version = save_note(meeting, by=pair.mentor, words=words(will_do=lines), expected_number=0)

    assert actions() == [
        ("Amina", "Draft the page", date(2026, 12, 1), 8, "open"),
        ("Ruth", "Send the link", None, None, "open"),
    ]
    assert [each["key"] for each in version.will_do] == [str(a.key) for a in Action.objects.order_by("pk")]


def test_a_later_version_changes_adds_and_drops(pair, meeting):
    lines = [line(pair.mentee, "Draft the page"), line(pair.mentor, "Send the link"), line(pair.mentee, "Read")]
    first = save_note(meeting, by=pair.mentor, words=words(will_do=lines), expected_number=0)
    finish_action(Action.objects.get(words="Read"), by=pair.mentee)
    kept = keyed(first)[0] | {"what": "Draft two pages", "by": "2026-12-01", "person": pair.mentor.pk}

    save_note(meeting, by=pair.mentee, words=words(will_do=[kept, line(pair.mentee, "Ask around")]), expected_number=1)

    assert actions() == [
        ("Ruth", "Draft two pages", date(2026, 12, 1), None, "open"),
        ("Ruth", "Send the link", None, None, "dropped"),
        ("Amina", "Read", None, None, "done"),
        ("Amina", "Ask around", None, None, "open"),
    ]
    assert [each.what for each in Action.objects.get(words="Draft two pages").changes.all()] == ["moved"]


def test_what_became_of_an_action_since_stays_so_when_its_line_is_sent_again(pair, meeting):
    first = save_note(
        meeting, by=pair.mentor, words=words(will_do=[line(pair.mentee, "Draft", "2026-12-01")]), expected_number=0
    )
    move_action(Action.objects.get(), by=pair.mentee, due=date(2026, 12, 9))

    save_note(meeting, by=pair.mentor, words=words(goal="New", will_do=keyed(first)), expected_number=1)

    assert actions() == [("Amina", "Draft", date(2026, 12, 9), None, "open")]


def test_a_line_that_comes_back_is_open_again(pair, meeting):
    first = save_note(meeting, by=pair.mentor, words=words(will_do=[line(pair.mentee, "Draft")]), expected_number=0)
    save_note(meeting, by=pair.mentee, words=words(), expected_number=1)
    assert actions() == [("Amina", "Draft", None, None, "dropped")]

    save_note(meeting, by=pair.mentor, words=words(will_do=keyed(first)), expected_number=2)

    assert actions() == [("Amina", "Draft", None, None, "open")]


def test_a_line_never_takes_over_an_action_of_another_note(pair, meeting):
    other = make_meeting(pair.pairing, starts_at=timezone.now() - 2 * DAY, state="held")
    save_note(other, by=pair.mentor, words=words(will_do=[line(pair.mentee, "Theirs")]), expected_number=0)
    key = str(Action.objects.get().key)
    twice = [line(pair.mentor, "Mine", key=key), line(pair.mentor, "Mine, too", key=key)]

    save_note(meeting, by=pair.mentor, words=words(will_do=twice), expected_number=0)

    assert [words for _who, words, *_rest in actions()] == ["Theirs", "Mine", "Mine, too"]
    assert Action.objects.values("key").distinct().count() == 3


def test_after_fourteen_days_it_counts_as_agreed(pair, meeting):
    save_note(meeting, by=pair.mentor, words=words(), expected_number=0)
    with time_machine.travel(timezone.now() + 3 * DAY, tick=False):
        save_note(meeting, by=pair.mentee, words=words(goal="Later"), expected_number=1)
    came = [age_notes(timezone.now() + days * DAY) for days in (14, 16, 17, 18)]

    assert came == [0, 0, 1, 0]
    assert state(meeting) == (None, None, timezone.now() + 17 * DAY)


def test_nothing_ages_while_they_pause_or_after_the_end(pair, meeting):
    save_note(meeting, by=pair.mentor, words=words(), expected_number=0)
    pause_pairing(pair.pairing, by=pair.mentee, until=date(2026, 12, 20))

    assert age_notes(timezone.now() + 15 * DAY) == 0

    resume_pairing(pair.pairing, by=pair.mentee)
    end_pairing(pair.pairing, by=pair.mentee, why="time")

    assert age_notes(timezone.now() + 15 * DAY) == 0
    assert state(meeting) == ("Amina", None, None)


def test_there_is_nothing_to_write_down_before_they_began_or_once_it_was_called_off(pair):
    later = make_meeting(pair.pairing, starts_at=timezone.now() + timedelta(minutes=1))
    never = make_meeting(pair.pairing, starts_at=timezone.now() - 5 * DAY, state="called_off")

    for meeting in (later, never):
        with pytest.raises(MoveRefused, match="nothing to write down yet"):
            save_note(meeting, by=pair.mentor, words=words(), expected_number=0)


def test_after_the_end_it_is_read_and_not_changed(pair, meeting):
    save_note(meeting, by=pair.mentor, words=words(), expected_number=0)
    end_pairing(pair.pairing, by=pair.mentee, why="time")

    for act in (
        lambda: save_note(meeting, by=pair.mentee, words=words(goal="New"), expected_number=1),
        lambda: agree_note(meeting, by=pair.mentee, number=1),
        lambda: keep_private_note(meeting, by=pair.mentee, words="Mine"),
    ):
        with pytest.raises(MoveRefused, match="has ended"):
            act()

    assert NoteVersion.objects.visible_to(pair.mentor).count() == 1


def test_nobody_else_writes_or_agrees(pair, meeting):
    stranger = PersonFactory(is_staff=True, is_superuser=True)
    save_note(meeting, by=pair.mentor, words=words(), expected_number=0)

    for act in (
        lambda: save_note(meeting, by=stranger, words=words(goal="New"), expected_number=1),
        lambda: agree_note(meeting, by=stranger, number=1),
        lambda: keep_private_note(meeting, by=stranger, words="Mine"),
    ):
        with pytest.raises(MoveRefused, match="Only the two"):
            act()

    for found in (SessionNote, NoteVersion, PrivateNote):
        assert not found.objects.visible_to(stranger).exists()


def test_each_keeps_a_jotter_that_only_they_see(pair, meeting):
    mine = keep_private_note(meeting, by=pair.mentee, words="She looked tired.")
    keep_private_note(meeting, by=pair.mentor, words="Ask about the move.")

    assert list(PrivateNote.objects.visible_to(pair.mentee)) == [mine]
    assert mine.words == "She looked tired."


def test_a_jotter_is_put_in_other_words_or_emptied_but_not_over_another_window(pair, meeting):
    keep_private_note(meeting, by=pair.mentee, words="One", based_on="")
    with pytest.raises(JotterChanged) as changed:
        keep_private_note(meeting, by=pair.mentee, words="Other", based_on="")
    keep_private_note(meeting, by=pair.mentee, words="Two", based_on="One")

    assert changed.value.latest == "One"
    assert PrivateNote.objects.get().words == "Two"

    keep_private_note(meeting, by=pair.mentee, words="", based_on="Two")

    assert not PrivateNote.objects.exists()


def test_an_action_that_was_done_and_taken_up_again_stays_with_its_line(pair, meeting):
    first = save_note(meeting, by=pair.mentor, words=words(will_do=[line(pair.mentee, "Draft")]), expected_number=0)
    finish_action(Action.objects.get(), by=pair.mentee)
    reopen_action(Action.objects.get(), by=pair.mentee)

    save_note(meeting, by=pair.mentor, words=words(goal="New", will_do=keyed(first)), expected_number=1)

    assert [action.note.meeting for action in Action.objects.all()] == [meeting]

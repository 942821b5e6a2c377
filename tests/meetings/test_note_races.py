"""Two people and two clicks at the same moment: one effect, no error, nothing overwritten."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from meetings.actions import add_action, age_notes, agree_note, drop_action, finish_action, keep_private_note, save_note
from meetings.models import Action, ActionChange, NoteVersion, PrivateNote, SessionNote
from notifications.models import Notification
from pairings.actions import end_pairing
from tests.at_once import all_at_once
from tests.meetings.making import make_meeting
from tests.meetings.notes import line, posted, words

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def meeting(pair):
    return make_meeting(pair.pairing, starts_at=timezone.now() - timedelta(hours=1))


def test_of_two_who_save_from_the_same_version_one_is_asked(pair, meeting):
    for number in range(3):
        came = all_at_once(
            [
                lambda by=by, number=number: save_note(
                    meeting, by=by, words=words(goal=f"{by.name} {number}"), expected_number=number
                )
                for by in (pair.mentee, pair.mentor)
            ]
        )
        assert came == {"NoteChanged": 1, "done": 1}

    assert list(NoteVersion.objects.values_list("number", flat=True)) == [1, 2, 3]


def test_nobody_agrees_to_what_changes_at_that_moment(pair, meeting):
    save_note(meeting, by=pair.mentor, words=words(), expected_number=0)

    came = all_at_once(
        [
            lambda: agree_note(meeting, by=pair.mentee, number=1),
            lambda: save_note(meeting, by=pair.mentor, words=words(goal="Other"), expected_number=1),
        ]
    )

    note = SessionNote.objects.get()
    assert came in ({"done": 2}, {"NoteChanged": 1, "done": 1})
    assert (note.versions.count(), note.waits_for, note.agreed_at) == (2, pair.mentee, None)


def test_one_form_sent_ten_times_at_once_is_one_version_one_action_and_one_word_to_the_other(pair, meeting):
    url = f"/pairings/{pair.pairing.slug}/meetings/{meeting.slug}/note/"
    fields = posted(goal="Once.", will_1_what="Draft", will_1_person=str(pair.mentee.pk)) | {"once": str(uuid4())}
    places = []

    def click():
        browser = Client()
        browser.force_login(pair.mentor, backend="accounts.backends.EmailBackend")
        return lambda: places.append(browser.post(url, fields)["Location"])

    came = all_at_once([click() for _click in range(10)])

    assert (came, places) == ({"done": 10}, [url] * 10)
    assert (NoteVersion.objects.count(), Action.objects.count()) == (1, 1)
    assert Notification.objects.filter(event__kind="meetings.note").count() == 1


def test_it_ages_or_is_agreed_or_changes_but_once(pair, meeting):
    save_note(meeting, by=pair.mentor, words=words(), expected_number=0, at=timezone.now())
    later = timezone.now() + timedelta(days=15)

    came = all_at_once(
        [
            lambda: age_notes(later),
            lambda: age_notes(later),
            lambda: agree_note(meeting, by=pair.mentee, number=1, at=later),
        ]
    )

    assert came == {"done": 3}
    assert SessionNote.objects.get().agreed_at == later


def test_ten_ticks_at_once_are_one_change(pair):
    action = add_action(pair.pairing, by=pair.mentee, person=pair.mentee, words="Draft")

    came = all_at_once([lambda by=by: finish_action(action, by=by) for by in (pair.mentee, pair.mentor)] * 5)

    assert came == {"done": 10}
    assert ActionChange.objects.count() == 1


def test_a_tick_while_the_note_takes_the_line_out_is_one_or_the_other(pair, meeting):
    save_note(meeting, by=pair.mentor, words=words(will_do=[line(pair.mentee, "Draft")]), expected_number=0)
    action = Action.objects.get()

    came = all_at_once(
        [
            lambda: save_note(meeting, by=pair.mentor, words=words(), expected_number=1),
            lambda: finish_action(action, by=pair.mentee),
        ]
    )

    action.refresh_from_db()
    assert (came, action.state) in (({"done": 2}, "done"), ({"MoveRefused": 1, "done": 1}, "dropped"))


def test_what_is_written_while_the_pairing_ends_is_sent_before_or_refused(pair, meeting):
    action = add_action(pair.pairing, by=pair.mentee, person=pair.mentee, words="Draft")
    acts = [
        lambda: save_note(meeting, by=pair.mentee, words=words(), expected_number=0),
        lambda: keep_private_note(meeting, by=pair.mentee, words="Mine"),
        lambda: drop_action(action, by=pair.mentor),
    ]

    came = all_at_once([*acts, lambda: end_pairing(pair.pairing, by=pair.mentor, why="time")])

    assert came.get("done", 0) + came.get("MoveRefused", 0) == 4


def test_two_windows_jot_one_text_each_and_one_is_asked(pair, meeting):
    came = all_at_once(
        [lambda n=n: keep_private_note(meeting, by=pair.mentee, words=f"{n}", based_on="") for n in range(2)]
    )

    assert came == {"JotterChanged": 1, "done": 1}
    assert PrivateNote.objects.count() == 1

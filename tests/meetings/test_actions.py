"""What two people said they would do: done with a way back, moved, dropped; each change is remembered, once."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from meetings.actions import add_action, drop_action, finish_action, move_action, reopen_action
from meetings.models import Action, ActionChange
from meetings.open_actions import open_actions
from pairings.actions import end_pairing
from pairings.models import MoveRefused
from tests.factories import PersonFactory

MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _on_a_monday():
    with time_machine.travel("2026-11-23 12:00+00:00", tick=False):
        yield


@pytest.fixture
def action(pair):
    return add_action(
        pair.pairing, by=pair.mentor, person=pair.mentee, words="Draft the page", due=MONDAY + 4 * DAY, likely=8
    )


def changes(action):
    return [(each.what, each.by.first_name, each.was, each.now) for each in action.changes.all()]


def now(action):
    action.refresh_from_db()
    return action.state, action.due, action.closed_at, action.why


def test_what_is_due_first_comes_first_and_what_has_no_day_last(pair, action):
    some_day = add_action(pair.pairing, by=pair.mentee, person=pair.mentor, words="Ask about the archive")
    soon = add_action(pair.pairing, by=pair.mentee, person=pair.mentor, words="Send the link", due=MONDAY)
    finish_action(add_action(pair.pairing, by=pair.mentee, person=pair.mentee, words="Done"), by=pair.mentee)

    assert open_actions(pair.pairing) == [soon, action, some_day]


def test_either_of_the_two_ticks_and_takes_it_back(pair, action):
    finish_action(action, by=pair.mentor)

    assert now(action) == ("done", MONDAY + 4 * DAY, timezone.now(), "")

    reopen_action(action, by=pair.mentee)

    assert now(action) == ("open", MONDAY + 4 * DAY, None, "")
    assert changes(action) == [("done", "Ruth", None, None), ("opened", "Amina", None, None)]


def test_it_moves_to_another_day_and_both_days_are_remembered(pair, action):
    move_action(action, by=pair.mentee, due=MONDAY + 11 * DAY)
    move_action(action, by=pair.mentee, due=None)

    assert now(action) == ("open", None, None, "")
    assert changes(action) == [
        ("moved", "Amina", MONDAY + 4 * DAY, MONDAY + 11 * DAY),
        ("moved", "Amina", MONDAY + 11 * DAY, None),
    ]


def test_it_is_dropped_with_a_word_and_can_be_taken_up_again(pair, action):
    drop_action(action, by=pair.mentee, why="The page is gone")

    assert now(action) == ("dropped", MONDAY + 4 * DAY, timezone.now(), "The page is gone")

    reopen_action(action, by=pair.mentee)

    assert now(action) == ("open", MONDAY + 4 * DAY, None, "")


def test_the_same_once_more_changes_nothing(pair, action):
    finish_action(action, by=pair.mentee)
    finish_action(action, by=pair.mentor)
    reopen_action(action, by=pair.mentee)
    reopen_action(action, by=pair.mentee)
    move_action(action, by=pair.mentee, due=MONDAY + 4 * DAY)
    drop_action(action, by=pair.mentee, why="No use")
    drop_action(action, by=pair.mentor, why="Why?")

    assert [each.what for each in action.changes.all()] == ["done", "opened", "dropped"]
    assert now(action)[3] == "No use"


MOVES = {
    ("open", "finish"): "done",
    ("open", "reopen"): "open",
    ("open", "drop"): "dropped",
    ("done", "finish"): "done",
    ("done", "reopen"): "open",
    ("done", "drop"): "refused",
    ("dropped", "finish"): "refused",
    ("dropped", "reopen"): "open",
    ("dropped", "drop"): "dropped",
}
VERBS = {"finish": finish_action, "reopen": reopen_action, "drop": drop_action}
TO_REACH = {"open": reopen_action, "done": finish_action, "dropped": drop_action}


@pytest.mark.parametrize(("state", "verb"), MOVES)
def test_every_state_takes_the_moves_that_make_sense(pair, action, state, verb):
    TO_REACH[state](action, by=pair.mentee)

    try:
        came = VERBS[verb](action, by=pair.mentee).state
    except MoveRefused:
        came = "refused"

    assert came == MOVES[state, verb]


def test_a_day_that_is_past_where_the_person_lives_is_refused(pair, action):
    pair.mentee.profile.time_zone = "Pacific/Auckland"
    pair.mentee.profile.save()

    for act in (
        lambda: move_action(action, by=pair.mentor, due=MONDAY),
        lambda: add_action(pair.pairing, by=pair.mentor, person=pair.mentee, words="Late", due=MONDAY),
    ):
        with pytest.raises(MoveRefused, match="That day is past"):
            act()

    assert add_action(pair.pairing, by=pair.mentee, person=pair.mentor, words="Today", due=MONDAY).due == MONDAY


def test_nobody_else_adds_or_ticks_anything_or_is_given_something_to_do(pair, action):
    stranger = PersonFactory()

    for act in (
        lambda: finish_action(action, by=stranger),
        lambda: add_action(pair.pairing, by=stranger, person=pair.mentee, words="Mine"),
        lambda: add_action(pair.pairing, by=pair.mentee, person=stranger, words="Theirs"),
    ):
        with pytest.raises(MoveRefused):
            act()

    assert (Action.objects.count(), ActionChange.objects.count()) == (1, 0)


def test_after_the_end_nothing_changes(pair, action):
    end_pairing(pair.pairing, by=pair.mentee, why="time")

    for verb in (finish_action, drop_action, reopen_action):
        with pytest.raises(MoveRefused, match="has ended"):
            verb(action, by=pair.mentee)
    with pytest.raises(MoveRefused, match="has ended"):
        move_action(action, by=pair.mentee, due=None)

    assert now(action)[0] == "open"


def test_a_tick_is_a_sign_of_life(pair, action):
    with time_machine.travel("2026-12-01 12:00+00:00", tick=False):
        finish_action(action, by=pair.mentee)

        pair.pairing.refresh_from_db()
        assert pair.pairing.last_activity_at == timezone.now()


def test_actions_are_seen_by_the_two_alone(pair, action):
    lead = PersonFactory(is_staff=True, is_superuser=True)

    assert [Action.objects.visible_to(person).count() for person in (pair.mentee, pair.mentor, lead)] == [1, 1, 0]

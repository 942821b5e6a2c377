"""What two people said they would do, and what became of it. Either of them may tick, move or drop."""

from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.actions.locking import lock_own
from meetings.models import Action, ActionChange
from meetings.notices.acting import events_of_letters
from notifications.actions import mark_seen
from pairings.actions.pairing import note_activity
from pairings.days import today_of
from pairings.models import MoveRefused

State, What = Action.State, ActionChange.What


@transaction.atomic
def add_action(pairing, *, by, person, words, due=None, likely=None, note=None, key=None, at=None) -> Action:
    """`person` is to do `words`, by the date `due`; `likely`: 1–10. One of a `note` may be late already.

    Raises MoveRefused for a day that is past where the person is, for somebody else than the two, and after the end.
    """
    at = at or timezone.now()
    pairing = lock_own(pairing, by=by)
    if person not in (pairing.mentee, pairing.mentor):
        raise MoveRefused(_("Only the two of a pairing can have something to do here."))
    if note is None:
        _check_day(due, person, at)
    note_activity(pairing, at=at)
    said = {"person": person, "words": words, "due": due, "likely": likely, "created_by": by, "created_at": at}
    return Action.objects.create(pairing=pairing, note=note, key=key or uuid4(), **said)


@transaction.atomic
def finish_action(action, *, by, at=None) -> Action:
    """It is done. Saying so again changes nothing."""
    return _move(action, State.DONE, What.DONE, by=by, at=at)


@transaction.atomic
def reopen_action(action, *, by, at=None) -> Action:
    """It is to be done after all. Saying so again changes nothing."""
    return _move(action, State.OPEN, What.OPENED, by=by, at=at)


@transaction.atomic
def drop_action(action, *, by, why="", at=None) -> Action:
    """It is not to be done any more; `why`: at most 300 characters, for the other of the two."""
    return _move(action, State.DROPPED, What.DROPPED, by=by, at=at, why=why)


@transaction.atomic
def move_action(action, *, by, due, at=None) -> Action:
    """It is to be done by another date; None: some time. Raises MoveRefused for a day that is past, and for one that
    is not open."""
    action, at = _lock(action, by), at or timezone.now()
    if action.state != State.OPEN:
        raise MoveRefused(_("Only what is open can move to another day."))
    if action.due == due:
        return action
    _check_day(due, action.person, at)
    set_due(action, due, by=by, at=at)
    _came_of_it(action, by, at)
    return action


def set_state(action, state, what, *, by, at, why="") -> None:
    """Move a locked action to another state, and remember that."""
    action.check_move(state)
    action.state = state
    action.closed_at = None if state == State.OPEN else at
    action.why = why
    action.save(update_fields=["state", "closed_at", "why"])
    ActionChange.objects.create(action=action, what=what, by=by, at=at)


def set_due(action, due, *, by, at) -> None:
    """Move a locked action to another date, and remember that."""
    ActionChange.objects.create(action=action, what=What.MOVED, by=by, at=at, was=action.due, now=due)
    action.due = due
    action.save(update_fields=["due"])


def _move(action, state, what, *, by, at, why=""):
    action, at = _lock(action, by), at or timezone.now()
    if action.state == state:
        return action
    set_state(action, state, what, by=by, at=at, why=why)
    _came_of_it(action, by, at)
    return action


def _lock(action, by):
    pairing = lock_own(action.pairing, by=by)
    action = Action.objects.select_for_update(of=("self",)).select_related("person__profile").get(pk=action.pk)
    action.pairing = pairing
    return action


def _check_day(due, person, at):
    if due and due < today_of(person, at):
        raise MoveRefused(_("That day is past. Choose a later one, or leave it open."))


def _came_of_it(action, by, at):
    """Whoever acts on one has looked at them all: no letter need name them."""
    note_activity(action.pairing, at=at)
    mark_seen(by, events_of_letters(by))

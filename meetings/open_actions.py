"""What is still to be done."""

from datetime import date, timedelta

from django.db.models import F

from meetings.models import Action
from notifications.models import Mute
from pairings.days import today_of
from pairings.models import Pairing

# A pause is a pause from reminders, too.
REMINDED = [state for state in Pairing.LIVE if state != Pairing.State.PAUSED]
# Wherever somebody lives, their week ends within so many days.
_A_WEEK = timedelta(days=8)


def open_actions(pairing) -> list[Action]:
    """What the two of a pairing have to do, with its people: what is due first first, what has no day last."""
    return list(in_order(pairing.actions.open()))


def in_order(actions):
    """A QuerySet of actions, with their people, as they are shown."""
    return actions.select_related("person__profile").order_by(F("due").asc(nulls_last=True), "pk")


def due_for(people, now) -> dict[int, list[Action]]:
    """By the person's key, what each of the `people` has to do by the end of their week, or had to do before, where
    reminders are welcome: not in a pairing that pauses, nor in one that they muted. Two statements."""
    ends = {person.pk: end_of_week(person, now) for person in people}
    found = Action.objects.open().filter(person__in=ends, due__lte=now.date() + _A_WEEK, pairing__state__in=REMINDED)
    muted = set(Mute.objects.filter(person__in=ends).values_list("person_id", "bundle"))
    due = {pk: [] for pk in ends}
    for action in in_order(found).select_related("pairing__mentee__profile", "pairing__mentor__profile"):
        if action.due <= ends[action.person_id] and (action.person_id, action.pairing.bundle) not in muted:
            due[action.person_id].append(action)
    return due


def end_of_week(person, now) -> date:
    """The Sunday of the week in which it is `now` where the person lives."""
    today = today_of(person, now)
    return today + timedelta(days=6 - today.weekday())

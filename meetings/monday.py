"""On Mondays everybody hears what they said they would do."""

from datetime import datetime, time, timedelta

from django.db import transaction

from accounts.models import User
from meetings.models import Action, ActionChange
from meetings.notices.acting import ACTIONS_DUE, ToDo, events_of_letters, letters_since, thread_of_letter
from meetings.open_actions import REMINDED, due_for
from notifications.actions import mark_seen, notify
from notifications.scheduling import zone_of

HOUR = time(9)
_SOON = timedelta(days=8)
_A_WEEK = timedelta(days=7)


def tell_due_actions(now) -> int:
    """Write to everybody for whom it is past nine on this week's Monday, where they live, of what they said they would
    do this week, or before. Once a week; late in it when nobody swept, of what stood there on Monday. Nobody hears that
    there is nothing to do. Returns how many letters; the number of statements grows with that alone."""
    due = Action.objects.open().filter(due__lte=now.date() + _SOON, pairing__state__in=REMINDED)
    people = User.objects.filter(pk__in=due.values("person")).select_related("profile").order_by("pk")
    nines = {person: _monday_nine(person, now) for person in people}
    told = letters_since(now.date() - _SOON)
    to_tell = [person for person, nine in nines.items() if now >= nine and (person.pk, _week(nine)) not in told]
    due, changed = due_for(to_tell, now), _changed(to_tell, now)
    return sum(
        _tell(person, _week(nines[person]), now)
        for person in to_tell
        if any(changed.get(action.pk, action.created_at) <= nines[person] for action in due[person.pk])
    )


@transaction.atomic
def _tell(person, week, now):
    mark_seen(person, events_of_letters(person).exclude(about_id=week))
    thread = thread_of_letter(person.pk, week)
    told = notify(
        ACTIONS_DUE,
        about=ToDo(week, []),
        to=[person],
        by=None,
        thread=thread,
        bundle=thread,
        occasion=str(person.pk),
        at=now,
        in_time_for=now + _A_WEEK,
    )
    return told is not None


def _monday_nine(person, now):
    zone = zone_of(person)
    today = now.astimezone(zone).date()
    return datetime.combine(today - timedelta(days=today.weekday()), HOUR, tzinfo=zone)


def _week(nine):
    return nine.date().toordinal()


def _changed(people, now):
    """When what these people have to do was moved or taken up in the last week, by its key: that is fresh in their
    minds, and was not due on Monday."""
    since = ActionChange.objects.filter(action__person__in=people, action__state=Action.State.OPEN, at__gt=now - _SOON)
    return dict(since.order_by("at").values_list("action_id", "at"))

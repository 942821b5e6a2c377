"""A pause: nothing is emailed and nobody is reminded until a day that one of the two chose."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.actions import hold, mark_seen, notify
from notifications.models import Event
from pairings import notices
from pairings.actions.pairing import lock, move_pairing, note_activity
from pairings.days import beginning_of, today_of
from pairings.models import MoveRefused, Pairing

State = Pairing.State
LONGEST = timedelta(days=366)


@transaction.atomic
def pause_pairing(pairing, *, by, until, at=None):
    """Pause until the date `until`, in the mentee's zone; or, of one that pauses, until another day. Both are told of
    that, at once, and of nothing else before it.

    Raises MoveRefused for a day that is not to come within a year, and for anybody else than the two.
    """
    at = at or timezone.now()
    pairing = _lock(pairing, by)
    _check_day(until, today_of(pairing.mentee, at))
    if pairing.state == State.PAUSED:
        if pairing.paused_until == until:
            return pairing
    else:
        pairing = move_pairing(pairing, State.PAUSED, by=by, at=at)
    pairing.paused_until = until
    pairing.save(update_fields=["paused_until"])
    note_activity(pairing, at=at)
    people = [pairing.mentee, pairing.mentor]
    _mark_looked_at(pairing, people)
    notify(
        notices.PAUSED,
        about=pairing,
        to=people,
        by=by,
        thread=notices.thread_of_pause(pairing.pk, until),
        bundle=pairing.bundle,
        occasion=at.isoformat(),
        at=at,
    )
    hold(people, bundle=pairing.bundle, until=beginning_of(until, pairing.mentee))
    return pairing


@transaction.atomic
def resume_pairing(pairing, *, by, at=None):
    """Go on before the day that was chosen; the other is told. `by` is None when that day has come: then the emails
    that waited say enough."""
    at = at or timezone.now()
    pairing = lock(pairing) if by is None else _lock(pairing, by)
    if pairing.state != State.PAUSED:
        raise MoveRefused(_("Your pause is over already."))
    pairing = move_pairing(pairing, State.ACTIVE, by=by, at=at)
    note_activity(pairing, at=at)
    _mark_looked_at(pairing, [pairing.mentee, pairing.mentor])
    if by:
        notify(
            notices.RESUMED,
            about=pairing,
            to=[pairing.other_than(by)],
            by=by,
            thread=notices.thread_of_pause(pairing.pk, None),
            bundle=pairing.bundle,
            occasion=at.isoformat(),
            at=at,
        )
    return pairing


def resume_pairings(now) -> int:
    """Let those pairings go on whose day has come where their mentee is. Returns how many."""
    soon = now.date() + timedelta(days=1)
    resumed = 0
    paused = Pairing.objects.filter(state=State.PAUSED, paused_until__lte=soon).with_people()
    for pairing in paused.order_by("pk"):
        resumed += _resume_if_over(pairing, now)
    return resumed


@transaction.atomic
def _resume_if_over(pairing, now):
    pairing = lock(pairing)
    if pairing.state != State.PAUSED or beginning_of(pairing.paused_until, pairing.mentee) > now:
        return False
    resume_pairing(pairing, by=None, at=now)
    return True


def _lock(pairing, by):
    pairing = lock(pairing)
    if by not in (pairing.mentee, pairing.mentor):
        raise MoveRefused(_("Only the two of a pairing can pause it, or go on."))
    return pairing


def _check_day(until, today):
    if until <= today:
        raise MoveRefused(_("Choose a day after today."))
    if until > today + LONGEST:
        raise MoveRefused(_("Choose a day within a year. You can pause again then."))


def _mark_looked_at(pairing, people):
    """What was said of this pause before is past."""
    for person in people:
        mark_seen(person, Event.objects.filter(kind__in=notices.SHOWN_ON["pause"], about_id=pairing.pk))

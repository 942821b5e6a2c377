"""Where the two of a meeting sit, so that nobody is in two meetings at a time."""

from datetime import timedelta

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from meetings.clocks import day_and_time
from meetings.models import Seat
from notifications.scheduling import zone_of
from pairings.models import MoveRefused


def take_seats(meeting, *, by):
    """Both sit in the meeting from `starts_at` until `ends_at`. Raises MoveRefused, in words for `by`, when one of the
    two sits somewhere else then. `meeting` is locked.

    What their calendars answered before stays on their seats; of which time it spoke stands beside it.
    """
    pairing, during = meeting.pairing, (meeting.starts_at, meeting.ends_at)
    people = sorted((pairing.mentee, pairing.mentor), key=lambda person: person.pk)
    _one_at_a_time(people)
    try:
        with transaction.atomic():
            if not Seat.objects.filter(meeting=meeting).update(during=during):
                Seat.objects.bulk_create(Seat(meeting=meeting, person=person, during=during) for person in people)
    except IntegrityError as error:
        raise MoveRefused(_taken(meeting, by)) from error


def check_is_free(person, times, minutes):
    """Raises MoveRefused when the person sits in a meeting at one of these times."""
    for starts_at in times:
        if seat := _elsewhere(person, (starts_at, starts_at + timedelta(minutes=minutes))):
            raise MoveRefused(_you_have_another(seat))


def _one_at_a_time(people):
    """Until this transaction ends nobody else gives these people seats. Two who find each other's rows under way would
    each wait for the other."""
    with connection.cursor() as cursor:
        for person in people:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('seats of a person'), %s)", [person.pk])


def _taken(meeting, by):
    during, other = (meeting.starts_at, meeting.ends_at), meeting.pairing.other_than(by)
    if seat := _elsewhere(by, during, but_for=meeting):
        return _you_have_another(seat)
    return _("%(name)s has another meeting then. Choose another time.") % {"name": other.first_name}


def _you_have_another(seat):
    other = seat.meeting.pairing.other_than(seat.person)
    words = {"name": other.first_name, "when": day_and_time(seat.during.lower, zone_of(seat.person))}
    return _("You meet %(name)s then (%(when)s). Choose another time.") % words


def _elsewhere(person, during, but_for=None):
    """Whoever is busy elsewhere may be so in a meeting of another programme."""
    found = Seat.objects.filter(person=person, during__overlap=during).exclude(meeting=but_for)
    return found.select_related("person__profile", "meeting__pairing__mentee", "meeting__pairing__mentor").first()

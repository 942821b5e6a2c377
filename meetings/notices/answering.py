"""What somebody is told when the other's calendar says that they can't come."""

from functools import partial

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings.clocks import day_and_time
from meetings.models import Meeting, Seat
from meetings.notices.telling import hat_of, of_the_two
from notifications.models import Event
from notifications.notices import Notice, Section
from notifications.scheduling import zone_of
from pairings.models import Pairing

KIND = "meetings.declined"


def thread_of_answer(seat, sequence) -> str:
    """Each has the time in its subject."""
    return f"meeting-{seat.meeting_id}-declined-{sequence}"


def events_of_answers(meeting):
    """Everything that was told of what calendars answered."""
    return Event.objects.filter(kind=KIND, about_id__in=meeting.seats.values("pk"))


def render_declined(person, seats):
    return [_section(seat, person) for seat in seats]


def _declined(pks):
    """Seats that are still declined for the time at which the meeting stands."""
    to_come = {"meeting__state": Meeting.State.BOOKED, "meeting__ends_at__gt": timezone.now()}
    found = Seat.objects.filter(pk__in=pks, answer=Seat.CalendarAnswer.DECLINED, **to_come)
    found = found.filter(answered_sequence=F("meeting__sequence"), meeting__pairing__state__in=Pairing.LIVE)
    people = ("meeting__pairing__mentee__profile", "meeting__pairing__mentor__profile")
    return found.select_related("person", *people)


def _of_the_other(seat, person):
    return None if seat.person_id == person.pk else seat.meeting


def _section(seat, person):
    meeting, other = seat.meeting, seat.person
    words = {"name": other.first_name, "when": day_and_time(meeting.starts_at, zone_of(person))}
    headline = _("%(name)s can’t come on %(when)s") % words
    return Section(
        thread=thread_of_answer(seat, meeting.sequence),
        headline=headline,
        discreet=headline,
        summary=_("can’t come"),
        count=_("can’t come"),
        url=reverse("meetings:meeting", args=[meeting.pairing.slug, meeting.slug]),
        button=_("See meeting"),
        by=other,
        hat=hat_of(meeting, person),
        why=_("You get this because you and %(name)s are a pairing.") % words,
        context=partial(dict, name=other.first_name),
        takes_replies=False,
    )


DECLINED = Notice(
    kind=KIND,
    group="",
    template="meetings/email/declined",
    render=render_declined,
    **of_the_two(_declined, _of_the_other),
)

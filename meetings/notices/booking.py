"""What the two are told, at once, of when and where they meet: times are offered; a meeting is booked, moves, is
somewhere else, is called off."""

from functools import partial

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from meetings.models import Meeting, OfferedTime, TimeMove
from meetings.notices import booking_words as words
from meetings.notices.answering import events_of_answers
from meetings.notices.telling import of_the_two
from notifications.models import Event
from notifications.notices import Notice
from pairings.models import Pairing

State = Meeting.State
_PEOPLE = ("pairing__mentee__profile", "pairing__mentor__profile")
_THEIRS = [f"meeting__{path}" for path in _PEOPLE]


def thread_of_booking(notice, about) -> str:
    """The subject of a thread stays as it began, so each round of times and each move begins one. `about`: what the
    notice speaks of."""
    what = notice.kind.partition(".")[2]
    if notice == OFFERED:
        return f"meeting-{about.meeting_id}-{what}-{about.round}"
    if notice == MOVED:
        return f"meeting-{about.meeting_id}-{what}-{about.pk}"
    return f"meeting-{about.pk}-{what}"


def events_of_booking(meeting):
    """Everything that was told of when and where the meeting is."""
    of_meeting = [notice.kind for notice in (BOOKED, PLACED, CALLED_OFF)]
    return Event.objects.filter(
        Q(kind__in=of_meeting, about_id=meeting.pk)
        | Q(kind=OFFERED.kind, about_id__in=meeting.offered_times.order_by().values("pk"))
        | Q(kind=MOVED.kind, about_id__in=meeting.time_moves.order_by().values("pk"))
        | Q(pk__in=events_of_answers(meeting))
    )


def _offered(pks):
    """The first time of a round that is open, while one of it can still be chosen."""
    round_ = OfferedTime.objects.filter(meeting=OuterRef("meeting"), round=OuterRef("round"))
    return (
        OfferedTime.objects.filter(Exists(round_.filter(starts_at__gt=timezone.now())), pk__in=pks)
        .filter(round=F("meeting__round"), meeting__state=State.PROPOSED, meeting__pairing__state__in=Pairing.LIVE)
        .select_related("by", *_THEIRS)
    )


def _booked(pks):
    to_come = Meeting.objects.filter(state=State.BOOKED, ends_at__gt=timezone.now(), pairing__state__in=Pairing.LIVE)
    return to_come.filter(pk__in=pks).select_related("booked_by", *_PEOPLE)


def _moved(pks):
    """The last move of a meeting that is to come."""
    later = TimeMove.objects.filter(meeting=OuterRef("meeting"), pk__gt=OuterRef("pk"))
    to_come = {"meeting__state": State.BOOKED, "meeting__ends_at__gt": timezone.now()}
    found = TimeMove.objects.filter(~Exists(later), pk__in=pks, meeting__pairing__state__in=Pairing.LIVE, **to_come)
    return found.select_related("by", *_THEIRS)


def _called_off(pks):
    """Times that were taken back, and what would still be to come."""
    would_come = Q(starts_at=None) | Q(ends_at__gt=timezone.now())
    found = Meeting.objects.filter(would_come, pk__in=pks, state=State.CALLED_OFF)
    return found.select_related("called_off_by", *_PEOPLE)


def _notice(kind, find, section, meeting_of=lambda thing, person: thing, template="booked"):
    return Notice(
        kind=f"meetings.{kind}",
        group="",
        template=f"meetings/email/{template}",
        render=partial(_rendered, section),
        **of_the_two(find, meeting_of),
    )


def _rendered(section, person, found):
    return [section(thing, person) for thing in found]


def _unless_by(thing, person):
    return None if thing.by_id == person.pk else thing.meeting


def _unless_own(meeting, person):
    """Who took times back need not be told."""
    return None if meeting.starts_at is None and meeting.called_off_by_id == person.pk else meeting


OFFERED = _notice("offered", _offered, words.offered, _unless_by, "offered")
BOOKED = _notice("booked", _booked, words.booked)
MOVED = _notice("moved", _moved, words.moved, lambda move, person: move.meeting)
PLACED = _notice("placed", _booked, words.placed)
CALLED_OFF = _notice("called_off", _called_off, words.called_off, _unless_own)

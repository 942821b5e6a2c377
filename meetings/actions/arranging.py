"""What everything has in common that changes when or where two people meet."""

from datetime import timedelta

from django.utils.translation import gettext as _

from meetings import notices
from meetings.actions.locking import lock_own
from meetings.addresses import free_address, keep_address
from meetings.models import Meeting, Seat
from meetings.reminders import schedule_reminders
from meetings.seats import take_seats
from notifications.actions import mark_seen, notify
from notifications.scheduling import zone_of
from pairings.actions import note_activity
from pairings.models import MoveRefused

AHEAD = timedelta(days=366)


def lock_meeting(meeting, *, by) -> Meeting:
    """The meeting as it stands now, locked, and its pairing before it. Raises as `lock_own` does."""
    return lock_of(lock_own(meeting.pairing, by=by), meeting)


def lock_of(pairing, meeting) -> Meeting:
    """The meeting as it stands now, locked; `pairing` is, already."""
    meeting = Meeting.objects.select_for_update(of=("self",), no_key=True).get(pk=meeting.pk)
    meeting.pairing = pairing
    return meeting


def check_is_to_come(starts_at, at):
    """Raises MoveRefused for a time that has passed, or is too far away to be meant."""
    if starts_at <= at:
        raise MoveRefused(_("That time has passed. Choose a later one."))
    if starts_at > at + AHEAD:
        raise MoveRefused(_("Choose a day within a year."))


def put_at(meeting, starts_at, *, by):
    """Save that the meeting is then: its end, its zone, its address, and a seat for each of the two. Raises MoveRefused
    when one of them is elsewhere."""
    meeting.starts_at, meeting.ends_at = starts_at, starts_at + timedelta(minutes=meeting.minutes)
    meeting.zone = zone_of(by).key
    meeting.slug = free_address(meeting.pairing, starts_at=starts_at, of=meeting.pk)
    meeting.save()
    keep_address(meeting)
    take_seats(meeting, by=by)


def take_off(meeting, *, by, at, why=""):
    """Save that a locked meeting is called off; both are free then. Raises MoveRefused when it is already."""
    meeting.check_move(Meeting.State.CALLED_OFF)
    meeting.state, meeting.why = Meeting.State.CALLED_OFF, why
    meeting.called_off_at, meeting.called_off_by = at, by
    meeting.save(update_fields=["state", "why", "called_off_at", "called_off_by"])
    Seat.objects.filter(meeting=meeting).delete()


def tell_both(notice, meeting, *, by, at, about=None):
    """What is otherwise in people's calendars now: the next number of the invitation, the dates of reminders, and word
    to both."""
    meeting.sequence += 1
    meeting.save(update_fields=["sequence"])
    schedule_reminders(meeting, at=at)
    people = [meeting.pairing.mentee, meeting.pairing.mentor]
    tell(notice, about or meeting, meeting, to=people, by=by, at=at, occasion=str(meeting.sequence))


def tell(notice, about, meeting, *, to, by, at, occasion=""):
    """What was said before of when and where this meeting is, is past. `about`: what the notice speaks of."""
    note_activity(meeting.pairing, at=at)
    for person in (meeting.pairing.mentee, meeting.pairing.mentor):
        mark_seen(person, notices.events_of_booking(meeting))
    notify(
        notice,
        about=about,
        to=to,
        by=by,
        thread=notices.thread_of_booking(notice, about),
        bundle=meeting.bundle,
        occasion=occasion,
        at=at,
    )

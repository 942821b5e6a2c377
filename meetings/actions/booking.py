"""A meeting is agreed elsewhere, moves, is somewhere else, is called off; or it never was."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings import notices
from meetings.actions.arranging import check_is_to_come, lock_meeting, lock_of, put_at, take_off, tell, tell_both
from meetings.actions.holding import did_meet, did_not_meet
from meetings.actions.locking import lock_own
from meetings.actions.offering import book
from meetings.models import Meeting, SessionNote, TimeMove
from meetings.reminders import schedule_reminders
from notifications.scheduling import zone_of
from pairings.models import MoveRefused

State = Meeting.State


@transaction.atomic
def record_meeting(pairing, *, by, starts_at, minutes, how, where="", at=None) -> Meeting:
    """The two agreed on a time elsewhere: book it, and tell both. One that is over was held; of that nobody is told.

    Where times are open, it is of that meeting that they agreed. Raises MoveRefused when one of the two is elsewhere
    then, for a day before they began or more than a year away, and as `lock_own` does.
    """
    at = at or timezone.now()
    pairing = lock_own(pairing, by=by)
    if starts_at.astimezone(zone_of(by)).date() < pairing.created_at.astimezone(zone_of(by)).date():
        raise MoveRefused(_("You were not a pairing yet on that day. Choose a later one."))
    is_over = starts_at + timedelta(minutes=minutes) <= at
    meeting = None if is_over else Meeting.objects.filter(pairing=pairing, state=State.PROPOSED).first()
    meeting = lock_of(pairing, meeting) if meeting else Meeting(pairing=pairing, created_by=by, created_at=at)
    meeting.minutes, meeting.how, meeting.where = minutes, how, where
    if is_over:
        meeting.state, meeting.booked_at, meeting.booked_by = State.HELD, at, by
        put_at(meeting, starts_at, by=by)
        did_meet(meeting)
    else:
        if starts_at > at:
            check_is_to_come(starts_at, at)
        book(meeting, starts_at, by=by, at=at)
    return meeting


@transaction.atomic
def move_meeting(meeting, *, by, starts_at, minutes, expected_sequence, at=None) -> Meeting:
    """The same meeting at another time, or longer or shorter; what was prepared for it stays. Both are told. Where it
    is at that time already, nothing changes.

    Raises MoveRefused for a time that has passed, when one of the two is elsewhere then, when the meeting was changed
    since (`expected_sequence`), when it is not to come any more, and as `lock_own` does.
    """
    at = at or timezone.now()
    meeting = lock_meeting(meeting, by=by)
    _check_is_to_come_still(meeting, at)
    if (meeting.starts_at, meeting.minutes) == (starts_at, minutes):
        return meeting
    if meeting.sequence != expected_sequence:
        raise MoveRefused(_("This meeting was changed meanwhile. Look at it as it is now."))
    check_is_to_come(starts_at, at)
    move = TimeMove.objects.create(meeting=meeting, was=meeting.starts_at, now=starts_at, by=by, at=at)
    meeting.minutes = minutes
    put_at(meeting, starts_at, by=by)
    tell_both(notices.MOVED, meeting, by=by, at=at, about=move)
    return meeting


@transaction.atomic
def change_place(meeting, *, by, how, where, at=None) -> Meeting:
    """The two meet in another way or place, or by another link; both are told. Raises MoveRefused when the meeting is
    not to come any more, and as `lock_own` does."""
    at = at or timezone.now()
    meeting = lock_meeting(meeting, by=by)
    _check_is_to_come_still(meeting, at)
    if (meeting.how, meeting.where) == (how, where):
        return meeting
    meeting.how, meeting.where = how, where
    meeting.save(update_fields=["how", "where"])
    tell_both(notices.PLACED, meeting, by=by, at=at)
    return meeting


@transaction.atomic
def call_off(meeting, *, by, why="", at=None) -> Meeting:
    """It won't be, or the times that were offered are taken back. `why`: at most 300 characters, for the other. What
    was prepared stays. Raises MoveRefused when it is over or called off already, and as `lock_own` does."""
    at = at or timezone.now()
    meeting = lock_meeting(meeting, by=by)
    if meeting.state != State.PROPOSED:
        _check_is_to_come_still(meeting, at)
    was_booked = meeting.state == State.BOOKED
    take_off(meeting, by=by, why=why, at=at)
    if was_booked:
        tell_both(notices.CALLED_OFF, meeting, by=by, at=at)
    else:
        tell(notices.CALLED_OFF, meeting, meeting, to=[meeting.other_than(by)], by=by, at=at)
    return meeting


@transaction.atomic
def did_not_happen(meeting, *, by, at=None) -> Meeting:
    """“We didn’t meet”: of a meeting whose time has come. Nobody is told. Raises MoveRefused for one that is still to
    come or has a note, and as `lock_own` does."""
    at = at or timezone.now()
    meeting = lock_meeting(meeting, by=by)
    if meeting.starts_at is None or meeting.starts_at > at:
        raise MoveRefused(_("This meeting is still to come. Move it, or call it off."))
    if SessionNote.objects.filter(meeting=meeting).exists():
        raise MoveRefused(_("There is a note of this meeting, so it stays."))
    was_held = meeting.state == State.HELD
    take_off(meeting, by=by, why="", at=at)
    schedule_reminders(meeting, at=at)
    if was_held:
        did_not_meet(meeting)
    return meeting


def _check_is_to_come_still(meeting, at):
    meeting.check_is(State.BOOKED)
    if meeting.ends_at <= at:
        raise MoveRefused(_("This meeting is over."))

"""One of the two offers times; the other chooses one of them, or offers others."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings import notices
from meetings.actions.arranging import check_is_to_come, lock_meeting, put_at, tell, tell_both
from meetings.actions.locking import lock_own
from meetings.addresses import free_address, keep_address
from meetings.models import Meeting, OfferedTime
from meetings.seats import check_is_free
from pairings.models import MoveRefused

State = Meeting.State


@transaction.atomic
def offer_times(pairing, *, by, times, how, where="", minutes=60, at=None) -> Meeting:
    """Offer the other up to five times, as moments, for a meeting of `minutes`; they are told.

    Raises MoveRefused for a time that has passed or at which `by` is elsewhere, for none or too many, when times are
    open already, and as `lock_own` does.
    """
    at = at or timezone.now()
    pairing = lock_own(pairing, by=by)
    if Meeting.objects.filter(pairing=pairing, state=State.PROPOSED).exists():
        raise MoveRefused(_("Times are offered already. Choose one of them, or offer others there."))
    _check(times, by=by, minutes=minutes, at=at)
    place = {"how": how, "where": where, "minutes": minutes, "slug": free_address(pairing)}
    meeting = Meeting.objects.create(pairing=pairing, created_by=by, created_at=at, **place)
    keep_address(meeting)
    _offer(meeting, times, by=by, at=at)
    return meeting


@transaction.atomic
def offer_other_times(meeting, *, by, times, expected_round, at=None) -> Meeting:
    """None of the times will do: these might, and the earlier ones are off the table. Raises as `offer_times` does, and
    when others were offered since, or one was chosen."""
    at = at or timezone.now()
    meeting = lock_meeting(meeting, by=by)
    _check_is_open(meeting)
    _check_round(meeting, expected_round)
    _check(times, by=by, minutes=meeting.minutes, at=at)
    _offer(meeting, times, by=by, at=at)
    return meeting


@transaction.atomic
def choose_time(meeting, *, by, starts_at, expected_round, at=None) -> Meeting:
    """Book one of the times that the other offered; both are told. The same choice again changes nothing.

    Raises MoveRefused when it has passed or is not offered any more, when one of the two is elsewhere then, for one's
    own times, and as `lock_own` does.
    """
    at = at or timezone.now()
    meeting = lock_meeting(meeting, by=by)
    if meeting.state == State.BOOKED and meeting.starts_at == starts_at and meeting.booked_by == by:
        return meeting
    _check_is_open(meeting)
    _check_round(meeting, expected_round)
    other = {"name": meeting.other_than(by).first_name}
    if meeting.offered_by == by:
        raise MoveRefused(_("These are your own times. It is for %(name)s to choose one.") % other)
    if not meeting.offered_times.filter(round=meeting.round, starts_at=starts_at).exists():
        raise MoveRefused(_("That time is not among those offered. Choose one of them."))
    check_is_to_come(starts_at, at)
    book(meeting, starts_at, by=by, at=at)
    return meeting


def book(meeting, starts_at, *, by, at):
    """The meeting, locked or new, is booked, and both are told."""
    meeting.state, meeting.booked_at, meeting.booked_by = State.BOOKED, at, by
    put_at(meeting, starts_at, by=by)
    tell_both(notices.BOOKED, meeting, by=by, at=at)


def _offer(meeting, times, *, by, at):
    meeting.round += 1
    meeting.offered_by = by
    meeting.save(update_fields=["round", "offered_by"])
    offered = OfferedTime.objects.bulk_create(
        OfferedTime(meeting=meeting, round=meeting.round, starts_at=starts_at, by=by, at=at)
        for starts_at in sorted(times)
    )
    tell(notices.OFFERED, offered[0], meeting, to=[meeting.other_than(by)], by=by, at=at)


def _check(times, *, by, minutes, at):
    if not times:
        raise MoveRefused(_("Offer at least one time."))
    if len(times) > OfferedTime.MOST:
        raise MoveRefused(_("Offer at most %(count)d times.") % {"count": OfferedTime.MOST})
    if len(set(times)) < len(times):
        raise MoveRefused(_("The same time stands there twice. Change one of them."))
    for starts_at in times:
        check_is_to_come(starts_at, at)
    check_is_free(by, times, minutes)


def _check_is_open(meeting):
    """Its state may be left for “booked”; or the words why not."""
    meeting.check_move(State.BOOKED)


def _check_round(meeting, expected_round):
    if meeting.round != expected_round:
        raise MoveRefused(_("Other times were offered meanwhile. Look at them first."))

"""What becomes of a meeting when its time has come, or its pairing has ended before."""

from django.db import transaction
from django.db.models import F, Q

from meetings import notices
from meetings.actions.arranging import lock_of, take_off, tell_both
from meetings.models import Meeting
from meetings.reminders import schedule_reminders
from pairings.actions.meetings_held import forget_met, keep_met
from pairings.actions.pairing import lock
from pairings.models import Pairing

State = Meeting.State


def hold_meetings(now) -> int:
    """Booked meetings that are over were held; those that two did not come to before their pairing ended are called
    off. Returns how many were held."""
    for meeting in _left_over().select_related("pairing"):
        _call_off(meeting, now)
    over = Meeting.objects.filter(state=State.BOOKED, ends_at__lte=now).order_by("ends_at", "pk")
    return sum(_hold(meeting, now) for meeting in over.select_related("pairing"))


def did_meet(meeting):
    """The two, whose pairing is locked, met then."""
    keep_met(meeting.pairing, met=_moment(meeting))


def did_not_meet(meeting):
    """They did not, after all."""
    held = Meeting.objects.held().filter(pairing=meeting.pairing).order_by("starts_at")
    ends = [end for end in (held.first(), held.last()) if end]
    forget_met(meeting.pairing, met=_moment(meeting), others=[_moment(end) for end in ends])


@transaction.atomic
def _hold(meeting, now):
    meeting = lock_of(lock(meeting.pairing), meeting)
    if meeting.state != State.BOOKED or meeting.ends_at > now:
        return False
    meeting.state = State.HELD
    meeting.save(update_fields=["state"])
    schedule_reminders(meeting, at=now)
    did_meet(meeting)
    return True


def _left_over():
    """Times that are still open, and meetings later than the end."""
    to_come = Q(state=State.PROPOSED) | Q(state=State.BOOKED, starts_at__gte=F("pairing__ended_at"))
    return Meeting.objects.filter(to_come, pairing__state=Pairing.State.ENDED).order_by("pk")


@transaction.atomic
def _call_off(meeting, now):
    meeting = lock_of(lock(meeting.pairing), meeting)
    if not _left_over().filter(pk=meeting.pk).exists():
        return
    was_booked = meeting.state == State.BOOKED
    take_off(meeting, by=meeting.pairing.ended_by, at=now)
    if was_booked:
        tell_both(notices.CALLED_OFF, meeting, by=meeting.pairing.ended_by, at=now)


def _moment(meeting):
    """Nothing that two did is older than their pairing."""
    return max(meeting.starts_at, meeting.pairing.created_at)

"""What people's calendars answer to a meeting."""

from django.db import transaction
from django.utils import timezone

from meetings import notices
from meetings.models import Meeting, Seat
from notifications.actions import mark_seen, notify
from pairings.actions.pairing import lock

Answer = Seat.CalendarAnswer


@transaction.atomic
def answer_from_calendar(meeting, *, by, answer, sequence, at=None) -> bool:
    """Keep what `by`'s calendar sent back (one of `Seat.CalendarAnswer`) to the invitation number `sequence`. That they
    can't come is told to the other, once for each time at which the two were to meet.

    False when it changes nothing: the invitation was an older one, or the meeting is over, or called off.
    """
    at = at or timezone.now()
    pairing = lock(meeting.pairing)
    meeting = Meeting.objects.select_for_update(of=("self",), no_key=True).get(pk=meeting.pk)
    meeting.pairing = pairing
    is_to_come = meeting.state == Meeting.State.BOOKED and meeting.ends_at > at
    seat = Seat.objects.filter(meeting=meeting, person=by).first()
    if not (pairing.is_live and is_to_come and seat) or sequence < meeting.sequence:
        return False
    seat.answer, seat.answered_sequence = answer, meeting.sequence
    seat.save(update_fields=["answer", "answered_sequence"])
    mark_seen(by, notices.events_of_booking(meeting))
    if answer == Answer.DECLINED:
        notify(
            notices.DECLINED,
            about=seat,
            to=[meeting.other_than(by)],
            by=by,
            thread=notices.thread_of_answer(seat, meeting.sequence),
            bundle=meeting.bundle,
            occasion=str(meeting.sequence),
            at=at,
        )
    return True

"""What is new to somebody of when and where they meet, and when it no longer is."""

from datetime import timedelta

from django.db.models import F, Q

from meetings import notices
from meetings.notices.answering import events_of_answers
from notifications.models import Email, Notification

State = Email.State
_LATELY = timedelta(hours=6)


def to_look_at(person, meeting):
    """Notifications of what the page of the meeting shows. What an email is still to bring into the person's calendar
    is not among them: an email that was seen already would not be sent."""
    events = notices.events_of_booking(meeting) | events_of_answers(meeting) | notices.events_of_learning(meeting)
    is_to_be_sent = Q(due_at__isnull=False, email=None) | Q(email__state__in=[State.WAITING, State.SENDING])
    brings_something = ~Q(event__kind__in=[notices.OFFERED.kind, notices.LEARNT.kind])
    return (
        Notification.objects.unseen().filter(person=person, event__in=events).exclude(is_to_be_sent & brings_something)
    )


def let_go_of_own(now) -> int:
    """What people did themselves is not new to them once their invitation was sent. Returns how much that was."""
    kinds = [notice.kind for notice in (notices.BOOKED, notices.MOVED, notices.PLACED, notices.CALLED_OFF)]
    sent = Email.objects.filter(state=State.SENT, sent_at__gt=now - _LATELY, bundle__startswith=Email.ONCE)
    own = Notification.objects.unseen().filter(email__in=sent, event__kind__in=kinds, event__by=F("person"))
    return Notification.objects.filter(pk__in=list(own.values_list("pk", flat=True))).update(seen_at=now)

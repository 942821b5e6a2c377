"""What a person's calendar sends back to an invitation: *Accept*, *Decline*, and the like (RFC 6047)."""

import re

from django.db import transaction

from notifications.inbound.headers import plain_address
from notifications.inbound.reading import FromCalendar
from notifications.inbound.senders import addresses_of
from notifications.models import InboundEmail, ReplyAddress
from notifications.notices import CALENDAR_ANSWERS, CalendarAnswer

Outcome = InboundEmail.Outcome

_MEDIA_TYPE = re.compile(rb"text/calendar|application/ics", re.IGNORECASE)


def may_be_one(raw: bytes) -> bool:
    """Calendars answer for their person, and many say that they are programs: only these are read all the same."""
    return bool(_MEDIA_TYPE.search(raw))


@transaction.atomic
def take(address: ReplyAddress, found: FromCalendar, at) -> tuple[str, str]:
    """Hand down what was found. Returns an outcome and a reason; raises NotTaken."""
    person = address.person
    answer = CalendarAnswer.COUNTER if found.method == "COUNTER" else _answer_of(person, found.guests)
    take_answer = CALENDAR_ANSWERS.get(address.thread.partition("-")[0])
    if take_answer is None or not answer:
        return Outcome.IGNORED, "a calendar's answer that says nothing"
    if not take_answer(
        CalendarAnswer(person, address.thread, found.uid, found.sequence, answer, found.comment.strip(), at)
    ):
        return Outcome.IGNORED, "a calendar's answer to what has changed since"
    return Outcome.TAKEN, f"by calendar: {answer}"


def _answer_of(person, guests):
    """The person's own; or the only one there is: calendars know people by addresses that we don't."""
    theirs = addresses_of(person)
    own = [answer for guest, answer in guests if plain_address(guest) in theirs]
    everybodys = [answer for _guest, answer in guests]
    return own[0] if own else everybodys[0] if len(everybodys) == 1 else ""

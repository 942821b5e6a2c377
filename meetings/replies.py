"""What comes back by email to an invitation: what somebody's calendar answers, and what they write."""

import re

from django.utils.translation import gettext as _

from meetings.actions.answering import answer_from_calendar
from meetings.invitations import uid_of
from meetings.models import Meeting
from notifications.notices import CalendarAnswer, NotTaken, Reply
from pairings.actions import send_message
from pairings.models import Message, MoveRefused

_THREAD = re.compile(r"meeting-([0-9]{1,18})(-.*)?")


def take_calendar_answer(answer: CalendarAnswer) -> bool:
    """Keep what a calendar answers in a thread such as “meeting-12”; what was written beside it becomes a message to
    the other. Returns whether it said anything new.

    Raises NotTaken when it asks for another time, and for more words than a message holds.
    """
    meeting = _find(answer)
    if answer.uid.lower() != uid_of(meeting.uid):
        raise NotTaken(_not_found())
    if answer.answer == CalendarAnswer.COUNTER:
        raise NotTaken(
            _("Your calendar asked for another time. We can’t take that by email: open the meeting and move it there.")
        )
    is_new = answer_from_calendar(
        meeting, by=answer.person, answer=answer.answer, sequence=answer.sequence, at=answer.at
    )
    if answer.text:
        _send(meeting, answer, answer.text)
    return is_new or bool(answer.text)


def reply_to_meeting(reply: Reply) -> str:
    """Words that somebody sent to who invites them are a message to the other; returns where they stand. Raises
    NotTaken when the meeting is not theirs, when the pairing has ended, and for more words than a message holds."""
    return _send(_find(reply), reply, reply.text).get_absolute_url()


def _find(reply):
    number = _THREAD.fullmatch(reply.thread)
    mine = Meeting.objects.visible_to(reply.person).select_related("pairing__mentee", "pairing__mentor")
    meeting = number and mine.filter(pk=int(number[1])).first()
    if not meeting:
        raise NotTaken(_not_found())
    return meeting


def _send(meeting, reply, words):
    if len(words) > Message.LONGEST:
        raise NotTaken(_("This is longer than a message can be. Send it in two parts."))
    try:
        return send_message(meeting.pairing, by=reply.person, body=words)
    except MoveRefused as refused:
        raise NotTaken(str(refused)) from refused


def _not_found():
    return _("We could not find the meeting that this was meant for. Open your meetings and answer there.")

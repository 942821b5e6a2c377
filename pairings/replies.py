"""A reply to an email about a pairing becomes a message to the other."""

import re

from django.utils.translation import gettext as _

from notifications.notices import NotTaken, Reply
from pairings import notices
from pairings.actions import send_message
from pairings.models import Message, MoveRefused, Pairing


def reply_to_message(reply: Reply) -> str:
    """Send the words of a reply in a thread such as “pairing-12”; returns the address where they stand.

    Whoever replies has read what their email told of. Raises NotTaken when they are not of this pairing, when it has
    ended, and for more words than a message holds.
    """
    number = re.fullmatch(r"pairing-([0-9]{1,18})", reply.thread)
    pairing = number and Pairing.objects.visible_to(reply.person).filter(pk=int(number[1])).first()
    if not pairing:
        raise NotTaken(_("We could not find whom this was meant for. Open your messages and write there."))
    if len(reply.text) > Message.LONGEST:
        raise NotTaken(_("This is longer than a message can be. Send it in two parts."))
    told = [pk for kind, pk in reply.about if kind == notices.MESSAGE.kind]
    numbers = list(pairing.messages.filter(pk__in=told).values_list("number", flat=True))
    read = (numbers[0], numbers[-1]) if numbers else None
    try:
        message = send_message(pairing, by=reply.person, body=reply.text, read=read)
    except MoveRefused as refused:
        raise NotTaken(str(refused)) from refused
    return message.get_absolute_url()

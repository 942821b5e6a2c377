"""How an email carries a calendar file (iMIP, RFC 6047): beside its words, so that mail programs show *Accept* and
*Decline*, and attached, for those that only know files."""

import re

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from notifications.inbound.addresses import REPLY
from notifications.models import ReplyAddress

FILE_NAME = "invite.ics"
_METHOD = re.compile(rb"^METHOD:([A-Z]+)\r?$", re.MULTILINE)


def attach(message: EmailMultiAlternatives, file: bytes) -> None:
    """The last, and so the preferred, of the email's forms. Its media type names the method that stands in the file:
    where the two differ, mail programs do nothing."""
    method = _METHOD.search(file)[1].decode()
    message.attach_alternative(file.decode(), f"text/calendar; method={method}")
    message.attach(FILE_NAME, file, "application/ics")


def answers_to(person, thread) -> str:
    """The address in the files that the person was sent in that thread; "" when there were none."""
    token = ReplyAddress.objects.filter(person=person, thread=thread).values_list("token", flat=True).first()
    return settings.INBOUND_ADDRESS.format(key=f"{REPLY}-{token}") if settings.INBOUND_ADDRESS and token else ""

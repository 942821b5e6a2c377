"""Our own addresses that take email, by the key in them, and what each key stands for."""

import re
from typing import NamedTuple

from django.conf import settings

from notifications.models import Email, ReplyAddress

REPLY, BOUNCE, UNSUBSCRIBE = "r", "b", "u"
_KEY = "(?P<kind>[rbu])-(?P<token>[0-9a-f]{32})"


class UnknownAddress(Exception):
    """Nobody gave this address to anybody."""


class Destination(NamedTuple):
    """`key` as it stands in the address; `kind` is REPLY (`to` is the ReplyAddress), BOUNCE or UNSUBSCRIBE (`to` is the
    Email that it is about)."""

    key: str
    kind: str
    to: ReplyAddress | Email


def find(*texts) -> Destination:
    """Whose address stands in the first of these texts (an envelope's recipient, or headers) that names one of ours.
    Raises UnknownAddress when there is none, or none that we gave."""
    pattern = _pattern()
    for text in texts:
        if pattern and (found := pattern.search(text)):
            kind, token = found["kind"].lower(), found["token"].lower()
            return Destination(f"{kind}-{token}", kind, _owner(kind, token))
    raise UnknownAddress


def _owner(kind, token):
    if kind == REPLY:
        owner = ReplyAddress.objects.filter(token=token).select_related("person__profile").first()
    else:
        # Emails that went out before the sender's domain changed are meant, too.
        emails = Email.objects.filter(message_id__startswith=f"<{token}@")
        owner = emails.select_related("person__profile").first()
    if owner is None:
        raise UnknownAddress
    return owner


def _pattern():
    """Mail servers keep the case of an address, or not. None when no address takes email."""
    if not settings.INBOUND_ADDRESS:
        return None
    before, after = (re.escape(part) for part in settings.INBOUND_ADDRESS.split("{key}"))
    return re.compile(rf"(?<![\w.+-]){before}{_KEY}{after}(?![\w-]|\.\w)", re.IGNORECASE)

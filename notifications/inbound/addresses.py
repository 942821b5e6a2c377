"""Our own addresses that take email, by the key in them, and what each key stands for."""

import re
from typing import NamedTuple

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from notifications.models import Email, ReplyAddress

REPLY, BOUNCE, UNSUBSCRIBE = "r", "b", "u"
# The longest is `b-`, the twelve digits of an email's number, `-` and its secret: providers.pattern leaves room for it.
_KEY = "(?P<key>(?:r|[bu]-[1-9][0-9]{0,11})-[0-9a-f]{32})"


class UnknownAddress(Exception):
    """Nobody gave this address to anybody."""


class Destination(NamedTuple):
    """`key` as it stands in the address; `kind` is REPLY (`to` is the ReplyAddress), BOUNCE or UNSUBSCRIBE (`to` is the
    Email that it is about)."""

    key: str
    kind: str
    to: ReplyAddress | Email


def bounce_key(email: Email) -> str:
    """The key of the address that mail servers send `email` back to: “b-123-<32 hex>”."""
    return f"{BOUNCE}-{email.pk}-{secret_of(BOUNCE, email)}"


def unsubscribe_key(email: Email) -> str:
    """The key of the address by which the reader of `email` stops such emails: “u-123-<32 hex>”."""
    return f"{UNSUBSCRIBE}-{email.pk}-{secret_of(UNSUBSCRIBE, email)}"


def secret_of(kind: str, email: Email) -> str:
    """128 bits in hex. Whoever is sent a reply to the email, or a copy of it, reads its Message-ID, but not this."""
    salt = f"notifications.inbound.addresses.{kind}"
    return salted_hmac(salt, email.message_id, algorithm="sha256").hexdigest()[:32]


def find(*texts) -> Destination:
    """Whose address stands in the first of these texts (an envelope's recipient, or headers) that names one of ours.
    Raises UnknownAddress when there is none, or none that we gave."""
    pattern = _pattern()
    for text in texts:
        if pattern and (found := pattern.search(text)):
            key = found["key"].lower()
            return Destination(key, key[0], _owner(*key.split("-")))
    raise UnknownAddress


def _owner(kind, *which):
    if kind == REPLY:
        owner = ReplyAddress.objects.filter(token=which[0]).select_related("person__profile").first()
    else:
        number, secret = which
        owner = Email.objects.filter(pk=number).select_related("person__profile").first()
        if owner and not constant_time_compare(secret, secret_of(kind, owner)):
            owner = None
    if owner is None:
        raise UnknownAddress
    return owner


def _pattern():
    """Mail servers keep the case of an address, or not. None when no address takes email."""
    if not settings.INBOUND_ADDRESS:
        return None
    before, after = (re.escape(part) for part in settings.INBOUND_ADDRESS.split("{key}"))
    return re.compile(rf"(?<![\w.+-]){before}{_KEY}{after}(?![\w-]|\.\w)", re.IGNORECASE)

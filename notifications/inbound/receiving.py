"""One entry for email that comes in, whoever brings it."""

import hashlib

from django.db import transaction
from django.utils import timezone

from notifications import bounces
from notifications.inbound import addresses, replies, stopping
from notifications.inbound.headers import Headers
from notifications.models import InboundEmail

LARGEST = 10 * 1024 * 1024  # bytes
# Where an email says to whom it came, the surest first.
_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")


class TooLarge(Exception):
    """More than we read of one email."""


def receive(raw: bytes, *, to: str | None = None, sender: str | None = None, at=None) -> InboundEmail:
    """Do what the email asks for, once: what comes again changes nothing, and returns what came of it the first time.

    `to` and `sender` are the recipient and the return path that the mail server was told (RFC 5321); None when they are
    not known. Raises TooLarge, and addresses.UnknownAddress for an address that was never given. Both change nothing.
    """
    if len(raw) > LARGEST:
        raise TooLarge
    at = at or timezone.now()
    headers = Headers(raw, sender)
    named = [to] if to is not None else [value for name in _TO for value in headers.all(name)]
    place = addresses.find(*named)
    return once(
        place.key,
        headers.message_id or _fingerprint(headers),
        person=place.to.person,
        at=at,
        effect=lambda: _effect(place, headers, raw, at),
    )


@transaction.atomic
def once(*facts: str, person, at, effect) -> InboundEmail:
    """The row of what `facts` tell apart. Only for a new one `effect` is called: it returns the outcome and a reason.
    A second that comes at the same moment waits, and finds the row of the first."""
    digest = hashlib.sha256("\n".join(facts).encode("utf-8", "replace")).hexdigest()
    row, is_new = InboundEmail.objects.get_or_create(
        digest=digest, defaults={"person": person, "at": at, "outcome": InboundEmail.Outcome.IGNORED}
    )
    if is_new:
        row.outcome, reason = effect()
        row.reason = reason[:300]
        row.save(update_fields=["outcome", "reason"])
    return row


def _effect(place, headers, raw, at):
    if place.kind == addresses.BOUNCE:
        return bounces.take_report(place.to, raw, at)
    if place.kind == addresses.UNSUBSCRIBE:
        return stopping.stop(place.to, headers)
    return replies.take(place.to, headers, raw, at)


def _fingerprint(headers):
    """Of an email without a Message-ID: all that does not change on its way."""
    digest = hashlib.sha256(headers.body)
    for name in ("From", "Date", "Subject"):
        digest.update(headers.first(name).encode("utf-8", "replace") + b"\n")
    return digest.hexdigest()

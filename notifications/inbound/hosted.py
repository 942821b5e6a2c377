"""Email that a hosted service brings by webhook. django-anymail checks that it is theirs, and reads its form."""

import logging
import re
from email import policy
from functools import wraps

from anymail import signals
from anymail.utils import get_request_basic_auth
from django.conf import settings
from django.http import HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import User
from notifications import bounces
from notifications.inbound import providers
from notifications.inbound.addresses import UnknownAddress
from notifications.inbound.receiving import LARGEST, once, receive
from notifications.models import Email, InboundEmail

logger = logging.getLogger(__name__)

# In JSON, an email with its files takes a third more than the largest that services pass on.
LARGEST_POST = 48 * 1024 * 1024  # bytes
_HEADER = re.compile(r"[!-9;-~]+")
_COMPLAINED, _FAILED = "complained", ("bounced", "rejected")
_FOR_GOOD = ("bounced", "invalid", "spam")


def patterns(provider: str) -> list:
    """The routes of one provider: what others would bring is nothing that we ask for."""
    return [
        path(f"{provider}/{event}/", with_room(providers.view(provider, event).as_view()), name=event)
        for event in ("inbound", "tracking")
    ]


def connect() -> None:
    """Heed what anymail's views took in; called once, by the AppConfig."""
    signals.inbound.connect(take_email, dispatch_uid="inbound")
    signals.tracking.connect(take_news, dispatch_uid="tracking")


def with_room(view):
    """Lets whoever knows our secret bring more than a form may hold: a whole email, with its files. What cannot be read
    is answered with 400, and comes again if it was worth it."""

    @wraps(view)
    def roomy(request, *args, **kwargs):
        try:
            if request.method == "POST" and request.content_type == "application/json" and _knows_our_secret(request):
                if int(request.headers.get("Content-Length") or 0) > LARGEST_POST:
                    return HttpResponse(status=413)
                # What Django asks of `request.body` is the limit for everybody's forms.
                request._body = request.read()
            return view(request, *args, **kwargs)
        except (AttributeError, LookupError, TypeError, ValueError):
            logger.exception("A webhook cannot be read: %s", request.path)
            return HttpResponse(status=400)

    return roomy


def take_email(sender, event, esp_name, **kwargs):
    """Signal receiver. Too much of an email is cut off at its end, where the files are: its words come first."""
    message = event.message
    raw = _raw(message)[:LARGEST]
    try:
        receive(raw, to=message.envelope_recipient or None, sender=message.envelope_sender)
    except UnknownAddress:
        logger.warning("%s brought an email to an address that nobody was given", esp_name)


def take_news(sender, event, esp_name, **kwargs):
    """Signal receiver: what became of an email that we sent."""
    if event.event_type != _COMPLAINED and event.event_type not in _FAILED:
        return
    person = User.objects.filter(email__iexact=event.recipient or "").first()
    if person is None:
        return
    at = timezone.now()
    facts = (event.event_id or "", event.message_id or "", event.recipient, event.event_type, str(event.timestamp))
    once("tracking", esp_name, *facts, person=person, at=at, effect=lambda: _heed(event, person, at))


def _heed(event, person, at):
    complained = event.event_type == _COMPLAINED
    reason = event.mta_response or event.description or event.event_type
    reason = bounces.MARKED_AS_SPAM if complained else bounces.one_line(reason)
    hard = complained or _is_hard(event)
    if email := _email(event, person, hard):
        bounces.bounced(email, hard=hard, reason=reason, at=at)
    elif hard:
        bounces.stop_address(person.email, reason=reason, at=at)
    return InboundEmail.Outcome.BOUNCE, reason


def _email(event, person, hard):
    """The email that it is about. Where the service calls ours by a name of its own: the last one to the person, but
    only if none reaches them. What comes back for now would be sent again, and nobody knows which it is."""
    emails = Email.objects.filter(person=person)
    by_name = emails.filter(message_id=event.message_id).first() if event.message_id else None
    if by_name or not hard:
        return by_name
    return emails.filter(state=Email.State.SENT).order_by("-sent_at", "-pk").first()


def _is_hard(event):
    said = event.mta_response or event.description or ""
    if bounces.names_a_status(said):
        return bounces.is_hard(said)
    # Postmark's name for what may go better next time; anymail makes no difference.
    is_soft = (event.esp_event or {}).get("Type") == "SoftBounce"
    return event.reject_reason in _FOR_GOOD and not is_soft


def _knows_our_secret(request):
    secret = settings.ANYMAIL.get(providers.SECRET)
    return bool(secret) and constant_time_compare(get_request_basic_auth(request) or "", secret)


def _raw(message):
    """The email as bytes, without what cannot be a header."""
    for name in message.keys():  # noqa: SIM118 - of a copy
        if not _HEADER.fullmatch(name):
            del message[name]
    try:
        return message.as_bytes(policy=policy.SMTP)
    except (UnicodeError, ValueError, LookupError):
        return message.as_string(policy=policy.compat32).encode("utf-8", "replace")

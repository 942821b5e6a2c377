"""What could not be delivered after all, and the addresses that take no email any more."""

import re
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications import wake
from notifications.inbound.headers import plain_address
from notifications.inbound.reading import Unreadable, read
from notifications.models import Email, InboundEmail, StoppedAddress

State = Email.State
Outcome = InboundEmail.Outcome

PAUSE = timedelta(hours=1)
MOST_RETRIES = 3
# Mail servers try for five days, as a rule. Later only somebody who found an old email may say that it came back.
REPORTED_WITHIN = timedelta(days=7)
MARKED_AS_SPAM = "marked as spam"
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_REPLY_CODE = re.compile(r"\b([45])\d\d\b")
# RFC 3463: of what fails for good, this is about the address or its mailbox. The rest is about this email, the way or
# the rules at its end, and a full mailbox may be emptied.
_FOR_GOOD, _FULL = ("0", "1", "2", "4"), ("2", "2")
_NO_MAILBOX, _NO_MAILBOX_CODES = gettext_lazy("there is no such mailbox"), ("550", "551", "553")
_MEANINGS = {
    "1": _NO_MAILBOX,
    "2": gettext_lazy("the mailbox takes no email"),
    "4": gettext_lazy("there is no way to its mail server"),
}


def take_report(email: Email, raw: bytes, at) -> tuple[str, str]:
    """Heed what a mail server says of `email` (RFC 3464). Returns an outcome and a reason."""
    if at - (email.sent_at or email.due_at) > REPORTED_WITHIN:
        return Outcome.IGNORED, "about an email of long ago"
    try:
        report = read(raw).report
    except Unreadable:
        report = None
    if report is None:
        return Outcome.IGNORED, "no report on a delivery"
    if report.action != "failed":
        return Outcome.IGNORED, f"only says: {report.action}"
    reason = one_line(report.said or report.status) or "no reason given"
    hard = is_hard(report.status if names_a_status(report.status) else report.said)
    bounced(email, hard=hard, reason=reason, at=at, addresses=report.recipients)
    return Outcome.BOUNCE, reason


def is_hard(said: str) -> bool:
    """Whether a mail server's words (“550 5.1.1 No such user”) mean that the address will never take an email."""
    if status := _STATUS.search(said):
        kind, subject, detail = status.groups()
        return kind == "5" and subject in _FOR_GOOD and (subject, detail) != _FULL
    code = _REPLY_CODE.search(said)
    return bool(code) and code[0] in _NO_MAILBOX_CODES


def names_a_status(said: str) -> bool:
    """Whether a mail server's words hold an enhanced status code (RFC 3463)."""
    return bool(_STATUS.search(said))


@transaction.atomic
def bounced(email: Email, *, hard: bool, reason: str, at, addresses=None) -> None:
    """The email came back. A hard one has failed, and stops its address; a soft one is tried again in an hour, three
    times at most.

    addresses: for whom it failed, as the mail server says; None when that is known to be the person's own. Another
    address than the person has now stops nothing: they changed it, or the report is about another.
    """
    email = Email.objects.select_for_update(of=("self",)).select_related("person").get(pk=email.pk)
    reason = one_line(reason)
    if hard and email.person:
        own = email.person.email
        if addresses is None or plain_address(own) in map(plain_address, addresses):
            stop_address(own, reason=reason, at=at)
    if hard and email.state != State.DROPPED:
        _mark(email, state=State.FAILED, reason=reason, bounces=email.bounces + 1)
    elif not hard and email.state in (State.SENT, State.SENDING):
        # The words of a letter are gone.
        if email.bounces >= MOST_RETRIES or not email.bundle:
            _mark(email, state=State.FAILED, reason=reason)
        else:
            again = {"due_at": at + PAUSE, "sent_at": None, "bounces": email.bounces + 1}
            _mark(email, state=State.WAITING, reason=reason, **again)


def stop_address(address: str, *, reason: str, at) -> None:
    """Send nothing but sign-in codes there any more."""
    StoppedAddress.objects.get_or_create(email=address.lower(), defaults={"reason": one_line(reason), "at": at})


def stopped_among(addresses) -> set[str]:
    """Those of the addresses (in whatever case; returned in lower case) that take no email. One statement."""
    wanted = {address.lower() for address in addresses}
    return set(StoppedAddress.objects.filter(email__in=wanted).values_list("email", flat=True))


def let_again(address: str) -> None:
    """The address takes email again: its owner says so."""
    StoppedAddress.objects.filter(email=address.lower()).delete()
    transaction.on_commit(wake.deliver_soon, robust=True)


def unreachable(person) -> str:
    """Why we cannot reach the person, in words for them; "" when nothing is known against it. Never in the other mail
    server's words: anybody may have chosen them."""
    stopped = StoppedAddress.objects.filter(email=person.email.lower()).first()
    if stopped is None:
        return ""
    code, meaning = _known(stopped.reason)
    words = {"email": person.email, "code": code, "meaning": meaning}
    if code:
        return _("We can’t reach you at %(email)s: %(meaning)s (%(code)s).") % words
    return _("We can’t reach you at %(email)s: %(meaning)s.") % words


def one_line(reason):
    """Another server's words: in one line, without control characters, as long as we keep a reason."""
    return " ".join("".join(char if char.isprintable() else " " for char in reason).split())[:300]


def _known(reason):
    """(code, meaning) of a reason: “5.1.1”, or "" where it has none, and what is known of it."""
    unknown = _("our emails come back")
    if reason == MARKED_AS_SPAM:
        return "", _("our emails were marked as spam")
    if status := _STATUS.search(reason):
        return status[0], _MEANINGS.get(status[2], unknown)
    if code := _REPLY_CODE.search(reason):
        return code[0], _NO_MAILBOX if code[0] in _NO_MAILBOX_CODES else unknown
    return "", unknown


def _mark(email, **changes):
    Email.objects.filter(pk=email.pk).update(lease=None, lease_until=None, **changes)

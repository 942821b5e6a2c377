"""Why emails fail or are not needed: in groups, and in words that people understand."""

import re

from django.db.models import CharField, F, Func, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

# In PostgreSQL the longest alternative wins: the words must not begin with a code.
_FAMILY = r"^[245]\d\d\M(?:[ -]\d\.\d{1,3}\.\d{1,3})?|^(?![245]\d\d\M)[^:;<(]{1,40}"
_CODE = re.compile(r"([245])\d\d(?:[ -]\d\.(\d{1,3})\.(\d{1,3}))?$")

_PUT_OFF = _("The mail server put it off for too long.")
_NOT_THERE = _("There is no such address, or it takes no email.")
_FULL = _("The mailbox is full.")
_NOT_WANTED = _("The other side’s rules forbid it: it may take us for spam.")
_FAULT = _("A fault of this program. The worker’s log names the email.")
# RFC 3463: the subject of an enhanced status code.
_BY_SUBJECT = {
    "1": _NOT_THERE,
    "2": _NOT_THERE,
    "3": _("The other mail server is in trouble."),
    "4": _("There is no way to the other mail server."),
    "6": _("The other mail server cannot read such an email."),
    "7": _NOT_WANTED,
}
_BY_REPLY_CODE = {"550": _NOT_THERE, "551": _NOT_THERE, "552": _FULL, "553": _NOT_THERE, "554": _NOT_WANTED}
_BY_WORDS = {
    "could not be made": _FAULT,
    "could not be made yet": _("It could not be made for too long: an older version of this program may be running."),
    "not a sendable message": _FAULT,
    "its senders never came back": _("Whoever was to send it ended in the middle of it, again and again."),
    "seen already": _("They had seen it by then."),
    "switched off": _("They had switched such emails off."),
    "held": _("Their pairing pauses: they hear of it afterwards."),
    "muted": _("They had muted the conversation."),
    "no longer permitted": _("They may not read it any more."),
    "the person may not sign in": _("They may not sign in any more."),
    "the address takes no email": _("Their address takes no email."),
    "too late to be of use": _("The code in it had expired."),
}


def family_of(reason="reason") -> Coalesce:
    """An expression: with what reasons have in common, the mail server's code (“550 5.1.1”) or else the first words."""
    found = Func(F(reason), Value(_FAMILY), function="SUBSTRING", output_field=CharField())
    return Coalesce(found, Value(""))


def meaning(family: str):
    """What such a reason means, in plain words; "" when it is not known."""
    if code := _CODE.match(family):
        kind, subject, detail = code.groups()
        if kind == "4":
            return _PUT_OFF
        if (subject, detail) == ("2", "2"):
            return _FULL
        return _BY_SUBJECT.get(subject) or _BY_REPLY_CODE.get(family[:3], "")
    if family.endswith(("Error", "Disconnected", "Timeout", "gaierror")):
        return _("The mail server could not be reached for too long.")
    return _BY_WORDS.get(family.strip(), "")

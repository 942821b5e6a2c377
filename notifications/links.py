"""The links at the foot of an email by which its reader, without signing in, changes how often such emails come."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.urls import reverse

SALT = "email-link"
LASTS = timedelta(days=60)
# Where the choice stands in an address: what was chosen before.
BACK = "back"


class Expired(Exception):
    """The link was ours, and is too old."""


class Link(NamedTuple):
    """`email` and `person` are keys. A link that takes back what the email's own link did says when that was (`used`)
    and what each group's choice was `before`."""

    email: int
    person: int
    groups: list[str]
    used: datetime | None = None
    before: dict[str, str] | None = None


def choice_url(person, groups, choice, email) -> str:
    """The full address by which the reader of `email` makes one choice for all of `groups`."""
    return settings.SITE_URL + _path([email.pk, person.pk, list(groups)], choice)


def back_path(link, used, before) -> str:
    """The path by which what `link` did at the moment `used` is taken back."""
    return _path([link.email, link.person, link.groups, used.isoformat(), before], BACK)


def read(token) -> Link:
    """What a token of ours says. Raises Expired, or BadSignature for any other."""
    try:
        email, person, groups, *back = signing.loads(token, salt=SALT, max_age=LASTS)
    except signing.SignatureExpired as error:
        raise Expired from error
    if not back:
        return Link(email, person, groups)
    used, before = back
    return Link(email, person, groups, datetime.fromisoformat(used), before)


def _path(facts, choice):
    return reverse("notifications:choice", args=[signing.dumps(facts, salt=SALT), choice])

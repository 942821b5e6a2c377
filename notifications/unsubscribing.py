"""What the links of `notifications.links` do, once: whoever chose differently since keeps their choice. Only whoever
made another choice by an email's links can still stop such emails by it, once: RFC 8058 promises that to everybody."""

from uuid import NAMESPACE_OID, uuid5

from django.db import transaction
from django.utils import timezone

from accounts.models import SentForm
from accounts.once import REMEMBERED
from notifications import links
from notifications.actions import set_preferences
from notifications.models import Email, Preference


@transaction.atomic
def use(link, choice) -> str | None:
    """Make this choice for the groups of an email's link (RFC 8058: whoever holds the link is its reader). Returns the
    path that takes it back; None when the email's link was used before."""
    email = _lock(link)
    if not is_open(link, email, choice):
        return None
    preference, _is_new = Preference.objects.select_for_update().get_or_create(person=email.person)
    before = {group: preference.choice(group) for group in link.groups}
    set_preferences(email.person, **dict.fromkeys(link.groups, choice))
    if choice == Preference.Choice.OFF:
        # Forgotten when the link has grown old.
        SentForm.objects.create(at=timezone.now() + links.LASTS - REMEMBERED, **_stop_by(email))
    return links.back_path(link, _mark(email), before)


@transaction.atomic
def take_back(link) -> bool:
    """Undo what the email's link did. False when that was done before."""
    email = _lock(link)
    if email.unsubscribed_at != link.used:
        return False
    set_preferences(email.person, **link.before)
    _mark(email)
    return True


def is_open(link, email, choice) -> bool:
    """Whether the link of this email still has an effect."""
    if email.unsubscribed_at == link.used:
        return True
    return not link.used and choice == Preference.Choice.OFF and not SentForm.objects.filter(**_stop_by(email)).exists()


def _lock(link):
    return Email.objects.select_for_update(of=("self",)).select_related("person__profile").get(pk=link.email)


def _mark(email):
    """The link is used: from now on it is held against this moment, which its taking back must know."""
    email.unsubscribed_at = timezone.now()
    email.save(update_fields=["unsubscribed_at"])
    return email.unsubscribed_at


def _stop_by(email):
    """What tells that this email's link stopped emails, among all forms that have their effect once."""
    return {"person": email.person, "token": uuid5(NAMESPACE_OID, email.message_id), "digest": Preference.Choice.OFF}

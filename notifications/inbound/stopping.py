"""Unsubscribing by email, as mail programs do it for their readers (RFC 2369; some know no other way)."""

from notifications import unsubscribing
from notifications.inbound.headers import Headers
from notifications.inbound.senders import is_from
from notifications.links import Link
from notifications.models import Email, InboundEmail, Preference
from notifications.notices import NOTICES

Outcome = InboundEmail.Outcome


def stop(email: Email, headers: Headers) -> tuple[str, str]:
    """No more emails of the kinds that this one told of. Returns an outcome and a reason."""
    if email.person is None or not is_from(email.person, headers):
        return Outcome.IGNORED, "from another address"
    kinds = set(email.notifications.values_list("event__kind", flat=True)) & NOTICES.keys()
    told = {NOTICES[kind].group for kind in kinds}
    groups = [group for group in Preference.GROUPS if group in told]
    if not groups:
        return Outcome.IGNORED, "nothing that can be switched off"
    if unsubscribing.use(Link(email.pk, email.person_id, groups), Preference.Choice.OFF) is None:
        return Outcome.IGNORED, "stopped before"
    return Outcome.STOPPED, ""

"""That the two of a pairing met."""

from datetime import datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.scheduling import zone_of
from pairings.actions.pairing import lock, note_activity
from pairings.models import MoveRefused

NOON = time(12)


@transaction.atomic
def note_meeting(pairing, *, by, on, at=None):
    """Remember that the two met on the date `on`, in the zone of whoever says so. Saying it again changes nothing.

    at: when it is said (default now). Raises MoveRefused for a day to come or one before they began, after the end, and
    for anybody else than the two.
    """
    pairing, at = lock(pairing), at or timezone.now()
    if by not in (pairing.mentee, pairing.mentor):
        raise MoveRefused(_("Only the two of a pairing can do this."))
    if not pairing.is_live:
        raise MoveRefused(_("Your time together has ended, so nothing was changed."))
    zone = zone_of(by)
    if on > at.astimezone(zone).date():
        raise MoveRefused(_("That day is still to come. Choose the day you met."))
    if on < pairing.created_at.astimezone(zone).date():
        raise MoveRefused(_("You were not a pairing yet on that day. Choose a later one."))
    met = min(max(datetime.combine(on, NOON, tzinfo=zone), pairing.created_at), at)
    pairing.first_met_at = min(met, pairing.first_met_at or met)
    pairing.last_met_at = max(met, pairing.last_met_at or met)
    pairing.save(update_fields=["first_met_at", "last_met_at"])
    note_activity(pairing, at=met)
    return pairing

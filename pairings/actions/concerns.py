"""Worries about a pairing, for the programme team."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.actions import mark_seen, notify
from notifications.models import Event, Notification
from pairings import notices
from pairings.models import Concern, MoveRefused, readers_of_concerns

MOST_A_DAY = 10  # of one person; each is an email to the whole team

logger = logging.getLogger(__name__)


@transaction.atomic
def raise_concern(pairing, *, by, reason, at=None):
    """Tell the programme team that one of the two is worried; the other is not told. Also after the pairing has ended.

    Raises MoveRefused when nobody but the two themselves could read it, after many on one day, and for anybody else
    than the two.
    """
    at = at or timezone.now()
    if by not in (pairing.mentee, pairing.mentor):
        raise MoveRefused(_("Only the two of a pairing can do this."))
    if Concern.objects.filter(by=by, at__gt=at - timedelta(days=1)).count() >= MOST_A_DAY:
        raise MoveRefused(_("You told the team many times today. They have all of it, and will write to you."))
    readers = readers_of_concerns(pairing, by=by)
    if not readers:
        raise MoveRefused(_("Nobody but the two of you could read this here just now. Please write to your programme."))
    concern = Concern.objects.create(pairing=pairing, by=by, reason=reason, at=at)
    thread = notices.thread_of_concern(concern.pk)
    notify(notices.CONCERN, about=concern, to=readers, by=by, thread=thread, bundle=thread, at=at)
    logger.warning("Concern %s was raised about pairing %s", concern.pk, pairing.pk)
    return concern


@transaction.atomic
def handle_concern(concern, *, by, at=None):
    """Say that the programme team has looked after it: it is new to none of them any more."""
    concern = Concern.objects.select_for_update(no_key=True).get(pk=concern.pk)
    if concern.handled_at is None:
        concern.handled_at, concern.handled_by = at or timezone.now(), by
        concern.save(update_fields=["handled_at", "handled_by"])
    raised = Event.objects.filter(kind=notices.CONCERN.kind, about_id=concern.pk)
    for told in Notification.objects.unseen().filter(event__in=raised).select_related("person"):
        mark_seen(told.person, raised)
    return concern

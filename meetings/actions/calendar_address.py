"""The secret address of a person's own calendar."""

import secrets

from django.db import transaction
from django.utils import timezone

from meetings.models import CalendarFeed

BYTES = 20  # 160 bits


@transaction.atomic
def replace_calendar_address(*, by, at=None) -> CalendarFeed:
    """Give `by` an address, instead of any that they had: whoever knew that one is shut out."""
    feed, _is_new = CalendarFeed.objects.update_or_create(
        person=by, defaults={"secret": secrets.token_hex(BYTES), "made_at": at or timezone.now()}
    )
    return feed

"""How far somebody has read, and that they are done with a review."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from notifications.actions import mark_seen, send_soon
from notifications.models import Event
from portfolios import notices
from portfolios.actions.telling import lock_pair, other_of
from portfolios.models import Page, PageVersion, Visit


@transaction.atomic
def mark_read(page, *, by, until, shown=None, at=None):
    """The reader has read the page; the mark only moves forward, its last value is kept.

    `shown` is the number of the version that they saw, `until` the moment of the newest thing that they saw: what was
    shared or said while they were reading stays new. Without `shown`: the version that was the latest at `until`.
    """
    at = at or timezone.now()
    until = min(until, at)
    readable = PageVersion.objects.visible_to(by).filter(page=page)
    readable = readable.filter(shared_at__lte=until) if shown is None else readable.filter(number__lte=shown)
    version = readable.order_by("-number").defer("body").first()
    visit, _created = Visit.objects.select_for_update().get_or_create(
        page=page, reader=by, defaults={"version": version, "seen_until": until, "marked_at": at}
    )
    if until >= visit.seen_until:
        if version and version != visit.version:
            visit.previous_version, visit.previous_at = visit.version, visit.marked_at
            visit.version = version
        visit.seen_until, visit.marked_at = until, at
        visit.save()
    seen = Q(kind=notices.COMMENTED.kind, at__lte=until)
    seen |= Q(kind=notices.PAGE_SHARED.kind, about_id__in=readable.values("pk"))
    mark_seen(by, Event.objects.filter(seen, thread=notices.thread_of(page.pk)))
    return visit


@transaction.atomic
def finish_review(page, *, by, until, shown=None, at=None):
    """The reader has read the page and said what they have to say: the other hears of it all at once, without waiting
    for the rest of the bundling window. Returns the Visit."""
    at = at or timezone.now()
    Page.objects.select_for_update(no_key=True).get(pk=page.pk)
    pairing = lock_pair(page)
    visit = mark_read(page, by=by, until=until, shown=shown, at=at)
    visit.finished_at = at
    visit.save(update_fields=["finished_at"])
    if pairing:
        send_soon(other_of(pairing, by), bundle=pairing.bundle, at=at)
    return visit

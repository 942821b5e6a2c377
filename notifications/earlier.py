"""What a person has seen, and what they keep for later."""

from django.db.models import F

from notifications.models import Notification

A_PAGE = 30
MOST_KEPT = 60


def kept(person) -> list:
    """What the person keeps for later, what was put there last first, at most `MOST_KEPT`. One query; rows as of
    `news.unseen`."""
    mine = Notification.objects.filter(person=person, kept_at__isnull=False)
    return _rows(mine.order_by("-kept_at", "-pk"))[:MOST_KEPT]


def seen(person, before=None) -> tuple[list, int | None]:
    """What the person has seen and does not keep, the newest first: a page of it, and what to ask for as `before` to
    get the next one (None when there is none). One query, which takes as long on every page."""
    mine = Notification.objects.filter(person=person, seen_at__isnull=False, kept_at=None)
    if before is not None:
        mine = mine.filter(pk__lt=before)
    rows = list(_rows(mine.order_by("-pk"))[: A_PAGE + 1])
    return rows[:A_PAGE], rows[A_PAGE - 1].pk if len(rows) > A_PAGE else None


def _rows(notifications):
    names = ("kind", "about_id", "thread", "at", "bundle")
    of_event = {name: F(f"event__{name}") for name in names}
    return notifications.annotate(**of_event).values_list("pk", *names, named=True)

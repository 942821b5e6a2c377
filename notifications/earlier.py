"""What a person has seen, and what they keep for later."""

from django.db.models import F, Max

from notifications.models import Notification

A_PAGE = 30
MOST_KEPT = 60  # threads


def kept(person) -> list:
    """What the person keeps for later, what was put there last first: all of the last `MOST_KEPT` threads, and of the
    one after them, which says that there are more. One query; rows as of `news.unseen`."""
    mine = Notification.objects.filter(person=person, kept_at__isnull=False)
    threads = mine.values("event__thread").annotate(last=Max("kept_at"), newest=Max("pk"))
    last = threads.order_by("-last", "-newest").values("event__thread")[: MOST_KEPT + 1]
    return _rows(mine.filter(event__thread__in=last).order_by("-kept_at", "-pk"))


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

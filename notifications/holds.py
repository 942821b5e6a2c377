"""What is held back for a while: of a bundle with a `Hold` nothing is emailed before its end, in no kind of letter."""

from notifications.models import Hold, Notification
from notifications.notices import NOTICES
from notifications.timing import after_hold


def ends_of(people, now) -> dict:
    """{(person, bundle): until when no email of it is wanted}, by keys. One statement."""
    holds = Hold.objects.filter(person__in=people, until__gt=now)
    return {
        (person_id, bundle): until for person_id, bundle, until in holds.values_list("person_id", "bundle", "until")
    }


def waits(kind) -> bool:
    """Whether events of this kind wait while their bundle is held."""
    return kind not in NOTICES or NOTICES[kind].waits


def without_held(found, wishes, now) -> dict:
    """Of `found`, {(person, bundle): rows}, what is not held; what is, is due after its hold. `wishes` of each
    person."""
    ends = ends_of(wishes, now)
    if not ends:
        return found
    held = []

    def is_free(row):
        until = ends.get((row.person_id, row.event__bundle))
        if until is None or not waits(row.event__kind):
            return True
        due_at = after_hold(until, row.told_with == Notification.WEEK, wishes[row.person_id].zone)
        held.append(Notification(pk=row.pk, due_at=due_at))
        return False

    free = {key: [row for row in group if is_free(row)] for key, group in found.items()}
    Notification.objects.bulk_update(held, ["due_at"], batch_size=500)
    return {key: group for key, group in free.items() if group}


def take_out(notifications, until) -> None:
    """Take these out of the email that was made for them before their hold began: they are due `until`."""
    pks = [notification.pk for notification in notifications]
    Notification.objects.filter(pk__in=pks, seen_at=None).update(email=None, due_at=until)

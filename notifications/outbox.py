"""The outbox: rows are gathered into emails, claimed for a short time, and marked. All SQL of delivery is here."""

import uuid
from collections import defaultdict
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Min
from django.utils import timezone

from notifications import timing
from notifications.models import Email, Notification, Preference

State = Email.State

# After its greeting a mail server answers five times to one email, each time within EMAIL_TIMEOUT. A lease that
# ran out meanwhile would let another sender send the same email, and again, for as long as the server is slow.
LEASE = timedelta(seconds=6 * settings.EMAIL_TIMEOUT)
GIVE_UP = timedelta(days=3)
# A sign-in code is of no use later, and its words should not lie about.
LETTER_GIVE_UP = timedelta(hours=1)
# An email whose sender died this often may well be the reason.
MOST_LOST_LEASES = 20
A_DAY_AT_MOST = 2
_GATHER_LOCK = 0x6D61696C  # any fixed number; names the advisory lock of `gather`


@transaction.atomic
def gather(now, most=500, *, heed_cap=True) -> int:
    """Put what is due for one (person, bundle) into one Email, for up to `most` of them. Returns how many.

    People who had their two emails today wait for the morning, unless `heed_cap` is false. One process gathers at a
    time; others find nothing to do and go on to send.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_GATHER_LOCK])
        if not cursor.fetchone()[0]:
            return 0
    due = Notification.objects.waiting().filter(due_at__lte=now)
    keys = list(due.values_list("person_id", "event__bundle").annotate(first=Min("due_at")).order_by("first")[:most])
    groups = {(person_id, bundle): [] for person_id, bundle, _ in keys}
    people = {person_id for person_id, _ in groups}
    rows = due.filter(person__in=people).select_related("event", "person__profile").order_by("pk")
    for notification in rows.select_for_update(skip_locked=True, of=("self",)):
        group = groups.get((notification.person_id, notification.event.bundle))
        if group is not None:
            group.append(notification)
    if heed_cap and settings.NOTICE_BUNDLE_MINUTES:
        groups = _within_cap(groups, now)
    groups = {key: group for key, group in groups.items() if group}
    _attach(groups, now)
    return len(groups)


@transaction.atomic
def claim(now):
    """The next due email, ours until its lease runs out; None when there is none. A short transaction."""
    email = (
        Email.objects.deliverable(now)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("person__profile")
        .order_by("due_at", "pk")
        .first()
    )
    if email is None:
        return None
    # One that a mail server has put off at least once is no such email: its attempts count those answers, too.
    if email.state == State.SENDING and email.attempts >= MOST_LOST_LEASES and not email.reason:
        Email.objects.filter(pk=email.pk).update(state=State.FAILED, reason="its senders never came back", letter=None)
        return None
    email.state = State.SENDING
    email.lease = uuid.uuid4()
    email.lease_until = now + LEASE
    email.attempts += 1
    email.save(update_fields=["state", "lease", "lease_until", "attempts"])
    return email


def renew(email) -> bool:
    """Hold a claimed email for another whole lease. False when another sender has it by now."""
    return bool(_held(email).update(lease_until=timezone.now() + LEASE))


def mark_sent(email, subject) -> bool:
    """Compare and set: False when the lease was lost to another sender meanwhile."""
    return _mark(
        email,
        state=State.SENT,
        subject=subject[:250],
        thread=email.thread,
        sent_at=timezone.now(),
        letter=None,
        reason="",
    )


def mark_dropped(email, reason) -> bool:
    return _mark(email, state=State.DROPPED, reason=reason, letter=None)


def mark_failed(email, reason) -> bool:
    return _mark(email, state=State.FAILED, reason=reason[:300], letter=None)


def mark_for_retry(email, reason) -> bool:
    """Try again later, twice as long each time (30 s to 1 h); in the end it counts as failed."""
    now = timezone.now()
    if now - email.created_at > (LETTER_GIVE_UP if email.letter else GIVE_UP):
        return mark_failed(email, reason)
    pause = timedelta(seconds=min(30 * 2 ** (email.attempts - 1), 3600))
    return _mark(email, state=State.WAITING, reason=reason[:300], due_at=now + pause)


def oldest_overdue(now):
    """Since when the longest-waiting due email or notification waits; None when nothing does."""
    email = Email.objects.deliverable(now).aggregate(first=Min("due_at"))["first"]
    notification = Notification.objects.waiting().filter(due_at__lte=now).aggregate(first=Min("due_at"))["first"]
    return min(filter(None, (email, notification)), default=None)


def _mark(email, **changes):
    return bool(_held(email).update(lease=None, lease_until=None, **changes))


def _held(email):
    return Email.objects.filter(pk=email.pk, state=State.SENDING, lease=email.lease)


def _within_cap(groups, now):
    """Leave out people who had their two emails today; theirs are due tomorrow morning."""
    had = _had_today({group[0].person for group in groups.values() if group}, now)
    allowed = {}
    for key, group in groups.items():
        person = group[0].person if group else None
        if person and had[person.pk] >= A_DAY_AT_MOST:
            preference = Preference.objects.filter(person=person).first() or Preference()
            later = timing.after_quiet(
                timing.next_morning(now, person.profile.zone),
                person.profile.zone,
                preference.quiet_from,
                preference.quiet_until,
                preference.quiet_weekends,
            )
            Notification.objects.filter(pk__in=[n.pk for n in group]).update(due_at=later)
        else:
            allowed[key] = group
            if person:
                had[person.pk] += 1
    return allowed


def _had_today(people, now):
    zones = {person.pk: person.profile.zone for person in people}
    had = defaultdict(int)
    recent = Email.objects.filter(
        person__in=zones, letter__isnull=True, created_at__gt=now - timedelta(hours=26)
    ).exclude(state=State.DROPPED)
    for person_id, created_at in recent.values_list("person_id", "created_at"):
        zone = zones[person_id]
        had[person_id] += created_at.astimezone(zone).date() == now.astimezone(zone).date()
    return had


def _attach(groups, now):
    open_emails = Email.objects.select_for_update().filter(
        person__in={person_id for person_id, _ in groups},
        state=State.WAITING,
        letter__isnull=True,
        attempts=0,
    )
    emails = {(email.person_id, email.bundle): email for email in open_emails}
    missing = [
        Email(person_id=person_id, bundle=bundle, due_at=now, created_at=now)
        for person_id, bundle in groups
        if (person_id, bundle) not in emails
    ]
    for email in Email.objects.bulk_create(missing):
        emails[email.person_id, email.bundle] = email
    for key, group in groups.items():
        for notification in group:
            notification.email = emails[key]
    Notification.objects.bulk_update([n for group in groups.values() for n in group], ["email"], batch_size=500)

"""The outbox: rows are gathered into emails, claimed for a short time, and marked. All SQL of delivery is here, but for
what is held back (`holds`)."""

import uuid
from collections import defaultdict
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Min, Q
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts.models import User
from notifications.holds import without_held
from notifications.models import Email, Mute, Notification
from notifications.scheduling import choice_of, preferences_of, wishes_of
from notifications.timing import A_DAY_AT_MOST, LONGEST, Choice, calm, in_the_morning

State = Email.State

# After its greeting a mail server answers five times to one email, each time within EMAIL_TIMEOUT. A lease that
# ran out meanwhile would let another sender send the same email, and again, for as long as the server is slow.
ATTEMPT = timedelta(seconds=5 * settings.EMAIL_TIMEOUT)
LEASE = ATTEMPT + timedelta(seconds=settings.EMAIL_TIMEOUT)
GIVE_UP = timedelta(days=3)
# A sign-in code is of no use later, and its words should not lie about.
LETTER_GIVE_UP = timedelta(hours=1)
# An email whose sender died this often may well be the reason.
MOST_LOST_LEASES = 20
BATCH = 20
_GATHER_LOCK = 0x6D61696C  # any fixed number; names the advisory lock of `gather`


@transaction.atomic
def gather(now, most=500, *, heed_cap=True) -> int | None:
    """Put what is due for one (person, bundle) into one Email, with what would soon be due there, too, for up to `most`
    of them. Returns how many; None when another process is at it.

    Nobody gets more than two emails a day: of somebody who would, all goes into one, or into that of the next morning.
    `heed_cap` false leaves that aside.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_GATHER_LOCK])
        if not cursor.fetchone()[0]:
            return None
    due = Notification.objects.waiting().filter(due_at__lte=now)
    keys = list(due.values_list("person_id", "told_with").annotate(first=Min("due_at")).order_by("first")[:most])
    people = User.objects.select_related("profile").in_bulk({person_id for person_id, _, _ in keys})
    # What is put off to the morning stays so: an evening has one email.
    waiting = Notification.objects.waiting().filter(person__in=people, due_at__lte=now + LONGEST)
    rows = waiting.order_by("pk").select_for_update(skip_locked=True, of=("self",))
    found = {(person_id, bundle): [] for person_id, bundle, _ in keys}
    facts = ("pk", "person_id", "told_with", "due_at", "event__kind", "event__bundle")
    for row in rows.values_list(*facts, named=True):
        if (row.person_id, row.told_with) in found:
            found[row.person_id, row.told_with].append(row)
    # Of some, another process may hold what is due.
    found = {key: group for key, group in found.items() if any(row.due_at <= now for row in group)}
    preferences = preferences_of(people.values())
    wishes = {pk: wishes_of(person, preferences[pk]) for pk, person in people.items()}
    groups = _wanted(without_held(found, wishes, now), preferences, now)
    emails = _open_emails(groups)
    if heed_cap and settings.NOTICE_BUNDLE_MINUTES:
        groups = _within_cap(_within_hours(groups, wishes, now), emails, wishes, now)
    _attach(groups, emails, now)
    return len(found)


def claim(now, most=BATCH) -> list[Email]:
    """Due emails that nobody tried to send yet, ours until their lease runs out. A short transaction."""
    return _claim(Email.objects.filter(state=State.WAITING, attempts=0, due_at__lte=now), now, most)


def claim_again(now) -> list[Email]:
    """One due email that was tried before; [] when there is none. Apart from the new ones, so that what a mail server
    is slow to refuse, or what kills its senders, never holds up the others."""
    while found := _claim(Email.objects.deliverable(now), now, 1):
        # One that a mail server has put off at least once is no such email: its attempts count those answers, too.
        if found[0].attempts <= MOST_LOST_LEASES or found[0].reason:
            break
        mark_failed(found[0], "its senders never came back")
    return found


def hold(email) -> bool:
    """Make sure that a claimed email is ours for as long as one attempt may take. False when another sender has it by
    now: a mail server was slow to greet, or to take the one before."""
    if email.lease_until - timezone.now() >= ATTEMPT:
        return True
    email.lease_until = timezone.now() + LEASE
    return bool(_held(email).update(lease_until=email.lease_until))


def hand_back(emails) -> None:
    """Let other senders have these emails, claimed together and not tried yet. They count as tried all the same: each
    is claimed alone then, and another of its bundle may be the one that is being gathered by now."""
    ours = Email.objects.filter(pk__in=[email.pk for email in emails], state=State.SENDING, lease=emails[0].lease)
    ours.update(state=State.WAITING, lease=None, lease_until=None, attempts=Greatest(F("attempts") - 1, 1))


def mark_sent(email, subject) -> bool:
    """Compare and set: False when the lease was lost to another sender meanwhile."""
    with connection.cursor() as cursor:
        # As `_mark` does: every email is marked, and making the SQL took longer than the database takes to do it.
        cursor.execute(
            "UPDATE notifications_email SET state = 'sent', subject = %s, thread = %s, sent_at = %s, reason = '',"
            " lease = NULL, lease_until = NULL, letter = NULL WHERE id = %s AND state = 'sending' AND lease = %s",
            [subject[:250], email.thread, timezone.now(), email.pk, email.lease],
        )
        return cursor.rowcount == 1


def put_off(email, until) -> bool:
    """Nobody wants it at this hour: it waits for another, and was not tried."""
    return _mark(email, state=State.WAITING, due_at=until, attempts=F("attempts") - 1)


def mark_dropped(email, reason) -> bool:
    return _mark(email, state=State.DROPPED, reason=reason, letter=None)


def mark_failed(email, reason) -> bool:
    return _mark(email, state=State.FAILED, reason=reason[:300], letter=None)


def mark_for_retry(email, reason) -> bool:
    """Try again later, twice as long each time (30 s to 1 h); in the end it counts as failed."""
    now = timezone.now()
    if is_too_late(email, now):
        return mark_failed(email, reason)
    pause = timedelta(seconds=min(30 * 2 ** (email.attempts - 1), 3600))
    return _mark(email, state=State.WAITING, reason=reason[:300], due_at=now + pause)


def is_too_late(email, now) -> bool:
    """Whether an email has waited for so long that it is of no use any more."""
    is_short_lived = email.letter is not None and not email.letter.get("lasting")
    return now - email.created_at > (LETTER_GIVE_UP if is_short_lived else GIVE_UP)


def oldest_overdue(now):
    """Since when the longest-waiting due email or notification waits; None when nothing does."""
    email = Email.objects.deliverable(now).aggregate(first=Min("due_at"))["first"]
    notification = Notification.objects.waiting().filter(due_at__lte=now).aggregate(first=Min("due_at"))["first"]
    return min(filter(None, (email, notification)), default=None)


def _mark(email, **changes):
    return bool(_held(email).update(lease=None, lease_until=None, **changes))


def _held(email):
    return Email.objects.filter(pk=email.pk, state=State.SENDING, lease=email.lease)


@transaction.atomic
def _claim(emails, now, most):
    claimed = list(
        emails.select_for_update(skip_locked=True, of=("self",))
        .select_related("person__profile")
        .order_by("due_at", "pk")[:most]
    )
    lease = {"state": State.SENDING, "lease": uuid.uuid4(), "lease_until": now + LEASE}
    for email in claimed:
        for name, value in lease.items():
            setattr(email, name, value)
        email.attempts += 1
    if claimed:
        Email.objects.filter(pk__in=[email.pk for email in claimed]).update(attempts=F("attempts") + 1, **lease)
    return claimed


def _open_emails(groups):
    """Emails that are made and not tried yet, by (person, bundle): what is due now joins them."""
    found = Email.objects.select_for_update().filter(
        person__in={person_id for person_id, _ in groups}, state=State.WAITING, letter__isnull=True, attempts=0
    )
    return {(email.person_id, email.bundle): email for email in found.order_by("pk")}


def _wanted(found, preferences, now):
    """{(person, bundle): keys} of what people want emails of, where some of that is due. What they switched off, or
    muted, is not told by email; a kind of event that this version of the program does not know is for another to
    judge."""
    mutes = set(Mute.objects.filter(person__in=preferences).values_list("person_id", "bundle"))

    def is_wanted(row):
        if row.told_with.startswith(Email.ONCE):
            return True
        is_off = choice_of(preferences[row.person_id], row.event__kind) == Choice.OFF
        return not is_off and (row.person_id, row.event__bundle) not in mutes

    wanted = {key: [row for row in group if is_wanted(row)] for key, group in found.items()}
    unwanted = [row.pk for group in found.values() for row in group if not is_wanted(row)]
    if unwanted:
        Notification.objects.filter(pk__in=unwanted).update(due_at=None)
    return {key: [row.pk for row in group] for key, group in wanted.items() if any(row.due_at <= now for row in group)}


def _within_hours(groups, wishes, now):
    """The same groups, without those of people who want no emails now. When the workers were away, it may be night by
    the time that something is sent."""
    awake = {}
    for (person_id, bundle), pks in groups.items():
        until = calm(now, wishes[person_id])
        if until > now and not bundle.startswith(Email.ONCE):
            Notification.objects.filter(pk__in=pks).update(due_at=until)
        else:
            awake[person_id, bundle] = pks
    return awake


def _within_cap(groups, emails, wishes, now):
    """The same groups, so joined or put off that nobody gets more than their two emails of the day."""
    new = defaultdict(list)
    for person_id, bundle in groups:
        if (person_id, bundle) not in emails and not bundle.startswith(Email.ONCE):
            new[person_id].append(bundle)
    had = _had_today({person_id: wishes[person_id].zone for person_id in new}, now)
    for person_id, bundles in new.items():
        free = A_DAY_AT_MOST - had[person_id]
        if len(bundles) <= free:
            continue
        pks = [pk for bundle in bundles for pk in groups.pop((person_id, bundle))]
        if free > 0 or (person_id, Notification.DAY) in emails:
            groups[person_id, Notification.DAY] = pks
            Notification.objects.filter(pk__in=pks).update(told_with=Notification.DAY)
        else:
            later = in_the_morning(now, wishes[person_id])
            Notification.objects.filter(pk__in=pks).update(due_at=later)
    return groups


def _had_today(zones, now):
    """{person: how many emails they had today, or will have when the mail server takes them}."""
    had = defaultdict(int)
    recent = (
        Email.objects.filter(person__in=zones, letter__isnull=True, created_at__gt=now - GIVE_UP - timedelta(days=1))
        .filter(
            Q(state__in=[State.WAITING, State.SENDING]) | Q(state=State.SENT, sent_at__gt=now - timedelta(hours=26))
        )
        .exclude(bundle__startswith=Email.ONCE)
    )
    for person_id, sent_at in recent.values_list("person_id", "sent_at"):
        zone = zones[person_id]
        had[person_id] += sent_at is None or sent_at.astimezone(zone).date() == now.astimezone(zone).date()
    return had


def _attach(groups, emails, now):
    missing = [
        Email(person_id=person_id, bundle=bundle, due_at=now, created_at=now)
        for person_id, bundle in groups
        if (person_id, bundle) not in emails
    ]
    for email in Email.objects.bulk_create(missing):
        emails[email.person_id, email.bundle] = email
    told = [Notification(pk=pk, email=emails[key]) for key, group in groups.items() for pk in group]
    Notification.objects.bulk_update(told, ["email"], batch_size=500)

"""When the people who are told of something get their email: the rules of `timing`, asked for many people at once."""

from collections import defaultdict
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Max, prefetch_related_objects
from django.utils import timezone

from accounts.models import Profile
from notifications import timing
from notifications.models import Email, Notification, Preference
from notifications.notices import NOTICES
from notifications.timing import Choice, Wishes

_GATHERED = (Choice.BUNDLED, Choice.OFF)
_WITH_OTHERS = (*_GATHERED, Choice.NOW)
# An evening began at most so long ago.
AN_EVENING = timedelta(hours=12)


def preferences_of(people) -> dict[int, Preference]:
    """By the person's key, with the defaults for those who never said. One statement."""
    said = Preference.objects.in_bulk([person.pk for person in people], field_name="person_id")
    return {person.pk: said.get(person.pk) or Preference(person=person) for person in people}


def zone_of(person):
    """The person's zone, the programme's own for somebody without a profile: what is amiss with one person must not
    hold up everybody else's email."""
    return (getattr(person, "profile", None) or Profile()).zone


def wishes_of(person, preference) -> Wishes:
    return Wishes(
        zone_of(person),
        preference.quiet_from,
        preference.quiet_until,
        preference.quiet_weekends,
        preference.paused_until,
    )


def schedule(event, notice, people, at, in_time_for=None) -> list[Notification]:
    """Unsaved notifications of an event for `people`, each due by their own choice; `in_time_for` as for `notify`. What
    waits for them in the same bundle moves along. The number of statements does not grow with the number of people.
    """
    prefetch_related_objects(people, "profile")
    _hold_choices(people)
    preferences = preferences_of(people)
    if in_time_for:
        return [
            Notification(
                event=event,
                person=person,
                told_with=f"{Email.ONCE}{event.pk}",
                due_at=_in_time(at, in_time_for, wishes_of(person, preferences[person.pk])),
            )
            for person in people
        ]
    choices = {person.pk: preferences[person.pk].choice(notice.group) for person in people}
    together = [pk for pk, choice in choices.items() if choice in _WITH_OTHERS]
    waiting = _gathering(together, event.bundle, preferences, choices) if together else []
    last = last_emails(together, event.bundle, at) if together else {}
    opened = {}
    for row in waiting:
        opened[row.person_id] = min(row.event__at, opened.get(row.person_id, at))
        # Its email is being made at this moment, perhaps.
        if choices[row.person_id] == Choice.NOW and row.due_at <= at:
            last[row.person_id] = at
    due = {
        person.pk: _due(
            notice,
            choices[person.pk],
            at,
            opened.get(person.pk, at),
            last.get(person.pk),
            wishes_of(person, preferences[person.pk]),
        )
        for person in people
    }
    _move([row for row in waiting if choices[row.person_id] in _GATHERED], due)
    return [
        Notification(
            event=event,
            person=person,
            told_with=told_with(notice, choices[person.pk], event),
            due_at=due[person.pk],
        )
        for person in people
    ]


def reschedule(person, preference, now=None, *, bundle=None) -> None:
    """What waits for a person waits as their preference says now; with a bundle, what waits of that, also of what
    is told on its own."""
    now = now or timezone.now()
    wishes = wishes_of(person, preference)
    waiting = Notification.objects.waiting().filter(person=person, **({"event__bundle": bundle} if bundle else {}))
    bundles, changed = defaultdict(list), []
    for notification in in_order(waiting.select_related("event")):
        choice = choice_of(preference, notification.event.kind)
        is_alone = notification.told_with.startswith(Email.ONCE)
        if choice and not is_alone:
            bundles[notification.event.bundle, choice].append(notification)
        elif choice and bundle:
            notification.due_at = now
            changed.append(notification)
    for (bundle, choice), found in bundles.items():
        opened = min(notification.event.at for notification in found)
        last = last_emails([person.pk], bundle, now).get(person.pk) if choice in _WITH_OTHERS else None
        for notification in found:
            notice = NOTICES[notification.event.kind]
            notification.told_with = told_with(notice, choice, notification.event)
            notification.due_at = _due(notice, choice, now, opened, last, wishes, notification.event.at)
        changed += found
    Notification.objects.bulk_update(changed, ["told_with", "due_at"])


def choosing(person):
    """Within a transaction: nothing is scheduled for the person while their choices change."""
    Profile.objects.select_for_update(no_key=True).filter(user=person).first()


def told_with(notice, choice, event) -> str:
    """The bundle of the email that tells a person of the event."""
    if not notice.group:
        return f"{Email.ONCE}{event.pk}"
    return Notification.WEEK if choice == Choice.WEEKLY else event.bundle


def last_emails(people, bundle, now) -> dict:
    """{person: when the last email that told of this bundle, perhaps among others, was made within an evening}. One
    statement."""
    emails = Email.objects.filter(
        person__in=people, bundle__in=[bundle, Notification.DAY], letter__isnull=True, created_at__gt=now - AN_EVENING
    ).exclude(state=Email.State.DROPPED)
    return dict(emails.order_by().values_list("person").annotate(Max("created_at")))


def in_order(notifications) -> list[Notification]:
    """The rows, locked in the order of their keys: two who change the same ones wait for each other in turn."""
    return list(notifications.select_for_update(of=("self",)).order_by("pk"))


def _hold_choices(people):
    """Nobody changes how they are told (`choosing`) until what is scheduled now is there to move along. Others may be
    told of things meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM accounts_profile WHERE user_id = ANY(%s) ORDER BY id FOR SHARE",
            [[person.pk for person in people]],
        )


def _due(notice, choice, at, opened, last, wishes, happened=None):
    window = timedelta(minutes=settings.NOTICE_BUNDLE_MINUTES)
    if not notice.group or (not window and choice != Choice.WEEKLY):
        return at
    return timing.due(
        choice, at, opened=opened, last=last, wishes=wishes, window=window, delay=notice.delay, happened=happened
    )


def _in_time(at, begins, wishes):
    return timing.in_time(at, begins, wishes) if settings.NOTICE_BUNDLE_MINUTES else at


def _gathering(people, bundle, preferences, choices):
    """What waits for these people in the bundle, locked: rows, since there may be many. Only what they chose the same
    for."""
    waiting = Notification.objects.waiting().filter(person__in=people, told_with=bundle)
    rows = waiting.select_for_update(of=("self",)).order_by("pk")
    found = rows.values_list("pk", "person_id", "due_at", "event__at", "event__kind", named=True)
    return [row for row in found if choice_of(preferences[row.person_id], row.event__kind) == choices[row.person_id]]


def choice_of(preference, kind) -> str | None:
    """What the person chose for this kind of event; None for one that this version of the program does not know."""
    return preference.choice(NOTICES[kind].group) if kind in NOTICES else None


def _move(waiting, due):
    moved = [row for row in waiting if row.due_at != due[row.person_id]]
    Notification.objects.bulk_update([Notification(pk=row.pk, due_at=due[row.person_id]) for row in moved], ["due_at"])

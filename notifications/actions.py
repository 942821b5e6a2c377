"""Record what happened, now and in the same transaction as the thing itself; deliver later."""

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from notifications import timing, wake
from notifications.models import Email, Event, Notification, Preference
from notifications.notices import NOTICES, Notice

Choice = Preference.Choice
_quiet = ContextVar("quiet", default=False)


@contextmanager
def quietly():
    """Within it, what happens is recorded as new for people, but no email will say so. For imports and the demo."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


@transaction.atomic
def notify(notice: Notice, *, about, to, by, thread, bundle, at=None):
    """Record that `about` happened, once, and that the people `to` may be told of it. Returns the Event, or None
    when it was recorded before.

    A notification of a bundle that is being gathered makes the whole bundle wait a little longer, up to two hours.
    """
    at = at or timezone.now()
    event, created = Event.objects.get_or_create(
        kind=notice.kind,
        about_id=about.pk,
        defaults={"by": by, "at": at, "thread": thread, "bundle": bundle},
    )
    if not created:
        return None
    preferences = Preference.objects.in_bulk([person.pk for person in to], field_name="person_id")
    for person in to:
        preference = preferences.get(person.pk) or Preference(person=person)
        due_at = None if _quiet.get() else _due(person, preference, getattr(preference, notice.group), bundle, at)
        Notification.objects.create(event=event, person=person, due_at=due_at)
    if to and not _quiet.get():
        transaction.on_commit(wake.deliver_soon, robust=True)
    return event


def mark_seen(person, *, thread, until):
    """The person has seen all of this subject matter that happened up to `until`: no email need say it."""
    Notification.objects.unseen().filter(person=person, event__thread=thread, event__at__lte=until).update(
        seen_at=timezone.now()
    )


@transaction.atomic
def send_letter(*, to, subject, text, html, person=None):
    """Queue an email that brings its own words, such as a sign-in code. They are wiped once it is sent."""
    email = Email.objects.create(person=person, letter={"to": to, "subject": subject, "text": text, "html": html})
    transaction.on_commit(wake.deliver_soon, robust=True)
    return email


@transaction.atomic
def choose(person, *, group, choice):
    """Change how a person is told of one group of events; what already waits for them moves with it."""
    preference, _ = Preference.objects.select_for_update().get_or_create(person=person)
    setattr(preference, group, Choice(choice))
    preference.save(update_fields=[group])
    kinds = [kind for kind, notice in NOTICES.items() if notice.group == group]
    waiting = Notification.objects.waiting().filter(person=person, event__kind__in=kinds).select_related("event")
    now = timezone.now()
    for notification in waiting:
        notification.due_at = _due(person, preference, choice, notification.event.bundle, now)
    Notification.objects.bulk_update(waiting, ["due_at"])


def _due(person, preference, choice, bundle, now):
    zone = person.profile.zone
    if choice == Choice.OFF:
        return None
    if choice == Choice.WEEKLY:
        return timing.next_monday(now, zone)
    window = timedelta(minutes=settings.NOTICE_BUNDLE_MINUTES)
    if choice == Choice.NOW or not window:
        return now
    gathering = Notification.objects.waiting().filter(person=person, event__bundle=bundle)
    opened = gathering.aggregate(first=Min("event__at"))["first"] or now
    due_at = timing.after_quiet(
        timing.bundle_due(now, opened, window),
        zone,
        preference.quiet_from,
        preference.quiet_until,
        preference.quiet_weekends,
    )
    gathering.update(due_at=due_at)
    return due_at

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
def notify(notice: Notice, *, about, to, by, thread, bundle, occasion="", at=None):
    """Record that something happened to `about`, once for each `occasion`, and that the people `to` may be told of it.
    Returns the Event, or None when it was recorded before.

    A notification of a bundle that is being gathered makes the whole bundle wait a little longer, up to two hours.
    """
    at = at or timezone.now()
    event, created = Event.objects.get_or_create(
        kind=notice.kind,
        about_id=about.pk,
        occasion=occasion,
        defaults={"by": by, "at": at, "thread": thread, "bundle": bundle},
    )
    if not created:
        return None
    preferences = Preference.objects.in_bulk([person.pk for person in to], field_name="person_id")
    for person in to:
        preference = preferences.get(person.pk) or Preference(person=person)
        due_at = None if _quiet.get() else _due(person, preference, getattr(preference, notice.group), bundle, at)
        Notification.objects.create(event=event, person=person, told_with=bundle, due_at=due_at)
    if to and not _quiet.get():
        transaction.on_commit(wake.deliver_soon, robust=True)
    return event


@transaction.atomic
def mark_seen(person, events):
    """The person has seen what these events (a QuerySet) are about: no email need say it."""
    seen = Notification.objects.unseen().filter(person=person, event__in=events)
    _in_order(seen).update(seen_at=timezone.now())


@transaction.atomic
def set_aside(events, *, but_for, at):
    """What these events (a QuerySet) are about is out of sight for a while, but for one person: it is neither new to
    anybody else nor emailed."""
    _in_order(Notification.objects.unseen().filter(event__in=events).exclude(person=but_for)).update(seen_at=at)


@transaction.atomic
def take_up_again(person, events, *, at):
    """What was set aside at that moment is in sight again, and as new to the person as it was: an email that was not
    needed meanwhile may be again."""
    aside = _in_order(Notification.objects.filter(person=person, event__in=events, seen_at=at))
    pks = list(aside.values_list("pk", flat=True))
    Notification.objects.filter(pk__in=pks).update(seen_at=None)
    Notification.objects.filter(pk__in=pks, email__state=Email.State.DROPPED).update(email=None)
    transaction.on_commit(wake.deliver_soon, robust=True)


@transaction.atomic
def withdraw(person, *, bundle):
    """Nothing of this bundle concerns the person any more: it is neither new to them nor emailed."""
    _in_order(Notification.objects.unseen().filter(person=person, event__bundle=bundle)).update(seen_at=timezone.now())


@transaction.atomic
def send_soon(person, *, bundle, at=None):
    """What waits for the person in this bundle need not wait for more to join it; their quiet hours still count."""
    preference = Preference.objects.filter(person=person).first() or Preference(person=person)
    bundled = [kind for kind, notice in NOTICES.items() if getattr(preference, notice.group) == Choice.BUNDLED]
    due_at = _after_quiet(at or timezone.now(), person, preference)
    waiting = Notification.objects.waiting().filter(person=person, event__bundle=bundle, event__kind__in=bundled)
    _in_order(waiting.filter(due_at__gt=due_at)).update(due_at=due_at)
    transaction.on_commit(wake.deliver_soon, robust=True)


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
    waiting = Notification.objects.waiting().filter(person=person, event__kind__in=kinds)
    now = timezone.now()
    for bundle in waiting.order_by("event__bundle").values_list("event__bundle", flat=True).distinct():
        of_bundle = waiting.filter(event__bundle=bundle)
        _in_order(of_bundle).update(due_at=_due(person, preference, choice, bundle, now))


def chosen(person, group) -> str:
    """What the person chose for this group of events, or the default."""
    return getattr(Preference.objects.filter(person=person).first() or Preference(), group)


def _due(person, preference, choice, bundle, now):
    """When this bundle is due now that something joins it. What is switched off has an hour, too, in case it is
    switched on again before that; sending asks once more."""
    zone = person.profile.zone
    if choice == Choice.WEEKLY:
        return timing.next_monday(now, zone)
    window = timedelta(minutes=settings.NOTICE_BUNDLE_MINUTES)
    if choice == Choice.NOW or not window:
        return now
    gathering = Notification.objects.waiting().filter(person=person, event__bundle=bundle)
    opened = gathering.aggregate(first=Min("event__at"))["first"] or now
    due_at = _after_quiet(timing.bundle_due(now, opened, window), person, preference)
    _in_order(gathering).update(due_at=due_at)
    return due_at


def _after_quiet(moment, person, preference):
    return timing.after_quiet(
        moment, person.profile.zone, preference.quiet_from, preference.quiet_until, preference.quiet_weekends
    )


def _in_order(notifications):
    """The same rows, locked in the order of their keys: two who change the same ones wait for each other in turn."""
    rows = notifications.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True)
    return Notification.objects.filter(pk__in=list(rows))

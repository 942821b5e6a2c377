"""Record what happened, now and in the same transaction as the thing itself; deliver later."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction
from django.utils import timezone

from notifications import scheduling, timing, wake
from notifications.models import Email, Event, Hold, Mute, Notification, Preference
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
def notify(notice: Notice, *, about, to, by, thread, bundle, occasion="", at=None, in_time_for=None):
    """Record that something happened to `about`, once for each `occasion`, and that the people `to` may be told of it.
    Returns the Event, or None when it was recorded before.

    A notification of a bundle that is being gathered makes the whole bundle wait a little longer, up to two hours.
    in_time_for: the moment (a meeting begins) before which it has to be known. It is told on its own, then, as soon as
    the person wants emails, whatever they chose but Off; at once where that would be too late.
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
    if _quiet.get():
        notifications = [Notification(event=event, person=person, told_with=bundle) for person in to]
    else:
        notifications = scheduling.schedule(event, notice, to, at, in_time_for)
        if to:
            transaction.on_commit(wake.deliver_soon, robust=True)
    Notification.objects.bulk_create(notifications)
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
def send_soon(person, *, bundle, at=None):
    """What waits for the person in this bundle need not wait for more to join it; their quiet hours still count, and
    one email of it in an evening is enough."""
    at = at or timezone.now()
    preference = scheduling.preferences_of([person])[person.pk]
    wishes = scheduling.wishes_of(person, preference)
    last = scheduling.last_emails([person.pk], bundle, at).get(person.pk)
    due_at = timing.once_an_evening(timing.calm(at, wishes), last, wishes)
    bundled = [kind for kind, notice in NOTICES.items() if preference.choice(notice.group) == Choice.BUNDLED]
    waiting = Notification.objects.waiting().filter(person=person, told_with=bundle, event__kind__in=bundled)
    _in_order(waiting.filter(due_at__gt=due_at)).update(due_at=due_at)
    transaction.on_commit(wake.deliver_soon, robust=True)


@transaction.atomic
def send_letter(*, to, subject, text, html, person=None, lasting=False):
    """Queue an email that brings its own words, such as a sign-in code. They are wiped once it is sent, or of no use
    any more: after an hour, unless they are `lasting`. Within `quietly` there is none."""
    if _quiet.get():
        return None
    letter = {"to": to, "subject": subject, "text": text, "html": html, "lasting": lasting}
    email = Email.objects.create(person=person, letter=letter)
    transaction.on_commit(wake.deliver_soon, robust=True)
    return email


@transaction.atomic
def set_preferences(person, **fields):
    """Change how a person is told (fields of `Preference`); what already waits for them moves with it."""
    scheduling.choosing(person)
    preference, _is_new = Preference.objects.select_for_update().get_or_create(person=person)
    for name, value in fields.items():
        setattr(preference, name, value)
    preference.save(update_fields=list(fields))
    scheduling.reschedule(person, preference)
    transaction.on_commit(wake.deliver_soon, robust=True)
    return preference


def choose(person, *, group, choice):
    """Change how a person is told of one group of events."""
    return set_preferences(person, **{group: Choice(choice)})


def mute(person, *, bundle):
    """No emails about this bundle; what waits is not sent either."""
    Mute.objects.get_or_create(person=person, bundle=bundle)


def unmute(person, *, bundle):
    """Emails about this bundle again, as the person's other choices have it."""
    Mute.objects.filter(person=person, bundle=bundle).delete()


@transaction.atomic
def hold(people, *, bundle, until):
    """No email of this bundle to these people before the moment `until`: what would be told before is told then."""
    for person in people:
        Hold.objects.update_or_create(person=person, bundle=bundle, defaults={"until": until})


@transaction.atomic
def end_hold(people, *, bundle, at=None):
    """What was held back of this bundle is told now, as each person's choices have it."""
    at = at or timezone.now()
    held = Hold.objects.filter(person__in=people, bundle=bundle).select_related("person__profile")
    for each in held.order_by("person__profile"):
        scheduling.choosing(each.person)
        preference = scheduling.preferences_of([each.person])[each.person_id]
        scheduling.reschedule(each.person, preference, at, bundle=bundle)
    held.delete()
    transaction.on_commit(wake.deliver_soon, robust=True)


def chosen(person, group) -> str:
    """What the person chose for this group of events, or the default."""
    return getattr(Preference.objects.filter(person=person).first() or Preference(), group)


@transaction.atomic
def mark_all_seen(person, *, until):
    """The person has seen all that they could be told of up to the moment `until`. What came since stays new."""
    seen = Notification.objects.unseen().filter(person=person, event__at__lte=until)
    _in_order(seen).update(seen_at=timezone.now())


@transaction.atomic
def keep(person, *, thread, until):
    """Keep for later what is new of this thread up to the moment `until`, or when nothing is, what came last. It counts
    as seen."""
    now = timezone.now()
    mine = Notification.objects.filter(person=person, event__thread=thread, event__at__lte=until)
    kept = _in_order(mine.unseen()).update(seen_at=now, kept_at=now)
    if not kept:
        last = mine.order_by("-pk").values_list("pk", flat=True)[:1]
        Notification.objects.filter(pk__in=list(last), kept_at=None).update(kept_at=now)


@transaction.atomic
def release(person, *, thread):
    """Nothing of this thread is kept for later any more."""
    kept = Notification.objects.filter(person=person, event__thread=thread, kept_at__isnull=False)
    _in_order(kept).update(kept_at=None)


def _in_order(notifications):
    """The same rows, locked in the order of their keys: two who change the same ones wait for each other in turn."""
    rows = notifications.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True)
    return Notification.objects.filter(pk__in=list(rows))

"""What happened, whom it concerns, and the emails that say so. The rows are the truth; Celery only wakes up."""

import secrets
import uuid
from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """Something that people may be told of. What it means is declared by its app in a `Notice` of this `kind`.

    `about_id` is the primary key of the thing the Notice speaks of; `occasion` tells apart what can happen to it more
    than once (a meeting that moves twice). `thread` names the one subject matter that its
    emails belong to (“page-45”), `bundle` what is told in one email together (“pairing-12”).
    """

    kind = models.CharField(max_length=60)
    about_id = models.BigIntegerField()
    occasion = models.CharField(max_length=60, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    thread = models.CharField(max_length=60)
    bundle = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "about_id", "occasion"], name="one_event_per_occasion")]
        indexes = [models.Index(fields=["thread"], name="event_thread")]

    def __str__(self):
        return f"{self.kind} {self.about_id}"


class NotificationQuerySet(models.QuerySet):
    def unseen(self):
        return self.filter(seen_at=None)

    def waiting(self):
        """Still to be put into an email."""
        return self.filter(due_at__isnull=False, email=None, seen_at=None)


class Notification(models.Model):
    """One person who may be told of one event. `due_at` is when by email; None when not by email at all.

    `told_with` is the bundle of its email: the event's own, `WEEK` for the weekly letter, or `DAY` when a person would
    otherwise get more than their two emails a day. `kept_at`: the person keeps it for later.
    """

    WEEK = "week"
    DAY = "day"

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="notifications")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications", db_index=False
    )
    told_with = models.CharField(max_length=60)
    due_at = models.DateTimeField(null=True)
    email = models.ForeignKey("Email", on_delete=models.SET_NULL, null=True, related_name="notifications")
    seen_at = models.DateTimeField(null=True)
    kept_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "person"], name="told_once_of_an_event")]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(due_at__isnull=False, email=None, seen_at=None),
                name="notification_waiting",
            ),
            models.Index(
                fields=["person", "told_with"],
                condition=Q(due_at__isnull=False, email=None, seen_at=None),
                name="notification_gathering",
            ),
            models.Index(fields=["person"], condition=Q(seen_at=None), name="notification_unseen"),
            models.Index(fields=["person"], condition=Q(kept_at__isnull=False), name="notification_kept"),
            models.Index(fields=["person", "-id"], name="notification_history"),
        ]

    def __str__(self):
        return f"{self.event} for person {self.person_id}"


class EmailQuerySet(models.QuerySet):
    def administered_by(self, people):
        """Emails to `people`, a QuerySet of those the administrator looks after."""
        return self.filter(person__in=people)

    def deliverable(self, now):
        """Waiting and due, or claimed by a sender that did not finish in time."""
        return self.filter(
            Q(state=Email.State.WAITING, due_at__lte=now) | Q(state=Email.State.SENDING, lease_until__lt=now)
        )


def new_message_id():
    return f"<{uuid.uuid4().hex}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>"


class Email(models.Model):
    """One email to one person. It has no body: the words, and whether they may be said, are looked up when it is
    sent. Only a `letter` (a sign-in code, say), which nothing else in the database could tell again, brings its
    own words; they are wiped once it is sent.

    A bundle that begins with `ONCE` tells of one event that nobody can switch off, or that has to be known in time: it
    does not count as one of the two emails a day.
    """

    ONCE = "once-"

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        DROPPED = "dropped", _("Not needed")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="emails"
    )
    bundle = models.CharField(max_length=60, blank=True)
    thread = models.CharField(max_length=60, blank=True)
    subject = models.CharField(max_length=250, blank=True)
    letter = models.JSONField(null=True, blank=True)
    message_id = models.CharField(max_length=150, unique=True, default=new_message_id)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    bounces = models.PositiveSmallIntegerField(default=0)
    # The one-click unsubscribing of this email works once.
    unsubscribed_at = models.DateTimeField(null=True, blank=True)

    objects = EmailQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state__in=["waiting", "sending"]), name="email_undelivered"),
            models.Index(fields=["person", "thread", "sent_at"], name="email_thread"),
            models.Index(fields=["person", "created_at"], name="email_recent"),
            models.Index(fields=["created_at"], condition=Q(state="failed"), name="email_failed"),
            models.Index(fields=["created_at"], condition=Q(state="dropped"), name="email_dropped"),
            models.Index(fields=["sent_at"], include=["person"], condition=Q(state="sent"), name="email_sent"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "bundle"],
                condition=Q(state="waiting", letter__isnull=True, attempts=0),
                name="one_email_being_gathered",
            )
        ]

    def __str__(self):
        return f"email {self.pk}"


class Preference(models.Model):
    """How a person likes to be told. Somebody without a row has the defaults.

    A `Notice` names its group: the field that rules it.
    """

    class Choice(models.TextChoices):
        NOW = "now", _("Soon")
        BUNDLED = "bundled", _("Bundled")
        WEEKLY = "weekly", _("Once a week")
        OFF = "off", _("Off")

    GROUPS = ("portfolio", "messages", "meetings")

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preference")
    portfolio = models.CharField(
        _("portfolio and comments"), max_length=7, choices=Choice.choices, default=Choice.BUNDLED
    )
    messages = models.CharField(_("messages"), max_length=7, choices=Choice.choices, default=Choice.NOW)
    meetings = models.CharField(
        _("meetings"), max_length=7, choices=Choice.choices, default=Choice.BUNDLED, db_default=Choice.BUNDLED
    )
    quiet_from = models.TimeField(_("quiet from"), default=time(18))
    quiet_until = models.TimeField(_("quiet until"), default=time(8))
    quiet_weekends = models.BooleanField(_("quiet at weekends"), default=True)
    paused_until = models.DateField(_("no emails before"), null=True, blank=True)
    words_in_emails = models.BooleanField(_("words in emails"), default=True)

    def __str__(self):
        return f"preferences of person {self.person_id}"

    def choice(self, group) -> str:
        """What the person chose for a group; what has none cannot be chosen and is told at once."""
        return getattr(self, group) if group else self.Choice.NOW


class Mute(models.Model):
    """Of this bundle (a pairing's, say) the person wants no emails. What is new still stands on their Home."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mutes")
    bundle = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "bundle"], name="muted_once")]

    def __str__(self):
        return f"{self.bundle} muted by person {self.person_id}"


class Hold(models.Model):
    """Of this bundle (of a pairing that pauses, say) the person gets no email before `until`: what would be told before
    is told then, in one. What is new still stands on their Home."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="holds")
    bundle = models.CharField(max_length=60)
    until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "bundle"], name="held_once")]

    def __str__(self):
        return f"{self.bundle} held for person {self.person_id}"


def new_token():
    """128 bits, in letters that survive any mail server."""
    return secrets.token_hex(16)


class ReplyAddress(models.Model):
    """Where a person's replies in one thread arrive. Whoever knows the token and writes from the person's own address
    is the person."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    thread = models.CharField(max_length=60)
    token = models.CharField(max_length=32, unique=True, default=new_token)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "thread"], name="one_reply_address")]

    def __str__(self):
        return f"reply address of person {self.person_id} in {self.thread}"


class InboundEmailQuerySet(models.QuerySet):
    def administered_by(self, people):
        return self.filter(person__in=people)


class InboundEmail(models.Model):
    """An email that came in: that it did and what came of it, never its words. `digest` is the SHA-256 of the address
    it came to and its Message-ID, so that what arrives twice has its effect once."""

    class Outcome(models.TextChoices):
        TAKEN = "taken", _("Taken")
        REFUSED = "refused", _("Refused, and answered")
        IGNORED = "ignored", _("Ignored")
        BOUNCE = "bounce", _("Could not be delivered")
        STOPPED = "stopped", _("Stopped emails")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("person")
    )
    digest = models.CharField(max_length=64, unique=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    at = models.DateTimeField(_("came"), default=timezone.now)

    objects = InboundEmailQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["at"], name="inbound_recent")]

    def __str__(self):
        return f"inbound email {self.pk}"


class StoppedAddress(models.Model):
    """An address (in lower case) that takes no email: nothing but sign-in codes is sent there any more."""

    email = models.CharField(max_length=254, unique=True)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return f"stopped address {self.pk}"

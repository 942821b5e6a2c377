"""How a pairing passes to another mentor, or ends."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pairings.models.offer import MentorOffer
from pairings.models.pairing import Pairing
from pairings.models.refusal import MoveRefused


class HandOverQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The two of the pairing, and, once the mentee consented, the mentor who is asked to carry on."""
        asked = Q(mentor=user, consented_at__isnull=False)
        return self.filter(Q(pairing__mentee=user) | Q(pairing__mentor=user) | asked)

    def open(self):
        return self.filter(state__in=HandOver.OPEN)

    def with_people(self):
        return self.select_related(
            "mentor__profile", "pairing__mentee__profile", "pairing__mentor__profile", "by__profile", "next"
        )


@pghistory.track(exclude=["words"], model_name="HandOverEvent")
class HandOver(models.Model):
    """Another mentor is to carry on: first the mentee consents, and says from where on they may read; then the mentor
    says yes; only then does one pairing end and the next begin. While it is open it holds one of the new mentor's
    places."""

    class State(models.TextChoices):
        ASKED = "asked", _("Waiting for the mentee")
        CONSENTED = "consented", _("Waiting for the new mentor")
        DONE = "done", _("Handed over")
        DECLINED = "declined", _("Not this time")
        WITHDRAWN = "withdrawn", _("Taken back")

    class Window(models.TextChoices):
        """What the new mentor may read, as the mentee says."""

        ALL = "all", _("Everything I have shared so far, and what I share from now on")
        SINCE = "since", _("What I have shared since a day, and what I share from now on")
        NEW = "new", _("Only what I share from now on")

    OPEN = (State.ASKED, State.CONSENTED)
    MOVES = {
        State.ASKED: {State.CONSENTED, State.DECLINED, State.WITHDRAWN},
        State.CONSENTED: {State.DONE, State.DECLINED, State.WITHDRAWN},
        State.DONE: set(),
        State.DECLINED: set(),
        State.WITHDRAWN: set(),
    }

    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, related_name="hand_overs")
    offer = models.ForeignKey(MentorOffer, on_delete=models.PROTECT, related_name="hand_overs")
    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(_("a few words"), max_length=2000, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField(default=timezone.now)
    window = models.CharField(_("what they may read"), max_length=5, choices=Window.choices, blank=True)
    since = models.DateField(_("since"), null=True, blank=True)
    consented_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    next = models.OneToOneField(Pairing, on_delete=models.PROTECT, null=True, related_name="handed_over_from")

    objects = HandOverQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pairing"], condition=Q(state__in=["asked", "consented"]), name="one_open_hand_over"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["consented", "done"]) | (~Q(window="") & Q(consented_at__isnull=False)),
                name="a_hand_over_has_the_mentees_consent",
            ),
            models.CheckConstraint(
                condition=Q(window="since", since__isnull=False) | (~Q(window="since") & Q(since=None)),
                name="a_window_since_a_day_has_a_day",
            ),
        ]

    def __str__(self):
        return f"hand-over {self.pk}"

    @property
    def is_open(self):
        return self.state in self.OPEN

    def check_move(self, state):
        """Raises MoveRefused unless `state` may follow the present one."""
        if state not in self.MOVES[self.state]:
            raise MoveRefused(
                _("This hand-over is “%(now)s” now, so nothing was changed.") % {"now": self.get_state_display()}
            )


class EndReasonQuerySet(models.QuerySet):
    def administered_by(self, user):
        """Coordinators only, and never of a pairing of their own."""
        return self.filter(pairing__in=Pairing.objects.administered_by(user)).exclude(
            Q(pairing__mentee=user) | Q(pairing__mentor=user)
        )


class EndReason(models.Model):
    """Why a pairing ended, in the words of who ended it: for the programme team, never for the other of the two."""

    class Why(models.TextChoices):
        FINISHED = "finished", _("We did what we set out to do")
        TIME = "time", _("One of us has no time just now")
        FIT = "fit", _("It wasn’t the right fit")
        SILENT = "silent", _("We lost touch")
        OTHER = "other", _("Something else")

    pairing = models.OneToOneField(Pairing, on_delete=models.PROTECT, related_name="end_reason")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(_("why"), max_length=10, choices=Why.choices)
    words = models.TextField(_("anything you want to add"), max_length=5000, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = EndReasonQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]

    def __str__(self):
        return f"why pairing {self.pairing_id} ended"


class CompletionFormQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The two of the pairing."""
        return self.filter(pairing__in=Pairing.objects.visible_to(user))

    def administered_by(self, user):
        return self.filter(pairing__in=Pairing.objects.administered_by(user))


class CompletionForm(models.Model):
    """What a mentor says about the time together, once: four or so questions of the programme, and the hours it took.

    `answers`: in the order of the questions, each {"text": the question, "answer": text}.
    """

    pairing = models.OneToOneField(Pairing, on_delete=models.PROTECT, related_name="completion_form")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField()
    hours = models.DecimalField(_("hours you gave"), max_digits=5, decimal_places=1, null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = CompletionFormQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]

    def __str__(self):
        return f"completion form of pairing {self.pairing_id}"


class ThankYouQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(pairing__in=Pairing.objects.visible_to(user))


class ThankYou(models.Model):
    """What one of the two says to the other when their time together ends: a mentee's thanks, a mentor's last words."""

    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, related_name="thanks")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(_("your words"), max_length=5000)
    at = models.DateTimeField(default=timezone.now)

    objects = ThankYouQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["pairing", "by"], name="one_thank_you_each")]

    def __str__(self):
        return f"thanks in pairing {self.pairing_id}"

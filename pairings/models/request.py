"""A mentee asks a mentor, or the programme team suggests that two talk."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pairings.models.offer import MentorOffer
from pairings.models.pairing import Pairing
from pairings.models.refusal import MoveRefused
from programmes.models import Programme


class MentorRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(Q(mentee=user) | Q(mentor=user))

    def administered_by(self, user):
        return self.filter(programme__in=Programme.objects.administered_by(user))

    def open(self):
        return self.filter(state__in=MentorRequest.OPEN)

    def with_people(self):
        return self.select_related("mentee__profile", "mentor__profile", "programme")


_WORDS = ["why_you", "hopes", "how_we_work", "reply"]


@pghistory.track(exclude=[*_WORDS, "nudged_at", "team_told_at"], model_name="MentorRequestEvent")
class MentorRequest(models.Model):
    """asked → talking → accepted; or declined, lapsed, withdrawn. A talk holds one of the mentor's places; both say yes
    before there is a pairing. One that the team suggested begins with the talk."""

    class State(models.TextChoices):
        ASKED = "asked", _("Asked")
        TALKING = "talking", _("Talking first")
        ACCEPTED = "accepted", _("Agreed")
        DECLINED = "declined", _("Not this time")
        LAPSED = "lapsed", _("No answer")
        WITHDRAWN = "withdrawn", _("Taken back")

    OPEN = (State.ASKED, State.TALKING)
    MOVES = {
        State.ASKED: {State.TALKING, State.DECLINED, State.LAPSED, State.WITHDRAWN},
        State.TALKING: {State.ACCEPTED, State.DECLINED, State.WITHDRAWN},
        State.ACCEPTED: set(),
        State.DECLINED: set(),
        State.LAPSED: set(),
        State.WITHDRAWN: set(),
    }
    MOST_WORDS = 300  # in all three boxes together

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="requests")
    mentee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="requests_made")
    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="requests_received")
    offer = models.ForeignKey(MentorOffer, on_delete=models.PROTECT, related_name="requests")
    slug = models.SlugField(max_length=140, unique=True)
    suggested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    why_you = models.TextField(_("why you ask them"), max_length=5000, blank=True)
    hopes = models.TextField(_("what you hope for"), max_length=5000, blank=True)
    how_we_work = models.TextField(_("how you like to work"), max_length=5000, blank=True)
    reply = models.TextField(_("answer"), max_length=5000, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    mentee_said_yes_at = models.DateTimeField(null=True, blank=True)
    mentor_said_yes_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    nudged_at = models.DateTimeField(null=True, editable=False)
    team_told_at = models.DateTimeField(null=True, editable=False)
    pairing = models.OneToOneField(Pairing, on_delete=models.PROTECT, null=True, blank=True, related_name="request")

    objects = MentorRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "mentee"],
                condition=Q(state__in=["asked", "talking"]),
                name="one_open_request_per_mentee",
            ),
            models.CheckConstraint(condition=~Q(mentee=F("mentor")), name="nobody_asks_themselves"),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "talking"], closed_at=None)
                | (~Q(state__in=["asked", "talking"]) & Q(closed_at__isnull=False)),
                name="a_request_is_open_or_closed",
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", pairing__isnull=False) | (~Q(state="accepted") & Q(pairing=None)),
                name="an_accepted_request_has_its_pairing",
            ),
        ]
        indexes = [
            models.Index(fields=["mentor", "answered_at"], name="request_answers"),
            models.Index(fields=["asked_at"], condition=Q(state="asked"), name="request_unanswered"),
            models.Index(fields=["offer"], condition=Q(state="talking"), name="request_talking"),
        ]

    def __str__(self):
        return f"request {self.pk}"

    @property
    def is_open(self):
        return self.state in self.OPEN

    @property
    def bundle(self):
        return f"request-{self.pk}"

    def other_than(self, person):
        return self.mentor if person.pk == self.mentee_id else self.mentee

    def check_move(self, state):
        """Raises MoveRefused unless `state` may follow the present one."""
        if state not in self.MOVES[self.state]:
            raise MoveRefused(
                _("This request is “%(now)s” now, so nothing was changed.") % {"now": self.get_state_display()}
            )

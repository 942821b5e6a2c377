"""Matching a whole cohort: what was asked of the solver, and what it proposes."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pairings.models.offer import MentorOffer
from pairings.models.request import MentorRequest
from programmes.models import Enrolment, Programme
from programmes.models.exchange import Work
from programmes.models.programme import OfProgrammeQuerySet


@pghistory.track(fields=["state"], model_name="MatchRunEvent")
class MatchRun(Work):
    """`weights`: name of a preference → whole number. `pinned`, `forbidden`: lists of [mentee's enrolment, offer] keys.
    `unmatched`: for each mentee without a proposal {"mentee": enrolment key, "why": [text], "near": […]}."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for a worker")
        RUNNING = "running", _("Being matched")
        DONE = "done", _("Ready to look at")
        STOPPED = "stopped", _("Stopped")
        FAILED = "failed", _("Failed")

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="match_runs")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("begun"), default=timezone.now)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    weights = models.JSONField(default=dict)
    pinned = models.JSONField(default=list)
    forbidden = models.JSONField(default=list)
    unmatched = models.JSONField(default=list)
    total_score = models.BigIntegerField(null=True)
    bound = models.BigIntegerField(null=True, help_text="what no assignment can exceed; the same when it is optimal")

    objects = OfProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme"], condition=Q(state__in=["waiting", "running"]), name="one_match_run_at_a_time"
            )
        ]

    def __str__(self):
        return f"match run {self.pk}"


class ProposalQuerySet(models.QuerySet):
    def administered_by(self, user):
        return self.filter(run__in=MatchRun.objects.administered_by(user))


@pghistory.track(fields=["state"], model_name="ProposalEvent")
class Proposal(models.Model):
    """That two might suit each other. Nobody but the team knows of it until somebody of them proposes it.

    `reasons`: [text]. `near`: near misses, as `pairings.match_words.Explanation.near` has them. Both, and what a run
    says of those left over, are kept as words in the site's own language, not as codes: they quote names, places and
    numbers as these were when the run compared everybody, and would say something else if they were made anew.
    """

    class State(models.TextChoices):
        OPEN = "open", _("To look at")
        PROPOSED = "proposed", _("Proposed to both")
        SKIPPED = "skipped", _("Skipped")

    run = models.ForeignKey(MatchRun, on_delete=models.CASCADE, related_name="proposals")
    mentee = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="+")
    offer = models.ForeignKey(MentorOffer, on_delete=models.PROTECT, related_name="+")
    score = models.IntegerField()
    reasons = models.JSONField(default=list)
    near = models.JSONField(default=list)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    request = models.OneToOneField(MentorRequest, on_delete=models.PROTECT, null=True, related_name="proposal")

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["run", "-score", "pk"]
        constraints = [models.UniqueConstraint(fields=["run", "mentee"], name="one_proposal_per_mentee_and_run")]

    def __str__(self):
        return f"proposal {self.pk}"

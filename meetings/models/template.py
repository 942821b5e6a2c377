"""What a mentee is asked before a meeting."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pairings.models import Pairing
from programmes.models import Programme


class PlanTemplateQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of one's pairings, and of the programmes in which one has a pairing."""
        pairings = Pairing.objects.visible_to(user)
        return self.filter(Q(pairing__in=pairings) | Q(pairing=None, programme__pairings__in=pairings)).distinct()

    def administered_by(self, user):
        """A programme's own. What a mentor asks is between the two."""
        return self.filter(pairing=None, programme__in=Programme.objects.administered_by(user))


class PlanTemplate(models.Model):
    """One version of the questions of a programme, or of one pairing whose mentor adapted them; the highest number
    holds. Never changed: a plan shows the questions that it answered."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="plan_templates")
    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, null=True, related_name="plan_templates")
    number = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = PlanTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "pairing", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "pairing", "number"], nulls_distinct=False, name="versions_of_a_template"
            )
        ]

    def __str__(self):
        return f"plan template {self.pk}"


class Question(models.Model):
    """`key` is the same in each version, however it is worded: one question's answers are one line over time.
    `choices`: the words to choose from or to rank; `low`, `high`: what the ends of a scale mean."""

    class Kind(models.TextChoices):
        TEXT = "text", _("in their own words")
        SCALE_5 = "scale5", _("from 1 to 5")
        SCALE_10 = "scale10", _("from 1 to 10")
        ONE = "one", _("choose one")
        RANKED = "ranked", _("rank up to three")
        ACTIONS = "actions", _("tick what was done of the open actions")

    SCALES = {Kind.SCALE_5: 5, Kind.SCALE_10: 10}

    template = models.ForeignKey(PlanTemplate, on_delete=models.PROTECT, related_name="questions")
    key = models.UUIDField(default=uuid.uuid4)
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("question"), max_length=200)
    hint = models.CharField(_("hint"), max_length=300, blank=True)
    kind = models.CharField(_("answered"), max_length=8, choices=Kind.choices, default=Kind.TEXT)
    choices = models.JSONField(_("choices"), default=list, blank=True)
    low = models.CharField(_("the lowest means"), max_length=40, blank=True)
    high = models.CharField(_("the highest means"), max_length=40, blank=True)
    is_needed = models.BooleanField(_("needs an answer"), default=False)

    class Meta:
        ordering = ["template", "position"]
        constraints = [
            models.UniqueConstraint(fields=["template", "key"], name="one_question_for_a_key"),
            models.UniqueConstraint(fields=["template", "position"], name="questions_in_order"),
        ]

    def __str__(self):
        return f"question {self.pk}"

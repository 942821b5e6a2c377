"""How the two of a pairing agreed to work together."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from pairings.models.pairing import Pairing


class AgreementQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The two of a pairing, and nobody else."""
        return self.filter(pairing__in=Pairing.objects.visible_to(user))


class Agreement(models.Model):
    """One revision of what they agreed; the one with the highest number holds. A revision is in force once both ticked
    it.

    `answers`: in the order of the questions, each {"question": key, "text": the question as it was asked,
    "answer": [text]}, several only where several could be chosen. `drives`: {"rhythm": weeks or None, "chasing": 0–2}.
    """

    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, related_name="agreements")
    number = models.PositiveIntegerField()
    answers = models.JSONField()
    drives = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    mentee_agreed_at = models.DateTimeField(null=True)
    mentor_agreed_at = models.DateTimeField(null=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["pairing", "number"]
        constraints = [models.UniqueConstraint(fields=["pairing", "number"], name="agreements_of_a_pairing")]

    def __str__(self):
        return f"agreement {self.number} of pairing {self.pairing_id}"

    @property
    def is_agreed(self):
        return self.mentee_agreed_at is not None and self.mentor_agreed_at is not None

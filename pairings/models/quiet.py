"""What the programme team writes to two who have been quiet."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pairings.models.pairing import Pairing


class KindNoteQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The two of the pairing."""
        return self.filter(pairing__in=Pairing.objects.visible_to(user))


class KindNote(models.Model):
    """A few friendly words to both of a pair, from somebody of the programme team."""

    LONGEST = 2000  # characters

    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, related_name="kind_notes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(_("your note"), max_length=LONGEST)
    at = models.DateTimeField(default=timezone.now)

    objects = KindNoteQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"kind note {self.pk} to pairing {self.pairing_id}"

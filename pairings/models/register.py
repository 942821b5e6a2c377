"""What the register is searched in."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from pairings.models.offer import MentorOffer


class RegisterEntry(models.Model):
    """The words of a mentor's name, profile and offer, folded. The database writes them itself whenever one of those
    changes, whoever changes it (triggers of the migration register_search)."""

    offer = models.OneToOneField(MentorOffer, on_delete=models.CASCADE, primary_key=True, related_name="entry")
    words = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["words"], name="register_words")]

    def __str__(self):
        return f"register entry of offer {self.offer_id}"

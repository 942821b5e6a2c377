"""What changed from version to version, and how far each reader has read."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from portfolios.models.pages import Page, PageVersion


class Comparison(models.Model):
    """What changed from one version to another, as `comparison.Comparison` in JSON. Can be dropped and made again.

    `result` is None while a long one is being made in the background; `progress` says how far, from 0 to 1, and
    `asked_at` when it was asked for.
    """

    old = models.ForeignKey(PageVersion, on_delete=models.CASCADE, related_name="+")
    new = models.ForeignKey(PageVersion, on_delete=models.CASCADE, related_name="+")
    result = models.JSONField(null=True)
    changes = models.PositiveIntegerField(default=0)
    words_changed = models.PositiveIntegerField(default=0)
    progress = models.FloatField(default=0)
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["old", "new"], name="one_comparison_per_pair")]
        indexes = [
            models.Index(fields=["asked_at"], condition=models.Q(result__isnull=True), name="comparison_being_made")
        ]

    def __str__(self):
        return f"comparison of versions {self.old_id} and {self.new_id}"


class Visit(models.Model):
    """How far a reader has read a page, and how far before that. Moves only when they say so, comment, or read on.

    `seen_until` is the moment of the newest thing that they saw, `marked_at` when they saw it. `finished_at`: when they
    finished a review last, so that what they said since belongs to the next one.
    """

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="visits")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey(PageVersion, on_delete=models.CASCADE, null=True, related_name="+")
    seen_until = models.DateTimeField()
    marked_at = models.DateTimeField()
    previous_version = models.ForeignKey(PageVersion, on_delete=models.CASCADE, null=True, related_name="+")
    previous_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "reader"], name="one_visit_per_reader")]

    def __str__(self):
        return f"visit of person {self.reader_id} to page {self.page_id}"

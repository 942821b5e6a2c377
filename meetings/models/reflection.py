"""What somebody learnt from a meeting."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from meetings.models.meeting import Meeting
from programmes.models import Criterion


class ReflectionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, and the other's once they share it."""
        found = self.filter(meeting__in=Meeting.objects.visible_to(user))
        return found.filter(Q(author=user) | Q(is_shared=True))

    def written_by(self, user):
        return self.filter(author=user)


class Reflection(models.Model):
    """For its author's own professional development, and for the other when its author likes. `minutes`: that count
    for it, preparing among them."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="reflections")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    what = models.TextField(blank=True)
    so_what = models.TextField(blank=True)
    now_what = models.TextField(blank=True)
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    minutes = models.PositiveSmallIntegerField()
    is_shared = models.BooleanField(default=False)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = ReflectionQuerySet.as_manager()

    class Meta:
        ordering = ["-meeting__starts_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "author"], name="one_reflection_for_each")]

    def __str__(self):
        return f"reflection {self.pk}"

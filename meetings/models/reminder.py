"""What is to be said to somebody before or after a meeting, and when."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meetings.models.meeting import Meeting


class Reminder(models.Model):
    """`due_at`: UTC; follows the meeting when that moves. `told_at`: when it was said, once; `dropped_at`: when it was
    of no use any more."""

    class Kind(models.TextChoices):
        PLAN = "plan", _("a plan is due")
        PLAN_NUDGE = "plan_nudge", _("a plan is still due")
        TOMORROW = "tomorrow", _("the meeting is tomorrow")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="reminders")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    due_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "person", "kind"], name="one_reminder_of_a_kind")]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(told_at=None, dropped_at=None), name="reminders_to_tell")
        ]

    def __str__(self):
        return f"reminder {self.pk}"

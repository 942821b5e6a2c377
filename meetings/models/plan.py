"""What a mentee wrote before a meeting."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from meetings.models.meeting import Meeting
from meetings.models.template import PlanTemplate, Question


class PlanQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(meeting__in=Meeting.objects.visible_to(user))


class Plan(models.Model):
    """One revision of a plan as it was shared; the highest number holds. What is not shared yet is an
    `accounts.models.Draft` of the mentee alone."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="plans")
    number = models.PositiveIntegerField()
    template = models.ForeignKey(PlanTemplate, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    shared_at = models.DateTimeField(default=timezone.now)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "number"]
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="revisions_of_a_plan")]

    def __str__(self):
        return f"plan {self.number} of meeting {self.meeting_id}"


class Answer(models.Model):
    """What was answered to one question, by its kind: `words`; `scale`; `chosen`, one text or several in their order
    (for actions, [key of an action, its words, whether it is done])."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(blank=True)
    scale = models.PositiveSmallIntegerField(null=True)
    chosen = models.JSONField(default=list)

    class Meta:
        ordering = ["plan", "question__position"]
        constraints = [models.UniqueConstraint(fields=["plan", "question"], name="one_answer_to_a_question")]

    def __str__(self):
        return f"answer {self.pk}"

"""What two people wrote down of a meeting, and what each keeps for themselves."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.models.meeting import Meeting


class OfMeetingQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(meeting__in=Meeting.objects.visible_to(user))


class SessionNote(models.Model):
    """The note of one meeting, for the pair alone. `waits_for`: who is to agree, None once it is agreed;
    `agreed_by`: None when it aged into agreed."""

    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, related_name="note")
    waits_for = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = OfMeetingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed_at=None, agreed_by=None, waits_for__isnull=False)
                | Q(agreed_at__isnull=False, waits_for=None),
                name="a_note_waits_or_is_agreed",
            )
        ]

    def __str__(self):
        return f"note of meeting {self.meeting_id}"


class NoteVersionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(note__in=SessionNote.objects.visible_to(user))


class NoteVersion(models.Model):
    """The words of a note as one of the two sent them; the highest number holds.

    `form`: the four quadrants, or a few lines (then only `lines` and `will_do` are written). `options`: each
    {"what": …, "for": …, "against": …}. `will_do`: each {"key": of the action it became, "person": primary key,
    "what": …, "by": ISO date or None, "likely": 1–10 or None}. `confidence`: after the meeting, on the scale of the
    plan's question.
    """

    class Form(models.TextChoices):
        GROW = "grow", _("Goal, Reality, Options, Will")
        LINES = "lines", _("a few lines")

    note = models.ForeignKey(SessionNote, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    form = models.CharField(max_length=5, choices=Form.choices, default=Form.GROW)
    lines = models.TextField(blank=True)
    goal = models.TextField(blank=True)
    reality = models.TextField(blank=True)
    options = models.JSONField(default=list)
    will = models.TextField(blank=True)
    will_do = models.JSONField(default=list)
    confidence = models.PositiveSmallIntegerField(null=True)

    objects = NoteVersionQuerySet.as_manager()

    class Meta:
        ordering = ["note", "number"]
        constraints = [models.UniqueConstraint(fields=["note", "number"], name="versions_of_a_note")]

    def __str__(self):
        return f"version {self.number} of note {self.note_id}"


class PrivateNoteQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Its author alone, the other of the pair not either."""
        return self.filter(author=user, meeting__in=Meeting.objects.visible_to(user))


class PrivateNote(models.Model):
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="private_notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    words = models.TextField()
    changed_at = models.DateTimeField(default=timezone.now)

    objects = PrivateNoteQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "author"], name="one_jotter_for_each")]

    def __str__(self):
        return f"private note {self.pk}"

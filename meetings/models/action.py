"""What somebody said they would do."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.models.note import SessionNote
from pairings.models import MoveRefused, Pairing


class ActionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The two of a pairing, whichever of them is to do it."""
        return self.filter(pairing__in=Pairing.objects.visible_to(user))

    def open(self):
        return self.filter(state=Action.State.OPEN)


class Action(models.Model):
    """`key` is the one of its line among the Will lines of a note. `likely`: 1–10, how sure its person is to do it."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    MOVES = {
        State.OPEN: {State.DONE, State.DROPPED},
        State.DONE: {State.OPEN},
        State.DROPPED: {State.OPEN},
    }

    pairing = models.ForeignKey(Pairing, on_delete=models.PROTECT, related_name="actions")
    note = models.ForeignKey(SessionNote, on_delete=models.PROTECT, null=True, related_name="actions")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=300)
    due = models.DateField(null=True, blank=True)
    likely = models.PositiveSmallIntegerField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=300, blank=True)

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["due", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None) | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="what_is_closed_says_when",
            ),
            models.CheckConstraint(
                condition=Q(likely=None) | Q(likely__gte=1, likely__lte=10), name="likely_from_one_to_ten"
            ),
        ]
        indexes = [
            models.Index(fields=["pairing", "state"], name="actions_of_a_pairing"),
            models.Index(fields=["person", "due"], condition=Q(state="open"), name="actions_to_do"),
        ]

    def __str__(self):
        return f"action {self.pk}"

    def check_move(self, state):
        """Raises MoveRefused unless `state` may follow the present one."""
        if state not in self.MOVES[self.state]:
            raise MoveRefused(
                _("This is “%(now)s” by now, so nothing was changed.") % {"now": self.get_state_display()}
            )


class ActionChange(models.Model):
    """What became of an action: done, taken up again, moved to another day, dropped."""

    class What(models.TextChoices):
        DONE = "done", _("done")
        OPENED = "opened", _("taken up again")
        MOVED = "moved", _("moved")
        DROPPED = "dropped", _("dropped")

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="changes")
    what = models.CharField(max_length=8, choices=What.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    was = models.DateField(null=True)
    now = models.DateField(null=True)

    class Meta:
        ordering = ["action", "at", "pk"]

    def __str__(self):
        return f"change {self.pk} of action {self.action_id}"

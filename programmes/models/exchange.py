"""Lists that come in and go out: a file of members, and what a programme takes home."""

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programmes.models.programme import OfProgrammeQuerySet, Programme


class Work(models.Model):
    """Something that takes long: a worker does it, and whoever looks sees how far it is."""

    stage = models.CharField(max_length=80, blank=True, editable=False)
    done = models.PositiveIntegerField(default=0, editable=False)
    total = models.PositiveIntegerField(default=0, editable=False)
    stop_asked = models.BooleanField(default=False, editable=False)
    started_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    beat_at = models.DateTimeField(null=True, editable=False, help_text="when its worker was last heard of")
    problem = models.CharField(max_length=300, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def percent(self):
        return min(100, round(100 * self.done / self.total)) if self.total else 0


@pghistory.track(fields=["state"], model_name="ImportEvent")
class Import(Work):
    """A list of members: checked first, then taken in, and for a day it can be undone.

    `rows`: of the file, each {"number", "values": {column: text}, "problems": [text], "what": "new" | "changed" |
    "same" | "problem", "before": {…} of what was changed}. Problems are kept as words, in the language of whoever
    chose the file: they quote its cells, go with its rows to whoever mends them, and are forgotten within a week.
    `text`: the file itself (base64), only until it is checked.
    """

    class State(models.TextChoices):
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked")
        RUNNING = "running", _("Being imported")
        DONE = "done", _("Imported")
        UNDONE = "undone", _("Undone")
        STOPPED = "stopped", _("Stopped")
        FAILED = "failed", _("Failed")

    UNDER_WAY = (State.CHECKING, State.RUNNING)

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="imports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("file"), max_length=150)
    text = models.TextField(editable=False)
    rows = models.JSONField(default=list, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.CHECKING)
    created_at = models.DateTimeField(default=timezone.now)

    objects = OfProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return f"import {self.pk}"


@pghistory.track(fields=["state"], model_name="ExportEvent")
class Export(Work):
    """A list to take home; `content` is emptied when `until` is over."""

    class State(models.TextChoices):
        RUNNING = "running", _("Being made")
        DONE = "done", _("Ready")
        STOPPED = "stopped", _("Stopped")
        FAILED = "failed", _("Failed")

    UNDER_WAY = (State.RUNNING,)

    class Kind(models.TextChoices):
        MEMBERS = "members", _("Members")
        PAIRINGS = "pairings", _("Pairings")
        REQUESTS = "requests", _("Requests")

    class Form(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "Excel"

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="exports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("what"), max_length=10, choices=Kind.choices)
    form = models.CharField(_("as"), max_length=4, choices=Form.choices, default=Form.CSV)
    content = models.BinaryField(default=bytes, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.RUNNING)
    created_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(_("can be downloaded until"), null=True)

    objects = OfProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return f"export {self.pk}"

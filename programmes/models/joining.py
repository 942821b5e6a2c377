"""How people come to take part: they are invited, or they ask."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programmes.models.enrolment import Enrolment
from programmes.models.programme import Level, OfProgrammeQuerySet, Programme


class InvitationQuerySet(OfProgrammeQuerySet):
    def open(self, now=None):
        return self.filter(used_at=None, withdrawn_at=None, expires_at__gt=now or timezone.now())


# The address and the secret are no part of the history: the first may change hands, the second opens a door.
@pghistory.track(exclude=["email", "name", "digest", "nudged_at"], model_name="InvitationEvent")
class Invitation(models.Model):
    """A place in a programme for whoever holds the secret that was emailed: once, and until it expires. Only a digest
    of the secret is kept."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(_("role"), max_length=12, choices=Enrolment.Role.choices, default=Enrolment.Role.MENTEE)
    level = models.ForeignKey(Level, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("level"))
    email = models.EmailField(_("email"))
    name = models.CharField(_("name"), max_length=150, blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("invited by")
    )
    created_at = models.DateTimeField(_("invited"), default=timezone.now)
    expires_at = models.DateTimeField(_("open until"))
    nudged_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    used_at = models.DateTimeField(_("joined"), null=True, blank=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="invitations"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at=None, used_by=None) | Q(used_at__isnull=False, used_by__isnull=False),
                name="an_invitation_is_used_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(level=None) | Q(role="mentee"), name="only_mentees_have_a_level_to_come"
            ),
            models.UniqueConstraint(
                "programme",
                models.functions.Lower("email"),
                "role",
                condition=Q(used_at=None, withdrawn_at=None),
                name="one_open_invitation",
                violation_error_message=_("They are invited already. Withdraw that invitation first."),
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(used_at=None, withdrawn_at=None), name="open_invitation")
        ]

    def __str__(self):
        return f"invitation {self.pk}"


class ApplicationQuerySet(OfProgrammeQuerySet):
    def visible_to(self, user):
        return self.filter(person=user)

    def waiting(self):
        return self.filter(state=Application.State.ASKED)


@pghistory.track(exclude=["words", "answer"], model_name="ApplicationEvent")
class Application(models.Model):
    """Somebody who signed up asks to take part, and the programme team answers."""

    class State(models.TextChoices):
        ASKED = "asked", _("Waiting for the team")
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    MOVES = {
        State.ASKED: {State.APPROVED, State.DECLINED, State.WITHDRAWN},
        State.APPROVED: set(),
        State.DECLINED: set(),
        State.WITHDRAWN: set(),
    }
    ROLES = (Enrolment.Role.MENTEE, Enrolment.Role.MENTOR)

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="applications")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="applications")
    role = models.CharField(_("role"), max_length=12, choices=[(role.value, role.label) for role in ROLES])
    level = models.ForeignKey(Level, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("level"))
    words = models.TextField(_("a few words"), max_length=2000, blank=True)
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "person", "role"], condition=Q(state="asked"), name="one_open_application"
            ),
            models.CheckConstraint(condition=Q(level=None) | Q(role="mentee"), name="only_mentees_apply_for_a_level"),
        ]

    def __str__(self):
        return f"application {self.pk}"

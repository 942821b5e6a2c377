"""Who takes part in a programme, and in which role."""

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programmes.models.programme import Level, OfProgrammeQuerySet, Programme, Region, Sector


class EnrolmentQuerySet(OfProgrammeQuerySet):
    def current(self):
        return self.filter(ended_at=None)

    def editable_by(self, user):
        """One's own, for as long as one takes part."""
        return self.current().filter(person=user)


# What somebody hopes for and who manages them is nobody's to follow.
@pghistory.track(
    exclude=["created_at", "sector", "region", "meets_by", "hopes", "line_manager", "welcomed_at"],
    model_name="EnrolmentEvent",
)
class Enrolment(models.Model):
    """A person's part in a programme. Somebody may mentor one person while being mentored by another."""

    class Role(models.TextChoices):
        MENTEE = "mentee", _("Mentee")
        MENTOR = "mentor", _("Mentor")
        ASSESSOR = "assessor", _("Assessor")
        COORDINATOR = "coordinator", _("Coordinator")

    class MeetsBy(models.TextChoices):
        VIDEO = "video", _("Video")
        IN_PERSON = "in_person", _("In person")
        PHONE = "phone", _("Phone")

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="enrolments")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="enrolments")
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    level = models.ForeignKey(
        Level, on_delete=models.PROTECT, null=True, blank=True, help_text=_("What a mentee works towards.")
    )
    sector = models.ForeignKey(
        Sector, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sector")
    )
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    meets_by = ArrayField(
        models.CharField(max_length=10, choices=MeetsBy.choices), verbose_name=_("meets by"), default=list, blank=True
    )
    line_manager = models.CharField(
        _("your line manager’s name or email"),
        max_length=254,
        blank=True,
        help_text=_("So that they are never suggested as your mentor. Nobody but the programme team sees it."),
    )
    hopes = models.TextField(_("what you hope for"), max_length=2000, blank=True)
    welcomed_at = models.DateTimeField(_("welcome finished"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("enrolled"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "role", "person__name"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "person", "role"], name="one_enrolment_per_role"),
            models.CheckConstraint(condition=Q(level=None) | Q(role="mentee"), name="only_mentees_have_a_level"),
        ]
        indexes = [
            models.Index(
                fields=["programme", "role", "created_at"],
                include=["person"],
                condition=Q(ended_at=None),
                name="enrolment_by_role",
            )
        ]

    def __str__(self):
        return f"{self.person}, {self.get_role_display().lower()}, {self.programme}"


def people_administered_by(people, user):
    """Those of `people` (a QuerySet of persons) whom `user` looks after: all who take part in a programme that they
    coordinate, and people who take part in none yet, so that they can be enrolled."""
    if user.is_superuser:
        return people
    if not Programme.objects.administered_by(user).exists():
        return people.none()
    parts = Enrolment.objects.filter(person=OuterRef("pk"))
    return people.filter(Exists(parts.administered_by(user)) | ~Exists(parts))

"""A programme, its levels with their criteria, and who takes part in which role."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ProgrammeQuerySet(models.QuerySet):
    def administered_by(self, user):
        """Programmes this person coordinates; all of them for a superuser."""
        if user.is_superuser:
            return self
        return self.filter(
            enrolments__in=Enrolment.objects.current().filter(person=user, role=Enrolment.Role.COORDINATOR)
        )


class Programme(models.Model):
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(max_length=70, unique=True)
    body = models.CharField(_("professional body"), max_length=150)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class LevelQuerySet(models.QuerySet):
    def administered_by(self, user):
        return self.filter(programme__in=Programme.objects.administered_by(user))


class Level(models.Model):
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="levels")
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    summary = models.TextField(_("what it is for"), blank=True)

    objects = LevelQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "position"]
        constraints = [models.UniqueConstraint(fields=["programme", "name"], name="one_level_per_name")]

    def __str__(self):
        return self.name


class CriterionQuerySet(models.QuerySet):
    def administered_by(self, user):
        return self.filter(level__in=Level.objects.administered_by(user))


class Criterion(models.Model):
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="criteria")
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=120)
    plain = models.TextField(_("in plain words"), blank=True)
    official = models.TextField(_("official wording"), blank=True)

    objects = CriterionQuerySet.as_manager()

    class Meta:
        ordering = ["level", "number"]
        verbose_name_plural = _("criteria")
        constraints = [models.UniqueConstraint(fields=["level", "number"], name="one_criterion_per_number")]

    def __str__(self):
        return f"{self.number} {self.name}"


class EnrolmentQuerySet(models.QuerySet):
    def current(self):
        return self.filter(ended_at=None)

    def administered_by(self, user):
        return self.filter(programme__in=Programme.objects.administered_by(user))


@pghistory.track(exclude=["created_at"], model_name="EnrolmentEvent")
class Enrolment(models.Model):
    """A person's part in a programme. Somebody may mentor one person while being mentored by another."""

    class Role(models.TextChoices):
        MENTEE = "mentee", _("Mentee")
        MENTOR = "mentor", _("Mentor")
        ASSESSOR = "assessor", _("Assessor")
        COORDINATOR = "coordinator", _("Coordinator")

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="enrolments")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="enrolments")
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    level = models.ForeignKey(
        Level, on_delete=models.PROTECT, null=True, blank=True, help_text=_("What a mentee works towards.")
    )
    created_at = models.DateTimeField(_("enrolled"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "role", "person__name"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "person", "role"], name="one_enrolment_per_role"),
            models.CheckConstraint(condition=Q(level=None) | Q(role="mentee"), name="only_mentees_have_a_level"),
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

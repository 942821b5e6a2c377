"""A programme: its rules and thresholds, its levels with their criteria, its lists and its words."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ProgrammeQuerySet(models.QuerySet):
    def administered_by(self, user):
        """Programmes this person coordinates; all of them for a superuser."""
        if user.is_superuser:
            return self
        return self.filter(enrolments__person=user, enrolments__role="coordinator", enrolments__ended_at=None)

    def joined_by(self, user):
        """Programmes in which this person takes part, in whatever role."""
        return self.filter(enrolments__person=user, enrolments__ended_at=None).distinct()


def _days(label, default, **options):
    return models.PositiveSmallIntegerField(label, default=default, validators=[MinValueValidator(1)], **options)


class Programme(models.Model):
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(max_length=70, unique=True)
    body = models.CharField(_("professional body"), max_length=150)
    summary = models.TextField(_("what it is"), blank=True, help_text=_("Stands in invitations and where people join."))
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    takes_applications = models.BooleanField(
        _("anybody may ask to join"), default=False, help_text=_("You approve each of them. Otherwise by invitation.")
    )
    # Who may be whose mentor.
    needs_training = models.BooleanField(_("mentors need a valid training date"), default=False)
    needs_level = models.BooleanField(_("mentors must hold the level that their mentee works towards"), default=False)
    bars_line_manager = models.BooleanField(_("never the line manager"), default=True)
    bars_same_employer = models.BooleanField(_("never somebody of the same employer"), default=True)
    advises_other_sector = models.BooleanField(_("advise a mentor from another sector"), default=True)
    # When what happens.
    invitation_days = _days(_("days that an invitation is open"), 30)
    nudge_days = _days(_("days until a mentor is reminded of a request"), 5)
    tell_team_days = _days(_("days until the team hears of an unanswered request"), 10)
    lapse_days = _days(_("days until a request lapses"), 14)
    rhythm_weeks = _days(_("weeks between meetings, where a pair did not say"), 8)
    quiet_factor = models.DecimalField(
        _("a pair is quiet after so many times their rhythm"),
        max_digits=3,
        decimal_places=1,
        default=1.5,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
    )
    quiet_team_factor = models.DecimalField(
        _("the team hears of it after so many times their rhythm"),
        max_digits=3,
        decimal_places=1,
        default=2.5,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
    )
    review_months = _days(_("months until a review of the agreement is offered"), 6)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(nudge_days__lte=models.F("tell_team_days"))
                & models.Q(tell_team_days__lte=models.F("lapse_days")),
                name="a_request_is_nudged_then_told_then_lapses",
                violation_error_message=_("First the mentor is reminded, then the team hears of it, then it lapses."),
            ),
            models.CheckConstraint(
                condition=models.Q(quiet_factor__lte=models.F("quiet_team_factor")),
                name="the_pair_hears_before_the_team",
                violation_error_message=_("The pair hears that it is quiet before the team does."),
            ),
        ]

    def __str__(self):
        return self.name


class OfProgrammeQuerySet(models.QuerySet):
    def administered_by(self, user):
        return self.filter(programme__in=Programme.objects.administered_by(user))


class _Listed(models.Model):
    """An entry of a list that people choose from."""

    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = OfProgrammeQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["programme", "position", "name"]

    def __str__(self):
        return self.name


class Sector(_Listed):
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="sectors")

    class Meta(_Listed.Meta):
        constraints = [models.UniqueConstraint(fields=["programme", "name"], name="one_sector_per_name")]


class Region(_Listed):
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="regions")

    class Meta(_Listed.Meta):
        constraints = [models.UniqueConstraint(fields=["programme", "name"], name="one_region_per_name")]


class Level(models.Model):
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="levels")
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    summary = models.TextField(_("what it is for"), blank=True)

    objects = OfProgrammeQuerySet.as_manager()

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


class Wording(models.Model):
    """The programme's own words in place of ours (`programmes.wordings`), in an email or offered to write with."""

    class Kind(models.TextChoices):
        INVITATION = "invitation", _("Invitation")
        NOT_THIS_TIME = "not_this_time", _("“Not this time”, for mentors to start from")
        KIND_NOTE = "kind_note", _("A kind note to a quiet pair")
        ENDING = "ending", _("What both read when their time together ends")

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="wordings")
    kind = models.CharField(_("where it stands"), max_length=20, choices=Kind.choices)
    words = models.TextField(_("words"), max_length=5000)

    objects = OfProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "kind"]
        constraints = [models.UniqueConstraint(fields=["programme", "kind"], name="one_wording_per_kind")]

    def __str__(self):
        return self.get_kind_display()

"""What a programme asks of its pairs: how they will work together, and how it went."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programmes.models.programme import OfProgrammeQuerySet, Programme


class AgreementQuestion(models.Model):
    """A question of the agreement. What is no longer asked stays, for the agreements that answered it."""

    class Kind(models.TextChoices):
        ONE = "one", _("choose one")
        SEVERAL = "several", _("choose any")
        TEXT = "text", _("in their own words")

    class Drives(models.TextChoices):
        NOTHING = "", _("nothing")
        RHYTHM = "rhythm", _("when a pair counts as quiet (value: weeks between meetings)")
        CHASING = "chasing", _("how the mentee is reminded (value: 2 yes, 1 gently once, 0 not)")

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="agreement_questions")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    text = models.CharField(_("question"), max_length=200)
    hint = models.CharField(_("hint"), max_length=300, blank=True)
    kind = models.CharField(_("answered by"), max_length=8, choices=Kind.choices, default=Kind.TEXT)
    drives = models.CharField(_("decides"), max_length=8, choices=Drives.choices, blank=True)
    suggestion = models.TextField(
        _("suggested answer"), blank=True, help_text=_("Of choices: their words, one to a line.")
    )
    retired_at = models.DateTimeField(_("no longer asked since"), null=True, blank=True)

    objects = OfProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "drives"],
                condition=~Q(drives="") & Q(retired_at=None),
                name="one_question_decides",
                violation_error_message=_("Another question decides this already."),
            ),
            models.CheckConstraint(
                condition=Q(drives="") | Q(kind="one"),
                name="one_choice_decides",
                violation_error_message=_("Only a question with one choice can decide something."),
            ),
        ]

    def __str__(self):
        return self.text


class AgreementOptionQuerySet(models.QuerySet):
    def administered_by(self, user):
        return self.filter(question__in=AgreementQuestion.objects.administered_by(user))


class AgreementOption(models.Model):
    question = models.ForeignKey(AgreementQuestion, on_delete=models.PROTECT, related_name="options")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    label = models.CharField(_("words"), max_length=120)
    value = models.PositiveSmallIntegerField(_("value"), null=True, blank=True)

    objects = AgreementOptionQuerySet.as_manager()

    class Meta:
        ordering = ["question", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["question", "label"], name="one_option_per_label")]

    def __str__(self):
        return self.label

    def clean(self):
        drives = self.question.drives if self.question_id else ""
        if drives == AgreementQuestion.Drives.CHASING and self.value not in (0, 1, 2):
            raise ValidationError({"value": _("Give 2 for yes, 1 for gently once, 0 for not.")})


class CompletionQuestion(models.Model):
    """A question of the form that a mentor fills in at the end."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="completion_questions")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    text = models.CharField(_("question"), max_length=200)
    hint = models.CharField(_("hint"), max_length=300, blank=True)
    retired_at = models.DateTimeField(_("no longer asked since"), null=True, blank=True)

    objects = OfProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "position", "pk"]

    def __str__(self):
        return self.text

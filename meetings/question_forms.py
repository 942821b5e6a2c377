"""The questions of a plan as a form: a row for each, with its place in the order, and an empty one to add."""

from dataclasses import dataclass
from uuid import uuid4

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.fields import LineField, LinesField
from accounts.site_form import SiteForm
from meetings.actions.templates import MOST
from meetings.models import Question
from meetings.starters import more_questions

Kind = Question.Kind
CHOOSES = (Kind.ONE, Kind.RANKED)
LONGEST_CHOICE, MOST_CHOICES = 100, 20
_MOST_ROWS = MOST + 3
_A_NUMBER = 2**31 - 1


@dataclass(frozen=True)
class Row:
    """The bound fields of one question. `number`: of the row, from 1; `is_new`: the empty one."""

    number: int
    is_new: bool
    text: forms.BoundField
    hint: forms.BoundField
    kind: forms.BoundField
    choices: forms.BoundField
    low: forms.BoundField
    high: forms.BoundField
    position: forms.BoundField
    out: forms.BoundField
    key: forms.BoundField

    @property
    def has_problem(self):
        return any(field.errors for field in (self.hint, self.choices, self.low, self.high, self.kind))


class QuestionsForm(SiteForm, forms.Form):
    """questions: as they are asked now; number: of their version. `questions` of a valid form are `Question`s in their
    new order, not saved; a row without words, or that is left out, is none."""

    once = True
    submit_label = gettext_lazy("Save these questions")

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=_A_NUMBER)
    rows = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=_MOST_ROWS)
    usual = forms.MultipleChoiceField(
        label=gettext_lazy("Add questions that many pairs like"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, questions, number, **kwargs):
        self._asked = questions
        self._count = len(questions) + 1
        data = args[0] if args else None
        if data is not None:
            self._count = _count_in(data.get("rows", ""), self._count)
        fields = {}
        for row in range(1, self._count + 1):
            fields |= _fields(row, questions[row - 1] if row <= len(questions) else None)
        self.base_fields = fields | type(self).base_fields
        super().__init__(*args, **kwargs)
        self.initial = {"number": number, "rows": self._count} | self.initial
        asked = {question.key for question in questions}
        self._more = {str(each.key): each for each in more_questions() if each.key not in asked}
        self.fields["usual"].choices = [(key, each.text) for key, each in self._more.items()]
        self.fields["usual"].says_optional = False

    @cached_property
    def shown_rows(self) -> list[Row]:
        return [
            Row(row, row > len(self._asked), **{name: self[f"{name}-{row}"] for name in _NAMES})
            for row in range(1, self._count + 1)
        ]

    @property
    def questions(self) -> list[Question]:
        rows = [row for row in range(1, self._count + 1) if self._is_asked(row)]
        rows.sort(key=lambda row: (self._said("position", row) or _A_NUMBER, row))
        return [self._question(row) for row in rows] + [self._more[key] for key in self.cleaned_data["usual"]]

    def look_again(self, number):
        """Somebody kept others meanwhile: to keep these is their decision."""
        self.data = self.data.copy()
        self.data["number"] = number

    def clean(self):
        cleaned = super().clean()
        for row in range(1, self._count + 1):
            if self._is_asked(row):
                self._check(row)
        if not self.errors:
            count = len(self.questions)
            if not count:
                self.add_error(None, _("Keep at least one question."))
            elif count > MOST:
                self.add_error(None, _("Ask at most %(most)d questions: leave some out.") % {"most": MOST})
        return cleaned

    def _check(self, row):
        choices = self._said("choices", row) or []
        if self._said("kind", row) == Kind.ONE and len(choices) < 2:
            self.add_error(f"choices-{row}", _("Give at least two choices, each on a line of its own."))
        elif len(choices) > MOST_CHOICES:
            self.add_error(f"choices-{row}", _("Give at most %(most)d choices.") % {"most": MOST_CHOICES})

    def _is_asked(self, row):
        return bool(self._said("text", row)) and not self._said("out", row)

    def _said(self, name, row):
        return self.cleaned_data.get(f"{name}-{row}")

    def _question(self, row):
        kind, key = self._said("kind", row), self._said("key", row)
        before = next((each for each in self._asked if each.key == key), None)
        return Question(
            key=key or uuid4(),
            text=self._said("text", row),
            hint=self._said("hint", row),
            kind=kind,
            choices=self._said("choices", row) if kind in CHOOSES else [],
            low=self._said("low", row) if kind in Question.SCALES else "",
            high=self._said("high", row) if kind in Question.SCALES else "",
            is_needed=bool(before and before.is_needed and before.kind == kind),
        )


class ChoicesField(LinesField):
    """One choice to a line: a list of different texts."""

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value):
        lines = [line.strip() for line in super().clean(value).splitlines()]
        if any(len(line) > LONGEST_CHOICE for line in lines):
            raise forms.ValidationError(
                _("Keep each choice within %(most)d characters.") % {"most": LONGEST_CHOICE}, "long"
            )
        return list(dict.fromkeys(line for line in lines if line))


_NAMES = ("text", "hint", "kind", "choices", "low", "high", "position", "out", "key")


def _fields(row, question):
    """The fields of one row; of the empty one without a question."""
    question = question or Question(text="", position=row)
    return {
        f"key-{row}": forms.UUIDField(
            widget=forms.HiddenInput, required=False, initial=question.key if question.text else None
        ),
        f"position-{row}": forms.IntegerField(
            label=_("Place"), min_value=1, max_value=99, required=False, initial=row, widget=forms.NumberInput
        ),
        f"text-{row}": LineField(label=_("Question"), max_length=200, required=False, initial=question.text),
        f"kind-{row}": forms.ChoiceField(label=_("Answered"), choices=Kind.choices, initial=question.kind),
        f"hint-{row}": LineField(label=_("Hint"), max_length=300, required=False, initial=question.hint),
        f"choices-{row}": ChoicesField(
            label=_("Choices"),
            help_text=_("Each on a line of its own. What is ranked may have none: then they write their own."),
            rows=3,
            required=False,
            initial=question.choices,
        ),
        f"low-{row}": LineField(label=_("1 means"), max_length=40, required=False, initial=question.low),
        f"high-{row}": LineField(label=_("The highest means"), max_length=40, required=False, initial=question.high),
        f"out-{row}": forms.BooleanField(label=_("Leave this one out"), required=False),
    }


def _count_in(said, otherwise):
    """As many rows as the page had that was sent."""
    return min(max(int(said), 1), _MOST_ROWS) if said.isdecimal() and len(said) < 4 else otherwise

"""How two will work together, as a form: a field for each question that their programme asks."""

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.fields import LinesField
from accounts.site_form import SiteForm
from pairings.agreement import Drives, Kind, answers_of

LONGEST = 2000  # characters of one answer
MOST = 2**31 - 1


class AgreementForm(SiteForm, forms.Form):
    """`questions`: list of `agreement.Question`; `given`: the answers to begin with, {key: texts}; `number`: of the
    revision that it is based on, 0 for none."""

    once = True
    submit_label = _("Save and agree")

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=MOST)

    def __init__(self, *args, questions, given, number, **kwargs):
        self._questions = questions
        self.draft_fields = tuple(_name(question) for question in questions)
        self.messages = {_name(question): _missing(question) for question in questions}
        asked = {_name(question): _field(question, given.get(question.key, [])) for question in questions}
        self.base_fields = asked | type(self).base_fields
        super().__init__(*args, **kwargs)
        self.initial = {"number": number} | self.initial | self._ticked_in(self.draft)

    @property
    def answers(self):
        """As `Agreement.answers` has them."""
        return answers_of(self._questions, {each.key: self.cleaned_data[_name(each)] for each in self._questions})

    def _ticked_in(self, draft):
        """What was ticked of several choices, each on a line of its own; where nothing is kept, nothing was ticked."""
        several = [_name(each) for each in self._questions if each.kind not in (Kind.TEXT, Kind.ONE)]
        return {name: draft.fields.get(name, "").splitlines() for name in several} if draft else {}

    def look_again(self, number):
        """Its writer is shown what the other put meanwhile: to save once more is their decision."""
        self.data = self.data.copy()
        self.data["number"] = number


class NumberForm(forms.Form):
    """Which revision somebody was shown when they pressed a button."""

    number = forms.IntegerField(min_value=1, max_value=MOST)


def _name(question):
    return f"q{question.key}"


def _missing(question):
    if question.drives == Drives.RHYTHM:
        return _("Choose how often you’d like to meet; you can change it later.")
    return format_lazy(_("Choose an answer to “{question}”; you can change it later."), question=question.text)


def _field(question, given):
    common = {"label": question.text, "help_text": question.hint}
    if question.kind == Kind.TEXT:
        field = LinesField(rows=3, max_length=LONGEST, required=False, initial=given[0] if given else "", **common)
    else:
        # What was chosen before, and is no longer offered, may stay.
        labels = dict.fromkeys([*question.labels, *given])
        choices = [(label, label) for label in labels]
        if question.kind == Kind.ONE:
            field = forms.ChoiceField(
                choices=choices, widget=forms.RadioSelect, initial=given[0] if given else None, **common
            )
        else:
            field = forms.MultipleChoiceField(
                choices=choices, widget=forms.CheckboxSelectMultiple, initial=given, required=False, **common
            )
    return field

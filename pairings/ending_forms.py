"""Pausing, handing over, ending, the mentor's form and thanks, as forms."""

from django import forms
from django.utils.functional import lazystr
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.fields import LinesField
from accounts.site_form import SiteForm
from pairings.models import CompletionForm, EndReason, HandOver, ThankYou
from pairings.notices import SHOWN_ON

LONGEST_ANSWER = 5000  # characters
_A_DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class PauseForm(SiteForm, forms.Form):
    submit_label = _("Pause")
    messages = {"until": _("Choose the day on which you go on")}
    field_classes = {"until": "field-short"}

    until = forms.DateField(
        label=_("Until"), widget=_A_DAY, error_messages={"invalid": _("Choose a day, like 31/01/2027")}
    )


class HandOverForm(SiteForm, forms.Form):
    """`offers`: those who may carry on. Once valid, `offer` is one of them."""

    once = True
    draft_fields = ("words",)
    submit_label = _("Propose it")
    messages = {"mentor": _("Choose who is to carry on")}
    field_classes = {"mentor": "field-short"}

    mentor = forms.ChoiceField(label=_("Who could carry on?"))
    words = LinesField(label=_("A few words about why"), rows=4, max_length=2000, required=False)

    def __init__(self, *args, offers, **kwargs):
        super().__init__(*args, **kwargs)
        self._offers = {str(offer.pk): offer for offer in offers}
        names = [(pk, offer.enrolment.person.name) for pk, offer in self._offers.items()]
        self.fields["mentor"].choices = [("", _("Choose somebody")), *names]
        self.fields["mentor"].error_messages["invalid_choice"] = _("Their last place was taken. Choose somebody else.")

    @property
    def offer(self):
        return self._offers[self.cleaned_data["mentor"]]


class ConsentForm(SiteForm, forms.Form):
    """What the new mentor, called `name`, may read."""

    submit_label = _("Say yes")
    messages = {"window": _("Choose what they may read")}
    field_classes = {"since": "field-short"}

    window = forms.ChoiceField(choices=HandOver.Window.choices, widget=forms.RadioSelect)
    since = forms.DateField(
        label=_("Since which day?"),
        help_text=_("Only if you chose a day above."),
        widget=_A_DAY,
        required=False,
        error_messages={"invalid": _("Choose a day, like 31/01/2027")},
    )

    def __init__(self, *args, name, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["window"].label = format_lazy(_("What may {name} read?"), name=lazystr(name))
        self.fields["since"].says_optional = False

    def clean(self):
        data = super().clean()
        if data.get("window") == HandOver.Window.SINCE and not data.get("since") and "since" not in self.errors:
            self.add_error("since", _("Choose the day from which they may read"))
        return data


class EndForm(SiteForm, forms.ModelForm):
    once = True
    draft_fields = ("words",)
    form_tag = False
    submit_label = ""
    messages = {"why": _("Choose what comes closest")}

    words = LinesField(label=_("Anything you want to add"), rows=4, max_length=LONGEST_ANSWER, required=False)

    class Meta:
        model = EndReason
        fields = ("why", "words")
        labels = {"why": _("Why does it end?")}
        help_texts = {"why": _("For the programme team alone.")}
        widgets = {"why": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["why"].choices = EndReason.Why.choices


class CompletionAnswersForm(SiteForm, forms.Form):
    """A mentor's form: a field for each of the programme's `questions`, and the hours."""

    once = True
    submit_label = _("Send the form")
    field_classes = {"hours": "field-code"}

    hours = forms.DecimalField(
        label=_("Hours you gave, about"),
        help_text=_("Meetings, reading and preparing, all together. They stand on your certificate."),
        min_value=0,
        max_value=9999,
        max_digits=CompletionForm._meta.get_field("hours").max_digits,
        decimal_places=1,
        error_messages={
            "invalid": _("Give the hours as a number, like 12 or 12.5"),
            "max_decimal_places": _("Half hours are close enough: give 12 or 12.5"),
            "max_digits": _("Give a number below 10,000"),
            "max_value": _("Give a number below 10,000"),
            "min_value": _("Give a number from 0 on"),
        },
    )

    def __init__(self, *args, questions, **kwargs):
        self._questions = questions
        asked = {_name(question): _answer(question) for question in questions}
        self.draft_fields = tuple(asked)
        self.messages = {"hours": _("Give the hours, about")} | {
            _name(question): format_lazy(_("Write a line to “{question}”"), question=question.text)
            for question in questions
        }
        self.base_fields = asked | type(self).base_fields
        super().__init__(*args, **kwargs)

    @property
    def answers(self):
        """As `CompletionForm.answers` has them."""
        return [{"text": each.text, "answer": self.cleaned_data[_name(each)]} for each in self._questions]


class ThanksForm(SiteForm, forms.ModelForm):
    """To the other, called `name`."""

    once = True
    draft_fields = ("words",)
    submit_label = _("Send it")
    messages = {"words": _("Write a line or two first")}

    words = LinesField(rows=7, max_length=ThankYou._meta.get_field("words").max_length)

    class Meta:
        model = ThankYou
        fields = ("words",)

    def __init__(self, *args, name, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["words"].label = format_lazy(_("Your words to {name}"), name=lazystr(name))


class LookedAtForm(forms.Form):
    """On which page somebody looked, and of when the newest is that they were shown."""

    page = forms.ChoiceField(choices=[(name, name) for name in SHOWN_ON])
    until = forms.DateTimeField()


def _name(question):
    return f"q{question.pk}"


def _answer(question):
    return LinesField(label=question.text, help_text=question.hint, rows=4, max_length=LONGEST_ANSWER)

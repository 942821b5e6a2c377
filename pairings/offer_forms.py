"""What a mentor offers, as forms: whole on their own page, and in two parts while they are welcomed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.fields import LinesField
from accounts.site_form import SiteForm
from programmes.models import Enrolment

LONGEST = 2000  # characters
MOST_PLACES = 30


class WhoForm(SiteForm, forms.Form):
    """Whom a mentor can help, and how. `programme` is theirs."""

    draft_fields = ("can_help", "how_i_work")
    messages = {
        "can_help": _("Say who you can help. One line is enough."),
        "how_i_work": _("Say how you like to work. One line is enough."),
    }
    field_classes = {"holds": "choices-cards"}

    can_help = LinesField(
        label=_("Who I can help"),
        help_text=_("What you know well, and what you have been through yourself."),
        max_length=LONGEST,
    )
    how_i_work = LinesField(
        label=_("How I work"),
        help_text=_("How often you like to meet, whether you chase, what somebody can expect of you."),
        max_length=LONGEST,
    )
    holds = forms.ModelMultipleChoiceField(
        label=_("Levels you hold"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, programme, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["holds"].queryset = levels = programme.levels.all()
        if programme.needs_level:
            self.fields["holds"].help_text = _("You are suggested to mentees who work towards one of these.")
        if not levels:
            del self.fields["holds"]


class PlacesForm(SiteForm, forms.Form):
    """How many mentees a mentor takes, and how they meet."""

    messages = {
        "capacity": _("Say how many mentees you can take, 1 for a start."),
        "meets_by": _("Choose at least one way to meet."),
    }
    field_classes = {"capacity": "field-short", "meets_by": "choices-cards"}

    capacity = forms.IntegerField(
        label=_("Mentees at a time"),
        help_text=_("One is plenty to begin with."),
        min_value=1,
        max_value=MOST_PLACES,
        error_messages={
            "invalid": _("Give a number, like 1 or 2."),
            "min_value": _("Offer at least one place. To take nobody just now, pause the offer instead."),
            "max_value": _("Choose %(limit_value)d or fewer. Ask the programme team if you would take more."),
        },
    )
    meets_by = forms.MultipleChoiceField(
        label=_("You meet by"), choices=Enrolment.MeetsBy.choices, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["capacity"].widget.attrs["inputmode"] = "numeric"


class OfferForm(WhoForm, PlacesForm):
    """All of it, of an `offer` with its programme and levels at hand."""

    messages = {**WhoForm.messages, **PlacesForm.messages}
    field_classes = {**WhoForm.field_classes, **PlacesForm.field_classes}
    field_order = ["capacity", "meets_by", "can_help", "how_i_work", "holds"]

    def __init__(self, *args, offer, **kwargs):
        said = {name: getattr(offer, name) for name in ("capacity", "can_help", "how_i_work")}
        said |= {"meets_by": offer.enrolment.meets_by, "holds": list(offer.holds.all())}
        super().__init__(*args, programme=offer.enrolment.programme, initial=said, **kwargs)


class PauseForm(SiteForm, forms.Form):
    """Until when a mentor takes nobody."""

    form_tag = False
    field_classes = {"until": "field-short"}

    until = forms.DateField(
        label=_("Until"),
        help_text=_("Leave it empty if you don’t know yet."),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Choose a day, or leave it empty.")},
    )

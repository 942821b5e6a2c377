"""What somebody will do, as forms."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.fields import LineField
from accounts.site_form import SiteForm
from meetings.models import Action

LONGEST = Action._meta.get_field("words").max_length
_A_DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
_NO_DAY = {"invalid": _("Choose a day, like 31/01/2027")}


class ActionForm(SiteForm, forms.Form):
    """`people`: both; `person` of the cleaned data is one of them."""

    once = True
    draft_fields = ("words",)
    submit_label = _("Add it")
    messages = {"words": _("Write what will be done"), "person": _("Say who will do it")}
    field_classes = {"person": "field-short", "due": "field-short"}

    words = LineField(label=_("What"), max_length=LONGEST)
    person = forms.TypedChoiceField(label=_("Who"))
    due = forms.DateField(label=_("By when"), widget=_A_DAY, required=False, error_messages=_NO_DAY)

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        by_key = {str(person.pk): person for person in people}
        self.fields["person"].choices = [(key, person.first_name) for key, person in by_key.items()]
        self.fields["person"].coerce = by_key.get
        self.fields["person"].error_messages["invalid_choice"] = self.messages["person"]


class DayForm(SiteForm, forms.Form):
    title = _("Move it to another day")
    submit_label = _("Move")
    messages = {"due": _("Choose the day by which it will be done")}
    field_classes = {"due": "field-short"}

    due = forms.DateField(label=_("By when"), widget=_A_DAY, error_messages=_NO_DAY)


class DropForm(SiteForm, forms.Form):
    title = _("Drop it")
    submit_label = _("Drop it")

    why = LineField(
        label=_("A word about why"),
        help_text=_("Both of you can read it. It need not be a reason."),
        max_length=LONGEST,
        required=False,
    )

"""What the page of components shows: made-up people, and a form in both its states."""

from types import SimpleNamespace

from django import forms
from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.site_form import SiteForm


class SampleForm(SiteForm, forms.Form):
    """One field of each kind."""

    form_tag = False
    submit_label = gettext_lazy("Share plan")
    messages = {
        "talk": gettext_lazy("Write one thing you’d like to talk about"),
        "how_often": gettext_lazy("Choose how often you’d like to meet; you can change it later"),
    }
    field_classes = {"date": "field-short", "how_often": "choices-cards"}

    talk = forms.CharField(
        label=gettext_lazy("What would you like to talk about?"),
        help_text=gettext_lazy("One line is enough."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    date = forms.DateField(
        label=gettext_lazy("A date that suits you"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    where = forms.ChoiceField(
        label=gettext_lazy("Where?"),
        choices=[("video", gettext_lazy("By video")), ("person", gettext_lazy("In person"))],
    )
    how_often = forms.ChoiceField(
        label=gettext_lazy("How often?"),
        choices=[
            ("month", gettext_lazy("Once a month")),
            ("weeks", gettext_lazy("Every 6 to 8 weeks")),
            ("need", gettext_lazy("When needed")),
        ],
        widget=forms.RadioSelect,
    )
    between = forms.MultipleChoiceField(
        label=gettext_lazy("Between meetings?"),
        choices=[("email", gettext_lazy("Email")), ("comments", gettext_lazy("Comments here"))],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    remind = forms.BooleanField(
        label=gettext_lazy("Remind me a week before"), help_text=gettext_lazy("Gently, once."), required=False
    )


def samples() -> dict:
    """The context of the page."""
    broken = SampleForm({}, prefix="broken")
    # The page shows the summary itself: there it must not take the focus.
    broken.helper.form_show_errors = False
    return {
        "ruth": SimpleNamespace(initials="RL"),
        "amina": SimpleNamespace(initials="AO"),
        "form": SampleForm(prefix="plain", initial={"how_often": "weeks"}),
        "broken": broken,
        "page": Paginator(range(30), 10).page(2),
        "saved_at": timezone.localtime(),
        "moments": [
            {
                "when": _("Thu 26 Nov, 18:00"),
                "text": _("Tomasz, online. Plan received"),
                "url": "#lists",
                "new": True,
            },
            {"when": _("Thu 3 Dec, 17:30"), "text": _("Amina, coffee at City Library")},
        ],
        "colours": [
            ("paper", _("paper")),
            ("surface", _("surface")),
            ("sunken", _("sunken")),
            ("ink", _("ink")),
            ("ink-2", _("ink, second")),
            ("line", _("line")),
            ("brand", _("green: what to press")),
            ("plum", _("plum: mentors")),
            ("ochre-mark", _("ochre: new to you")),
            ("ok", _("good")),
            ("bad", _("a problem")),
            ("info", _("a note")),
            ("ins-bg", _("added")),
            ("del-bg", _("removed")),
        ],
    }

"""How a person likes to be told, as a form."""

from datetime import time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.site_form import SiteForm
from notifications.groups import GROUPS
from notifications.models import Preference

LONGEST_PAUSE = timedelta(days=366)
NEVER = time(0)
_A_TIME = _("Enter a time, like 18:00")
_MISSING = {
    "quiet_from": _("Say when your quiet hours begin, or leave both empty"),
    "quiet_until": _("Say when your quiet hours end, or leave both empty"),
}


class EmailsForm(SiteForm, forms.ModelForm):
    """`bundles`: (bundle, words) of each pairing that may be muted; `muted`: all bundles that are now. Once valid, its
    `instance` is the preference as it would be."""

    form_tag = False
    messages = {name: _("Choose how you’d like to hear of it") for name in GROUPS}

    muted = forms.MultipleChoiceField(
        label=_("Leave somebody out"),
        help_text=_("What they share or say still stands in New for you."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Preference
        fields = (*GROUPS, "quiet_from", "quiet_until", "quiet_weekends", "words_in_emails", "paused_until")
        widgets = {
            **dict.fromkeys(GROUPS, forms.RadioSelect),
            "quiet_from": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            "quiet_until": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            "paused_until": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }
        labels = {
            **{name: group.title for name, group in GROUPS.items()},
            "quiet_from": _("From"),
            "quiet_until": _("Until"),
            "quiet_weekends": _("Quiet at weekends, too"),
            "words_in_emails": _("Words in my emails"),
            "paused_until": _("Pause all emails until"),
        }
        help_texts = {
            **{name: group.hint for name, group in GROUPS.items()},
            "words_in_emails": _("Off: emails only say who did something and where."),
            "paused_until": _("Pausing is fine. Everything still appears in New for you."),
        }
        error_messages = {
            "quiet_from": {"invalid": _A_TIME},
            "quiet_until": {"invalid": _A_TIME},
            "paused_until": {"invalid": _("Choose a day, or leave it empty")},
        }

    def __init__(self, *args, bundles, muted, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["muted"].choices = bundles
        self._muted = set(muted)
        self.initial["muted"] = sorted(muted)  # the widget ticks nothing for a set
        for name in GROUPS:
            self.fields[name].choices = Preference.Choice.choices
        for name in _MISSING:
            self.fields[name].required = self.fields[name].says_optional = False
        self.fields["paused_until"].says_optional = self.fields["muted"].says_optional = False
        if self.instance.quiet_from == self.instance.quiet_until:
            self.initial |= dict.fromkeys(_MISSING)
        if not is_paused(self.instance):
            self.initial["paused_until"] = None

    @property
    def groups(self):
        """Each group's field, with its options: the radio and what it means."""
        for name, group in GROUPS.items():
            field = self[name]
            yield field, [(option, group.means[option.data["value"]]) for option in field]

    @property
    def chosen(self):
        """Field of `Preference` → its value."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    @property
    def would_mute(self):
        """The bundles that would be muted: those ticked, and those that were and are not asked about."""
        if not self.is_bound:
            return self._muted
        asked = {bundle for bundle, _words in self.fields["muted"].choices}
        return self._muted - asked | set(self.cleaned_data["muted"])

    def clean_paused_until(self):
        day = self.cleaned_data["paused_until"]
        today = timezone.localdate()
        if day and day <= today:
            raise forms.ValidationError(_("Choose a day after today, or leave it empty to get emails"))
        if day and day > today + LONGEST_PAUSE:
            raise forms.ValidationError(_("Choose a day within a year. To stop emails for good, choose Off above"))
        return day

    def clean(self):
        """Two hours, or none: then it is never quiet."""
        cleaned = super().clean()
        missing = [name for name in _MISSING if name in cleaned and cleaned[name] is None]
        if len(missing) == len(_MISSING):
            cleaned |= dict.fromkeys(missing, NEVER)
        elif missing:
            self.add_error(missing[0], _MISSING[missing[0]])
        return cleaned


def is_paused(preference) -> bool:
    """Whether the person has asked for no emails today."""
    return preference.paused_until is not None and preference.paused_until > timezone.localdate()

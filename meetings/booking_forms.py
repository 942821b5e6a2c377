"""Offering times, recording a meeting, moving it, and calling it off, as forms. Times are of the writer's zone."""

from typing import NamedTuple

from django import forms
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from accounts.fields import LineField, LinesField
from accounts.site_form import SiteForm
from meetings.models import Meeting, OfferedTime
from meetings.time_fields import moment_of, time_fields

_LENGTHS = (15, 20, 30, 45, 60, 75, 90, 120, 150, 180, 240)
_MOST = 2**31 - 1
_PASSED = gettext_lazy("That time has passed. Choose a later one.")
_NAMES = tuple(f"time{number}" for number in range(1, OfferedTime.MOST + 1))


class Row(NamedTuple):
    """The fields of one time; `which` is None where that is no question."""

    number: int
    day: BoundField
    at: BoundField
    which: BoundField | None

    @property
    def is_used(self):
        return any(field and (field.errors or field.value()) for field in self[1:])


class _PlaceForm(SiteForm, forms.Form):
    """How two meet, and where."""

    once = True
    form_tag = False
    messages = {"how": gettext_lazy("Choose how you meet")}
    field_classes = {"how": "choices-cards", "minutes": "field-short"}

    how = forms.ChoiceField(label=gettext_lazy("How do you meet?"), choices=Meeting.How, widget=forms.RadioSelect)
    where = LineField(
        label=gettext_lazy("Link, place or number"),
        help_text=gettext_lazy("You can add it later."),
        max_length=Meeting._meta.get_field("where").max_length,
        required=False,
    )


class PlaceForm(_PlaceForm):
    submit_label = gettext_lazy("Save and tell both of you")
    form_tag = True


class _TimesForm(SiteForm, forms.Form):
    """Up to five times. `suggested`: the day that stands in the first row, which counts for nothing without a time."""

    once = True
    form_tag = False

    def __init__(self, data=None, *, zone, suggested=None, **kwargs):
        self._zone, self._suggested = zone, suggested
        self.base_fields = dict(type(self).base_fields)
        for name in _NAMES:
            self.base_fields |= time_fields(name, zone=zone, data=data, is_needed=False)
        super().__init__(data, **kwargs)
        self.initial.setdefault(f"{_NAMES[0]}_day", suggested)
        for name, field in self.fields.items():
            field.says_optional = field.says_optional and not name.startswith(_NAMES)

    @property
    def rows(self):
        return [_row(self, name, number) for number, name in enumerate(_NAMES, start=1)]

    @property
    def shows_more(self):
        return any(row.is_used for row in self.rows[2:])

    @property
    def times(self):
        """The moments that were chosen."""
        return self.cleaned_data["times"]

    def clean(self):
        data = super().clean()
        chosen = {name: moment_of(self, name, zone=self._zone) for name in _NAMES if not self._is_left(name)}
        for name, moment in chosen.items():
            if moment and moment <= timezone.now():
                self.add_error(f"{name}_at", _PASSED)
        data["times"] = [moment for moment in chosen.values() if moment]
        if not data["times"] and not self.errors:
            self.add_error(f"{_NAMES[0]}_at", _("Choose at least one time to offer"))
        return data

    def _is_left(self, name):
        """The first row, as it was suggested."""
        day, clock = (self.cleaned_data.get(f"{name}_{part}") for part in ("day", "at"))
        return name == _NAMES[0] and day and day == self._suggested and not clock and f"{name}_at" not in self.errors


class OffersForm(_TimesForm, _PlaceForm):
    """To the other, called `name`."""

    minutes = forms.TypedChoiceField(label=gettext_lazy("How long?"), coerce=int)

    def __init__(self, data=None, *, name, **kwargs):
        super().__init__(data, **kwargs)
        self.submit_label = format_lazy(gettext_lazy("Send to {name}"), name=name)
        _offer_lengths(self)


class OtherTimesForm(_TimesForm):
    """`round`: of the times that its writer was shown."""

    round = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=_MOST)

    def __init__(self, data=None, *, name, **kwargs):
        super().__init__(data, **kwargs)
        self.submit_label = format_lazy(gettext_lazy("Send to {name}"), name=name)


class _MomentForm(SiteForm, forms.Form):
    """One time, and how long."""

    once = True
    form_tag = False
    field_classes = {"minutes": "field-short"}
    messages = {"time_day": gettext_lazy("Choose the day"), "time_at": gettext_lazy("Choose the time")}

    minutes = forms.TypedChoiceField(label=gettext_lazy("How long?"), coerce=int)

    def __init__(self, data=None, *, zone, **kwargs):
        self._zone = zone
        self.base_fields = time_fields("time", zone=zone, data=data) | type(self).base_fields
        super().__init__(data, **kwargs)
        _offer_lengths(self)

    @property
    def row(self):
        return _row(self, "time", 1)

    @property
    def starts_at(self):
        return self.cleaned_data["starts_at"]

    def clean(self):
        data = super().clean()
        data["starts_at"] = moment_of(self, "time", zone=self._zone)
        return data


class RecordForm(_MomentForm, _PlaceForm):
    """What was agreed elsewhere, or was already."""

    submit_label = gettext_lazy("Record it")
    messages = _MomentForm.messages | _PlaceForm.messages
    field_classes = _MomentForm.field_classes | _PlaceForm.field_classes


class MoveForm(_MomentForm):
    """`sequence`: of the meeting that its writer was shown."""

    submit_label = gettext_lazy("Move it")

    sequence = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=_MOST)

    def clean(self):
        data = super().clean()
        if data["starts_at"] and data["starts_at"] <= timezone.now():
            self.add_error("time_at", _PASSED)
        return data


class CallOffForm(SiteForm, forms.Form):
    """To the other, called `name`."""

    once = True
    submit_label = gettext_lazy("Call it off")
    draft_fields = ("why",)

    why = LinesField(rows=3, max_length=Meeting._meta.get_field("why").max_length, required=False)

    def __init__(self, *args, name, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["why"].label = format_lazy(gettext_lazy("A few words to {name}"), name=name)


class ChosenForm(forms.Form):
    """Which of the times somebody chose, and of which round they were shown."""

    time = forms.DateTimeField(input_formats=["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z"])
    round = forms.IntegerField(min_value=1, max_value=_MOST)


class LookedAtForm(forms.Form):
    """Of when the newest is that somebody was shown."""

    until = forms.DateTimeField()


def _row(form, name, number):
    which = f"{name}_which"
    return Row(number, form[f"{name}_day"], form[f"{name}_at"], form[which] if which in form.fields else None)


def _offer_lengths(form):
    """Those that are offered, and how long the meeting is by now."""
    lengths = sorted({*_LENGTHS, form.initial.get("minutes", 60)})
    words = ngettext_lazy("%(count)d minute", "%(count)d minutes", "count")
    form.fields["minutes"].choices = [(length, words % {"count": length}) for length in lengths]

"""A day and a time in a form, as clocks in one zone show them, and the moment that is meant.

A time that clocks show twice brings up a third field, in which its writer says which of the two they mean.
"""

from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.clocks import instead_of, moments

_FIRST, _SECOND = "first", "second"
# Beyond them no clock could be asked.
_YEARS = range(1900, 2200)


def time_fields(name, *, zone, data, is_needed=True) -> dict:
    """The fields `<name>_day` and `<name>_at` of a form to which `data` was sent (None for none), and `<name>_which`
    where that is a question."""
    fields = {
        f"{name}_day": forms.DateField(
            label=gettext_lazy("Day"),
            required=is_needed,
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            error_messages={"invalid": gettext_lazy("Choose a day, like 31/01/2027")},
        ),
        f"{name}_at": forms.TimeField(
            label=gettext_lazy("Time"),
            required=is_needed,
            widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            error_messages={"invalid": gettext_lazy("Choose a time, like 17:30")},
        ),
    }
    day, clock = (_read(field, key, data) for key, field in fields.items())
    if day and clock and day.year in _YEARS and len(moments(day, clock, zone)) == 2:
        fields[f"{name}_which"] = _which(clock)
    return fields


def moment_of(form, name, *, zone) -> datetime | None:
    """The moment in UTC that a cleaned form says; None for nothing, and for what is amiss, which stands as an error by
    its field then."""
    day, clock = (form.cleaned_data.get(f"{name}_{part}") for part in ("day", "at"))
    if {f"{name}_day", f"{name}_at", f"{name}_which"} & form.errors.keys() or not (day or clock):
        return None
    if not clock:
        form.add_error(f"{name}_at", _("Choose a time for %(day)s") % {"day": date_format(day, "j F")})
    elif not day:
        form.add_error(f"{name}_day", _("Choose the day for %(time)s") % {"time": date_format(clock, "H:i")})
    elif day.year not in _YEARS:
        form.add_error(f"{name}_day", _("Choose a day within a year."))
    else:
        return _chosen(form, name, day, clock, zone)
    return None


def _chosen(form, name, day, clock, zone):
    found = moments(day, clock, zone)
    if not found:
        later = instead_of(day, clock, zone)
        words = {"time": date_format(clock, "H:i"), "later": date_format(later, "H:i")}
        form.add_error(f"{name}_at", _("The clocks go forward then, past %(time)s. Choose %(later)s, say.") % words)
        return None
    return found[-1 if form.cleaned_data.get(f"{name}_which") == _SECOND else 0]


def _read(field, key, data):
    try:
        return field.clean(field.widget.value_from_datadict(data or {}, {}, key))
    except ValidationError:
        return None


def _which(clock):
    time = date_format(clock, "H:i")
    return forms.ChoiceField(
        label=format_lazy(gettext_lazy("The clocks go back then, so {time} comes twice. Which one?"), time=time),
        choices=[
            (_FIRST, format_lazy(gettext_lazy("{time} before they go back"), time=time)),
            (_SECOND, format_lazy(gettext_lazy("{time} after they go back, an hour later"), time=time)),
        ],
        widget=forms.RadioSelect,
    )

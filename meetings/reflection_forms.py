"""What somebody learnt from a meeting, as a form."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.fields import LinesField
from accounts.site_form import SiteForm
from meetings.actions.reflecting import LONGEST_DAY, PARTS, stamp_of
from meetings.clocks import how_long
from meetings.note_forms import LONGEST


class ReflectionForm(SiteForm, forms.Form):
    """`mine`: what its author kept before, or None; `criteria`: to choose from, with their levels; `other`: with whom
    it may be shared."""

    once = True
    submit_label = gettext_lazy("Keep it")
    draft_fields = (*PARTS, "criterion", "minutes", "is_shared", "based_on")
    field_classes = {"minutes": "field-short"}
    messages = {"minutes": gettext_lazy("Write for how many minutes it counts")}

    what = LinesField(
        label=gettext_lazy("What?"),
        help_text=gettext_lazy("What happened, or what was said, that you keep thinking about?"),
        rows=4,
        max_length=LONGEST,
        required=False,
    )
    so_what = LinesField(
        label=gettext_lazy("So what?"),
        help_text=gettext_lazy("Why does it matter to you? What do you see differently?"),
        rows=4,
        max_length=LONGEST,
        required=False,
    )
    now_what = LinesField(
        label=gettext_lazy("Now what?"),
        help_text=gettext_lazy("What will you do with it?"),
        rows=4,
        max_length=LONGEST,
        required=False,
    )
    criterion = forms.TypedChoiceField(
        label=gettext_lazy("A criterion that it speaks to"),
        required=False,
        empty_value=None,
        widget=forms.RadioSelect,
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes that count"),
        min_value=1,
        max_value=LONGEST_DAY,
        error_messages={
            "invalid": gettext_lazy("Write the minutes as a number, like 60"),
            "min_value": gettext_lazy("Write for how many minutes it counts: at least 1"),
            "max_value": gettext_lazy("That is more than a day. Write the minutes of this one meeting."),
        },
    )
    is_shared = forms.BooleanField(required=False)
    based_on = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data, *, mine, meeting, other, criteria, draft=None, **kwargs):
        # A draft is all that stood in the form: what its writer took out stays out.
        initial = {"minutes": meeting.minutes, "criterion": ""}
        if mine and not draft:
            initial = {name: getattr(mine, name) for name in (*PARTS, "minutes", "is_shared")}
            initial |= {"criterion": mine.criterion_id or "", "based_on": stamp_of(mine)}
        super().__init__(data, draft=draft, initial=initial, **kwargs)
        for name in (*PARTS, "criterion"):
            self.fields[name].says_optional = False
        by_key = {str(criterion.pk): criterion for criterion in criteria}
        self.fields["criterion"].choices = [("", _("None in particular")), *_named(criteria)]
        self.fields["criterion"].coerce = by_key.get
        hint = _("Your meeting took %(time)s. Add what you needed to prepare.")
        self.fields["minutes"].help_text = hint % {"time": how_long(meeting.minutes)}
        self.fields["is_shared"].label = _("Let %(name)s read it, too") % {"name": other.first_name}

    def look_again(self, latest):
        """Its writer is shown what stands there by now: to keep theirs once more is their decision."""
        self.data = self.data.copy()
        self.data["based_on"] = stamp_of(latest)


def _named(criteria):
    """Choices; with the names of their levels where there are several."""
    has_several = len({criterion.level_id for criterion in criteria}) > 1
    said = _("%(level)s: %(criterion)s")
    return [
        (each.pk, said % {"level": each.level, "criterion": each} if has_several else str(each)) for each in criteria
    ]

"""The steps of the welcome as forms. Everything can be changed later, so little is asked."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.fields import LineField, LinesField
from accounts.models import Profile, User
from accounts.site_form import SiteForm
from pairings.offer_forms import PlacesForm, WhoForm
from programmes.models import Enrolment

_ON = _("Save and carry on")
_NO_JOB = _("Tell us your job title, or tick ‘I’m between jobs’.")
_NO_EMPLOYER = _("Tell us who you work for, or tick ‘I’m between jobs’.")


def _longest(model, name):
    return model._meta.get_field(name).max_length


class AboutForm(SiteForm, forms.Form):
    """About the person, and about their part (`enrolment`, with its person's profile and programme at hand)."""

    submit_label = _ON
    draft_fields = ("known_as", "job_title", "employer", "place", "line_manager", "about")
    messages = {
        "sector": _("Choose the sector you know best."),
        "region": _("Choose where you are."),
        "meets_by": _("Choose at least one way to meet."),
    }
    field_classes = {"sector": "field-short", "region": "field-short", "meets_by": "choices-cards"}

    known_as = LineField(
        label=_("What should we call you?"),
        help_text=_("What others read in messages and emails."),
        max_length=_longest(User, "known_as"),
        required=False,
    )
    job_title = LineField(label=_("Job title"), max_length=_longest(Profile, "job_title"), required=False)
    between_jobs = forms.BooleanField(label=_("I’m between jobs"), required=False)
    employer = LineField(
        label=_("Employer"),
        help_text=_("“Self-employed” is fine."),
        max_length=_longest(Profile, "employer"),
        required=False,
    )
    place = LineField(
        label=_("Town or city"),
        help_text=_("For whoever would like to meet in person."),
        max_length=_longest(Profile, "place"),
        required=False,
    )
    sector = forms.ModelChoiceField(label=_("Sector"), queryset=None, empty_label=_("Choose one"))
    region = forms.ModelChoiceField(label=_("Region"), queryset=None, empty_label=_("Choose one"))
    meets_by = forms.MultipleChoiceField(
        label=_("You would like to meet by"), choices=Enrolment.MeetsBy.choices, widget=forms.CheckboxSelectMultiple
    )
    line_manager = LineField(
        label=_("Your line manager’s name or email"),
        help_text=Enrolment._meta.get_field("line_manager").help_text,
        max_length=_longest(Enrolment, "line_manager"),
        required=False,
    )
    about = LinesField(
        label=_("A few words about you"),
        help_text=_("What you do, and what you enjoy about it."),
        max_length=2000,
        rows=3,
        required=False,
    )

    def __init__(self, *args, enrolment, **kwargs):
        super().__init__(*args, initial=_said(enrolment), **kwargs)
        self._narrow("sector", enrolment.programme.sectors.all())
        self._narrow("region", enrolment.programme.regions.all())
        is_mentee = enrolment.role == Enrolment.Role.MENTEE
        if not is_mentee:
            del self.fields["meets_by"]
        if not (is_mentee and enrolment.programme.bars_line_manager):
            del self.fields["line_manager"]
        for name in ("job_title", "employer"):
            self.fields[name].says_optional = False

    def clean(self):
        data = super().clean()
        if not data.get("between_jobs"):
            for name, words in (("job_title", _NO_JOB), ("employer", _NO_EMPLOYER)):
                if not (data.get(name) or name in self.errors):
                    self.add_error(name, words)
        return data

    @property
    def of_person(self):
        """What they said of themselves; the rest is of their part."""
        names = ("known_as", "about", "job_title", "employer", "between_jobs", "place")
        return {name: self.cleaned_data[name] for name in names}

    @property
    def of_part(self):
        return {name: value for name, value in self.cleaned_data.items() if name not in self.of_person}

    def _narrow(self, name, entries):
        """A list that the programme does not have is not asked for."""
        if entries:
            self.fields[name].queryset = entries
        else:
            del self.fields[name]


class HopesForm(SiteForm, forms.Form):
    """What a mentee hopes for. The `levels` are asked for where there are several; `may_choose` until pages speak to
    the criteria of one."""

    submit_label = _ON
    draft_fields = ("hopes",)
    messages = {
        "hopes": _("Say what you hope for. One line is enough."),
        "level": _("Choose what you work towards. You can change it later."),
    }
    field_classes = {"level": "choices-cards"}

    hopes = LinesField(
        label=_("What do you hope for?"),
        help_text=_("What would you like to be able to do in a year, or to understand better?"),
        max_length=_longest(Enrolment, "hopes"),
        rows=6,
    )
    level = forms.ModelChoiceField(
        label=_("Working towards"), queryset=None, widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args, enrolment, may_choose, **kwargs):
        initial = {"hopes": enrolment.hopes, "level": enrolment.level_id}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["level"].queryset = levels = enrolment.programme.levels.all()
        if not may_choose or len(levels) < 2:
            del self.fields["level"]


class WhoStep(WhoForm):
    submit_label = _ON


class PlacesStep(PlacesForm):
    submit_label = _ON


def _said(enrolment):
    person, profile = enrolment.person, enrolment.person.profile
    return {
        "known_as": person.first_name,
        **{name: getattr(profile, name) for name in ("job_title", "between_jobs", "employer", "place", "about")},
        "sector": enrolment.sector_id,
        "region": enrolment.region_id,
        "meets_by": enrolment.meets_by,
        "line_manager": enrolment.line_manager,
    }

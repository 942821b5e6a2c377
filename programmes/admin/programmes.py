"""A programme with its rules, thresholds, lists, levels and words."""

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.admin import HouseAdmin, HouseInline
from programmes.admin.filters import OfProgramme
from programmes.models import Criterion, Level, Programme, Region, Sector, Wording
from programmes.wordings import our_words

SHORT = {models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 4})}}


class ProgrammeForm(forms.ModelForm):
    """Says beside the field what its model says of several fields together."""

    def clean(self):
        data = super().clean()
        if _falls(data, "nudge_days", "tell_team_days"):
            self.add_error("tell_team_days", _("The mentor is reminded before the team hears of it: give more days."))
        if _falls(data, "tell_team_days", "lapse_days"):
            self.add_error("lapse_days", _("The team hears of it before it lapses: give more days."))
        if _falls(data, "quiet_factor", "quiet_team_factor"):
            self.add_error("quiet_team_factor", _("The pair hears of it before the team does: give a larger number."))
        return data


class SectorInline(HouseInline):
    model = Sector
    fields = ["name", "position"]
    extra = 1


class RegionInline(HouseInline):
    model = Region
    fields = ["name", "position"]
    extra = 1


@admin.register(Programme)
class ProgrammeAdmin(HouseAdmin):
    form = ProgrammeForm
    list_display = ["name", "body", "takes_applications"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [SectorInline, RegionInline]
    fieldsets = [
        (None, {"fields": ["name", "slug", "body", "summary"]}),
        (
            _("Who may be whose mentor"),
            {
                "fields": [
                    "needs_training",
                    "needs_level",
                    "bars_line_manager",
                    "bars_same_employer",
                    "advises_other_sector",
                ],
                "description": _("Rules hold for requests, suggestions and matching alike. Advice only ranks."),
            },
        ),
        (
            _("When what happens"),
            {
                "fields": [
                    "nudge_days",
                    "tell_team_days",
                    "lapse_days",
                    "rhythm_weeks",
                    "quiet_factor",
                    "quiet_team_factor",
                    "review_months",
                ]
            },
        ),
        (_("Joining"), {"fields": ["invitation_days", "takes_applications", "where_people_ask"]}),
    ]

    def get_readonly_fields(self, request, obj=None):
        """What an address begins with is given once."""
        return ["where_people_ask", "slug"] if obj else ["where_people_ask"]

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields

    @admin.display(description=_("where people ask to join"))
    def where_people_ask(self, programme):
        if not programme.pk or not programme.takes_applications:
            return _("Nowhere: they join by invitation.")
        return settings.SITE_URL + reverse("programmes:programme", args=[programme.slug])


class CriterionInline(HouseInline):
    """Plain words beside the official ones: wider than the line of a table."""

    model = Criterion
    template = admin.StackedInline.template
    fields = [("number", "name"), ("plain", "official")]
    formfield_overrides = SHORT
    extra = 1


@admin.register(Level)
class LevelAdmin(HouseAdmin):
    """What mentees work towards, with its criteria: each in plain words beside the official wording."""

    list_display = ["name", "programme", "position"]
    list_select_related = ["programme"]
    list_filter = [OfProgramme]
    fields = ["programme", "name", "position", "summary"]
    formfield_overrides = SHORT
    inlines = [CriterionInline]

    def get_readonly_fields(self, request, obj=None):
        """Portfolios and enrolments refer to it: it stays where it is."""
        return ["programme"] if obj else []


@admin.register(Criterion)
class CriterionAdmin(HouseAdmin):
    list_display = ["__str__", "level", "programme"]
    list_select_related = ["level__programme"]
    fields = ["level", "number", "name", "plain", "official"]

    @admin.display(ordering="level__programme__name")
    def programme(self, criterion):
        return criterion.level.programme


@admin.register(Wording)
class WordingAdmin(HouseAdmin):
    """The programme's own words; without them ours are said, which stand below."""

    list_display = ["kind", "programme"]
    list_select_related = ["programme"]
    list_filter = [OfProgramme]
    fields = ["programme", "kind", "words", "ours"]

    def get_readonly_fields(self, request, obj=None):
        return ["programme", "kind", "ours"] if obj else ["ours"]

    @admin.display(description=_("what we say without them"))
    def ours(self, wording):
        if wording.kind:
            return our_words(wording.kind)
        return "\n\n".join(f"{kind.label}:\n{our_words(kind)}" for kind in Wording.Kind)


def _falls(data, first, second):
    return bool(data.get(first) and data.get(second) and data[first] > data[second])

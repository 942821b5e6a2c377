"""Who takes part, in which role."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin import HouseAdmin
from accounts.models import User
from programmes.admin.filters import OfProgramme
from programmes.models import Enrolment, people_administered_by

_OF_THE_PROGRAMME = {
    "level": _("Choose a level of %(programme)s."),
    "sector": _("Choose a sector of %(programme)s."),
    "region": _("Choose a region of %(programme)s."),
}


class EnrolmentForm(forms.ModelForm):
    meets_by = forms.MultipleChoiceField(
        label=_("Meets by"),
        choices=Enrolment.MeetsBy.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in _OF_THE_PROGRAMME.keys() & self.fields.keys():
                field = self.fields[name]
                field.queryset = field.queryset.filter(programme=self.instance.programme_id)
        if "line_manager" in self.fields:
            self.fields["line_manager"].label = _("Line manager’s name or email")
            self.fields["line_manager"].help_text = _("So that they are never suggested as mentor. Leads alone see it.")

    def clean(self):
        data = super().clean()
        programme = data.get("programme") or getattr(self.instance, "programme", None)
        for name, words in _OF_THE_PROGRAMME.items():
            if programme and data.get(name) and data[name].programme_id != programme.pk:
                self.add_error(name, words % {"programme": programme})
        if data.get("level") and (data.get("role") or self.instance.role) != Enrolment.Role.MENTEE:
            self.add_error("level", _("Only mentees work towards a level: leave it empty."))
        return data


@admin.register(Enrolment)
class EnrolmentAdmin(HouseAdmin):
    list_display = ["person", "role", "level", "sector", "region", "programme", "created_at", "ended_at"]
    list_select_related = ["person", "level", "sector", "region", "programme"]
    list_filter = [OfProgramme, "role"]
    search_fields = ["person__name", "person__email"]
    form = EnrolmentForm
    autocomplete_fields = ["person"]

    def get_fields(self, request, obj=None):
        """Who manages somebody is for those who pair people. Helpers only look, and need not know."""
        fields = ["programme", "person", "role", "level", "sector", "region", "meets_by"]
        manager = ["line_manager"] if self.has_change_permission(request) else []
        return [*fields, *manager, "ended_at"]

    def get_readonly_fields(self, request, obj=None):
        """A portfolio belongs to its enrolment: whose it is can never be changed."""
        return ["programme", "person", "role"] if obj else []

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "person":
            kwargs["queryset"] = people_administered_by(User.objects.all(), request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

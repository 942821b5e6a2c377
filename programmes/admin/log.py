"""The log: looked at by the team, changed by nobody. The database sees to that, too."""

from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.admin import LookOnlyAdmin
from programmes.admin.filters import OfProgramme
from programmes.models import Act

# Things that have a page of their own in place of Django's.
_PAGES = {"import": "admin:import", "export": "admin:export", "matchrun": "admin:match_run"}


class Who(admin.SimpleListFilter):
    """Those who did something that one may see."""

    title = _("who")
    parameter_name = "who"

    def lookups(self, request, model_admin):
        people = model_admin.get_queryset(request).order_by("by__name", "by").values_list("by", "by__name")
        return list(people.distinct())

    def queryset(self, request, acts):
        value = self.value()
        return acts if value is None else acts.filter(by=value) if value.isdecimal() else acts.none()


@admin.register(Act)
class ActAdmin(LookOnlyAdmin):
    list_display = ["at", "by", "verb", "thing", "programme"]
    list_display_links = None
    list_select_related = ["by", "programme"]
    list_filter = [OfProgramme, Who, "at", "verb"]
    search_fields = ["by__name", "by__email"]
    fields = ["at", "by", "verb", "thing", "programme"]
    show_full_result_count = False

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": _("Who did what"), **(extra_context or {})})

    @admin.display(description=_("to what"))
    def thing(self, act):
        """What kind of thing, with its number, and the way to it where there is one."""
        model = self._models.get(act.noun)
        words = f"{self._names.get(act.noun, act.noun)} {act.about}"
        if act.noun in _PAGES:
            return format_html('<a href="{}">{}</a>', reverse(_PAGES[act.noun], args=[act.about]), words)
        if model is None:
            return words
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
        return format_html('<a href="{}">{}</a>', reverse(name, args=[act.about]), words)

    @property
    def _names(self):
        return {model._meta.model_name: model._meta.verbose_name for model in apps.get_models()}

    @property
    def _models(self):
        """Models that the admin shows, by what the log calls them."""
        return {model._meta.model_name: model for model in self.admin_site._registry}

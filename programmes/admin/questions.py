"""What a programme asks of its pairs: the questions of the agreement and of the form at the end."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.admin import HouseAdmin, HouseFormSet, HouseInline
from programmes.admin.filters import OfProgramme
from programmes.models import AgreementOption, AgreementQuestion, CompletionQuestion

Kind, Drives = AgreementQuestion.Kind, AgreementQuestion.Drives


class AgreementQuestionForm(forms.ModelForm):
    def clean(self):
        data = super().clean()
        if data.get("drives") and data.get("kind") not in (None, Kind.ONE):
            self.add_error("drives", _("Only a question with one choice can decide something: let them choose one."))
        elif data.get("drives") and not data.get("retired_at") and self._others(data).exists():
            self.add_error("drives", _("Another question decides this already. Say first that it is no longer asked."))
        return data

    def _others(self, data):
        programme = data.get("programme") or getattr(self.instance, "programme", None)
        others = AgreementQuestion.objects.filter(programme=programme, drives=data["drives"], retired_at=None)
        return others.exclude(pk=self.instance.pk)


class OptionFormSet(HouseFormSet):
    """Checks the values against what the question, which may be new, decides."""

    def clean(self):
        super().clean()
        options = [form for form in self.forms if form.has_changed() or form.instance.pk]
        if self.instance.kind != Kind.TEXT and len(options) < 2 and not self.instance.retired_at:
            raise forms.ValidationError(_("Give at least two choices, or let people answer in their own words."))
        for form in options:
            value = getattr(form, "cleaned_data", {}).get("value")
            if self.instance.drives == Drives.CHASING and value not in (0, 1, 2) and not form.errors:
                form.add_error("value", _("Give 2 for yes, 1 for gently once, 0 for not."))
            if self.instance.drives == Drives.RHYTHM and value == 0:
                form.add_error("value", _("Give the weeks between meetings, or leave it empty for “when needed”."))


class OptionInline(HouseInline):
    model = AgreementOption
    formset = OptionFormSet
    fields = ["position", "label", "value"]
    extra = 3


@admin.register(AgreementQuestion)
class AgreementQuestionAdmin(HouseAdmin):
    form = AgreementQuestionForm
    list_display = ["text", "programme", "position", "kind", "drives", "retired_at"]
    list_select_related = ["programme"]
    list_filter = [OfProgramme, "kind"]
    fields = ["programme", "position", "text", "hint", "kind", "drives", "suggestion", "retired_at"]
    formfield_overrides = {models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 3})}}
    inlines = [OptionInline]

    def get_readonly_fields(self, request, obj=None):
        return ["programme"] if obj else []


@admin.register(CompletionQuestion)
class CompletionQuestionAdmin(HouseAdmin):
    list_display = ["text", "programme", "position", "retired_at"]
    list_select_related = ["programme"]
    list_filter = [OfProgramme]
    fields = ["programme", "position", "text", "hint", "retired_at"]

    def get_readonly_fields(self, request, obj=None):
        return ["programme"] if obj else []

"""People who ask to take part."""

from django import forms
from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin import HouseAdmin
from programmes.actions import approve, decline
from programmes.admin.filters import OfProgramme
from programmes.models import Application
from programmes.refusal import MoveRefused

_VERBS = {"approve": approve, "decline": decline}


class AnswerForm(forms.ModelForm):
    """What the team says. What the action refuses is said as an error of the form."""

    by = None

    decision = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("approve", _("Yes: they take part from now on")), ("decline", _("Not this time"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer.")},
    )

    class Meta:
        model = Application
        fields = ["answer"]
        labels = {"answer": _("A few kind words to them")}
        help_texts = {"answer": _("Stands in the email. You can leave it empty.")}

    def clean(self):
        data = super().clean()
        if not self.errors:
            try:
                _VERBS[data["decision"]](self.instance, by=self.by, answer=data.get("answer", ""))
            except MoveRefused as refused:
                self.add_error("decision", str(refused))
        return data


@admin.register(Application)
class ApplicationAdmin(HouseAdmin):
    list_display = ["person", "role", "level", "programme", "state", "asked_at", "decided_by"]
    list_select_related = ["person", "level", "programme", "decided_by"]
    list_filter = [OfProgramme, "state", "role"]
    search_fields = ["person__name", "person__email"]
    ordering = ["-asked_at", "-pk"]
    actions = ["approve", "decline"]
    asked = ["programme", "person", "email", "role", "level", "words", "asked_at", "state"]

    def get_form(self, request, obj=None, **kwargs):
        if not self._may_answer(request, obj):
            return super().get_form(request, obj, **kwargs)
        form = super().get_form(request, obj, form=AnswerForm, **kwargs)
        form.by = request.user
        return form

    def get_fields(self, request, obj=None):
        own = ["decision", "answer"] if self._may_answer(request, obj) else ["answer", "decided_at", "decided_by"]
        return [*self.asked, *own]

    def get_readonly_fields(self, request, obj=None):
        return self.asked if self._may_answer(request, obj) else self.get_fields(request, obj)

    def has_add_permission(self, request):
        return False

    @admin.display(description=_("email"))
    def email(self, application):
        return application.person.email

    def change_view(self, request, object_id, form_url="", extra_context=None):
        context = {"title": _("Somebody asks to take part"), "subtitle": None, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def save_model(self, request, obj, form, change):
        """Nothing to save: the form answered."""

    def log_change(self, request, obj, message):
        """The action wrote it down."""

    @admin.action(description=_("Approve: they take part from now on"), permissions=["change"])
    def approve(self, request, applications):
        self._answer(request, applications, approve)

    @admin.action(description=_("Not this time"), permissions=["change"])
    def decline(self, request, applications):
        self._answer(request, applications, decline)

    def _may_answer(self, request, application):
        waits = application is not None and application.state == Application.State.ASKED
        return waits and self.has_change_permission(request, application)

    def _answer(self, request, applications, verb):
        done = 0
        for application in applications.select_related("person"):
            try:
                verb(application, by=request.user)
            except MoveRefused as refused:
                self.message_user(request, f"{application.person}: {refused}", messages.WARNING)
            else:
                done += 1
        if done:
            said = ngettext("%(count)d person has your answer.", "%(count)d people have your answer.", done)
            self.message_user(request, said % {"count": done}, messages.SUCCESS)

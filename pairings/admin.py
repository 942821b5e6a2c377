import logging
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin import HouseAdmin, LookOnlyAdmin
from accounts.models import User
from pairings.actions import begin_pairing, handle_concern, move_pairing
from pairings.ending_admin import EndReasonAdmin
from pairings.models import Concern, EndReason, MentorOffer, MentorRequest, MoveRefused, Pairing
from pairings.offer_admin import MentorOfferAdmin
from programmes.models import people_administered_by

State = Pairing.State
logger = logging.getLogger(__name__)
AT_ONCE = 100  # pairings

admin.site.register(MentorOffer, MentorOfferAdmin)
admin.site.register(EndReason, EndReasonAdmin)


class PairingForm(forms.ModelForm):
    """Begins a pairing. What the action refuses is said as an error of the form."""

    by = None

    class Meta:
        model = Pairing
        fields = ["programme", "mentee", "mentor"]

    def clean(self):
        data = super().clean()
        if self.by in (data.get("mentee"), data.get("mentor")):
            raise forms.ValidationError(_("Please ask another coordinator to begin a pairing of your own."))
        if not self.errors and self.instance.pk is None:
            try:
                # Begun while the form is checked, since only trying tells whether the place is still free.
                self.instance = begin_pairing(**data, by=self.by)
            except MoveRefused as refused:
                raise forms.ValidationError(str(refused)) from refused
        return data


@admin.register(Pairing)
class PairingAdmin(HouseAdmin):
    form = PairingForm
    list_display = ["mentee", "mentor", "state", "programme", "created_at", "ended_at"]
    list_select_related = ["mentee", "mentor", "programme"]
    list_filter = ["state"]
    search_fields = ["mentee__name", "mentor__name"]
    actions = ["make_active", "begin_finishing", "end"]

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        form.by = request.user
        return form

    def get_fields(self, request, obj=None):
        fields = ["programme", "mentee", "mentor"]
        return [*fields, "state", "created_at", "ended_at", "reads_from", "reads_until"] if obj else fields

    def get_readonly_fields(self, request, obj=None):
        """A pairing changes by its moves alone, never by editing its fields."""
        return self.get_fields(request, obj) if obj else []

    def change_view(self, request, object_id, form_url="", extra_context=None):
        nothing_to_save = dict.fromkeys(["show_save", "show_save_and_add_another", "show_save_and_continue"], False)
        context = {"title": _("Pairing"), **nothing_to_save, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in ("mentee", "mentor"):
            kwargs["queryset"] = people_administered_by(User.objects.order_by("name"), request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        """Nothing to save: the form began the pairing."""

    @admin.action(description=_("Make active"), permissions=["change"])
    def make_active(self, request, pairings):
        self._move(request, pairings, State.ACTIVE)

    @admin.action(description=_("Begin finishing"), permissions=["change"])
    def begin_finishing(self, request, pairings):
        self._move(request, pairings, State.COMPLETING)

    @admin.action(description=_("End: the mentor reads nothing newer from now on"), permissions=["change"])
    def end(self, request, pairings):
        """On a page of its own, which asks why."""
        keys = list(pairings.live().values_list("pk", flat=True)[: AT_ONCE + 1])
        if not keys:
            self.message_user(request, _("They have ended already."), messages.WARNING)
        elif len(keys) > AT_ONCE:
            words = _("Choose %(most)s at most at a time: each pair is told.") % {"most": AT_ONCE}
            self.message_user(request, words, messages.WARNING)
        else:
            return redirect(f"{reverse('admin:board_end')}?{urlencode({'pairing': keys}, doseq=True)}")

    def _move(self, request, pairings, state):
        moved = 0
        for pairing in pairings:
            try:
                move_pairing(pairing, state, by=request.user)
            except MoveRefused as refused:
                self.message_user(request, f"{pairing}: {refused}", messages.WARNING)
            else:
                self.log_change(request, pairing, [{"changed": {"fields": [str(state.label)]}}])
                moved += 1
        if moved:
            done = ngettext("%(count)d pairing changed.", "%(count)d pairings changed.", moved)
            self.message_user(request, done % {"count": moved}, messages.SUCCESS)


@admin.register(MentorRequest)
class MentorRequestAdmin(LookOnlyAdmin):
    """Who asked whom, and how it went. Never the words."""

    list_display = ["mentee", "mentor", "state", "asked_at", "answered_at", "closed_at"]
    list_select_related = ["mentee", "mentor"]
    list_filter = ["state"]
    search_fields = ["mentee__name", "mentor__name"]
    fields = [
        *("programme", "mentee", "mentor", "suggested_by", "state", "asked_at", "answered_at"),
        *("mentee_said_yes_at", "mentor_said_yes_at", "closed_at", "closed_by"),
    ]


class ConcernForm(forms.ModelForm):
    looked_after = forms.BooleanField(
        label=_("I have looked after this"),
        required=False,
        help_text=_("Then it is no longer new to anybody in the team."),
    )


@admin.register(Concern)
class ConcernAdmin(HouseAdmin):
    """What worries somebody in their pairing. Not for helpers, nor for whoever worked with them (`Concern`)."""

    form = ConcernForm
    list_display = ["pairing", "by", "at", "handled_at", "handled_by"]
    list_select_related = ["pairing__mentee", "pairing__mentor", "by", "handled_by"]
    list_filter = ["handled_at"]
    readonly_fields = ["pairing", "by", "reason", "at", "handled_at", "handled_by"]

    def get_fields(self, request, obj=None):
        may_handle = obj and obj.handled_at is None and self.has_change_permission(request, obj)
        return [*self.readonly_fields, "looked_after"] if may_handle else self.readonly_fields

    def has_add_permission(self, request):
        return False

    def change_view(self, request, object_id, *args, **kwargs):
        response = super().change_view(request, object_id, *args, **kwargs)
        if response.status_code == 200:
            logger.info("Concern %s was opened by person %s", object_id, request.user.pk)
        return response

    def save_model(self, request, obj, form, change):
        if form.cleaned_data.get("looked_after"):
            handle_concern(obj, by=request.user)

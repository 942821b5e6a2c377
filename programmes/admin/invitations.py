"""Invitations: what went out, and more of them."""

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin import HouseAdmin
from programmes.actions import invite, withdraw_invitation
from programmes.admin.filters import OfProgramme
from programmes.admin.lines import PeopleField
from programmes.models import Enrolment, Invitation
from programmes.refusal import MoveRefused


class InvitationForm(forms.ModelForm):
    """Invites as many as stand in the box, or nobody: what is amiss is said line by line."""

    by = None

    people = PeopleField()

    class Meta:
        model = Invitation
        fields = ["programme", "role", "level"]

    def clean(self):
        data = super().clean()
        level, programme = data.get("level"), data.get("programme")
        if level and data.get("role") != Enrolment.Role.MENTEE:
            self.add_error("level", _("Only mentees work towards a level: leave it empty."))
        elif level and programme and level.programme_id != programme.pk:
            self.add_error("level", _("Choose a level of %(programme)s.") % {"programme": programme})
        if not self.errors:
            # Sent while the form is checked, since only trying tells whether each can be.
            self.sent = self._invite(data.pop("people"), **data)
        return data

    @transaction.atomic
    def _invite(self, people, **what):
        sent, refused = [], []
        for line, (name, email) in people:
            try:
                sent.append(invite(**what, email=email, name=name, by=self.by))
            except MoveRefused as problem:
                refused.append(_("Line %(line)d: %(problem)s") % {"line": line, "problem": problem})
        if refused:
            raise forms.ValidationError({"people": refused})
        self.instance = sent[0]
        return sent


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "standing"

    def lookups(self, request, model_admin):
        return [("open", _("Open")), ("used", _("Joined")), ("expired", _("Too old")), ("withdrawn", _("Withdrawn"))]

    def queryset(self, request, rows):
        unused = rows.filter(used_at=None, withdrawn_at=None)
        standings = {
            "open": rows.open(),
            "used": rows.filter(used_at__isnull=False),
            "expired": unused.filter(expires_at__lte=timezone.now()),
            "withdrawn": rows.filter(withdrawn_at__isnull=False),
        }
        return standings.get(self.value(), rows)


@admin.register(Invitation)
class InvitationAdmin(HouseAdmin):
    list_display = ["email", "name", "role", "level", "programme", "standing", "created_at", "expires_at", "invited_by"]
    list_select_related = ["programme", "level", "invited_by"]
    list_filter = [OfProgramme, StateFilter, "role"]
    search_fields = ["email", "name"]
    actions = ["withdraw"]

    def get_form(self, request, obj=None, **kwargs):
        if obj:
            return super().get_form(request, obj, **kwargs)
        form = super().get_form(request, obj, form=InvitationForm, **kwargs)
        form.by = request.user
        return form

    def get_fields(self, request, obj=None):
        if obj is None:
            return ["programme", "role", "level", "people"]
        return ["programme", "email", "name", "role", "level", "standing", "invited_by", "created_at", "expires_at"]

    def get_readonly_fields(self, request, obj=None):
        """What was sent is sent."""
        return self.get_fields(request, obj) if obj else []

    @admin.display(description=_("state"))
    def standing(self, invitation):
        if invitation.used_at:
            return _("Joined")
        if invitation.withdrawn_at:
            return _("Withdrawn")
        return _("Too old") if invitation.expires_at <= timezone.now() else _("Open")

    def save_model(self, request, obj, form, change):
        """Nothing to save: the form sent them, and what was sent is sent."""
        if change:
            return
        count = len(form.sent)
        said = ngettext("%(count)d invitation is on its way.", "%(count)d invitations are on their way.", count)
        self.message_user(request, said % {"count": count}, messages.SUCCESS)

    def log_addition(self, request, obj, message):
        """The action wrote it down, for each of them."""

    def response_add(self, request, obj, post_url_continue=None):
        return self.response_post_save_add(request, obj)

    @admin.action(description=_("Withdraw: the link no longer works"), permissions=["change"])
    def withdraw(self, request, invitations):
        done = 0
        for invitation in invitations:
            try:
                withdraw_invitation(invitation, by=request.user)
            except MoveRefused as refused:
                self.message_user(request, f"{invitation.email}: {refused}", messages.WARNING)
            else:
                done += 1
        if done:
            said = ngettext("%(count)d invitation withdrawn.", "%(count)d invitations withdrawn.", done)
            self.message_user(request, said % {"count": done}, messages.SUCCESS)

from allauth.account.models import EmailAddress
from django import forms
from django.db import transaction
from django.utils.functional import lazystr
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.forms import JoinForm
from accounts.site_form import SiteForm
from programmes.actions import accept_invitation
from programmes.models import Application, Enrolment, Level


class InvitedForm(JoinForm):
    """Opens an account for the very address that was invited. Whoever has its link reads mail there, so that the
    address counts as confirmed."""

    form_tag = True

    def __init__(self, *args, invitation, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].disabled = True
        self.fields["email"].help_text = _("Where the invitation went.")
        self.initial = {"email": invitation.email, "name": invitation.name} | self.initial

    def clean_email(self):
        """Nobody typed it, so there is nothing to find out about it."""
        return self.cleaned_data["email"]

    def join(self, request, secret):
        """The new person, who takes part. Raises MoveRefused (and there is no new person) when the invitation was used
        meanwhile, IntegrityError when the address was."""
        with transaction.atomic():
            person = self.save(request)
            EmailAddress.objects.filter(user=person).update(verified=True)
            accept_invitation(secret, by=person)
        return person


class JoinAsForm(SiteForm, forms.Form):
    """The button of somebody who has an account."""

    once = True

    def __init__(self, *args, name, **kwargs):
        super().__init__(*args, **kwargs)
        self.submit_label = format_lazy(_("Join as {name}"), name=lazystr(name))


class ApplicationForm(SiteForm, forms.ModelForm):
    """What somebody asks of a programme, in one of the parts that are free to them."""

    once = True
    draft_fields = ("words",)
    submit_label = _("Send to the team")
    messages = {"role": _("Choose whether you would like to be a mentee or a mentor.")}

    class Meta:
        model = Application
        fields = ("role", "level", "words")
        widgets = {"role": forms.RadioSelect, "words": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args, programme, taken, **kwargs):
        super().__init__(*args, **kwargs)
        roles = [(role.value, role.label) for role in Application.ROLES if role not in taken]
        self.fields["role"].choices = roles
        self.fields["role"].label = _("You would like to be a")
        self.fields["level"].queryset = Level.objects.filter(programme=programme)
        self.fields["level"].label = _("If a mentee: working towards")
        self.fields["level"].empty_label = _("I don’t know yet")
        self.fields["words"].label = _("A few words about you")
        self.fields["words"].help_text = _("What you do, and what you hope for. The programme team alone reads it.")
        if len(roles) == 1:
            self.initial["role"] = roles[0][0]
            self.fields["level"].label = _("Working towards")
        if Enrolment.Role.MENTEE in taken or not self.fields["level"].queryset.exists():
            del self.fields["level"]

    def clean(self):
        data = super().clean()
        if data.get("role") != Enrolment.Role.MENTEE:
            data["level"] = None
        return data

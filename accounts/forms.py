"""Forms for signing in and for settings. allauth's own forms check; ours look, and say what to do."""

from allauth.account import forms as allauth
from django import forms
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Profile
from accounts.site_form import SiteForm
from accounts.time_zones import time_zone_choices

_GIVE_EMAIL = _("Enter your email address")
_GIVE_PASSWORD = _("Enter your password")
_CHOOSE_PASSWORD = _("Choose a password")
_PASSWORD_HINT = _("At least 10 characters. Three words that you will remember work well.")
_NOT_AN_EMAIL = _("Enter an email address in full, like name@example.org")


class EntranceForm(SiteForm):
    """Forms of allauth whose page writes `<form>` itself, since it carries where to go next."""

    form_tag = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.EmailField):
                field.error_messages["invalid"] = _NOT_AN_EMAIL


class SignInForm(EntranceForm, allauth.LoginForm):
    submit_label = _("Sign in")
    messages = {"login": _GIVE_EMAIL, "password": _GIVE_PASSWORD}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        self.fields["remember"].label = _("Keep me signed in on this device")
        self.fields["remember"].help_text = _("Leave it empty on a shared computer.")


class JoinForm(EntranceForm, allauth.SignupForm):
    submit_label = _("Join")
    messages = {"email": _GIVE_EMAIL, "name": _("Tell us your name"), "password1": _CHOOSE_PASSWORD}
    field_order = ["email", "name", "password1"]

    name = forms.CharField(
        label=_("Your name"),
        help_text=_("As you would like other people in the programme to see it."),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = _PASSWORD_HINT

    def try_save(self, request):
        """Takes as long when the address has an account already: nobody can read off the time whether it has."""
        if not self.account_already_exists:
            try:
                with transaction.atomic():
                    return super().try_save(request)
            except IntegrityError:  # the second of two clicks
                self.account_already_exists = True
        make_password(self.cleaned_data["password1"])
        return super().try_save(request)


class RequestCodeForm(EntranceForm, allauth.RequestLoginCodeForm):
    submit_label = _("Email me a code")
    messages = {"email": _GIVE_EMAIL}


class ConfirmCodeForm(EntranceForm, allauth.ConfirmLoginCodeForm):
    submit_label = _("Sign in")
    messages = {"code": _("Enter the six-digit code from the email")}
    field_classes = {"code": "field-code"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Six-digit code")
        self.fields["code"].widget.attrs.update(inputmode="numeric", maxlength=12)


class ResetPasswordForm(EntranceForm, allauth.ResetPasswordForm):
    submit_label = _("Send me a link")
    messages = {"email": _GIVE_EMAIL}


class NewPasswordForm(EntranceForm, allauth.ResetPasswordKeyForm):
    submit_label = _("Change my password")
    messages = {"password1": _CHOOSE_PASSWORD, "password2": _("Enter the new password once more")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _name_new_passwords(self)


class ChangePasswordForm(EntranceForm, allauth.ChangePasswordForm):
    submit_label = _("Change my password")
    messages = {"oldpassword": _("Enter the password you use now"), **NewPasswordForm.messages}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Password you use now")
        self.fields["oldpassword"].help_text = ""
        _name_new_passwords(self)


class SetPasswordForm(EntranceForm, allauth.SetPasswordForm):
    submit_label = _("Set my password")
    messages = NewPasswordForm.messages

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _name_new_passwords(self)


class AgainForm(EntranceForm, allauth.ReauthenticateForm):
    submit_label = _("Carry on")
    messages = {"password": _GIVE_PASSWORD}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


class ChangeEmailForm(EntranceForm, allauth.AddEmailForm):
    submit_label = None
    messages = {"email": _("Enter the new email address")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New email address")
        self.fields["email"].help_text = _("We send a link there. Nothing changes until you open it.")


class DisplayForm(SiteForm, forms.ModelForm):
    field_classes = {"theme": "choices-cards", "letters": "choices-cards"}

    class Meta:
        model = Profile
        fields = ("theme", "letters")
        widgets = {"theme": forms.RadioSelect, "letters": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["theme"].choices = Profile.Theme.choices
        self.fields["letters"].choices = Profile.Letters.choices
        self.fields["letters"].help_text = _("In easier letters l, I and 1, or O and 0, do not look alike.")
        for field in self.fields.values():
            # One answer is always chosen: the empty one is an answer, too.
            field.says_optional = False


class TimeForm(SiteForm, forms.ModelForm):
    messages = {"time_zone": _("Choose the place whose time you keep")}
    field_classes = {"time_zone": "field-short"}

    time_zone = forms.ChoiceField(
        label=_("Your time zone"),
        help_text=_("The city nearest to you that keeps the same time."),
        choices=time_zone_choices,
    )

    class Meta:
        model = Profile
        fields = ("time_zone",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.time_zone:
            self.initial["time_zone"] = self.instance.zone.key


def _name_new_passwords(form):
    form.fields["password1"].label = _("New password")
    form.fields["password1"].help_text = _PASSWORD_HINT
    form.fields["password2"].label = _("New password, once more")

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.db import transaction

from accounts.models import Profile, User
from accounts.words import ERRORS
from notifications import bounces
from notifications.actions import send_letter


class AccountAdapter(DefaultAccountAdapter):
    """Emails about signing in go through the outbox, too: a slow mail server shows neither in the time that a page
    takes nor in whether an address is known."""

    error_messages = DefaultAccountAdapter.error_messages | ERRORS

    def send_mail(self, template_prefix, email, context):
        message = self.render_mail(template_prefix, email, {"site_url": settings.SITE_URL, **context})
        html = next((part.content for part in getattr(message, "alternatives", ())), "")
        send_letter(
            to=email,
            subject=message.subject,
            text=message.body,
            html=html,
            person=User.objects.filter(email__iexact=email).first(),
        )

    def post_login(self, request, user, **facts):
        """Tell somebody whose mailbox sends our emails back; components/stopped.html says what they can do."""
        if words := bounces.unreachable(user):
            messages.warning(request, words, extra_tags="stopped")
        return super().post_login(request, user, **facts)

    def save_user(self, request, user, form, commit=True):
        user.name = form.cleaned_data.get("name", "")
        user.email = form.cleaned_data["email"].lower()
        user.set_password(form.cleaned_data["password1"])
        if commit:
            with transaction.atomic():
                user.save()
                Profile.objects.create(user=user)
        return user

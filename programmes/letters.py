"""The email that brings an invitation. It goes to an address, not to a person, and its link exists nowhere else: so it
brings its own words, which are wiped once it is sent."""

from contextlib import ExitStack

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.middleware import spoken_to
from accounts.models import User
from notifications.actions import send_letter
from programmes.links import secret_of
from programmes.models import Wording
from programmes.wordings import words_of


def send_invitation(invitation, *, again=False) -> None:
    """Queue the email with the link; `again`: as a reminder, once."""
    person = User.objects.filter(email__iexact=invitation.email).select_related("profile").first()
    with _heard_by(person):
        context = {
            "headline": _headline(invitation, again),
            "invitation": invitation,
            "programme": invitation.programme,
            "words": words_of(invitation.programme, Wording.Kind.INVITATION),
            "url": settings.SITE_URL + reverse("programmes:invitation", args=[secret_of(invitation)]),
            "again": again,
        }
        send_letter(
            to=invitation.email,
            subject=context["headline"],
            text=render_to_string("programmes/email/invitation.txt", context).strip() + "\n",
            html=render_to_string("programmes/email/invitation.html", context),
            person=person,
            lasting=True,
        )


def _headline(invitation, again):
    words = {"name": invitation.invited_by.first_name, "programme": invitation.programme}
    if again:
        return _("Your place in the %(programme)s mentoring programme is still free") % words
    return _("%(name)s has invited you to the %(programme)s mentoring programme") % words


def _heard_by(person):
    """In the language and the zone of whoever reads it; of somebody new neither is known yet."""
    if person:
        return spoken_to(person)
    as_most = ExitStack()
    as_most.enter_context(timezone.override(settings.DEFAULT_PERSON_TIME_ZONE))
    as_most.enter_context(translation.override(settings.LANGUAGE_CODE))
    return as_most

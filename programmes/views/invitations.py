"""The page that an invitation leads to."""

from allauth.account.utils import complete_signup
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.once import send_once
from programmes.actions import accept_invitation
from programmes.forms import InvitedForm, JoinAsForm
from programmes.links import digest_of
from programmes.models import Enrolment, Invitation
from programmes.refusal import MoveRefused


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@sensitive_post_parameters("password1")
def invitation(request, secret):
    """Who invites to what. Looking changes nothing; the button joins. Whoever is new opens an account with it."""
    try:
        if request.user.is_authenticated:
            return _for_a_member(request, secret)
        return _for_somebody_signed_out(request, secret)
    except MoveRefused:
        return render(request, "programmes/invitation_over.html", status=404)


def _for_a_member(request, secret):
    form = JoinAsForm(request.POST if request.method == "POST" else None, name=request.user.first_name)
    if request.method == "POST" and form.is_valid():
        return redirect(send_once(request.user, form, lambda: _join(request, secret)))
    found = _find(secret)
    context = {"invitation": found, "form": form, "is_theirs": request.user.email.lower() == found.email.lower()}
    return render(request, "programmes/invitation.html", context)


def _for_somebody_signed_out(request, secret):
    found = _find(secret)
    if User.objects.filter(email__iexact=found.email).exists():
        return render(request, "programmes/invitation.html", {"invitation": found, "is_known": True})
    form = InvitedForm(request.POST if request.method == "POST" else None, invitation=found)
    if request.method == "POST" and form.is_valid():
        try:
            person = form.join(request, secret)
        except IntegrityError:  # the second of two clicks, or they joined elsewhere meanwhile
            return redirect(request.path)
        _welcome(request, found.programme)
        return complete_signup(request, person, None, _next(found.role))
    context = {"invitation": found, "form": form}
    return render(request, "programmes/invitation.html", context, status=422 if form.errors else 200)


def _find(secret):
    """The open invitation; whatever is not open any more is refused as what never was."""
    found = Invitation.objects.open().filter(digest=digest_of(secret))
    found = found.select_related("programme", "level", "invited_by__profile").first()
    if found is None:
        raise MoveRefused
    return found


def _join(request, secret):
    enrolment = accept_invitation(secret, by=request.user)
    _welcome(request, enrolment.programme)
    return _next(enrolment.role)


def _welcome(request, programme):
    messages.success(request, _("You are in: welcome to “%(programme)s”.") % {"programme": programme})


def _next(role):
    """Where mentees and mentors begin; the others have nothing to fill in."""
    return reverse("welcome" if role in (Enrolment.Role.MENTEE, Enrolment.Role.MENTOR) else "home")

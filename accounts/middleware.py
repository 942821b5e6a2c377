from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import rescue


class SignInMiddleware(LoginRequiredMiddleware):
    """Closes every page that does not say otherwise. A script's request is told so plainly: a redirect to the sign-in
    page would look like an answer, and a draft that was not saved must never seem to be. A form's words are held."""

    def process_view(self, request, view_func, view_args, view_kwargs):
        if is_of_somebody_else(request):
            return HttpResponse(status=401)
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(self, request, view_func):
        if request.headers.get("HX-Request") or request.headers.get("X-Upload"):
            return HttpResponse(status=401)
        if request.method != "POST":
            return super().handle_no_permission(request, view_func)
        back = rescue.way_back(request)
        response = redirect_to_login(back, self.get_login_url(view_func), self.get_redirect_field_name(view_func))
        if kept := rescue.hold(request):
            rescue.remember(response, kept)
            messages.info(request, _("You’ve been signed out. Sign in, and what you wrote will be there."))
        return response


def is_of_somebody_else(request):
    """Whether a script asks for another person than the one who is signed in by now: a tab of hers is still open."""
    person = request.headers.get("X-Person")
    return person is not None and request.user.is_authenticated and person != str(request.user.pk)


class PersonMiddleware:
    """Shows times in the signed-in person's own zone and words in their language, and lets no cache keep the page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.user.is_authenticated:
            return self.get_response(request)
        with spoken_to(request.user):
            response = self.get_response(request)
        # After signing out on a shared computer, the Back button must not show what was read.
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class RescueMiddleware:
    """Lets the browser know whose words they are that it sends, also after the session has ended (`rescue.py`)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.user.is_authenticated:
            rescue.know(request, response)
        elif request.method == "POST" and request.path == reverse("account_logout"):
            rescue.forget(response)
        return response


class spoken_to:
    """Within it, times are in the person's zone and words in their language. Emails use it too."""

    def __init__(self, person):
        profile = person.profile
        self._zone = timezone.override(profile.zone)
        self._language = translation.override(profile.language or settings.LANGUAGE_CODE)

    def __enter__(self):
        self._zone.__enter__()
        self._language.__enter__()

    def __exit__(self, *args):
        self._language.__exit__(*args)
        self._zone.__exit__(*args)

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpResponse
from django.utils import timezone, translation


class SignInMiddleware(LoginRequiredMiddleware):
    """Closes every page that does not say otherwise. A script's request is told so plainly: a redirect to the sign-in
    page would look like an answer, and a draft that was not saved must never seem to be."""

    def handle_no_permission(self, request, view_func):
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401)
        return super().handle_no_permission(request, view_func)


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

"""From an address to a meeting, through the person: what is not theirs is not found."""

from functools import wraps

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from accounts.rescue import follow
from meetings.models import Meeting
from pairings.models import Pairing

SECTION = "meetings"


class _MovedOn(Exception):
    def __init__(self, url):
        super().__init__(url)
        self.url = url


def redirects_old_addresses(view):
    """A GET of an address that a meeting had before goes on to the present one, query and all."""

    @wraps(view)
    def inner(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except _MovedOn as moved:
            follow(request, moved.url)
            query = request.META["QUERY_STRING"]
            return redirect(f"{moved.url}?{query}" if query else moved.url)

    return inner


def find_pairing(request, pairing_slug) -> Pairing:
    """One of the person's own, also when it has ended, with both people and its programme; or Http404."""
    request.section = SECTION
    mine = Pairing.objects.visible_to(request.user).with_people().select_related("programme")
    return get_object_or_404(mine, slug=pairing_slug)


def find_meeting(request, pairing_slug, meeting_slug) -> Meeting:
    """One of the person's own, with its pairing and both people; or Http404. By an address that it had before, too: a
    view that shows it says `redirects_old_addresses`. A POST to one just works, so that no words are lost on the way.
    """
    request.section = SECTION
    mine = Meeting.objects.visible_to(request.user).with_people().select_related("pairing__programme")
    meeting = get_object_or_404(mine, slugs__slug=meeting_slug, pairing__slug=pairing_slug)
    if request.method in ("GET", "HEAD") and meeting.slug != meeting_slug:
        match = request.resolver_match
        raise _MovedOn(reverse(match.view_name, kwargs={**match.kwargs, "meeting_slug": meeting.slug}))
    return meeting
